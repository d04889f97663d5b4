// What is drawn as the content of an event. No number in it is a fraction, and no byte is what UTF-8 does not know.
#include "adapters/matrix/drawing.hpp"
#include "adapters/matrix/marked.hpp"

#include <nlohmann/json.hpp>

namespace cox::matrix {
namespace {

using Json = nlohmann::json;

std::string written(Json const& content) {
    return content.dump(-1, ' ', false, Json::error_handler_t::replace);
}

// Always there: where it is missing, older rules look for names in the body.
Json mentions_of(Drawn const& drawn) {
    auto mentions = Json::object();
    if (!drawn.users.empty()) mentions["user_ids"] = drawn.users;
    return mentions;
}

Json content_of(Drawn const& drawn, Origin const& origin) {
    Json content{{"msgtype", drawn.as == Drawn::As::text ? "m.text" : "m.notice"},
                 {"body", drawn.body},
                 {"m.mentions", mentions_of(drawn)}};
    if (!drawn.html.empty()) {
        content["format"] = "org.matrix.custom.html";
        content["formatted_body"] = drawn.html;
    }
    content[own_part]["op"] = origin.op;
    if (!origin.card.empty()) content[own_part]["card"] = origin.card;
    write_reactions(content, drawn.reactions);
    return content;
}

// The outer content is for clients that do not know edits. Neither notifies anybody.
Json edit_of(Json content, Drawn const& drawn, std::string_view event) {
    content["m.mentions"] = Json::object();
    auto edit = content;
    edit["body"] = "* " + drawn.body;
    if (!drawn.html.empty()) edit["formatted_body"] = "* " + drawn.html;
    edit["m.new_content"] = std::move(content);
    edit["m.relates_to"] = {{"rel_type", "m.replace"}, {"event_id", event}};
    return edit;
}

} // namespace

std::string message_content(Drawn const& drawn, Origin const& origin, Relation const& relation) {
    auto content = content_of(drawn, origin);
    if (!relation.edits.empty()) return written(edit_of(std::move(content), drawn, relation.edits));
    if (!relation.answers.empty()) {
        content["m.relates_to"] = {{"rel_type", "m.thread"},
                                   {"event_id", relation.thread.empty() ? relation.answers : relation.thread},
                                   {"is_falling_back", false},
                                   {"m.in_reply_to", {{"event_id", relation.answers}}}};
    }
    return written(content);
}

std::string reaction_content(std::string_view event, std::string_view key) {
    return written({{"m.relates_to", {{"rel_type", "m.annotation"}, {"event_id", event}, {"key", key}}}});
}

std::string topic_content(std::string_view topic, TopicOf whose) {
    auto forms = Json::array();
    if (whose == TopicOf::ours) {
        auto const end = topic.find(' ');
        Block block{Block::Kind::paragraph, {{Inline::Kind::strong, std::string{topic.substr(0, end)}}}};
        if (end != topic.npos) block.inlines.push_back({Inline::Kind::text, std::string{topic.substr(end)}});
        forms.push_back({{"mimetype", "text/html"}, {"body", html_of({block})}});
    }
    forms.push_back({{"body", topic}});
    return written({{"topic", topic}, {"m.topic", {{"m.text", std::move(forms)}}}});
}

} // namespace cox::matrix
