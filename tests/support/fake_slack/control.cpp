#include "control.hpp"

#include "acts.hpp"
#include "args.hpp"
#include "burst.hpp"
#include "seen.hpp"

#include <algorithm>

namespace cox::fake_slack {
namespace {

constexpr int usual_wait_ms = 10'000;

json refusal(std::string const& why) {
    return {{"ok", false}, {"error", why}};
}

bool has_calls(Slack const& slack, std::string const& method, std::int64_t count) {
    return std::ranges::count_if(slack.log.calls,
                                 [&](Called const& call) { return method.empty() || call.method == method; }) >= count;
}

bool was_said(Slack const& slack, std::string const& channel, std::string const& text) {
    for (auto const& [id, one] : slack.world.channels) {
        if (id != channel && one.name != channel) continue;
        for (auto const& [ts, message] : one.messages)
            if (message.body.value("text", "").find(text) != std::string::npos) return true;
    }
    return false;
}

bool was_whispered(Slack const& slack, std::string const& user, std::string const& text) {
    return std::ranges::any_of(slack.world.ephemerals, [&](Ephemeral const& one) {
        auto const at = slack.world.users.find(one.user);
        bool const to_them = one.user == user || (at != slack.world.users.end() && at->second.name == user);
        return to_them && one.body.value("text", "").find(text) != std::string::npos;
    });
}

void do_it(Slack& slack, json const& words, std::function<void(json)> const& done) {
    auto const name = words.value("do", "");
    if (name == "burst") return start_burst(slack, words, done);
    if (name == "see") return done(seen(slack, words.value("part", "")));
    if (name != "wait") return done(act(slack, words));
    slack.wait(condition_of(words), std::chrono::milliseconds{words.value("within_ms", usual_wait_ms)},
               [done](bool came) {
                   done(came ? json{{"ok", true}} : refusal("it did not come"));
               });
}

} // namespace

Slack::Condition condition_of(json const& words) {
    std::vector<Slack::Condition> all;
    if (words.contains("connections"))
        all.push_back([count = words["connections"].get<std::size_t>()](Slack const& slack) {
            return slack.sockets.serving() >= count;
        });
    auto const envelopes = [&](char const* name, bool (*done)(Envelope const&)) {
        if (!words.contains(name)) return;
        auto const& named = words[name];
        auto const ids = named.is_string() ? std::vector<std::string>{named} : named.get<std::vector<std::string>>();
        all.push_back([ids, done](Slack const& slack) {
            return std::ranges::all_of(ids, [&](auto const& id) {
                auto const* const envelope = slack.sockets.envelope(id);
                return envelope && done(*envelope);
            });
        });
    };
    envelopes("acked", [](Envelope const& one) { return one.settled; });
    envelopes("decided", [](Envelope const& one) { return one.settled || one.given_up; });
    if (words.contains("calls"))
        all.push_back([count = words["calls"].get<int>(), method = words.value("method", "")](Slack const& slack) {
            return has_calls(slack, method, count);
        });
    if (words.contains("text"))
        all.push_back([channel = words.at("channel").get<std::string>(), text = words["text"].get<std::string>()](
                          Slack const& slack) { return was_said(slack, channel, text); });
    if (words.contains("whisper"))
        all.push_back([user = words.at("user").get<std::string>(), text = words["whisper"].get<std::string>()](
                          Slack const& slack) { return was_whispered(slack, user, text); });
    if (all.empty()) throw Refused{"nothing to wait for is named"};
    return [all](Slack const& slack) {
        return std::ranges::all_of(all, [&](auto const& condition) { return condition(slack); });
    };
}

void control(Slack& slack, json const& words, std::function<void(json)> done) {
    try {
        if (!words.is_object()) return done(refusal("not a JSON object"));
        do_it(slack, words, done);
    } catch (Refused const& refused) {
        done(refusal(refused.error));
    } catch (std::exception const& wrong) {
        done(refusal(wrong.what()));
    }
}

void answer_control(Slack& slack, Request const& request, std::function<void(Response)> done) {
    auto const answer = [done](json const& words) {
        done({.status = words.value("ok", true) ? 200 : 400,
              .body = words.dump(-1, ' ', false, json::error_handler_t::replace)});
    };
    if (request.path() == "/_control") return control(slack, json::parse(request.body, nullptr, false), answer);
    if (request.path() == "/_state") return answer(seen(slack, form_args(request.query()).text("part")));
    done({.status = 404, .body = "there is nothing here", .type = "text/plain"});
}

} // namespace cox::fake_slack
