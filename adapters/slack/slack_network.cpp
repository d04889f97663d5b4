#include "adapters/slack/slack_network.hpp"

#include "adapters/network/own_rows.hpp"
#include "adapters/slack/delivery.hpp"
#include "adapters/slack/intake.hpp"
#include "adapters/slack/json.hpp"
#include "adapters/slack/names.hpp"
#include "adapters/slack/socket.hpp"

#include <boost/asio/io_context.hpp>
#include <boost/asio/steady_timer.hpp>

#include <algorithm>

namespace cox::slack {
namespace {

using namespace std::chrono_literals;

constexpr std::string_view house_row = "slack:house";
constexpr std::string_view asked_row = "slack:asked";
constexpr std::string_view ourselves_row = "slack:ourselves";
constexpr Duration another_life = 1min;
constexpr auto first_retry = 1s;
constexpr auto longest_retry = 30s;
constexpr int looks_until_asked = 15; // Slack, whether the old token is good again

bool same(Tokens const& a, Tokens const& b) {
    return a.app == b.app && a.bot == b.bot;
}

} // namespace

struct SlackNetwork::Impl final : Network {
    struct Held {
        bool asked_about = false;
        Delivery delivery;
        std::function<void(Delivered)> done;
    };

    boost::asio::io_context& io;
    store::Store& store;
    Desk& desk;
    SlackOptions options;
    TokensNow tokens_now;
    std::unique_ptr<net::Outside> outside;
    net::HttpClient http;
    WebApi api;
    Rooms rooms;
    Replies replies;
    Shared shared;
    People people;
    Deliverer deliverer;
    Homes homes;
    Intake intake;
    Ourselves ourselves;
    Socket socket;
    boost::asio::steady_timer retry;
    boost::asio::steady_timer token_watch;
    std::chrono::steady_clock::duration retry_wait = first_retry;
    std::optional<Time> last_asked;
    std::string waiting_for; // why we do not know yet who we are
    std::string enterprise;  // "" unless our workspace is one of several of an organisation
    bool known = false;      // Slack has told who we are
    bool started = false;
    bool leaving = false;
    std::vector<Held> held;
    std::shared_ptr<bool> alive = std::make_shared<bool>(true);

    Impl(boost::asio::io_context& context, store::Store& given_store, Desk& given_desk, SlackOptions given,
         std::unique_ptr<net::Outside> way, net::Url const& base, Tokens const& tokens, TokensNow now)
        : io{context}, store{given_store}, desk{given_desk}, options{std::move(given)}, tokens_now{std::move(now)},
          outside{std::move(way)}, http{io, *outside, options.http},
          api{io, http, base, tokens, options.http.connections_per_host}, shared{api, store, desk, rooms, replies},
          people{api, desk}, deliverer{shared}, homes{io, shared, people},
          intake{io, shared, people, deliverer, homes, options.identify_within},
          socket{wiring(net::is_loopback(base.host)), machine_options()}, retry{io}, token_watch{io} {
        shared.private_channels = options.private_channels;
        shared.topic_spacing = options.topic_spacing;
        api.token_refused = [this](Answer const& answer) { token_refused(answer.error); };
        shared.check_token = [this] { ask_who_we_are(); };
        ourselves.loopback = net::is_loopback(base.host);
    }

    SocketMachine::Options machine_options() const {
        auto machine = options.connecting;
        machine.places = options.connections;
        return machine;
    }

    Socket::Wiring wiring(bool loopback) {
        return {io,
                *outside,
                api,
                [this]() -> Ourselves const& { return ourselves; },
                [this](frame::Envelope envelope, ConnectionId connection) {
                    auto acknowledge = [this, watch = std::weak_ptr<bool>{alive}, connection,
                                        id = envelope.envelope_id](std::string_view payload) {
                        if (watch.lock()) socket.acknowledge(connection, acknowledgement(id, payload));
                    };
                    intake.take(std::move(envelope), std::move(acknowledge));
                },
                [this](act::Say const& say) {
                    auto const weight = say.how == act::Say::How::error     ? Weight::error
                                        : say.how == act::Say::How::warning ? Weight::warning
                                                                            : Weight::info;
                    desk.tell_operator(weight, say.text);
                },
                [this](std::string const&) { return take_new_tokens(); },
                [this] {
                    last_asked = desk.now();
                    keep(asked_row, rfc3339(*last_asked));
                },
                loopback,
                options.socket};
    }

    void keep(std::string_view row, std::string value) {
        store::Batch batch;
        batch.cursors.push_back({std::string{row}, std::move(value)});
        store.commit(std::move(batch), [] {});
    }

    // Network

    std::string_view name() const override { return "slack"; }
    bool owns(ChannelId const& channel) const override { return is_ours(channel.value); }
    std::vector<Person> find_people(ChannelId const& channel, std::string_view word, bool) override {
        UserId const as_in_the_log{std::string{word}};
        auto const user = is_ours(word) ? raw(as_in_the_log) : word;
        return people.matching(rooms.at(raw(channel)).address(), user);
    }
    void deliver(Delivery const& delivery, std::function<void(Delivered)> done) override {
        take({false, delivery, std::move(done)});
    }
    void reconcile(Delivery const& delivery, std::function<void(Delivered)> done) override {
        take({true, delivery, std::move(done)});
    }
    void start(Inbox& inbox) override {
        intake.start(inbox);
        started = true;
        ask_who_we_are();
    }
    // The connections stay, for the acknowledgements of what was taken in.
    void stop_listening() override {
        leaving = true;
        intake.stop();
        homes.stop();
        for (auto const& each : std::exchange(held, {}))
            put_off(each);
    }
    void stop() override {
        leave([] {});
    }
    void leave(std::function<void()> gone) override {
        stop_listening();
        started = false;
        retry.cancel();
        token_watch.cancel();
        api.stop();
        socket.stop(std::move(gone));
    }

    std::optional<Channel> room(Channel const& place) const override {
        auto const id = raw(place.id);
        if (id.starts_with('U') || id.starts_with('W') || id.starts_with('D')) return std::nullopt;
        auto const* met = rooms.find(id);
        return Channel{place.id, met && !met->name.empty() ? met->name : place.name};
    }
    void incident_changed(IncidentId, ChannelId const&) override { homes.changed(); }

    // Until Slack has told who we are, or that it will not, nothing can be sent: it waits here, in its order.
    void take(Held given) {
        if (known || !shared.trouble.empty()) return hand_on(given);
        if (leaving) return put_off(given);
        held.push_back(std::move(given));
    }

    void hand_on(Held const& given) {
        if (given.asked_about) return deliverer.reconcile(given.delivery, given.done);
        deliverer.deliver(given.delivery, given.done);
    }

    void hand_on_held() {
        for (auto const& each : std::exchange(held, {}))
            hand_on(each);
    }

    void put_off(Held const& given) const {
        Delivered delivered;
        delivered.what = Delivered::What::again;
        delivered.reason = waiting_for.empty() ? "connecting to Slack" : waiting_for;
        delivered.wait = another_life;
        given.done(std::move(delivered));
    }

    void ask_who_we_are() {
        api.call({"auth.test", {}, "", 0, false}, [this, watch = std::weak_ptr<bool>{alive}](Answer const& answer) {
            if (watch.lock() && started) told_who_we_are(answer);
        });
    }

    void told_who_we_are(Answer const& answer) {
        auto const json = read_object(answer.body, answer.body.size());
        if (!answer.ok() || !json) {
            if (answer.verdict == Verdict::token) return token_refused(answer.error);
            if (auto const why = in_words(answer); std::exchange(waiting_for, why) != why) {
                desk.tell_operator(Weight::warning, "slack: not reached yet (" + why + "); trying again");
            }
            retry.expires_after(answer.retry_after.value_or(std::chrono::duration_cast<Duration>(retry_wait)));
            retry_wait = std::min<std::chrono::steady_clock::duration>(retry_wait * 2, longest_retry);
            retry.async_wait([this, watch = std::weak_ptr<bool>{alive}](boost::system::error_code const& stopped) {
                if (!stopped && watch.lock() && started) ask_who_we_are();
            });
            return;
        }
        auto const team = id_at(*json, "team_id");
        ourselves.team = team.empty() ? id_at(*json, "enterprise_id") : team;
        enterprise = id_at(*json, "enterprise_id");
        ourselves.user = id_at(*json, "user_id");
        ourselves.bot = id_at(*json, "bot_id");
        ourselves.app = id_at(*json, "app_id");
        introduce();
        keep(ourselves_row, ourselves.team + " " + ourselves.user);
        waiting_for.clear();
        shared.trouble.clear();
        retry_wait = first_retry;
        desk.tell_operator(Weight::info, "slack: here as " + text_at(*json, "user") + " in " + text_at(*json, "team"));
        if (std::exchange(known, true)) return;
        hand_on_held();
        deliverer.pin_what_is_due();
        socket.start(asked_moment());
    }

    void introduce() {
        shared.team = ourselves.team;
        shared.self = ourselves.user;
        people.set_ourselves(ourselves.team, ourselves.user, enterprise);
    }

    std::optional<std::chrono::steady_clock::time_point> asked_moment() {
        if (!last_asked) return std::nullopt;
        // A clock that was set back must not keep us waiting.
        auto const ago = std::max(desk.now() - *last_asked, Duration::zero());
        return std::chrono::steady_clock::now() - ago;
    }

    // True when there are others than those in use.
    bool take_new_tokens() {
        auto tokens = tokens_now();
        if (!tokens || same(*tokens, api.tokens())) return false;
        api.set_tokens(std::move(*tokens));
        desk.tell_operator(Weight::info, "slack: new tokens are in use");
        return true;
    }

    void token_refused(std::string const& error) {
        if (take_new_tokens()) return ask_who_we_are();
        if (std::exchange(shared.trouble, error) != error) {
            desk.tell_operator(Weight::error,
                               "slack: the bot token is refused (" + error +
                                   "); put a new one where the old one is, it is taken without a "
                                   "restart. Until then what people must read goes to the fallback place");
        }
        hand_on_held();
        watch_for_tokens(looks_until_asked);
    }

    void watch_for_tokens(int looks) {
        if (!started) return;
        token_watch.expires_after(options.look_at_tokens_every);
        token_watch.async_wait(
            [this, looks, watch = std::weak_ptr<bool>{alive}](boost::system::error_code const& stopped) {
                if (stopped || !watch.lock() || !started) return;
                if (take_new_tokens() || looks <= 1) return ask_who_we_are();
                watch_for_tokens(looks - 1);
            });
    }
};

SlackNetwork::SlackNetwork(std::unique_ptr<Impl> impl) : impl_{std::move(impl)} {}
SlackNetwork::~SlackNetwork() = default;

std::expected<std::unique_ptr<SlackNetwork>, std::string> SlackNetwork::make(boost::asio::io_context& io,
                                                                             store::Store& store, Desk& desk,
                                                                             SlackOptions options, TokensNow tokens) {
    auto const base = net::parse_url(options.api_url);
    if (!base) return std::unexpected{"slack.api_url: " + base.error()};
    if (!base->secure() && !net::is_loopback(base->host)) {
        return std::unexpected{"slack.api_url: plain http is for this machine only; write https://"};
    }
    auto const now = tokens();
    if (!now) return std::unexpected{"the tokens of Slack cannot be read; `coxswain check` says why"};
    auto outside = net::Outside::make(io, options.outside);
    if (!outside) return std::unexpected{outside.error()};
    auto impl = std::make_unique<Impl>(io, store, desk, std::move(options), std::move(*outside), *base, *now,
                                       std::move(tokens));
    return std::unique_ptr<SlackNetwork>{new SlackNetwork{std::move(impl)}};
}

void SlackNetwork::load(store::Found const& found) {
    impl_->rooms.load(found);
    impl_->people.load(found);
    if (auto const asked = row_of(found, asked_row)) impl_->last_asked = from_rfc3339(*asked);
    if (auto const row = row_of(found, ourselves_row)) {
        auto const blank = row->find(' ');
        impl_->ourselves.team = row->substr(0, blank);
        if (blank != row->npos) impl_->ourselves.user = row->substr(blank + 1);
        impl_->introduce();
    }
    auto const house = row_of(found, house_row);
    impl_->shared.house = house.value_or(random_name());
    if (!house) impl_->keep(house_row, impl_->shared.house);
}

Network& SlackNetwork::network() {
    return *impl_;
}

std::vector<std::string> SlackNetwork::troubles() const {
    std::vector<std::string> troubles;
    if (!impl_->shared.trouble.empty())
        troubles.push_back("slack: the bot token is refused (" + impl_->shared.trouble + ")");
    if (!impl_->socket.serving()) {
        troubles.push_back("slack: not connected" +
                           (impl_->waiting_for.empty() ? "" : " (" + impl_->waiting_for + ")"));
    }
    return troubles;
}

} // namespace cox::slack
