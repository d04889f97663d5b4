#include "adapters/web/message.hpp"

#include "adapters/web/drawing.hpp"
#include "adapters/web/json.hpp"
#include "core/marks.hpp"

#include <charconv>

namespace cox::web {

store::Said to_said(Message const& message) {
    nlohmann::json body{{"kind", message.kind}, {"text", message.text}};
    if (!message.private_to.empty()) body["private_to"] = message.private_to.value;
    if (!message.key.empty()) body["key"] = message.key;
    if (!message.buttons.empty()) {
        auto& buttons = body["buttons"] = nlohmann::json::array();
        for (auto const& button : message.buttons)
            buttons.push_back({{"id", button.command}, {"label", button.label}});
    }
    if (!message.more.empty()) {
        auto& more = body["more"] = nlohmann::json::array();
        for (auto const& line : message.more)
            more.push_back({{"name", line.name}, {"text", line.text}});
    }
    store::Said said;
    said.id = message.id;
    said.channel = message.channel.value;
    said.at = message.at;
    said.author = message.author.value;
    said.body = write_json(body);
    said.op = message.op;
    said.edited_at = message.edited_at;
    return said;
}

Message from_said(store::Said const& said) {
    Message message;
    message.id = said.id;
    message.channel.value = said.channel;
    message.at = said.at;
    message.author.value = said.author;
    message.op = said.op;
    message.edited_at = said.edited_at;
    auto const body = read_json(said.body).value_or(nlohmann::json::object());
    message.kind = string_of(body, "kind").value_or(said.author.empty() ? "word" : "say");
    message.text = string_of(body, "text").value_or("");
    message.private_to.value = string_of(body, "private_to").value_or("");
    message.key = string_of(body, "key").value_or("");
    if (body.is_object() && body.contains("buttons")) {
        for (auto const& button : body["buttons"]) {
            auto command = string_of(button, "id");
            auto label = string_of(button, "label");
            if (command && label) message.buttons.push_back({std::move(*command), std::move(*label)});
        }
    }
    if (body.is_object() && body.contains("more")) {
        for (auto const& line : body["more"]) {
            auto name = string_of(line, "name");
            auto text = string_of(line, "text");
            if (name && text) message.more.push_back({std::move(*name), std::move(*text)});
        }
    }
    return message;
}

nlohmann::json shown(Message const& message, People const& people) {
    bool const by_bot = message.author.empty();
    auto buttons = nlohmann::json::array();
    for (auto const& button : message.buttons)
        buttons.push_back({{"id", button.command}, {"label", button.label}});
    nlohmann::json row{{"id", message_id(message.id)},
                       {"at", rfc3339(message.at)},
                       {"author", by_bot ? std::string{bot_id} : message.author.value},
                       {"name", people.name_of(message.author)},
                       {"kind", message.kind},
                       {"text", by_bot ? marks::plain(message.text) : message.text},
                       {"html", by_bot ? html_of_marked(message.text) : html_of_typed(message.text)},
                       {"private_to", nullptr},
                       {"buttons", std::move(buttons)},
                       {"edited_at", nullptr}};
    if (!message.private_to.empty()) row["private_to"] = message.private_to.value;
    if (!message.more.empty()) {
        auto& more = row["more"] = nlohmann::json::array();
        for (auto const& line : message.more)
            more.push_back(
                {{"name", line.name}, {"text", marks::plain(line.text)}, {"html", html_of_marked(line.text)}});
    }
    if (message.edited_at) row["edited_at"] = rfc3339(*message.edited_at);
    return row;
}

std::string message_id(std::int64_t id) {
    return "m" + std::to_string(id);
}

std::optional<std::int64_t> message_id(std::string_view text) {
    if (text.starts_with('m')) text.remove_prefix(1);
    std::int64_t id = 0;
    auto const [end, error] = std::from_chars(text.data(), text.data() + text.size(), id);
    if (error != std::errc{} || end != text.data() + text.size() || id < 0) return std::nullopt;
    return id;
}

} // namespace cox::web
