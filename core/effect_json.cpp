#include "core/effect.hpp"

#include "core/overloaded.hpp"

#include <nlohmann/json.hpp>

#include <array>

namespace cox {
namespace {

using Json = nlohmann::ordered_json;

constexpr int deepest = 64;

constexpr std::array<std::string_view, 6> post_kinds{"word",          "alert",      "update",
                                                     "stabilisation", "resolution", "escalation"};

Json written(Person const& person) {
    return {{"id", person.id.value}, {"name", person.name}};
}

Json written(std::vector<Button> const& buttons) {
    Json list = Json::array();
    for (Button const& button : buttons)
        list.push_back({{"command", button.command}, {"label", button.label}});
    return list;
}

Json written(Card const& card) {
    Json roles = Json::array();
    for (CardRole const& role : card.roles)
        roles.push_back({{"tag", role.tag}, {"title", role.title}, {"person", role.person}});
    Json items = Json::array();
    for (CardItem const& item : card.items)
        items.push_back({{"id", item.id},
                         {"what", item.what},
                         {"owner", item.owner},
                         {"eta", item.eta},
                         {"state", item.state},
                         {"mitigation", item.mitigation}});
    Json out{{"incident", text(card.incident)},
             {"severity", card.severity},
             {"title", card.title},
             {"status", card.status},
             {"roles", std::move(roles)},
             {"impact", card.impact},
             {"hypothesis", card.hypothesis},
             {"need", card.need},
             {"items", std::move(items)},
             {"last_update", card.last_update},
             {"next_update_text", card.next_update_text}};
    if (card.next_update) out["next_update"] = rfc3339(*card.next_update);
    out["text"] = card.text;
    out["buttons"] = written(card.buttons);
    return out;
}

Json written(Effect const& effect) {
    return std::visit(
        overloaded{
            [](effect::Post const& post) {
                return Json{{"effect", "post"},
                            {"channel", post.channel.value},
                            {"kind", post_kinds[static_cast<std::size_t>(post.kind)]},
                            {"text", post.text},
                            {"buttons", written(post.buttons)}};
            },
            [](effect::Tell const& tell) {
                return Json{{"effect", "tell"},
                            {"channel", tell.channel.value},
                            {"to", written(tell.to)},
                            {"text", tell.text},
                            {"buttons", written(tell.buttons)}};
            },
            [](effect::ShowCard const& show) {
                return Json{{"effect", "card"}, {"channel", show.channel.value}, {"card", written(show.card)}};
            },
            [](effect::SetTopic const& set) {
                return Json{{"effect", "topic"}, {"channel", set.channel.value}, {"topic", set.topic}};
            },
            [](effect::RestoreTopic const& restore) {
                return Json{{"effect", "restore_topic"}, {"channel", restore.channel.value}};
            },
            [](effect::OpenChannel const& open) {
                return Json{{"effect", "channel"},
                            {"origin", open.origin.value},
                            {"name", open.name},
                            {"purpose", open.purpose},
                            {"invite", written(open.invite)}};
            },
            [](effect::PagePerson const& page) {
                return Json{{"effect", "page"},
                            {"channel", page.channel.value},
                            {"person", written(page.person)},
                            {"text", page.text}};
            },
        },
        effect);
}

// Takes members out of objects. The first problem is kept, and what comes after it is left empty.
class Reader {
public:
    std::string problem;

    void get(Json const& object, char const* name, std::string& into) {
        if (Json const* const value = member(object, name)) {
            if (auto const* const word = value->get_ptr<std::string const*>())
                into = *word;
            else
                wrong(name, "a text");
        }
    }
    void get(Json const& object, char const* name, bool& into) {
        if (Json const* const value = member(object, name)) {
            if (auto const* const yes = value->get_ptr<bool const*>())
                into = *yes;
            else
                wrong(name, "true or false");
        }
    }
    void get(Json const& object, char const* name, ChannelId& into) { get(object, name, into.value); }
    void get(Json const& object, char const* name, effect::PostKind& into) {
        std::string word;
        get(object, name, word);
        if (!problem.empty()) return;
        for (std::size_t i = 0; i < post_kinds.size(); ++i)
            if (post_kinds[i] == word) {
                into = static_cast<effect::PostKind>(i);
                return;
            }
        problem = "\"" + word + "\" is no kind of post";
    }
    void get(Json const& object, char const* name, std::optional<Time>& into) {
        if (!object.is_object() || !object.contains(name) || object[name].is_null()) return;
        std::string word;
        get(object, name, word);
        into = from_rfc3339(word);
        if (!into) wrong(name, "a time such as \"2026-11-23T14:05:00.000Z\"");
    }
    void get(Json const& object, char const* name, IncidentId& into) {
        std::string word;
        get(object, name, word);
        if (auto const id = incident_id(word))
            into = *id;
        else
            wrong(name, "an incident such as \"INC-42\"");
    }
    void get(Json const& object, char const* name, Person& into) {
        if (Json const* const value = member(object, name)) {
            get(*value, "id", into.id.value);
            get(*value, "name", into.name);
        }
    }
    void get(Json const& object, char const* name, Card& into) {
        if (Json const* const value = member(object, name)) read(*value, into);
    }
    template <class T>
    void get(Json const& object, char const* name, std::vector<T>& into) {
        Json const* const list = member(object, name);
        if (!list) return;
        if (!list->is_array()) return wrong(name, "a list");
        for (Json const& one : *list)
            read(one, into.emplace_back());
    }

private:
    Json const* member(Json const& object, char const* name) {
        if (!problem.empty()) return nullptr;
        if (object.is_object())
            if (auto const found = object.find(name); found != object.end()) return &*found;
        problem = "\"" + std::string{name} + "\" is missing";
        return nullptr;
    }
    void wrong(char const* name, char const* expected) {
        if (problem.empty()) problem = "\"" + std::string{name} + "\" must be " + expected;
    }

    void read(Json const& from, Button& into) {
        get(from, "command", into.command);
        get(from, "label", into.label);
    }
    void read(Json const& from, CardRole& into) {
        get(from, "tag", into.tag);
        get(from, "title", into.title);
        get(from, "person", into.person);
    }
    void read(Json const& from, CardItem& into) {
        get(from, "id", into.id);
        get(from, "what", into.what);
        get(from, "owner", into.owner);
        get(from, "eta", into.eta);
        get(from, "state", into.state);
        get(from, "mitigation", into.mitigation);
    }
    void read(Json const& from, Card& into) {
        get(from, "incident", into.incident);
        get(from, "severity", into.severity);
        get(from, "title", into.title);
        get(from, "status", into.status);
        get(from, "roles", into.roles);
        get(from, "impact", into.impact);
        get(from, "hypothesis", into.hypothesis);
        get(from, "need", into.need);
        get(from, "items", into.items);
        get(from, "last_update", into.last_update);
        get(from, "next_update_text", into.next_update_text);
        get(from, "next_update", into.next_update);
        get(from, "text", into.text);
        get(from, "buttons", into.buttons);
    }
};

Effect read_effect(Reader& reader, Json const& from) {
    std::string word;
    reader.get(from, "effect", word);
    if (word == "post") {
        effect::Post post;
        reader.get(from, "channel", post.channel);
        reader.get(from, "kind", post.kind);
        reader.get(from, "text", post.text);
        reader.get(from, "buttons", post.buttons);
        return post;
    }
    if (word == "tell") {
        effect::Tell tell;
        reader.get(from, "channel", tell.channel);
        reader.get(from, "to", tell.to);
        reader.get(from, "text", tell.text);
        reader.get(from, "buttons", tell.buttons);
        return tell;
    }
    if (word == "card") {
        effect::ShowCard show;
        reader.get(from, "channel", show.channel);
        reader.get(from, "card", show.card);
        return show;
    }
    if (word == "topic") {
        effect::SetTopic set;
        reader.get(from, "channel", set.channel);
        reader.get(from, "topic", set.topic);
        return set;
    }
    if (word == "restore_topic") {
        effect::RestoreTopic restore;
        reader.get(from, "channel", restore.channel);
        return restore;
    }
    if (word == "channel") {
        effect::OpenChannel open;
        reader.get(from, "origin", open.origin);
        reader.get(from, "name", open.name);
        reader.get(from, "purpose", open.purpose);
        reader.get(from, "invite", open.invite);
        return open;
    }
    if (word == "page") {
        effect::PagePerson page;
        reader.get(from, "channel", page.channel);
        reader.get(from, "person", page.person);
        reader.get(from, "text", page.text);
        return page;
    }
    if (reader.problem.empty())
        reader.problem = "the effect \"" + word + "\" is not known to this coxswain; use the newer one that wrote it";
    return {};
}

} // namespace

ChannelId const& channel_of(Effect const& effect) {
    return std::visit(overloaded{
                          [](effect::OpenChannel const& open) -> ChannelId const& { return open.origin; },
                          [](auto const& other) -> ChannelId const& { return other.channel; },
                      },
                      effect);
}

std::string_view kind_of(Effect const& effect) {
    return std::visit(overloaded{
                          [](effect::Post const&) { return "post"; },
                          [](effect::Tell const&) { return "tell"; },
                          [](effect::ShowCard const&) { return "card"; },
                          [](effect::SetTopic const&) { return "topic"; },
                          [](effect::RestoreTopic const&) { return "topic"; },
                          [](effect::OpenChannel const&) { return "channel"; },
                          [](effect::PagePerson const&) { return "page"; },
                      },
                      effect);
}

bool is_slot(Effect const& effect) {
    auto const kind = kind_of(effect);
    return kind == "topic" || kind == "card";
}

std::string to_json(Effect const& effect) {
    return written(effect).dump(-1, ' ', false, Json::error_handler_t::replace);
}

std::expected<Effect, std::string> effect_from_json(std::string_view text) {
    bool too_deep = false;
    auto const watch_depth = [&too_deep](int depth, Json::parse_event_t, Json&) {
        if (depth >= deepest) too_deep = true;
        return !too_deep;
    };
    Json const from = Json::parse(text, watch_depth, false);
    if (too_deep) return std::unexpected{"brackets nested deeper than 64"};
    if (!from.is_object()) return std::unexpected{"not a JSON object"};
    Reader reader;
    Effect effect = read_effect(reader, from);
    if (!reader.problem.empty()) return std::unexpected{std::move(reader.problem)};
    return effect;
}

} // namespace cox
