#include "strict.hpp"

#include "url_text.hpp"

#include <algorithm>

namespace cox::fake_homeserver {
namespace {

constexpr std::int64_t largest_integer = (std::int64_t{1} << 53) - 1;
constexpr std::size_t longest_txn = 64;
constexpr std::size_t longest_name = 255; // bytes of a type, a state key

bool holds_bad_number(json const& value) {
    if (value.is_number_float()) return true;
    if (value.is_number_unsigned()) return value.get<std::uint64_t>() > std::uint64_t{largest_integer};
    if (value.is_number_integer()) return std::abs(value.get<std::int64_t>()) > largest_integer;
    return value.is_structured() && std::ranges::any_of(value, holds_bad_number);
}

bool is_txn(std::string_view txn) {
    return !txn.empty() && txn.size() <= longest_txn && is_well_encoded(txn) && !txn.contains('%');
}

bool are_mentions(json const& mentions) {
    if (!mentions.is_object()) return false;
    for (auto const& [key, value] : mentions.items()) {
        if (key == "room" && value == true) continue;
        bool const are_ids = key == "user_ids" && value.is_array() && std::ranges::all_of(value, [](json const& each) {
                                 return each.is_string() && each.get<std::string>().starts_with('@');
                             });
        if (!are_ids) return false;
    }
    return true;
}

void check_message(Call const& call, json const& content, std::string const& where) {
    auto const say = [&](std::string const& what) { call.server.violated(where + what); };
    if (!content.contains("m.mentions"))
        say("has no m.mentions");
    else if (!are_mentions(content["m.mentions"]))
        say("has m.mentions " + content["m.mentions"].dump());
    bool const has_html = content.contains("formatted_body");
    if (has_html != content.contains("format")) say("has one of format and formatted_body without the other");
    if (has_html && content["formatted_body"].is_string())
        for (auto const& wrong : wrong_with_html(content["formatted_body"].get<std::string>()))
            say("has HTML in which " + wrong);
}

void check_edit(Call const& call, json const& content, std::string const& where) {
    auto const relates = content.value("m.relates_to", json::object());
    if (relates.value("rel_type", "") != "m.replace") return;
    if (!content.contains("m.new_content"))
        call.server.violated(where + "is an edit without m.new_content");
    else
        check_message(call, content["m.new_content"], where + "in m.new_content ");
    auto const* const original = call.server.world.event(relates.value("event_id", ""));
    if (!original) return;
    if (original->sender != call.user()) call.server.violated(where + "edits what somebody else said");
    auto const of_original = original->content.value("m.relates_to", json::object());
    if (of_original.value("rel_type", "") == "m.replace") call.server.violated(where + "edits an edit");
}

} // namespace

void check_request(Homeserver& server, Request const& request, Endpoint const& endpoint) {
    auto const say = [&](std::string const& what) {
        server.violated(request.verb + " " + request.target + " " + what);
    };
    for (auto const& segment : segments_of(request.path()))
        if (!is_well_encoded(segment)) say("has a path that is not percent-encoded: " + segment);
    auto query = request.query();
    for (char& each : std::string{query})
        if (each == ' ' || each == '+') say("has a query that is not percent-encoded");
    auto const asked = query_of(query);
    if (asked.contains("access_token")) say("gives the token in the query");
    if (endpoint.name == "sync") {
        if (!asked.contains("set_presence")) say("does not say set_presence");
        if (asked.contains("presence")) say("says presence, which no server reads");
    }
    bool const wants_token = endpoint.needs == Endpoint::Needs::token;
    if (wants_token && !request.authorization.empty() && !request.authorization.starts_with("Bearer "))
        say("has an Authorization that is no Bearer");
    bool const carries = request.verb == "POST" || request.verb == "PUT";
    if (!carries) {
        if (!request.body.empty()) say("has a body");
    } else if (endpoint.body == Endpoint::Body::object) {
        if (!request.content_type.starts_with("application/json")) say("has the type '" + request.content_type + "'");
        if (!json::parse(request.body, nullptr, false).is_object()) say("has a body that is no JSON object");
    } else if (endpoint.body == Endpoint::Body::none && !request.body.empty() && request.body != "{}") {
        say("has a body where there is none");
    }
}

void check_content(Call const& call) {
    auto const type = call.path("type");
    auto const where = std::string{call.endpoint} + " of " + (type.empty() ? "a redaction" : type) + " ";
    auto const say = [&](std::string const& what) { call.server.violated(where + what); };
    if (holds_bad_number(call.body)) say("holds a number that Matrix does not know: " + call.body.dump());
    if (type.size() > longest_name || call.path("key").size() > longest_name) say("has a name that is too long");
    if (call.endpoint != "state" && !is_txn(call.path("txn"))) say("has the transaction id '" + call.path("txn") + "'");
    if (type != "m.room.message") return;
    check_message(call, call.body, where);
    check_edit(call, call.body, where);
}

void check_repetition(Call const& call, std::string const& before, std::string const& now) {
    if (before != now)
        call.server.violated("the transaction id " + call.path("txn") + " was used for " + before + " and then for " +
                             now);
}

} // namespace cox::fake_homeserver
