#include "runner.hpp"

#include "engine.hpp"
#include "story.hpp"

#include "bot/config/drill_yaml.hpp"
#include "core/marks.hpp"
#include "core/overloaded.hpp"

#include <algorithm>
#include <cctype>
#include <fstream>
#include <sstream>

namespace cox::test {
namespace {

std::string capitalised(std::string_view id) {
    std::string name{id};
    if (!name.empty()) name[0] = static_cast<char>(std::toupper(static_cast<unsigned char>(name[0])));
    return name;
}

std::string lowered(std::string_view text) {
    std::string low{text};
    for (auto& c : low)
        c = static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
    return low;
}

// "bo, sara"
std::string ids(std::vector<Person> const& people) {
    std::string list;
    for (auto const& person : people)
        list += (list.empty() ? "" : ", ") + person.id.value;
    return list;
}

// "freeze" of "hook:freeze"
std::string name_of_hook(ChannelId const& channel) {
    return channel.value.substr(channel.value.find(':') + 1);
}

// Everybody who speaks or is mentioned exists, as in the web channel.
class People {
public:
    Person const& person(std::string_view id) {
        auto const found = std::ranges::find(people_, id, [](Person const& one) { return one.id.value; });
        return found != people_.end() ? *found : add(std::string{id}, capitalised(id));
    }
    Person const& add(std::string id, std::string name) {
        return people_.emplace_back(Person{UserId{std::move(id)}, std::move(name)});
    }
    std::vector<Person> fitting(std::string_view word, bool mention) {
        std::vector<Person> by_name;
        auto const wanted = lowered(word);
        for (auto const& one : people_) {
            if (one.id.value == wanted) return {one};
            if (lowered(one.name) == wanted) by_name.push_back(one);
        }
        if (by_name.empty() && mention) return {person(wanted)};
        return by_name;
    }

private:
    std::vector<Person> people_;
};

// Something with buttons that somebody may press.
struct Shown {
    std::string channel;
    std::optional<UserId> to;
    std::string text;
    std::vector<Button> buttons;
};

class Stage {
public:
    explicit Stage(Words const& words) : engine_{shipped_policy(), words} {}

    std::string play(Story story) {
        for (auto const& line : story.head)
            head_line(line);
        if (!drill_.steps.empty()) story.steps = steps_of_drill();
        for (auto const& step : story.steps)
            play_step(step);
        return std::move(out_);
    }

private:
    void head_line(std::string const& line) {
        write(line);
        std::istringstream words{line};
        std::string first;
        words >> first;
        if (line.empty() || line.starts_with("--")) return;
        if (line == "show cards") {
            show_cards_ = true;
        } else if (first == "policy:") {
            set_policy(words);
        } else if (first == "people:") { // id NAME
            std::string id;
            std::string name;
            while (words >> id >> name)
                people_.add(id, name);
        } else if (line.starts_with("no channels: ")) { // REASON
            engine_.no_channels = line.substr(13);
        } else if (first == "drill:") { // NAME: its lines are the story
            std::string name;
            words >> name;
            load_drill(name);
        } else {
            throw StoryError{"no head line: " + line};
        }
    }

    // "severity 1 RULE LEVEL", "may-takeover ID", "may-not-act ID", "backup ID", "freeze-webhook URL"
    void set_policy(std::istringstream& words) {
        std::string what;
        std::string first;
        words >> what >> first;
        auto& policy = engine_.policy;
        if (what == "severity") {
            std::string rule;
            std::string level;
            words >> rule >> level;
            auto const found = std::ranges::find(policy.severities, first, &Severity::key);
            if (found == policy.severities.end()) throw StoryError{"no severity " + first};
            found->rules[rule] = level == "off" ? Level::off : level == "warn" ? Level::warn : Level::enforce;
        } else if (what == "may-takeover") {
            policy.permissions.may_takeover.push_back(UserId{first});
        } else if (what == "may-not-act") {
            policy.permissions.may_not_act.push_back(UserId{first});
        } else if (what == "freeze-webhook") {
            policy.freeze_webhook = first;
        } else if (what == "backup") {
            policy.backup = people_.person(first);
        } else {
            throw StoryError{"no such policy line: " + what};
        }
    }

    void load_drill(std::string const& name) {
        auto const file = name + ".yaml";
        std::ifstream in{std::string{COXSWAIN_SOURCE_DIR} + "/config/drills/" + file, std::ios::binary};
        std::ostringstream text;
        text << in.rdbuf();
        auto drill = bot::load_drill(file, text.str());
        if (!drill) throw StoryError{bot::text(drill.error().front())};
        drill_ = std::move(*drill);
    }

    std::vector<Step> steps_of_drill() const {
        std::vector<Step> steps;
        auto const start = time_on(first_day(), drill_.starts);
        for (auto const& line : drill_.steps) {
            steps.push_back({Step::Kind::says, start + line.at, line.who, drill_.channel, line.says});
        }
        return steps;
    }

    void play_step(Step const& step) {
        using enum Step::Kind;
        if (step.kind == kept) {
            write(step.text);
            return;
        }
        if (step.kind != wakes) pass_time(step.at);
        now_ = std::max(now_, step.at);
        switch (step.kind) {
        case says: says_line(step); break;
        case presses: presses_button(step); break;
        case clock:
            if (last_moment_ != step.at) entry(step.at, "clock", {}, true);
            break;
        case wakes: entry(step.at, "wakes", fire_until(step.at), true); break;
        case kept: break;
        }
    }

    // What falls due until then happens, each at its own moment.
    void pass_time(Time until) {
        while (auto const next = engine_.next_timer()) {
            auto const moment = std::max(next->first, now_);
            if (moment > until) return;
            now_ = moment;
            if (auto const effects = fire_until(moment); !effects.empty()) {
                entry(moment, "clock", effects, true);
                last_moment_ = moment;
            }
        }
    }

    std::vector<Effect> fire_until(Time now) {
        std::vector<Effect> all;
        for (int i = 0; i < 1000; ++i) {
            auto const next = engine_.next_timer();
            if (!next || next->first > now) return all;
            auto const effects = engine_.fire(next->second, now);
            all.insert(all.end(), effects.begin(), effects.end());
        }
        throw StoryError{"the clock does not come to rest at " + clock_of(now)};
    }

    Request request_of(Step const& step) {
        Channel const place{ChannelId{step.channel}, step.channel};
        return {command::Heard{}, people_.person(step.who), place, step.at, "", false, "", std::nullopt};
    }

    void says_line(Step const& step) {
        bool const to_a_bot = std::string_view{"/!@<"}.contains(step.text.front());
        entry(step.at, step.who + " in #" + step.channel + ": " + step.text, hear(step, step.text, Form::message),
              to_a_bot);
    }

    void presses_button(Step const& step) {
        auto const command = command_of(step, people_.person(step.who));
        entry(step.at, step.who + " presses \"" + step.text + "\" in #" + step.channel,
              hear(step, command, Form::command), true);
    }

    std::string command_of(Step const& step, Person const& who) const {
        // The newest that calls the person by name, else the newest.
        for (auto const& call : {marks::mention(who), std::string{}}) {
            for (auto shown = shown_.rbegin(); shown != shown_.rend(); ++shown) {
                if (shown->channel != step.channel || (shown->to && *shown->to != who.id)) continue;
                if (!shown->text.contains(call)) continue;
                auto const button = std::ranges::find(shown->buttons, step.text, &Button::label);
                if (button != shown->buttons.end()) return button->command;
            }
        }
        throw StoryError{clock_of(step.at) + ": there is no button \"" + step.text + "\" in #" + step.channel};
    }

    std::vector<Effect> hear(Step const& step, std::string const& typed, Form form) {
        auto request = request_of(step);
        request.typed = typed;
        return engine_.hear(std::move(request), form,
                            [this](std::string_view word, bool mention) { return people_.fitting(word, mention); });
    }

    void entry(Time at, std::string const& what, std::vector<Effect> const& effects, bool say_nothing) {
        if (day_of(at) != day_) {
            day_ = day_of(at);
            if (at >= first_day() + std::chrono::days{1} || at < first_day()) write("date: " + day_);
        }
        write(clock_of(at) + " " + what);
        auto const size = out_.size();
        for (auto const& effect : effects)
            write_effect(effect);
        if (say_nothing && out_.size() == size) write("  nothing");
    }

    void write_effect(Effect const& effect) {
        std::visit(
            overloaded{
                [&](effect::Post const& e) {
                    write_text("#" + e.channel.value + ":", e.text, e.buttons);
                    shown_.push_back({e.channel.value, std::nullopt, e.text, e.buttons});
                },
                [&](effect::Tell const& e) {
                    write_text("to " + e.to.id.value + ":", e.text, e.buttons);
                    shown_.push_back({e.channel.value, e.to.id, e.text, e.buttons});
                },
                [&](effect::ShowCard const& e) {
                    if (show_cards_) write_text("#" + e.channel.value + " card:", "\n" + e.card.text, e.card.buttons);
                    shown_.insert(shown_.begin(), {e.channel.value, std::nullopt, "", e.card.buttons});
                },
                [&](effect::SetTopic const& e) { write_text("#" + e.channel.value + " topic:", e.topic, {}); },
                [&](effect::RestoreTopic const& e) { write("  #" + e.channel.value + " topic restored"); },
                [&](effect::SetLink const& e) {
                    write_text("#" + e.channel.value + " link:", e.title + ": " + e.url, {});
                },
                [&](effect::OpenChannel const& e) { write_text("opens #" + e.name + ":", e.purpose, {}); },
                [&](effect::Invite const& e) { write("  invites to #" + e.channel.value + ": " + ids(e.people)); },
                [&](effect::CallHook const& e) { write("  hook " + name_of_hook(e.channel) + ": " + e.body); },
                [&](effect::PagePerson const& e) { write_text("page " + e.person.id.value + ":", e.text, {}); }},
            effect);
    }

    void write_text(std::string const& label, std::string_view marked, std::vector<Button> const& buttons) {
        std::string line = "  " + label;
        auto const text = marks::plain(marked);
        if (!text.starts_with('\n')) line += ' ';
        for (char const c : text) {
            if (c != '\n') {
                line += c;
                continue;
            }
            write(line);
            line = "    ";
        }
        for (auto const& button : buttons)
            line += " [" + button.label + "]";
        write(line);
    }

    // A line without blanks at its end.
    void write(std::string_view line) {
        while (line.ends_with(' '))
            line.remove_suffix(1);
        out_.append(line).push_back('\n');
    }

    Engine engine_;
    People people_;
    bot::Drill drill_;
    std::vector<Shown> shown_;
    std::string out_;
    std::string day_;
    Time now_;
    std::optional<Time> last_moment_;
    bool show_cards_ = false;
};

std::vector<std::string> split(std::string_view text) {
    std::vector<std::string> lines;
    std::istringstream in{std::string{text}};
    for (std::string line; std::getline(in, line);)
        lines.push_back(line);
    return lines;
}

} // namespace

std::string play(std::string_view story, Words const& words) {
    return Stage{words}.play(read_story(story));
}

std::string difference(std::string_view written, std::string_view played) {
    if (written == played) return {};
    auto const wanted = split(written);
    auto const got = split(played);
    std::size_t same = 0;
    while (same < wanted.size() && same < got.size() && wanted[same] == got[same])
        ++same;
    std::string text = "it goes differently from line " + std::to_string(same + 1) + " on\n";
    for (auto i = same < 4 ? 0 : same - 4; i < same; ++i)
        text += "    " + wanted[i] + "\n";
    for (auto i = same; i < std::min(same + 6, wanted.size()); ++i)
        text += "written " + wanted[i] + "\n";
    for (auto i = same; i < std::min(same + 6, got.size()); ++i)
        text += "played  " + got[i] + "\n";
    return text;
}

} // namespace cox::test
