#include "adapters/matrix/matrix_network.hpp"

#include "adapters/matrix/delivery.hpp"
#include "adapters/matrix/doors.hpp"
#include "adapters/matrix/intake.hpp"
#include "adapters/matrix/names.hpp"
#include "adapters/matrix/proxy_socket.hpp"
#include "adapters/matrix/reader.hpp"
#include "adapters/matrix/session.hpp"
#include "adapters/network/own_rows.hpp"

#include <boost/asio/io_context.hpp>
#include <boost/asio/post.hpp>

#include <utility>

namespace cox::matrix {
namespace {

using namespace std::chrono_literals;

constexpr std::string_view house_row = "matrix:house";
constexpr Duration another_life = 1min;
// The fewest that more than one person works in.
constexpr std::size_t most_in_a_talk = 2;

// While the secrets cannot be read, the last one that could be.
std::function<std::string()> as_token_of(SecretsNow secrets) {
    return [secrets = std::move(secrets), last = std::string{}]() mutable {
        if (auto now = secrets()) last = std::move(now->as_token);
        return last;
    };
}

// What the reading side says to people goes out by the writing side.
struct Spokesman final : Outward {
    explicit Spokesman(Deliverer& given) : deliverer{given} {}

    void say(Room& room, std::string_view marked, std::string const& to) override { deliverer.say(room, marked, to); }
    void object(Room& room, std::string_view marked, std::string const& to, Heard::Place const& under) override {
        deliverer.object(room, marked, to, under);
    }
    void topic_changed(Room& room, std::string const& user, std::string const& topic) override {
        deliverer.topic_changed(room, user, topic);
    }
    void reachable(Room& room) override { deliverer.reachable(room); }
    void unreachable(Room& room, std::string const& why) override { deliverer.unreachable(room, why); }
    void power_changed(Room& room) override { deliverer.power_changed(room); }
    void redacted(Room& room, std::string const& event) override { deliverer.redacted(room, event); }

    Deliverer& deliverer;
};

} // namespace

struct MatrixNetwork::Impl final : Network {
    struct Held {
        bool asked_about = false;
        Delivery delivery;
        std::function<void(Delivered)> done;
    };

    boost::asio::io_context& io;
    store::Store& store;
    Desk& desk;
    MatrixOptions options;
    std::unique_ptr<net::Outside> outside;
    Api api;
    Rooms rooms;
    People people;
    Heard heard;
    OwnMessages own;
    Shared shared;
    Deliverer deliverer;
    Spokesman spokesman;
    Intake intake;
    Doors doors;
    Reader reader;
    std::unique_ptr<ProxySocket> proxy; // null where there is none
    SessionKeeper session;
    Inbox* inbox = nullptr;
    bool known = false; // the homeserver has told who we are
    bool leaving = false;
    std::vector<Held> held;

    Impl(boost::asio::io_context& context, store::Store& given_store, Desk& given_desk, MatrixOptions given,
         std::unique_ptr<net::Outside> way, net::Url base, std::optional<net::Url> websocket, SecretsNow secrets)
        : io{context}, store{given_store}, desk{given_desk}, options{std::move(given)}, outside{std::move(way)},
          api{io, *outside, std::move(base), options.api}, people{api},
          shared{api, store, desk, rooms, people, heard, own}, deliverer{shared}, spokesman{deliverer},
          intake{shared, options.admission, spokesman}, doors{io, shared, options.admission, knocking()},
          reader{io, shared, intake, doors, polling(), reading()}, session{wiring(secrets), logging_in()} {
        shared.federate = options.federate;
        shared.public_rooms = options.public_rooms;
        shared.topic_spacing = options.topic_spacing;
        if (websocket)
            proxy = std::make_unique<ProxySocket>(io, *outside, shared, reader, *websocket,
                                                  as_token_of(std::move(secrets)), options.proxy);
        doors.moved = [this](Room& room) { moved(room); };
        api.slowed_down = [this](std::chrono::seconds in_all) { slowed_down(in_all); };
    }

    SyncMachine::Options polling() const {
        SyncMachine::Options machine;
        machine.poll_for = options.poll_for;
        machine.listen_after = options.listen_after;
        machine.look_every = options.look_every;
        machine.first_wait = options.first_retry;
        machine.longest_wait = options.longest_retry;
        return machine;
    }

    Doors::Options knocking() const {
        Doors::Options knocking;
        knocking.first_wait = options.first_retry;
        // Nobody sits before it, and each try is work for a homeserver that has trouble.
        knocking.longest_wait = options.longest_retry * 5;
        return knocking;
    }

    History::Limits reading() const {
        History::Limits limits;
        limits.first_wait = options.first_retry;
        limits.longest_wait = options.longest_retry;
        limits.tries_for = options.read_room_for;
        return limits;
    }

    SessionMachine::Options logging_in() const {
        SessionMachine::Options machine;
        machine.homeserver = options.homeserver;
        machine.user = options.user;
        machine.device = options.device;
        machine.first_wait = options.first_retry;
        machine.longest_wait = options.longest_retry;
        machine.look_every = options.look_at_secrets_every;
        return machine;
    }

    SessionKeeper::Wiring wiring(SecretsNow secrets) {
        return {io,
                api,
                store,
                desk,
                std::move(secrets),
                [this](Session const& now) { serving(now); },
                [this](std::string const& trouble) { refused(trouble); }};
    }

    // Network

    std::string_view name() const override { return "matrix"; }
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
    std::optional<Channel> room(Channel const& place) const override {
        auto const* met = rooms.find(raw(place.id));
        if (!met) return place;
        auto const there = people.members(met->address());
        if (there && *there <= most_in_a_talk && met->name.empty()) return std::nullopt;
        return Channel{place.id, met->shown()};
    }
    void start(Inbox& given) override {
        inbox = &given;
        session.start();
    }
    void stop_listening() override {
        leaving = true;
        if (proxy) proxy->stop();
        reader.stop();
        doors.stop();
        intake.stop();
        for (auto const& each : std::exchange(held, {}))
            put_off(each);
    }
    void stop() override {
        stop_listening();
        session.stop();
        api.stop();
    }
    void leave(std::function<void()> gone) override {
        stop();
        boost::asio::post(io, std::move(gone));
    }

    // Until the homeserver has told who we are, or that it will not, nothing can be sent: it waits here, in its order.
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

    static void put_off(Held const& given) {
        Delivered delivered;
        delivered.what = Delivered::What::again;
        delivered.reason = "connecting to the homeserver";
        delivered.wait = another_life;
        given.done(std::move(delivered));
    }

    void serving(Session const& now) {
        shared.self = now.user;
        shared.device = now.device;
        people.set_ourselves(now.user);
        shared.trouble.clear();
        if (std::exchange(known, true) || leaving) return;
        doors.start();
        reader.start(*inbox);
        if (proxy) proxy->start();
        hand_on_held();
        deliverer.pin_what_is_due();
    }

    void refused(std::string const& trouble) {
        shared.trouble = trouble;
        hand_on_held();
    }

    void slowed_down(std::chrono::seconds in_all) const {
        desk.tell_operator(Weight::warning,
                           "matrix: the homeserver limits how often the bot may speak (429): it waited " +
                               std::to_string(in_all.count()) +
                               " s within five minutes, and is late in all rooms. Take the limit off its account; on "
                               "Synapse an administrator posts {\"messages_per_second\": 0, \"burst_count\": 0} to "
                               "/_synapse/admin/v1/users/" +
                               shared.self + "/override_ratelimit, or raises rc_message for everybody");
    }

    void moved(Room& room) {
        if (!desk.open_in(channel_id(room.id))) return;
        deliverer.say(room, desk.words().say("matrix.room-moved", {}));
        desk.show_again(channel_id(room.id));
    }
};

MatrixNetwork::MatrixNetwork(std::unique_ptr<Impl> impl) : impl_{std::move(impl)} {}
MatrixNetwork::~MatrixNetwork() = default;

std::expected<std::unique_ptr<MatrixNetwork>, std::string> MatrixNetwork::make(boost::asio::io_context& io,
                                                                               store::Store& store, Desk& desk,
                                                                               MatrixOptions options,
                                                                               SecretsNow secrets) {
    bool const found = options.homeserver.contains("://");
    auto base = net::parse_url(found ? options.homeserver : "https://" + options.homeserver);
    if (!base) return std::unexpected{"matrix.homeserver: " + base.error()};
    if (!base->secure() && !net::is_loopback(base->host))
        return std::unexpected{"matrix.homeserver: plain http is for this machine only; write https://"};
    std::optional<net::Url> websocket;
    if (!options.websocket.empty()) {
        auto url = net::parse_url(options.websocket);
        if (!url) return std::unexpected{"matrix.websocket: " + url.error()};
        websocket = std::move(*url);
    }
    if (!secrets()) return std::unexpected{"the secrets of Matrix cannot be read; `coxswain check` says why"};
    auto outside = net::Outside::make(io, options.outside);
    if (!outside) return std::unexpected{"matrix: " + outside.error()};
    return std::unique_ptr<MatrixNetwork>{
        new MatrixNetwork{std::make_unique<Impl>(io, store, desk, std::move(options), std::move(*outside),
                                                 std::move(*base), std::move(websocket), std::move(secrets))}};
}

void MatrixNetwork::load(store::Found const& found) {
    impl_->rooms.load(found);
    impl_->doors.load(found);
    impl_->reader.load(found);
    impl_->session.load(found);
    auto const house = row_of(found, house_row);
    impl_->shared.house = house.value_or(random_name());
    if (house) return;
    store::Batch batch;
    batch.cursors.push_back({std::string{house_row}, impl_->shared.house});
    impl_->store.commit(std::move(batch), [] {});
}

Network& MatrixNetwork::network() {
    return *impl_;
}

std::vector<std::string> MatrixNetwork::troubles() const {
    // Without an account there is neither of the others.
    if (!impl_->shared.trouble.empty()) return {"matrix: " + impl_->shared.trouble};
    std::vector<std::string> troubles;
    if (!impl_->reader.trouble().empty()) troubles.push_back("matrix: " + impl_->reader.trouble());
    if (impl_->proxy && !impl_->proxy->trouble().empty()) troubles.push_back("matrix: " + impl_->proxy->trouble());
    return troubles;
}

} // namespace cox::matrix
