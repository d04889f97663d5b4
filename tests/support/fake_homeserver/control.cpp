#include "control.hpp"

#include "acts.hpp"
#include "url_text.hpp"

#include <algorithm>

namespace cox::fake_homeserver {
namespace {

constexpr int usual_wait_ms = 10'000;

json refusal(std::string const& why) {
    return {{"ok", false}, {"error", why}};
}

void do_it(Homeserver& server, json const& words, std::function<void(json)> const& done) {
    auto const name = words.value("do", "");
    if (name == "see") return done(seen(server, words.value("part", "")));
    if (name != "wait") {
        auto answer = act(server, words);
        answer["ok"] = true;
        return done(std::move(answer));
    }
    server.wait(condition_of(server, words), std::chrono::milliseconds{words.value("within_ms", usual_wait_ms)},
                [done](bool came) {
                    done(came ? json{{"ok", true}} : refusal("it did not come"));
                });
}

bool was_said(Room const& room, std::string const& text) {
    return std::ranges::any_of(seen_messages(room),
                               [&](json const& each) { return each.at("body").get<std::string>().contains(text); });
}

} // namespace

Homeserver::Condition condition_of(Homeserver& server, json const& words) {
    std::vector<Homeserver::Condition> all;
    auto room = [&server, words]() -> Room const* { return server.world.room(words.at("room").get<std::string>()); };
    if (words.contains("text"))
        all.push_back([room, text = words["text"].get<std::string>()] { return room() && was_said(*room(), text); });
    if (words.contains("topic"))
        all.push_back([room, part = words["topic"].get<std::string>()] {
            return room() && room()->content_of("m.room.topic").value("topic", "").contains(part);
        });
    if (words.contains("calls"))
        all.push_back([&server, count = words["calls"].get<int>(), endpoint = words.value("endpoint", "")] {
            return std::ranges::count_if(server.log.calls, [&](Called const& each) {
                       return !each.answer.empty() && (endpoint.empty() || each.endpoint == endpoint);
                   }) >= count;
        });
    if (words.contains("polling"))
        all.push_back([&server, user = user_in(server, words, "polling")] {
            return std::ranges::any_of(server.polls, [&](auto const& each) {
                auto const at = server.world.sessions.find(each.first);
                return each.second > 0 && at != server.world.sessions.end() && at->second.user == user;
            });
        });
    if (all.empty()) throw Refused{400, "M_UNKNOWN", "nothing to wait for is named"};
    return [all] { return std::ranges::all_of(all, [](auto const& condition) { return condition(); }); };
}

void control(Homeserver& server, json const& words, std::function<void(json)> done) {
    try {
        if (!words.is_object()) return done(refusal("not a JSON object"));
        do_it(server, words, done);
    } catch (Refused const& refused) {
        done(refusal(refused.errcode + ": " + refused.error));
    } catch (std::exception const& wrong) {
        done(refusal(wrong.what()));
    }
}

void answer_control(Homeserver& server, Request const& request, std::function<void(Response)> done) {
    auto const answer = [done](json const& words) {
        done({.status = words.value("ok", true) ? 200 : 400,
              .body = words.dump(-1, ' ', false, json::error_handler_t::replace)});
    };
    if (request.path() == "/_control") return control(server, json::parse(request.body, nullptr, false), answer);
    if (request.path() == "/_state") return answer(seen(server, query_of(request.query())["part"]));
    done({.status = 404, .body = "there is nothing here", .type = "text/plain"});
}

} // namespace cox::fake_homeserver
