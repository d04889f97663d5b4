// Actions, mitigations and decisions.
#include "core/readers.hpp"

#include <algorithm>

namespace cox::readers {
namespace {

// The words of a text. A word that was understood is taken out by making it empty.
class WordList {
public:
    explicit WordList(std::string_view text) : text_{text} {
        for (auto rest = trim_left(text); !rest.empty();) {
            words_.push_back(first_word(rest));
            rest = trim_left(rest.substr(words_.back().size()));
        }
    }

    std::size_t size() const { return words_.size(); }
    std::string_view& operator[](std::size_t i) { return words_[i]; }
    bool is(std::size_t i, std::string_view keyword) const {
        return same_ignoring_case(without_tail(words_[i], ":"), keyword);
    }
    // The text from word `i` to the end.
    std::string_view from(std::size_t i) const {
        return text_.substr(static_cast<std::size_t>(words_[i].data() - text_.data()));
    }
    // Takes out the words from `i` to the first that begins at or behind `end`.
    void take(std::size_t i, char const* end) {
        for (; i < words_.size() && (words_[i].empty() || words_[i].data() < end); ++i)
            words_[i] = {};
    }
    std::string left() const {
        std::string line;
        line.reserve(text_.size());
        for (auto const word : words_) {
            if (word.empty()) continue;
            if (!line.empty()) line += ' ';
            line += word;
        }
        return line;
    }

private:
    std::string_view text_;
    std::vector<std::string_view> words_;
};

// The last keyword that a time follows counts; none is set where nothing stands behind it.
std::expected<std::optional<Time>, Misread> take_until(WordList& words, std::string_view keyword,
                                                       Cursor const& cursor) {
    bool const minutes = keyword == "eta";
    std::string_view bad;
    for (auto i = words.size(); i-- > 0;) {
        if (!words.is(i, keyword)) continue;
        if (i + 1 == words.size()) {
            words[i] = {};
            continue;
        }
        auto value = words.from(i + 1);
        if (value.starts_with('+')) value.remove_prefix(1);
        if (auto const read = read_time(value, cursor.reading(Nearest::next, minutes))) {
            words.take(i, value.data() + read->used);
            return read->at;
        }
        if (bad.empty()) bad = first_word(words.from(i + 1));
    }
    if (!bad.empty()) return cursor.bad_time(bad);
    return std::nullopt;
}

// The last mention is the owner; those before it stay in the text as names.
std::expected<std::optional<Person>, Misread> take_mentioned(WordList& words, Cursor const& cursor) {
    std::optional<Person> owner;
    for (auto i = words.size(); i-- > 0;) {
        auto const word = words[i];
        if (!is_mention(word)) continue;
        if (owner) {
            if (word.starts_with('@')) words[i].remove_prefix(1);
            continue;
        }
        auto person = cursor.person(word);
        if (!person) return std::unexpected{std::move(person.error())};
        owner = std::move(*person);
        words[i] = {};
        if (i > 0 && words.is(i - 1, "owner")) words[i - 1] = {};
    }
    return owner;
}

// "owner bo" at the end of what is left. "find the owner of the queue" is text.
std::expected<std::optional<Person>, Misread> take_named(WordList& words, Cursor const& cursor) {
    for (auto i = words.size(); i-- > 0;) {
        if (!words.is(i, "owner")) continue;
        std::vector<std::size_t> name;
        for (auto j = i + 1; j < words.size() && name.size() < 3; ++j)
            if (!words[j].empty()) name.push_back(j);
        if (name.empty()) {
            words[i] = {};
            return std::nullopt;
        }
        if (name.size() > 2) return std::nullopt;
        std::string full;
        for (auto const j : name)
            full += (full.empty() ? "" : " ") + std::string{words[j]};
        auto person = cursor.person(full);
        if (!person && (name.size() == 1 || person.error().key == "two-fit"))
            return std::unexpected{std::move(person.error())};
        if (!person) return std::nullopt;
        words[i] = {};
        for (auto const j : name)
            words[j] = {};
        return std::move(*person);
    }
    return std::nullopt;
}

Read work(Cursor& cursor, bool mitigation) {
    if (cursor.empty()) return cursor.usage();
    command::Act act;
    act.mitigation = mitigation;
    act.item = cursor.item();
    auto read = read_work(cursor, "eta");
    if (!read) return std::unexpected{std::move(read.error())};
    auto const before = cursor.split_because(read->what);
    if (cursor.overrides() || before.empty()) read->what.resize(before.size());
    act.what = std::move(read->what);
    act.owner = std::move(read->owner);
    act.eta = read->until;
    return act;
}

// An item and nothing else; without one, the only one that fits.
template <class C>
Read of_item(Cursor& cursor) {
    auto item = cursor.item();
    if (!cursor.empty()) return cursor.usage();
    return C{std::move(item)};
}

template <class C>
Read with_result(Cursor& cursor) {
    auto item = cursor.item();
    // "done A1 because …"
    if (!cursor.overrides()) cursor.note_because();
    return C{std::move(item), cursor.said(cursor.rest())};
}

// "rollback" is typed in many ways.
std::optional<std::string> choice(std::string_view text) {
    std::string word;
    for (char const c : text)
        if (!is_blank(c) && c != '-') word += lower(c);
    if (word == "rollback" || word == "back" || word == "revert") return "rollback";
    if (word == "forward" || word == "rollforward" || word == "fixforward") return "forward";
    if (word == "degrade") return "degrade";
    return std::nullopt;
}

} // namespace

std::expected<Work, Misread> read_work(Cursor& cursor, std::string_view keyword) {
    WordList words{cursor.rest()};
    Work work;
    auto const until = take_until(words, keyword, cursor);
    if (!until) return std::unexpected{until.error()};
    work.until = *until;
    auto owner = take_mentioned(words, cursor);
    if (owner && !*owner) owner = take_named(words, cursor);
    if (!owner) return std::unexpected{std::move(owner.error())};
    work.owner = std::move(*owner);
    auto const left = words.left();
    work.what = cursor.said(without_tail(left, ",; "));
    return work;
}

Read act(Cursor& cursor) {
    return work(cursor, false);
}

Read mitigate(Cursor& cursor) {
    return work(cursor, true);
}

Read acknowledge(Cursor& cursor) {
    return of_item<command::Acknowledge>(cursor);
}

Read eta(Cursor& cursor) {
    auto item = cursor.item();
    auto value = cursor.last_word();
    if (value.empty()) return cursor.usage();
    if (value.starts_with('+')) {
        auto const by = parse_span(value.substr(1));
        if (!by) return cursor.bad_time(value);
        return command::MoveEta{std::move(item), std::nullopt, by};
    }
    auto const to = parse_time(value, cursor.reading(Nearest::next, true));
    if (!to) return cursor.bad_time(value);
    return command::MoveEta{std::move(item), to, std::nullopt};
}

Read done(Cursor& cursor) {
    return with_result<command::Done>(cursor);
}

Read fail(Cursor& cursor) {
    return with_result<command::Fail>(cursor);
}

Read drop(Cursor& cursor) {
    return of_item<command::Drop>(cursor);
}

Read actions(Cursor&) {
    return command::ListActions{};
}

Read decide(Cursor& cursor) {
    if (cursor.empty()) return cursor.usage();
    return command::Decide{cursor.said(cursor.rest())};
}

Read strategy(Cursor& cursor) {
    auto found = choice(cursor.last_word());
    if (!found) return cursor.usage();
    return command::Strategy{std::move(*found)};
}

Read freeze(Cursor& cursor) {
    return command::Freeze{cursor.said(cursor.rest())};
}

Read unfreeze(Cursor&) {
    return command::Unfreeze{};
}

Read approve(Cursor& cursor) {
    return of_item<command::Approve>(cursor);
}

Read reject(Cursor& cursor) {
    return of_item<command::Reject>(cursor);
}

Read runbook(Cursor& cursor) {
    return command::Runbook{tidied(cursor.last_word())};
}

} // namespace cox::readers
