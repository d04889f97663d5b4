#include "adapters/slack/frame.hpp"

#include "adapters/slack/reading.hpp"
#include "core/flat_json.hpp"

#include <limits>

namespace cox::slack {
namespace {

using nlohmann::json;

constexpr std::size_t longest_frame = std::size_t{1024} * 1024;

std::optional<int> small_count_at(json const& value, char const* name) {
    auto const count = count_at(value, name);
    if (!count || *count > std::numeric_limits<int>::max()) return std::nullopt;
    return static_cast<int>(*count);
}

frame::Hello read_hello(json const& text) {
    return {small_count_at(text, "num_connections").value_or(0),
            small_count_at(at(text, "debug_info"), "approximate_connection_time")};
}

Reading read_payload(std::string const& type, json const& payload, Ourselves const& us) {
    if (!payload.is_object()) return malformed("payload");
    if (type == "events_api") return read_event(payload, us);
    if (type == "interactive") return read_interaction(payload, us);
    if (type == slash_commands) return malformed("slash command"); // else it would have been read before
    return passed("unknown type " + plain_word(type));
}

frame::Envelope enveloped(std::string id, Reading reading) {
    return {std::move(id), std::move(reading.key), reading.happened_s, std::move(reading.happening)};
}

} // namespace

Frame read_frame(std::string_view text, Ourselves const& us) {
    if (text.size() <= longest_frame) {
        if (auto slash = read_slash_envelope(text, us))
            return enveloped(std::move(slash->id), std::move(slash->reading));
    }
    auto const read = read_object(text, longest_frame);
    if (!read) return frame::Junk{read.error()};
    auto const type = text_at(*read, "type");
    if (type == "hello") return read_hello(*read);
    if (type == "disconnect") return frame::Disconnect{plain_word(text_at(*read, "reason"))};

    auto id = id_at(*read, "envelope_id");
    if (id.empty()) return frame::Junk{"no envelope_id, type " + plain_word(type)};
    return enveloped(std::move(id), read_payload(type, at(*read, "payload"), us));
}

std::string acknowledgement(std::string_view envelope_id, std::string_view payload) {
    std::string text = "{\"envelope_id\":";
    flat_json::append_string(text, envelope_id);
    constexpr std::string_view name = ",\"payload\":";
    if (!payload.empty() && text.size() + name.size() + payload.size() + 1 < longest_acknowledgement)
        text.append(name).append(payload);
    return text + "}";
}

} // namespace cox::slack
