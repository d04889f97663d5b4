#include "adapters/matrix/check_online.hpp"

#include "adapters/json/untrusted.hpp"
#include "adapters/matrix/facts.hpp"
#include "adapters/matrix/names.hpp"

#include <boost/asio/io_context.hpp>

#include <algorithm>
#include <chrono>
#include <utility>

namespace cox::matrix {
namespace {

using untrusted::at;
using untrusted::text_at;
using Result = OnlineCheck::Result;

constexpr std::string_view own_device = "COXSWAIN-CHECK";
constexpr std::size_t most_rooms = 200;       // that are looked at
constexpr std::size_t most_members = 100'000; // of any other answer: an account in very many rooms
constexpr std::size_t most_states = 1'000'000;

nlohmann::json read(Answer const& answer) {
    return untrusted::read_object(answer.body, answer.body.size(), most_members).value_or(nlohmann::json::object());
}

std::string listed(std::vector<std::string> const& accounts) {
    std::string all;
    for (auto const& each : accounts)
        all += (all.empty() ? "" : ", ") + each;
    return all;
}

class Checker {
public:
    Checker(boost::asio::io_context& io, net::Outside& outside, MatrixOptions const& options, Secrets const& secrets,
            net::Url base)
        : options_{options}, secrets_{secrets}, api_{io, outside, std::move(base), options.api}, people_{api_} {}

    void start() {
        if (options_.homeserver.contains("://")) return ask_versions();
        auto call = get({".well-known", "matrix", "client"});
        call.needs_token = false;
        call.whole_path = true;
        api_.call(std::move(call), [this](Answer const& answer) { told_where(answer); });
    }

    OnlineCheck result;

private:
    void told_where(Answer const& answer) {
        if (!answer.ok() && answer.status != 404) return not_reached(answer);
        auto const said = text_at(at(read(answer), "m.homeserver"), "base_url");
        auto url = net::parse_url(said);
        if (answer.ok() && !url)
            return refused("its .well-known/matrix/client names no homeserver that can be used; write the address "
                           "itself as matrix.homeserver");
        if (answer.ok()) {
            say("the homeserver of " + options_.homeserver + " is at " + net::text(*url));
            api_.set_base(std::move(*url));
        }
        ask_versions();
    }

    void ask_versions() {
        auto call = get({"_matrix", "client", "versions"});
        call.needs_token = false;
        call.whole_path = true;
        api_.call(std::move(call), [this](Answer const& answer) { told_versions(answer); });
    }

    void told_versions(Answer const& answer) {
        std::string newest;
        bool speaks_v3 = false;
        auto const json = read(answer);
        for (auto const& version : at(json, "versions")) {
            if (!version.is_string()) continue;
            newest = untrusted::plain_word(version.get<std::string>());
            speaks_v3 = speaks_v3 || newest.starts_with("v1.");
        }
        if (!answer.ok()) return not_reached(answer);
        if (!speaks_v3)
            return refused("what answers at " + net::text(api_.base()) +
                           " is no homeserver of version 1.1 or later; check matrix.homeserver");
        say("the homeserver speaks Matrix up to " + newest);
        if (!secrets_.token.empty()) return ask_who_we_are(secrets_.token);
        if (!secrets_.as_token.empty()) return ask_who_the_service_is();
        log_in();
    }

    // By itself the token speaks for the service's own account, which is not the bot's. Of that one only the server
    // counts.
    void ask_who_the_service_is() {
        auto call = get({"account", "whoami"});
        call.token = secrets_.as_token;
        api_.call(std::move(call), [this](Answer const& answer) {
            auto const service = text_at(read(answer), "user_id");
            if (is_passing(answer)) return not_reached(answer);
            if (!answer.ok() || !is_user(service))
                return refused("the application service's token is refused (" + in_words(answer) +
                               "); the homeserver must name its registration and have been started anew since");
            say("the application service is " + service);
            acting_as_ =
                is_user(options_.user) ? options_.user : "@" + options_.user + ":" + std::string{server_of(service)};
            ask_who_we_are(secrets_.as_token);
        });
    }

    void log_in() {
        nlohmann::json const body{{"type", "m.login.password"},
                                  {"identifier", {{"type", "m.id.user"}, {"user", options_.user}}},
                                  {"password", secrets_.password},
                                  {"device_id", own_device},
                                  {"initial_device_display_name", "coxswain check"}};
        auto call = post({"login"}, body.dump(-1, ' ', false, nlohmann::json::error_handler_t::replace));
        call.needs_token = false;
        api_.call(std::move(call), [this](Answer const& answer) {
            if (answer.status == 429)
                return not_now("the homeserver limits log-ins; check again in " + wait_of(answer));
            if (is_passing(answer)) return not_reached(answer);
            if (!answer.ok())
                return refused("the password is refused (" + in_words(answer) +
                               "); check matrix.user and the password");
            logged_in_ = true;
            ask_who_we_are(text_at(read(answer), "access_token"));
        });
    }

    void ask_who_we_are(std::string const& token) {
        auto call = get_as_the_bot({"account", "whoami"});
        call.token = token;
        api_.call(std::move(call), [this, token](Answer const& answer) {
            self_ = text_at(read(answer), "user_id");
            if (is_passing(answer)) return not_reached(answer);
            if (answer.status == 403 && !acting_as_.empty()) return not_ours_yet(answer);
            if (!answer.ok() || !is_user(self_))
                return refused("the access token is refused (" + in_words(answer) + "); make a new one");
            say("the bot is " + self_);
            people_.set_ourselves(self_);
            api_.set_token(token);
            say_who_may();
            ask_rooms();
        });
    }

    // By the same rules as in standing_of().
    void say_who_may() {
        auto const& admission = options_.admission;
        auto line =
            "commands are taken from " + (admission.allow.empty() ? "everybody of " + std::string{server_of(self_)}
                                                                  : listed(admission.allow) + " (matrix.allow)");
        if (!admission.deny.empty()) line += ", not from " + listed(admission.deny) + " (matrix.deny)";
        if (admission.power > 0)
            line +=
                "; only with power level " + std::to_string(admission.power) + " or more in the room (matrix.power)";
        say(line);
    }

    // Homeservers say it in the same way of an account that is not there and of one that the registration leaves out.
    void not_ours_yet(Answer const& answer) {
        lacks("the application service does not act as " + acting_as_ + " yet (" + in_words(answer) +
              "); start `coxswain serve` once, which makes the account, and check again; where that is refused too, "
              "name the account under \"namespaces\" in the registration");
        end();
    }

    void ask_rooms() {
        api_.call(get_as_the_bot({"joined_rooms"}), [this](Answer const& answer) {
            if (!answer.ok()) return not_reached(answer);
            auto const json = read(answer);
            for (auto const& room : at(json, "joined_rooms"))
                if (room.is_string()) rooms_.push_back(room.get<std::string>());
            auto line = rooms_.empty()
                            ? "the bot is in no room yet; invite it to one"
                            : "it is in " + std::to_string(rooms_.size()) + (rooms_.size() == 1 ? " room" : " rooms");
            if (rooms_.size() > most_rooms) {
                rooms_.resize(most_rooms);
                line += ", of which " + std::to_string(most_rooms) + " are looked at";
            }
            say(line);
            look_at_next_room();
        });
    }

    void look_at_next_room() {
        if (rooms_.empty()) return log_out();
        auto const id = std::move(rooms_.back());
        rooms_.pop_back();
        api_.call(get_as_the_bot({"rooms", id, "state"}), [this, id](Answer const& answer) {
            Room room;
            room.id = id;
            auto const states =
                untrusted::read_object("{\"events\":" + answer.body + "}", answer.body.size() + 16, most_states);
            if (answer.ok() && states) {
                auto const events = read_events(at(*states, "events"));
                for (auto const& event : events)
                    learn(event, room, people_);
                bool const left_behind =
                    std::ranges::any_of(events, [](Event const& event) { return event.is_state("m.room.tombstone"); });
                if (!left_behind) look_at(room);
            }
            look_at_next_room();
        });
    }

    void look_at(Room const& room) {
        auto const name = "in " + untrusted::plain_word(room.shown(), 100) + ": ";
        if (room.is_space) return;
        if (room.encrypted)
            return lacks(name + "it is encrypted, and the bot cannot read what is typed there; use a room without "
                                "encryption");
        auto const own = room.power.of(self_);
        if (!room.power.may_send(self_, "m.room.message"))
            lacks(name + "the bot may not speak; it has power level " + std::to_string(own) + " and needs " +
                  std::to_string(room.power.for_message("m.room.message")));
        auto const topic = room.power.for_state("m.room.topic");
        auto const pins = room.power.for_state("m.room.pinned_events");
        if (own >= topic && own >= pins) return;
        lacks(name + "the bot may not " +
              (own >= topic  ? "pin the card"
               : own >= pins ? "set the topic"
                             : "set the topic and pin the card") +
              "; it has power level " + std::to_string(own) + " and needs " + std::to_string(std::max(topic, pins)) +
              ", which an administrator of the room can give it");
    }

    void log_out() {
        if (!logged_in_) return end();
        api_.call(post({"logout"}, "{}"), [this](Answer const&) { end(); });
    }

    Call get_as_the_bot(std::vector<std::string> path) const {
        auto call = get(std::move(path));
        if (!acting_as_.empty()) call.query.emplace_back("user_id", acting_as_);
        return call;
    }

    static bool is_passing(Answer const& answer) {
        return answer.status == 0 || answer.status >= 500 || answer.status == 429;
    }

    void say(std::string const& line) { result.lines.push_back("matrix: " + line); }
    void lacks(std::string const& line) {
        result.result = Result::incomplete;
        say(line);
    }
    void refused(std::string const& line) {
        result.result = Result::refused;
        say(line);
        end();
    }
    void not_reached(Answer const& answer) {
        if (answer.status == 429)
            return not_now("the homeserver limits how often it is asked; check again in " + wait_of(answer));
        not_now("not reached (" + in_words(answer) + "); check the network, matrix.homeserver and matrix.proxy");
    }
    void not_now(std::string const& line) {
        result.result = Result::not_reached;
        say(line);
        end();
    }
    static std::string wait_of(Answer const& answer) {
        auto const wait = std::chrono::ceil<std::chrono::seconds>(answer.retry_after.value_or(Duration{1000}));
        return std::to_string(wait.count()) + " s";
    }
    // Or the kept connection would keep us.
    void end() { api_.stop(); }

    MatrixOptions const& options_;
    Secrets const& secrets_;
    Api api_;
    People people_;
    std::string self_;
    std::string acting_as_; // with an application service's token: the bot's account; else ""
    std::vector<std::string> rooms_;
    bool logged_in_ = false;
};

} // namespace

OnlineCheck check_online(MatrixOptions const& options, Secrets const& secrets) {
    boost::asio::io_context io{1};
    bool const address = options.homeserver.contains("://");
    auto base = net::parse_url(address ? options.homeserver : "https://" + options.homeserver);
    auto outside = net::Outside::make(io, options.outside);
    if (!base || !outside) {
        OnlineCheck check;
        check.result = Result::refused;
        check.lines.push_back("matrix: " + (base ? outside.error() : base.error()));
        return check;
    }
    Checker checker{io, **outside, options, secrets, std::move(*base)};
    checker.start();
    io.run();
    return std::move(checker.result);
}

} // namespace cox::matrix
