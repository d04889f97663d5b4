#include "adapters/slack/frame.hpp"

#include "adapters/slack/reading.hpp"

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
    if (type == "slash_commands") return read_slash(payload, us);
    return passed("unknown type " + plain_word(type));
}

} // namespace

Frame read_frame(std::string_view text, Ourselves const& us) {
    auto const read = read_object(text, longest_frame);
    if (!read) return frame::Junk{read.error()};
    auto const type = text_at(*read, "type");
    if (type == "hello") return read_hello(*read);
    if (type == "disconnect") return frame::Disconnect{plain_word(text_at(*read, "reason"))};

    frame::Envelope envelope;
    envelope.envelope_id = id_at(*read, "envelope_id");
    if (envelope.envelope_id.empty()) return frame::Junk{"no envelope_id, type " + plain_word(type)};
    auto reading = read_payload(type, at(*read, "payload"), us);
    envelope.key = std::move(reading.key);
    envelope.happened_s = reading.happened_s;
    envelope.happening = std::move(reading.happening);
    return envelope;
}

std::string acknowledgement(std::string_view envelope_id, std::string_view payload) {
    auto text = "{\"envelope_id\":" + json(envelope_id).dump(-1, ' ', false, json::error_handler_t::replace);
    constexpr std::string_view name = ",\"payload\":";
    if (!payload.empty() && text.size() + name.size() + payload.size() + 1 < longest_acknowledgement)
        text.append(name).append(payload);
    return text + "}";
}

} // namespace cox::slack
