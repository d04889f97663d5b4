#include "bot/house.hpp"

#include "adapters/hook/hook_network.hpp"
#include "adapters/local/local_socket.hpp"
#include "adapters/matrix/matrix_network.hpp"
#include "adapters/slack/slack_network.hpp"
#include "adapters/web/web_network.hpp"
#include "bot/chat_desk.hpp"
#include "bot/desk.hpp"
#include "bot/drill_player.hpp"
#include "bot/hook_wiring.hpp"
#include "bot/local_service.hpp"
#include "bot/logging.hpp"
#include "bot/loop.hpp"
#include "bot/matrix_wiring.hpp"
#include "bot/slack_wiring.hpp"
#include "bot/timetable.hpp"

#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/signal_set.hpp>
#include <boost/asio/steady_timer.hpp>

#include <algorithm>
#include <csignal>

namespace cox::bot {
namespace {

// Closed incidents stay in memory this long, for `reopen` and the list of incidents.
constexpr auto closed_kept = std::chrono::days{7};
// Timers fired in one slice.
constexpr std::size_t slice = 64;
constexpr double drill_rate = 60.0;
// A log this much ahead of the clock is worth a word.
constexpr Duration clock_slack = std::chrono::seconds{2};
// What is on its way at the end gets this long to arrive.
constexpr auto stop_within = std::chrono::seconds{5};

} // namespace

struct House::Impl {
    ConfigFolder config;
    HouseOptions options;
    boost::asio::io_context io{1};
    std::unique_ptr<store::Store> store;
    std::unique_ptr<Loop> loop;
    std::unique_ptr<Timetable> timetable;
    std::unique_ptr<Desk> desk;
    std::unique_ptr<web::WebNetwork> web;
    std::unique_ptr<ChatDesk> chat_desk;
    std::unique_ptr<slack::SlackNetwork> slack;    // null where it is not configured
    std::unique_ptr<matrix::MatrixNetwork> matrix; // null where it is not configured
    std::unique_ptr<hook::HookNetwork> hooks;
    std::unique_ptr<LocalService> local;
    std::unique_ptr<DrillPlayer> player;
    boost::asio::signal_set signals{io};
    boost::asio::steady_timer patience{io};
    unsigned short port = 0;
    std::optional<store::Trouble> trouble; // of the store: the end

    Impl(ConfigFolder c, HouseOptions o) : config{std::move(c)}, options{std::move(o)} {}

    Network* network_of(ChannelId const& channel) const {
        for (auto* network : networks()) {
            if (network->owns(channel)) return network;
        }
        return nullptr;
    }

    std::vector<Network*> networks() const {
        std::vector<Network*> all;
        if (web) all.push_back(&web->network());
        if (slack) all.push_back(&slack->network());
        if (matrix) all.push_back(&matrix->network());
        if (hooks) all.push_back(&hooks->network());
        return all;
    }

    void post(std::function<void()> call) { boost::asio::post(io, std::move(call)); }

    store::Result<void> open_store() {
        auto opened = store::open_sqlite(
            {options.database}, [this](std::function<void()> call) { post(std::move(call)); },
            [this](store::Trouble const& what) { broke(what); });
        if (!opened) return std::unexpected{opened.error()};
        store = std::move(*opened);
        return {};
    }

    // Nothing can be acknowledged any more: stop, so that whoever watches over us starts us anew.
    void broke(store::Trouble const& what) {
        log_error(what.what);
        trouble = what;
        io.stop();
    }

    std::optional<std::string> token_text() const {
        if (!config.secrets.web_token) return std::nullopt;
        return std::string{config.secrets.web_token->reveal()};
    }

    store::Result<void> wire() {
        loop = std::make_unique<Loop>(Loop::Wiring{
            config.policy, config.words, *store, options.clocks,
            [this](ChannelId const& channel) { return network_of(channel); },
            [this](std::function<void()> call) { post(std::move(call)); }, [this] { timetable->changed(); },
            ChannelId{options.channels.empty() ? "" : options.channels.front()}});
        timetable = std::make_unique<Timetable>(
            io, options.clocks, [this](std::function<void()> call) { loop->when_idle(std::move(call)); });
        desk = std::make_unique<Desk>(Desk::Wiring{config.policy, options.clocks, *store, *loop, *timetable});
        web = std::make_unique<web::WebNetwork>(
            io, *store, *desk, web::WebOptions{options.address, options.port, options.hosts, token_text()},
            [this](ChannelId const& channel) { return options.clocks.now_in(channel); });
        chat_desk = std::make_unique<ChatDesk>(ChatDesk::Wiring{config.policy, config.words, options.clocks, *loop});
        if (auto const wired = wire_hooks(); !wired) return wired;
        if (options.slack) {
            if (auto const wired = wire_slack(*options.slack); !wired) return wired;
        }
        return options.matrix ? wire_matrix(*options.matrix) : store::Result<void>{};
    }

    store::Result<void> wire_hooks() {
        auto made =
            hook::HookNetwork::make(io, *store, *chat_desk, hook_options(options.data), [] { return hook_secret(); });
        if (!made) return std::unexpected{store::Trouble{made.error(), 78}};
        hooks = std::move(*made);
        return {};
    }

    store::Result<void> wire_slack(Settings::Slack const& settings) {
        auto made = slack::SlackNetwork::make(io, *store, *chat_desk, slack_options(settings, options.data),
                                              [] { return slack_tokens(); });
        if (!made) return std::unexpected{store::Trouble{made.error(), 78}};
        slack = std::move(*made);
        desk->watch([this] { return slack->troubles(); });
        return {};
    }

    store::Result<void> wire_matrix(Settings::Matrix const& settings) {
        auto made = matrix::MatrixNetwork::make(io, *store, *chat_desk, matrix_options(settings, options.data),
                                                [] { return matrix_secrets(); });
        if (!made) return std::unexpected{store::Trouble{made.error(), 78}};
        matrix = std::move(*made);
        desk->watch([this] { return matrix->troubles(); });
        return {};
    }

    store::Result<void> take_back() {
        auto const since = options.clocks.now() - closed_kept;
        auto found = store->load(since, [this](Event&& event) { return loop->replay(std::move(event)); });
        if (!found) return std::unexpected{found.error()};
        for (auto const& [id, incident] : loop->world().incidents()) {
            if (config.policy.severity(incident.severity)) continue;
            return std::unexpected{store::Trouble{"policy.yaml: " + text(id) + " has severity \"" + incident.severity +
                                                      "\", which the policy no longer names; put it back until the "
                                                      "incident is closed for " +
                                                      std::to_string(closed_kept.count()) + " days",
                                                  78}};
        }
        if (auto const ahead = loop->latest_event() - options.clocks.now(); ahead > clock_slack) {
            log_warning("the log is " + span_text(ahead) +
                        " ahead of this machine's clock; going on from where it stood. "
                        "If the clock is wrong, set it");
        }
        options.clocks.not_before(loop->latest_event());
        if (auto const stood = Desk::clock_left_at(*found); stood && options.clocks.kind() == Clocks::Kind::manual) {
            options.clocks.not_before(*stood);
        }
        web->load(*found);
        if (slack) slack->load(*found);
        if (matrix) matrix->load(*found);
        hooks->load(*found);
        web->network().start(*loop);
        if (auto const prepared = prepare_drill(*found); !prepared) return prepared;
        loop->take_back(*found);
        return {};
    }

    store::Result<void> prepare_drill(store::Found const& found) {
        if (!options.play) return {};
        auto const* drill = config.drill(*options.play);
        if (!drill) {
            std::string names;
            for (auto const& known : config.drills)
                names += (names.empty() ? "" : ", ") + known.name;
            return std::unexpected{
                store::Trouble{"there is no drill \"" + *options.play + "\"; there are: " + names + ", or none", 64}};
        }
        auto const rate = options.clocks.kind() == Clocks::Kind::manual ? 1.0 : drill_rate;
        player = std::make_unique<DrillPlayer>(
            *drill, rate, options.clocks, *store, [this, drill](std::string user, std::string text, std::string key) {
                web->say(drill->channel, std::move(user), std::move(text), std::move(key));
            });
        std::optional<Time> latest;
        ChannelId const channel{drill->channel};
        auto const* incident = loop->world().open_in(channel);
        if (!incident) incident = loop->world().last_closed_in(channel);
        if (incident)
            latest = std::max({incident->opened_at, incident->last_update, incident->commander_seen,
                               incident->closed_at.value_or(incident->opened_at)});
        player->begin(found, latest);
        return {};
    }

    void start_chat() {
        if (slack) slack->network().start(*loop);
        if (matrix) matrix->network().start(*loop);
        hooks->network().start(*loop);
    }

    void start_timers() {
        if (player) {
            timetable->add({[this] { return player->next(); },
                            [this] {
                                player->run(options.clocks.now());
                                return false;
                            }});
        }
        timetable->add({[this] { return loop->next_due(); }, [this] { return loop->fire_due(slice); }});
    }

    // Whoever comes in finds the channels there.
    store::Result<void> make_channels() {
        auto channels = options.channels;
        if (player) channels.push_back(config.drill(*options.play)->channel);
        auto missing = channels.size();
        {
            auto const patient = boost::asio::make_work_guard(io);
            for (auto const& channel : channels)
                web->ensure_channel(channel, [&missing](ChannelId const&) { --missing; });
            while (missing > 0 && io.run_one() > 0) {
            }
        }
        if (trouble) return std::unexpected{*trouble};
        io.restart();
        return {};
    }

    store::Result<void> open_doors() {
        if (auto const made = make_channels(); !made) return made;
        auto const listening = web->listen();
        if (!listening) return std::unexpected{store::Trouble{listening.error(), 69}};
        port = *listening;
        local = std::make_unique<LocalService>(
            io, options.data / local_socket_name,
            LocalService::Wiring{*loop, *store, [this](std::string const& name) { return web->has_channel(name); },
                                 [this](ChannelId const& channel) { return network_of(channel); }});
        if (auto const local_listening = local->listen(); !local_listening) {
            log_warning("coxswain say will not reach this process: " + local_listening.error());
        }
        return {};
    }

    void stop() {
        desk->set_ready(false);
        timetable->stop();
        local.reset();
        for (auto* network : networks())
            network->stop_listening();
        // What was taken in is finished, on disk and acknowledged before the process ends.
        loop->when_idle([this] { leave(); });
        patience.expires_after(stop_within);
        patience.async_wait([this](boost::system::error_code const& error) {
            if (!error) io.stop();
        });
    }

    void leave() {
        auto const all = networks();
        auto const staying = std::make_shared<std::size_t>(all.size());
        for (auto* network : all) {
            network->leave([this, staying] {
                if (--*staying == 0) io.stop();
            });
        }
    }
};

House::House(std::unique_ptr<Impl> impl) : impl_{std::move(impl)} {}
House::~House() = default;

store::Result<std::unique_ptr<House>> House::open(ConfigFolder config, HouseOptions options) {
    auto impl = std::make_unique<Impl>(std::move(config), std::move(options));
    if (auto const opened = impl->open_store(); !opened) return std::unexpected{opened.error()};
    if (auto const wired = impl->wire(); !wired) return std::unexpected{wired.error()};
    if (auto const taken = impl->take_back(); !taken) return std::unexpected{taken.error()};
    // Whoever reads our address may end us at once.
    impl->signals.add(SIGINT);
    impl->signals.add(SIGTERM);
    if (auto const opened = impl->open_doors(); !opened) return std::unexpected{opened.error()};
    impl->start_chat();
    impl->start_timers();
    impl->desk->set_ready(true);
    return std::unique_ptr<House>{new House{std::move(impl)}};
}

unsigned short House::port() const {
    return impl_->port;
}

int House::run() {
    impl_->signals.async_wait([this](boost::system::error_code const& error, int) {
        if (error) return;
        impl_->stop();
    });
    impl_->io.run();
    impl_->store->close();
    return impl_->trouble ? impl_->trouble->exit_code : 0;
}

} // namespace cox::bot
