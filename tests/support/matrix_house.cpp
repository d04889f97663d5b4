#include "matrix_house.hpp"

#include <algorithm>
#include <charconv>
#include <stdexcept>

namespace cox::test {

namespace {

using namespace std::chrono_literals;
constexpr std::string_view bot = "@coxswain:lab.test";

// "s12_0"
fake_homeserver::Position position_in(std::string const& token) {
    fake_homeserver::Position position = -1;
    if (token.starts_with('s')) std::from_chars(token.data() + 1, token.data() + token.size(), position);
    return position;
}

} // namespace

matrix::MatrixOptions quick_matrix() {
    matrix::MatrixOptions options;
    options.user = "coxswain";
    options.topic_spacing = {};
    options.first_retry = 20ms;
    options.longest_retry = 100ms;
    options.look_at_secrets_every = 50ms;
    options.api.brief.first_byte_within = 300ms;
    options.api.quick.first_byte_within = 1s;
    return options;
}

MatrixHouse::MatrixHouse(matrix::MatrixOptions options, Before const& before) : options_{std::move(options)} {
    if (options_.homeserver.empty()) options_.homeserver = server.address();
    ops_ = server.room("ops").at("id");
    if (before) before(server);
    restart();
}

MatrixHouse::MatrixHouse(matrix::MatrixOptions options, matrix::Secrets given)
    : secrets{std::move(given)}, options_{std::move(options)} {
    restart();
}

MatrixHouse::~MatrixHouse() {
    network.reset();
}

void MatrixHouse::restart() {
    network.reset();
    io_.restart();
    auto made = matrix::MatrixNetwork::make(io_, store, desk, options_, [this] { return std::optional{secrets}; });
    if (!made) throw std::runtime_error{made.error()};
    network = std::move(*made);
    network->load(store.found());
    network->network().start(inbox);
}

bool MatrixHouse::connect() {
    return run_until([this] { return network->troubles().empty(); });
}

fake_homeserver::Position MatrixHouse::place() const {
    for (auto const& cursor : store.found().cursors)
        if (cursor.name == "matrix:place") return position_in(nlohmann::json::parse(cursor.value).value("since", ""));
    return -1;
}

fake_homeserver::Position MatrixHouse::last_of_others() {
    fake_homeserver::Position last = 0;
    server.inside([&](fake_homeserver::Homeserver& inner) {
        for (auto const& [id, room] : inner.world.rooms)
            for (auto const& event : room.events)
                if (event.sender != bot) last = std::max(last, event.position);
    });
    return last;
}

bool MatrixHouse::caught_up() {
    return run_until([this] { return place() >= last_of_others(); });
}

nlohmann::json MatrixHouse::happen(std::string_view act, nlohmann::json args) {
    auto answer = server.act(act, std::move(args));
    if (!caught_up()) throw std::runtime_error{std::string{act} + " was not taken in"};
    return answer;
}

std::vector<std::string> MatrixHouse::heard() const {
    std::vector<std::string> texts;
    for (auto const& each : inbox.received)
        texts.push_back(each.text);
    return texts;
}

void MatrixHouse::durable(std::function<void()> call) {
    if (holding_) return held_.push_back(std::move(call));
    boost::asio::post(io_, std::move(call));
}

void MatrixHouse::release_commits() {
    holding_ = false;
    for (auto& call : std::exchange(held_, {}))
        durable(std::move(call));
}

Delivered MatrixHouse::deliver(std::int64_t op, Effect effect) {
    std::optional<Delivered> got;
    network->network().deliver({op, {1}, std::move(effect), desk.now()}, [&](Delivered it) { got = std::move(it); });
    if (!run_until([&] { return got.has_value(); })) throw std::runtime_error{"a delivery that never ends"};
    return *got;
}

Delivered MatrixHouse::reconcile(std::int64_t op, Effect effect) {
    std::optional<Delivered> got;
    network->network().reconcile({op, {1}, std::move(effect), desk.now()}, [&](Delivered it) { got = std::move(it); });
    if (!run_until([&] { return got.has_value(); })) throw std::runtime_error{"a question that is never answered"};
    return *got;
}

Incident& MatrixHouse::incident_in_ops() {
    Incident incident;
    incident.id = {7};
    incident.title = "checkout errors";
    incident.severity = "1";
    incident.severity_label = "SEV-1";
    incident.channel = Channel{ops(), "ops"};
    incident.origin = *incident.channel;
    incident.seats.push_back({"ic", person("alice"), false, {}, {}});
    desk.incident = std::move(incident);
    return *desk.incident;
}

std::vector<std::string> MatrixHouse::said(std::string_view room) {
    std::vector<std::string> texts;
    for (auto const& each : server.messages(room))
        if (each.at("sender") == bot) texts.push_back(each.at("body"));
    return texts;
}

bool MatrixHouse::has_said(std::string_view part, std::string_view room) {
    return std::ranges::any_of(said(room), [&](std::string const& each) { return each.contains(part); });
}

} // namespace cox::test
