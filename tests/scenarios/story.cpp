#include "story.hpp"

#include "runner.hpp"

#include <array>
#include <cstdio>
#include <optional>

namespace cox::test {
namespace {

using namespace std::chrono;

[[noreturn]] void wrong(std::size_t line, std::string const& what) {
    throw StoryError{"line " + std::to_string(line) + ": " + what};
}

std::vector<std::string_view> lines_of(std::string_view text) {
    std::vector<std::string_view> lines;
    while (!text.empty()) {
        auto const end = text.find('\n');
        lines.push_back(text.substr(0, end));
        text.remove_prefix(end == text.npos ? text.size() : end + 1);
    }
    return lines;
}

// An empty line with more of a text behind it belongs to that text.
bool inside_text(std::vector<std::string_view> const& lines, std::size_t i) {
    while (i < lines.size() && lines[i].empty())
        ++i;
    return i < lines.size() && lines[i].starts_with("    ");
}

std::optional<Time> day(std::string_view line) {
    if (!line.starts_with("date: ") || line.size() < 16) return std::nullopt;
    return from_rfc3339(std::string{line.substr(6, 10)} + "T00:00:00Z");
}

// "14:05 ana in #ops: text", "14:05 ana presses "Accept" in #ops", "14:05 clock", "14:05 wakes"
Step read_step(std::string_view line, std::size_t number, Time today) {
    auto const space = line.find(' ');
    if (space == line.npos) wrong(number, "a time and what happens is wanted");
    Step step;
    step.at = time_on(today, line.substr(0, space));
    auto const rest = line.substr(space + 1);
    if (rest == "clock" || rest == "wakes") {
        step.kind = rest == "clock" ? Step::Kind::clock : Step::Kind::wakes;
        return step;
    }
    if (auto const presses = rest.find(" presses \""); presses != rest.npos) {
        auto const end = rest.find("\" in #", presses);
        if (end == rest.npos) wrong(number, "presses \"LABEL\" in #channel");
        step.kind = Step::Kind::presses;
        step.who = rest.substr(0, presses);
        step.text = rest.substr(presses + 10, end - presses - 10);
        step.channel = rest.substr(end + 6);
        return step;
    }
    auto const in = rest.find(" in #");
    auto const colon = rest.find(": ", in == rest.npos ? 0 : in);
    if (in == rest.npos || colon == rest.npos) wrong(number, "WHO in #channel: TEXT");
    step.kind = Step::Kind::says;
    step.who = rest.substr(0, in);
    step.channel = rest.substr(in + 5, colon - in - 5);
    step.text = rest.substr(colon + 2);
    return step;
}

} // namespace

Time first_day() {
    return sys_days{2026y / March / 2};
}

Time time_on(Time on, std::string_view clock) {
    int hour = -1;
    int minute = -1;
    int second = 0;
    auto const found = std::sscanf(std::string{clock}.c_str(), "%2d:%2d:%2d", &hour, &minute, &second);
    if (found < 2) throw StoryError{"\"" + std::string{clock} + "\" is no time"};
    return floor<days>(on) + hours{hour} + minutes{minute} + seconds{second};
}

std::string clock_of(Time at) {
    auto const text = rfc3339(at).substr(11, 8);
    return text.ends_with(":00") ? text.substr(0, 5) : text;
}

std::string day_of(Time at) {
    constexpr std::array names{"Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"};
    return rfc3339(at).substr(0, 10) + " (" + names[weekday{floor<days>(at)}.c_encoding()] + ")";
}

Story read_story(std::string_view text) {
    Story story;
    auto const lines = lines_of(text);
    auto today = first_day();
    bool in_head = true;
    for (std::size_t i = 0; i < lines.size(); ++i) {
        auto const line = lines[i];
        if (line.starts_with("  ") || (line.empty() && i > 0 && !in_head && inside_text(lines, i))) continue;
        if (auto const named = day(line)) {
            today = *named;
            continue;
        }
        bool const timed = !line.empty() && line[0] >= '0' && line[0] <= '9';
        if (timed) in_head = false;
        if (in_head) {
            story.head.emplace_back(line);
        } else if (line.empty() || line.starts_with("--")) {
            story.steps.push_back({Step::Kind::kept, {}, "", "", std::string{line}});
        } else if (timed) {
            story.steps.push_back(read_step(line, i + 1, today));
        } else {
            wrong(i + 1, "\"" + std::string{line} + "\" cannot be read");
        }
    }
    return story;
}

} // namespace cox::test
