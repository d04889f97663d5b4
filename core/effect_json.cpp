#include "core/effect.hpp"

#include "core/flat_json.hpp"
#include "core/overloaded.hpp"

#include <nlohmann/json.hpp>

#include <array>

namespace cox {
namespace {

using Json = nlohmann::ordered_json;

constexpr int deepest = 64;

constexpr std::array<std::string_view, 6> post_kinds{"word",          "alert",      "update",
                                                     "stabilisation", "resolution", "escalation"};

// Writes one member after the other; the comma before each is its own.
class Writer {
public:
    explicit Writer(std::string_view effect) {
        out_.reserve(512);
        out_ += '{';
        put("effect", effect);
    }
    std::string take() {
        out_ += '}';
        return std::move(out_);
    }

    void put(std::string_view name, std::string_view text) {
        begin(name);
        flat_json::append_string(out_, text);
    }
    void put(std::string_view name, bool value) {
        begin(name);
        out_ += value ? "true" : "false";
    }
    template <class Members>
    void object(std::string_view name, Members&& members) {
        begin(name);
        braced(members);
    }
    template <class List, class Members>
    void list(std::string_view name, List const& list, Members&& members) {
        begin(name);
        out_ += '[';
        for (auto const& one : list) {
            comma();
            braced([&] { members(one); });
        }
        out_ += ']';
    }

    void put(std::string_view name, Person const& person) {
        object(name, [&] {
            put("id", person.id.value);
            put("name", person.name);
        });
    }
    void put(std::string_view name, std::vector<Person> const& people) {
        list(name, people, [&](Person const& person) {
            put("id", person.id.value);
            put("name", person.name);
        });
    }
    void put(std::string_view name, std::vector<Button> const& buttons) {
        list(name, buttons, [&](Button const& button) {
            put("command", button.command);
            put("label", button.label);
        });
    }
    void put(std::string_view name, Card const& card) {
        object(name, [&] { members_of(card); });
    }

private:
    void comma() {
        if (out_.back() != '{' && out_.back() != '[') out_ += ',';
    }
    void begin(std::string_view name) {
        comma();
        out_ += '"';
        out_ += name;
        out_ += "\":";
    }
    template <class Members>
    void braced(Members&& members) {
        out_ += '{';
        members();
        out_ += '}';
    }

    void members_of(Card const& card) {
        put("incident", text(card.incident));
        put("severity", card.severity);
        put("title", card.title);
        put("status", card.status);
        list("roles", card.roles, [&](CardRole const& role) {
            put("tag", role.tag);
            put("title", role.title);
            put("person", role.person);
        });
        put("impact", card.impact);
        put("hypothesis", card.hypothesis);
        put("need", card.need);
        if (!card.call.empty()) put("call", card.call);
        list("items", card.items, [&](CardItem const& item) {
            put("id", item.id);
            put("what", item.what);
            put("owner", item.owner);
            put("eta", item.eta);
            put("state", item.state);
            put("mitigation", item.mitigation);
        });
        if (!card.more.empty()) {
            list("more", card.more, [&](CardLine const& line) {
                put("name", line.name);
                put("text", line.text);
            });
        }
        put("last_update", card.last_update);
        put("next_update_text", card.next_update_text);
        if (card.next_update) put("next_update", rfc3339(*card.next_update));
        put("text", card.text);
        put("buttons", card.buttons);
    }

    std::string out_;
};

// The word that stands for the effect, and its members.
constexpr std::string_view word_of(effect::Post const&) {
    return "post";
}
constexpr std::string_view word_of(effect::Tell const&) {
    return "tell";
}
constexpr std::string_view word_of(effect::ShowCard const&) {
    return "card";
}
constexpr std::string_view word_of(effect::SetTopic const&) {
    return "topic";
}
constexpr std::string_view word_of(effect::RestoreTopic const&) {
    return "restore_topic";
}
constexpr std::string_view word_of(effect::SetLink const&) {
    return "link";
}
constexpr std::string_view word_of(effect::OpenChannel const&) {
    return "channel";
}
constexpr std::string_view word_of(effect::Invite const&) {
    return "invite";
}
constexpr std::string_view word_of(effect::CallHook const&) {
    return "hook";
}
constexpr std::string_view word_of(effect::PagePerson const&) {
    return "page";
}

void write(Writer& out, effect::Post const& post) {
    out.put("channel", post.channel.value);
    out.put("kind", post_kinds[static_cast<std::size_t>(post.kind)]);
    out.put("text", post.text);
    out.put("buttons", post.buttons);
    if (!post.instead_of.empty()) out.put("instead_of", post.instead_of.value);
    if (post.pointer) out.put("pointer", true);
}
void write(Writer& out, effect::Tell const& tell) {
    out.put("channel", tell.channel.value);
    out.put("to", tell.to);
    out.put("text", tell.text);
    out.put("buttons", tell.buttons);
}
void write(Writer& out, effect::ShowCard const& show) {
    out.put("channel", show.channel.value);
    out.put("card", show.card);
}
void write(Writer& out, effect::SetTopic const& set) {
    out.put("channel", set.channel.value);
    out.put("topic", set.topic);
}
void write(Writer& out, effect::RestoreTopic const& restore) {
    out.put("channel", restore.channel.value);
}
void write(Writer& out, effect::SetLink const& link) {
    out.put("channel", link.channel.value);
    out.put("title", link.title);
    out.put("url", link.url);
}
void write(Writer& out, effect::OpenChannel const& open) {
    out.put("origin", open.origin.value);
    out.put("name", open.name);
    out.put("purpose", open.purpose);
    out.put("invite", open.invite);
}
void write(Writer& out, effect::Invite const& invite) {
    out.put("channel", invite.channel.value);
    out.put("people", invite.people);
}
void write(Writer& out, effect::CallHook const& hook) {
    out.put("channel", hook.channel.value);
    out.put("url", hook.url);
    out.put("body", hook.body);
}
void write(Writer& out, effect::PagePerson const& page) {
    out.put("channel", page.channel.value);
    out.put("person", page.person);
    out.put("text", page.text);
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
        if (Json const* const value = member(object, name)) read(*value, into);
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

    void read(Json const& from, Person& into) {
        get(from, "id", into.id.value);
        get(from, "name", into.name);
    }
    void read(Json const& from, CardLine& into) {
        get(from, "name", into.name);
        get(from, "text", into.text);
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
        if (from.contains("call")) get(from, "call", into.call);
        get(from, "items", into.items);
        if (from.contains("more")) get(from, "more", into.more);
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
        if (from.contains("instead_of")) reader.get(from, "instead_of", post.instead_of);
        if (from.contains("pointer")) reader.get(from, "pointer", post.pointer);
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
    if (word == "link") {
        effect::SetLink link;
        reader.get(from, "channel", link.channel);
        reader.get(from, "title", link.title);
        reader.get(from, "url", link.url);
        return link;
    }
    if (word == "channel") {
        effect::OpenChannel open;
        reader.get(from, "origin", open.origin);
        reader.get(from, "name", open.name);
        reader.get(from, "purpose", open.purpose);
        reader.get(from, "invite", open.invite);
        return open;
    }
    if (word == "invite") {
        effect::Invite invite;
        reader.get(from, "channel", invite.channel);
        reader.get(from, "people", invite.people);
        return invite;
    }
    if (word == "hook") {
        effect::CallHook hook;
        reader.get(from, "channel", hook.channel);
        reader.get(from, "url", hook.url);
        reader.get(from, "body", hook.body);
        return hook;
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
                          [](effect::SetLink const&) { return "link"; },
                          [](effect::OpenChannel const&) { return "channel"; },
                          [](effect::Invite const&) { return "invite"; },
                          [](effect::CallHook const&) { return "hook"; },
                          [](effect::PagePerson const&) { return "page"; },
                      },
                      effect);
}

bool is_slot(Effect const& effect) {
    auto const kind = kind_of(effect);
    return kind == "topic" || kind == "card" || kind == "link";
}

std::string to_json(Effect const& effect) {
    return std::visit(
        [](auto const& one) {
            Writer out{word_of(one)};
            write(out, one);
            return out.take();
        },
        effect);
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
