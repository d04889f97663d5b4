#include "core/event_json.hpp"

#include "core/flat_json.hpp"

#include <array>
#include <charconv>
#include <concepts>
#include <utility>

namespace cox {
namespace {

using flat_json::Kind;
using flat_json::Member;
using flat_json::Object;

// Of every kind. A kind whose form must change gets a version of its own here, and reads the older ones too.
constexpr std::int64_t written_version = 1;

// In the log somebody is always named; the engine knows the clock and the network by an empty id.
constexpr std::string_view nobody = "clock";

template <class Enum>
constexpr std::array<std::string_view, 0> words_of{};
template <>
constexpr std::array<std::string_view, 3> words_of<Confidence>{"suspected", "likely", "confirmed"};
template <>
constexpr std::array<std::string_view, 6> words_of<ItemState>{"offered", "queued", "open", "done", "failed", "dropped"};

class FieldWriter {
public:
    explicit FieldWriter(std::string& out) : out_{out} {}

    template <class T>
    void operator()(std::string_view name, std::optional<T> const& value) {
        if (value) (*this)(name, *value);
    }
    template <class T>
    void operator()(std::string_view name, T const& value) {
        out_ += ",\"";
        out_ += name;
        out_ += "\":";
        put(value);
    }

private:
    void put(std::string const& text) { flat_json::append_string(out_, text); }
    void put(bool value) { out_ += value ? "true" : "false"; }
    template <std::integral T>
    void put(T value) {
        char digits[24];
        auto const [end, error] = std::to_chars(digits, digits + sizeof digits, value);
        out_.append(digits, end);
    }
    void put(Time at) {
        out_ += '"';
        out_ += rfc3339(at);
        out_ += '"';
    }
    void put(Duration span) { put(span.count()); }
    void put(Person const& person) { put_named(person.id.value, person.name); }
    void put(Channel const& channel) { put_named(channel.id.value, channel.name); }
    void put_named(std::string const& id, std::string const& name) {
        out_ += "{\"id\":";
        put(id);
        out_ += ",\"name\":";
        put(name);
        out_ += '}';
    }
    template <class Enum>
        requires std::is_enum_v<Enum>
    void put(Enum value) {
        out_ += '"';
        out_ += words_of<Enum>[static_cast<std::size_t>(value)];
        out_ += '"';
    }

    std::string& out_;
};

std::string quoted(std::string_view text) {
    constexpr std::size_t longest = 60;
    std::string out = "\"";
    if (text.size() > longest) {
        std::size_t cut = longest;
        while (cut > 0 && (static_cast<unsigned char>(text[cut]) & 0xC0) == 0x80)
            --cut;
        out += text.substr(0, cut);
        out += "…";
    } else {
        out += text;
    }
    return out += '"';
}

// Takes fields out of an object by name. The first problem is kept; after it every field is left as it was.
class FieldReader {
public:
    FieldReader(Object const& object, std::string_view owner) : object_{object}, owner_{owner} {}

    template <class T>
    void operator()(std::string_view name, std::optional<T>& value) {
        if (!problem_.empty()) return;
        Member const* const member = find(name);
        if (!member || member->kind == Kind::null) {
            value.reset();
            return;
        }
        get(*member, name, value.emplace());
    }
    template <class T>
    void operator()(std::string_view name, T& value) {
        if (!problem_.empty()) return;
        if (Member const* const member = find(name))
            get(*member, name, value);
        else
            problem_ = where(name) + " is missing";
    }

    // Whose fields the next ones are, for the words of a problem.
    void continue_as(std::string_view owner) { owner_ = owner; }

    // A field that nobody asked for, or one that stands twice, is a mistake and not an ornament.
    void finish() {
        if (!problem_.empty() || taken_ == object_.count) return;
        for (std::size_t i = 0; i < object_.count; ++i) {
            auto const name = object_.members[i].name();
            for (std::size_t k = 0; k < i; ++k)
                if (object_.members[k].name() == name) {
                    problem_ = where(name) + " stands twice";
                    return;
                }
            if (asked_for(i)) continue;
            problem_ = where(name) + " is not a field of version " + std::to_string(written_version);
            return;
        }
    }

    void fail(std::string problem) {
        if (problem_.empty()) problem_ = std::move(problem);
    }
    std::string const& problem() const { return problem_; }

private:
    // Fields mostly stand in the order in which they are asked for.
    Member const* find(std::string_view name) {
        for (std::size_t tried = 0; tried < object_.count; ++tried, ++next_) {
            if (next_ >= object_.count) next_ = 0;
            if (object_.members[next_].name() != name) continue;
            ++taken_;
            asked_ |= std::uint64_t{1} << next_;
            return &object_.members[next_++];
        }
        return nullptr;
    }
    bool asked_for(std::size_t i) const { return (asked_ >> i & 1) != 0; }
    static_assert(flat_json::most_members <= 64);

    std::string where(std::string_view name) const {
        std::string out = quoted(name);
        if (!owner_.empty()) out += " of " + quoted(owner_);
        return out;
    }
    void wrong(std::string_view name, std::string_view expected) {
        problem_ = where(name) + " must be ";
        problem_ += expected;
    }

    void get(Member const& member, std::string_view name, std::string& value) {
        if (member.kind != Kind::string) return wrong(name, "a text");
        flat_json::take(member, value);
    }
    void get(Member const& member, std::string_view name, bool& value) {
        if (member.kind != Kind::boolean) return wrong(name, "true or false");
        value = member.value() == "true";
    }
    template <std::integral T>
    void get(Member const& member, std::string_view name, T& value) {
        auto const text = member.value();
        if (member.kind == Kind::integer) {
            auto const [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
            if (error == std::errc{} && end == text.data() + text.size()) return;
        }
        wrong(name, "a whole number");
    }
    void get(Member const& member, std::string_view name, Time& value) {
        if (member.kind == Kind::string)
            if (auto const at = from_rfc3339(member.value())) {
                value = *at;
                return;
            }
        wrong(name, "a time such as \"2026-11-23T14:05:00.000Z\"");
    }
    void get(Member const& member, std::string_view name, Duration& value) {
        std::int64_t milliseconds = 0;
        get(member, name, milliseconds);
        value = Duration{milliseconds};
    }
    void get(Member const& member, std::string_view name, Person& value) {
        get_named(member, name, value.id.value, value.name);
    }
    void get(Member const& member, std::string_view name, Channel& value) {
        get_named(member, name, value.id.value, value.name);
    }
    void get_named(Member const& member, std::string_view name, std::string& id, std::string& shown) {
        if (member.kind != Kind::object) return wrong(name, "an object with \"id\" and \"name\"");
        Object inner;
        if (auto const scanned = flat_json::scan(member.value(), inner); !scanned) {
            problem_ = where(name) + ": " + scanned.error();
            return;
        }
        FieldReader reader{inner, name};
        reader("id", id);
        reader("name", shown);
        reader.finish();
        if (!reader.problem_.empty()) {
            problem_ = std::move(reader.problem_);
            if (!owner_.empty()) problem_ += " (of " + quoted(owner_) + ")";
        }
    }
    template <class Enum>
        requires std::is_enum_v<Enum>
    void get(Member const& member, std::string_view name, Enum& value) {
        std::string expected;
        for (std::size_t i = 0; i < words_of<Enum>.size(); ++i) {
            if (member.kind == Kind::string && member.value() == words_of<Enum>[i]) {
                value = static_cast<Enum>(i);
                return;
            }
            expected += i == 0 ? "one of " : ", ";
            expected += words_of<Enum>[i];
        }
        wrong(name, expected);
        problem_ += ", and is " + quoted(member.value());
    }

    Object const& object_;
    std::string_view owner_;
    std::size_t next_ = 0;
    std::size_t taken_ = 0;
    std::uint64_t asked_ = 0;
    std::string problem_;
};

struct KindRow {
    std::string_view kind;
    void (*read)(FieldReader&, EventBody&);
};

template <class Body>
void read_body(FieldReader& reader, EventBody& into) {
    Body& body = into.emplace<Body>();
    Body::fields(body, reader);
}

template <std::size_t... I>
constexpr auto kind_rows(std::index_sequence<I...>) {
    return std::array{KindRow{std::variant_alternative_t<I, EventBody>::kind,
                              &read_body<std::variant_alternative_t<I, EventBody>>}...};
}
constexpr auto kinds = kind_rows(std::make_index_sequence<std::variant_size_v<EventBody>>{});

KindRow const* find_kind(std::string_view word) {
    for (KindRow const& row : kinds)
        if (row.kind == word) return &row;
    return nullptr;
}

void read_event(FieldReader& reader, Event& event) {
    std::string word;
    std::int64_t version = 0;
    reader("incident", word);
    if (auto const incident = incident_id(word); incident && incident->number > 0)
        event.incident = *incident;
    else
        reader.fail("\"incident\" is " + quoted(word) + ", and must look like \"INC-42\"");
    reader("seq", event.seq);
    if (event.seq < 1) reader.fail("\"seq\" is " + std::to_string(event.seq) + ", and counts from 1");
    reader("at", event.at);
    reader("actor", event.actor.id.value);
    reader("name", event.actor.name);
    if (event.actor.id.value == nobody && event.actor.name.empty()) event.actor.id.value.clear();
    reader("kind", word);
    reader("v", version);
    std::optional<std::int64_t> decision;
    reader("decision", decision);
    event.decision = decision.value_or(event.seq);
    if (!reader.problem().empty()) return;

    KindRow const* const row = find_kind(word);
    if (!row)
        return reader.fail("the kind " + quoted(word) +
                           " is not known to this coxswain; use the newer one that wrote it");
    if (version > written_version)
        return reader.fail(quoted(word) + " has version " + std::to_string(version) +
                           ", and this coxswain reads versions up to " + std::to_string(written_version) +
                           "; use the newer one that wrote it");
    if (version < 1) return reader.fail("\"v\" of " + quoted(word) + " counts from 1");
    reader.continue_as(row->kind);
    row->read(reader, event.body);
    reader.finish();
}

} // namespace

std::string to_json_line(Event const& event) {
    std::string out;
    out.reserve(320);
    out += "{\"incident\":\"INC-";
    out += std::to_string(event.incident.number);
    out += '"';
    FieldWriter field{out};
    field("seq", event.seq);
    field("at", event.at);
    if (event.actor.id.empty()) {
        out += ",\"actor\":\"";
        out += nobody;
        out += "\",\"name\":\"\"";
    } else {
        field("actor", event.actor.id.value);
        // A person whose id is the clock's word stays a person when read back.
        bool const mistakable = event.actor.name.empty() && event.actor.id.value == nobody;
        field("name", mistakable ? event.actor.id.value : event.actor.name);
    }
    std::visit(
        [&](auto const& body) {
            out += ",\"kind\":\"";
            out += body.kind;
            out += '"';
            field("v", written_version);
            // Most decisions make one event, which is its own first.
            if (event.decision > 0 && event.decision != event.seq) field("decision", event.decision);
            body.fields(body, field);
        },
        event.body);
    out += '}';
    return out;
}

std::expected<Event, std::string> event_from_json_line(std::string_view line) {
    std::expected<Event, std::string> result;
    Object object;
    if (auto const scanned = flat_json::scan(line, object); !scanned) return std::unexpected{scanned.error()};
    FieldReader reader{object, ""};
    read_event(reader, *result);
    if (!reader.problem().empty()) result = std::unexpected{reader.problem()};
    return result;
}

} // namespace cox
