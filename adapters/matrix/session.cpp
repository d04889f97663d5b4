#include "adapters/matrix/session.hpp"

#include "adapters/matrix/names.hpp"

#include <boost/asio/io_context.hpp>
#include <nlohmann/json.hpp>

#include <algorithm>
#include <chrono>
#include <utility>

namespace cox::matrix {
namespace {

constexpr std::string_view session_row = "matrix:session";
constexpr std::string_view display_name = "Coxswain";

std::string dump(nlohmann::json const& json) {
    return json.dump(-1, ' ', false, nlohmann::json::error_handler_t::replace);
}

// What comes before there is a token, and is not safe to send twice.
Call before_login(std::vector<std::string> path, nlohmann::json const& body) {
    auto call = post(std::move(path), dump(body));
    call.needs_token = false;
    return call;
}

} // namespace

SessionKeeper::SessionKeeper(Wiring wiring, SessionMachine::Options options)
    : wiring_{std::move(wiring)}, machine_{std::move(options)}, timer_{wiring_.io} {
    wiring_.api.token_refused = [this](Answer const& answer) { run(machine_.refused(answer, wiring_.desk.now())); };
}

void SessionKeeper::load(store::Found const& found) {
    auto const row = std::ranges::find(found.cursors, session_row, &store::Cursor::name);
    if (row != found.cursors.end()) kept_ = session_from_json(row->value);
}

void SessionKeeper::start() {
    run(machine_.start(std::exchange(kept_, std::nullopt), wiring_.secrets()));
}

void SessionKeeper::stop() {
    alive_ = std::make_shared<bool>(true);
    timer_.cancel();
}

void SessionKeeper::run(SessionMachine::Actions actions) {
    for (auto const& action : actions)
        std::visit([this](auto const& each) { act_on(each); }, action);
}

void SessionKeeper::act_on(act::AskWellKnown const& wanted) {
    auto server = net::parse_url("https://" + wanted.server);
    if (!server) {
        Answer answer;
        answer.error = server.error();
        return run(machine_.well_known(answer));
    }
    wiring_.api.set_base(std::move(*server));
    auto call = get({".well-known", "matrix", "client"});
    call.needs_token = false;
    call.whole_path = true;
    wiring_.api.call(std::move(call), guarded([this](Answer const& answer) { run(machine_.well_known(answer)); }));
}

void SessionKeeper::act_on(act::AskWhoWeAre const& wanted) {
    auto call = get({"account", "whoami"});
    call.token = wanted.token;
    wiring_.api.call(std::move(call), guarded([this](Answer const& answer) { run(machine_.told_who_we_are(answer)); }));
}

void SessionKeeper::act_on(act::LogIn const& wanted) {
    if (wanted.as_token.empty()) return log_in(wanted);
    // A homeserver gives tokens to an application service's own user before there is one, and takes none of them.
    auto const local = is_user(wanted.user) ? std::string{localpart_of(wanted.user)} : wanted.user;
    auto call = before_login({"register"},
                             {{"type", "m.login.application_service"}, {"username", local}, {"inhibit_login", true}});
    call.needs_token = true;
    call.token = wanted.as_token;
    wiring_.api.call(std::move(call), guarded([this, wanted](Answer const& answer) {
                         // It was made by a former run.
                         if (answer.ok() || answer.errcode == "M_USER_IN_USE") return log_in(wanted);
                         run(machine_.logged_in(answer, wiring_.desk.now()));
                     }));
}

void SessionKeeper::log_in(act::LogIn const& wanted) {
    bool const service = !wanted.as_token.empty();
    nlohmann::json body{{"type", service ? "m.login.application_service" : "m.login.password"},
                        {"identifier", {{"type", "m.id.user"}, {"user", wanted.user}}},
                        {"device_id", wanted.device},
                        {"initial_device_display_name", display_name},
                        {"refresh_token", true}};
    if (!service) body["password"] = wanted.password;
    auto call = before_login({"login"}, body);
    call.needs_token = service;
    call.token = wanted.as_token;
    wiring_.api.call(std::move(call),
                     guarded([this](Answer const& answer) { run(machine_.logged_in(answer, wiring_.desk.now())); }));
}

void SessionKeeper::act_on(act::Refresh const& wanted) {
    wiring_.api.call(before_login({"refresh"}, {{"refresh_token", wanted.refresh_token}}),
                     guarded([this](Answer const& answer) { run(machine_.refreshed(answer, wiring_.desk.now())); }));
}

void SessionKeeper::act_on(act::UseBase const& wanted) {
    // What cannot be read was complained about when it was told.
    if (auto base = net::parse_url(wanted.url)) wiring_.api.set_base(std::move(*base));
}

void SessionKeeper::act_on(act::Save const& wanted) {
    store::Batch batch;
    batch.cursors.push_back({std::string{session_row}, to_json(wanted.session)});
    wiring_.store.commit(std::move(batch), guarded([this] { run(machine_.saved(wiring_.desk.now())); }));
}

void SessionKeeper::act_on(act::Serve const& wanted) {
    wiring_.serving(wanted.session);
    wiring_.api.set_token(wanted.session.token);
}

void SessionKeeper::act_on(act::GiveUp const& wanted) {
    wiring_.refused(wanted.trouble);
    wiring_.api.give_up(wanted.answer);
}

void SessionKeeper::act_on(act::Wait const& wanted) {
    after(wanted.span, [this] { run(machine_.tick()); });
}

void SessionKeeper::act_on(act::LookAtSecrets const& wanted) {
    if (wanted.span == Duration::zero()) return run(machine_.secrets(wiring_.secrets()));
    after(wanted.span, [this] { run(machine_.secrets(wiring_.secrets())); });
}

void SessionKeeper::act_on(act::Say const& wanted) {
    auto const weight = wanted.how == act::Say::How::error     ? Weight::error
                        : wanted.how == act::Say::How::warning ? Weight::warning
                                                               : Weight::info;
    wiring_.desk.tell_operator(weight, "matrix: " + wanted.text);
}

void SessionKeeper::after(Duration span, std::function<void()> then) {
    timer_.expires_after(span);
    timer_.async_wait(guarded([then = std::move(then)](boost::system::error_code const& error) {
        if (!error) then();
    }));
}

} // namespace cox::matrix
