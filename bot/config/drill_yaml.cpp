#include "bot/config/drill_yaml.hpp"

#include "bot/config/span_words.hpp"
#include "bot/config/yaml_reader.hpp"

#include <algorithm>
#include <optional>
#include <utility>

namespace cox::bot {
namespace {

constexpr std::size_t most_steps = 2000;
constexpr Duration longest_drill = std::chrono::hours{24};

bool digit(char c) {
    return c >= '0' && c <= '9';
}
int two_digits(std::string_view text) {
    return (text[0] - '0') * 10 + (text[1] - '0');
}

// "14:05"
bool clock_time(std::string_view text) {
    return text.size() == 5 && text[2] == ':' && digit(text[0]) && digit(text[1]) && digit(text[3]) && digit(text[4]) &&
           two_digits(text) < 24 && two_digits(text.substr(3)) < 60;
}

// "00:06:20" or "+6m20s"
std::optional<Duration> since_start(std::string_view text) {
    if (text.starts_with('+')) return read_span(text.substr(1));
    bool const shaped = text.size() == 8 && text[2] == ':' && text[5] == ':';
    if (!shaped || !std::ranges::all_of(text, [](char c) { return digit(c) || c == ':'; })) return {};
    if (text.find(':', 6) != text.npos || text.find(':') != 2) return {};
    auto const seconds = two_digits(text) * 3600 + two_digits(text.substr(3)) * 60 + two_digits(text.substr(6));
    bool const real = two_digits(text.substr(3)) < 60 && two_digits(text.substr(6)) < 60;
    return real ? std::optional<Duration>{std::chrono::seconds{seconds}} : std::nullopt;
}

// What a network takes as the id of a person, or as the name of a channel.
bool plain_name(std::string_view text) {
    return std::ranges::all_of(
        text, [](char c) { return digit(c) || (c >= 'a' && c <= 'z') || c == '-' || c == '_' || c == '.'; });
}

class Reader {
public:
    explicit Reader(std::string_view file) : report_{file} {}

    std::expected<Drill, std::vector<Problem>> read(std::string_view text) {
        if (auto const root = read_yaml(text, report_)) read_root(*root);
        if (!report_.empty()) return std::unexpected{report_.take()};
        return std::move(drill_);
    }

private:
    void read_root(YamlNode const& root) {
        Fields const fields{report_, root, "a drill", {"name", "title", "channel", "starts", "steps"}};
        drill_.name = name_of(fields.need("name", "name: checkout-47"), "name");
        drill_.title =
            text_of(report_, fields.need("title", "title: Checkout fails for 47 minutes"), "title", 120).value_or("");
        drill_.channel = name_of(fields.need("channel", "channel: checkout-47"), "channel");
        auto const* starts = fields.need("starts", "starts: \"14:05\"");
        drill_.starts = text_of(report_, starts, "starts").value_or("");
        if (!drill_.starts.empty() && !clock_time(drill_.starts)) {
            report_.add(starts->line, starts->column,
                        "\"starts\" is a clock time, such as \"14:05\"; write hours and minutes");
        }
        auto const* steps = fields.need("steps", "steps: with - {at: +1m, who: ana, says: \"…\"} under it");
        auto const entries = list_of(report_, steps, "steps", "a list of - {at: +1m, who: ana, says: \"…\"}");
        if (entries.size() > most_steps) {
            report_.add(steps->line, steps->column,
                        "more than " + std::to_string(most_steps) + " steps; split the drill");
            return;
        }
        if (steps != nullptr && steps->kind == YamlNode::Kind::list && entries.empty()) {
            report_.add(steps->line, steps->column,
                        "the drill has no step; add one: - {at: +0s, who: ana, says: \"…\"}");
        }
        for (auto const& entry : entries)
            read_step(entry);
    }

    void read_step(YamlNode const& entry) {
        Fields const fields{report_, entry, "a step", {"at", "who", "says"}};
        auto const* at_node = fields.need("at", "at: +6m20s");
        auto const at = text_of(report_, at_node, "at");
        DrillStep step;
        step.who = name_of(fields.need("who", "who: ana"), "who");
        step.says = paragraphs_of(report_, fields.need("says", "says: \"errors are at 38 %\""), "says").value_or("");
        if (at) step.at = time_of(*at_node, *at);
        drill_.steps.push_back(std::move(step));
    }

    Duration time_of(YamlNode const& node, std::string const& text) {
        auto const at = since_start(text);
        if (!at || *at > longest_drill) {
            report_.add(node.line, node.column,
                        "\"at\" is the time since the start, within a day; write it as +6m20s or 00:06:20");
            return last_;
        }
        if (*at < last_) {
            report_.add(node.line, node.column,
                        "this step comes before the one above it; put the steps in the order of time");
            return last_;
        }
        return last_ = *at;
    }

    std::string name_of(YamlNode const* node, std::string_view key) {
        auto const name = word_of(report_, node, key);
        if (!name || plain_name(*name)) return name.value_or("");
        report_.add(node->line, node->column,
                    "\"" + std::string{key} +
                        "\" is a name in small letters; use a-z, 0-9, "
                        "dashes and dots");
        return "";
    }

    Report report_;
    Drill drill_;
    Duration last_{};
};

} // namespace

std::expected<Drill, std::vector<Problem>> load_drill(std::string_view file_name, std::string_view text) {
    return Reader{file_name}.read(text);
}

} // namespace cox::bot
