#include "adapters/matrix/message.hpp"

#include "adapters/json/untrusted.hpp"
#include "adapters/matrix/html_text.hpp"
#include "adapters/matrix/names.hpp"
#include "core/text.hpp"

#include <algorithm>
#include <iterator>

namespace cox::matrix {
namespace {

using untrusted::at;
using untrusted::text_at;

constexpr std::size_t longest_text = 64 * 1024;

// Older clients quote what they answer: lines that start with "> ", and an empty one.
std::string_view without_quotation(std::string_view body) {
    bool quoted = false;
    while (body.starts_with('>')) {
        quoted = true;
        auto const end = body.find('\n');
        body.remove_prefix(end == body.npos ? body.size() : end + 1);
    }
    if (quoted && body.starts_with('\n')) body.remove_prefix(1);
    return body;
}

// What the engine takes apart again, and which a person may have typed.
std::string escaped(std::string_view text) {
    std::string out;
    for (char const c : text) {
        if (c == '&')
            out += "&amp;";
        else
            out += c;
    }
    return out;
}

// Ids that were typed: "@ana:example.org". Those in mentions ("<@@ana:example.org>") are known already.
std::vector<std::string> ids_in(std::string_view text) {
    std::vector<std::string> ids;
    for (auto at = text.find('@'); at != text.npos; at = text.find('@', at + 1)) {
        auto const rest = text.substr(at);
        bool const mention = text.substr(0, at).ends_with("<@") || rest.starts_with("@@");
        if (mention) continue;
        auto const end = std::ranges::find_if(rest, [](char c) { return is_blank(c) || c == '>' || c == ','; });
        auto const id = without_tail({rest.begin(), end}, ".:;!?)");
        if (is_user(id)) ids.emplace_back(id);
    }
    return ids;
}

// Behind the word and the colon or comma that may follow it; none when it does not stand there as a word of its own.
std::optional<std::string_view> behind(std::string_view text, std::string_view word, bool needs_mark) {
    if (word.empty() || !same_ignoring_case(text.substr(0, word.size()), word)) return std::nullopt;
    auto rest = text.substr(word.size());
    bool const marked = rest.starts_with(':') || rest.starts_with(',');
    if (marked) rest.remove_prefix(1);
    bool const ends = rest.empty() || is_blank(rest.front());
    if (!ends || (needs_mark && !marked)) return std::nullopt;
    return trim_left(rest);
}

std::optional<std::string_view> said_to(Ourselves const& us, std::string_view text) {
    auto const id = std::string{us.user};
    if (auto const rest = behind(text, "<@" + id + ">", false)) return rest;
    if (auto const rest = behind(text, id, false)) return rest;
    if (auto const rest = behind(text, "@" + std::string{localpart_of(us.user)}, false)) return rest;
    // "Coxswain is late today" is talk, "Coxswain: status" is not.
    if (auto const rest = behind(text, localpart_of(us.user), true)) return rest;
    return behind(text, us.display_name, true);
}

} // namespace

std::optional<Message> read_message(Event const& event, Ourselves const& us) {
    if (event.type != "m.room.message" || event.state_key || event.redacted()) return std::nullopt;
    if (text_at(event.content, "msgtype") != "m.text" || relation_of(event) == "m.replace") return std::nullopt;
    auto const body = text_at(event.content, "body");
    auto const html = text_at(event.content, "formatted_body");
    if (body.size() > longest_text || html.size() > longest_text) return std::nullopt;
    bool const reply = at(at(event.content, "m.relates_to"), "m.in_reply_to").is_object();

    Message message;
    message.thread_root = thread_of(event);
    // A pill stands in the plain text by a name that need not be anybody's alone.
    auto drawn = text_at(event.content, "format") == "org.matrix.custom.html" ? text_of_html(html) : HtmlText{};
    if (drawn.pills.empty()) drawn.text = reply ? without_quotation(body) : std::string_view{body};
    auto const text = trim_left(drawn.text);
    auto const to_us = said_to(us, text);
    message.to_us = to_us.has_value();
    message.text = escaped(to_us ? *to_us : text);
    message.named = std::move(drawn.pills);
    std::ranges::move(ids_in(drawn.text), std::back_inserter(message.named));
    std::erase(message.named, us.user);
    return message;
}

std::string plain_text(Event const& event) {
    if (event.redacted()) return {};
    auto const& edit = at(at(at(event.unsigned_part, "m.relations"), "m.replace"), "content");
    auto const& current = at(edit, "m.new_content");
    auto body = text_at(current.is_object() ? current : event.content, "body");
    if (at(at(event.content, "m.relates_to"), "m.in_reply_to").is_object()) body = std::string{without_quotation(body)};
    return body;
}

} // namespace cox::matrix
