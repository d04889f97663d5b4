#include "adapters/web/people.hpp"

#include <algorithm>
#include <array>

namespace cox::web {
namespace {

constexpr std::size_t longest_name = 32;
constexpr std::size_t shortest_prefix = 3;

bool is_letter(char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}
bool is_name_char(char c) {
    return is_letter(c) || (c >= '0' && c <= '9') || c == '.' || c == '_' || c == '-';
}
char lower(char c) {
    return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
}
char upper(char c) {
    return c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c;
}

std::string lowered(std::string_view word) {
    std::string out{word};
    std::ranges::transform(out, out.begin(), lower);
    return out;
}

std::string name_from(std::string const& id) {
    std::string name = id;
    name.front() = upper(name.front());
    return name;
}

} // namespace

std::vector<MentionSpan> mentions_in(std::string_view typed) {
    std::vector<MentionSpan> found;
    for (std::size_t i = 0; i < typed.size(); ++i) {
        if (typed[i] != '@') continue;
        // "a@b" is an address, not a mention.
        if (i > 0 && (is_name_char(typed[i - 1]) || typed[i - 1] == '@')) continue;
        std::size_t end = i + 1;
        while (end < typed.size() && is_name_char(typed[end]))
            ++end;
        // A full stop or dash at the end belongs to the sentence.
        while (end > i + 1 && (typed[end - 1] == '.' || typed[end - 1] == '-'))
            --end;
        auto id = People::plausible(typed.substr(i + 1, end - i - 1));
        if (id) found.push_back({i, end - i, std::move(id->value)});
        i = end - 1;
    }
    return found;
}

std::optional<UserId> People::plausible(std::string_view word) {
    static constexpr std::array<std::string_view, 5> taken{bot_id, "here", "channel", "all", "everyone"};
    if (word.empty() || word.size() > longest_name || !std::ranges::all_of(word, is_name_char)) return std::nullopt;
    auto id = lowered(word);
    if (std::ranges::find(taken, id) != taken.end()) return std::nullopt;
    return UserId{std::move(id)};
}

People::Met People::meet(UserId const& id) {
    auto const [at, is_new] = people_.try_emplace(id);
    if (is_new) at->second = {id, name_from(id.value)};
    return {at->second, is_new};
}

Person const* People::find(UserId const& id) const {
    auto const at = people_.find(id);
    return at == people_.end() ? nullptr : &at->second;
}

std::vector<Person> People::fits(std::string_view word) const {
    // A name is its id with a capital letter, so ids decide.
    auto const id = lowered(word);
    if (auto const* exact = find(UserId{id})) return {*exact};
    std::vector<Person> found;
    if (id.size() < shortest_prefix) return found;
    for (auto at = people_.lower_bound(UserId{id}); at != people_.end() && at->first.value.starts_with(id); ++at)
        found.push_back(at->second);
    return found;
}

std::string People::name_of(UserId const& id) const {
    if (id.empty()) return std::string{bot_name};
    auto const* person = find(id);
    return person ? person->name : name_from(id.value);
}

std::vector<Person> People::all() const {
    std::vector<Person> list;
    list.reserve(people_.size());
    for (auto const& [id, person] : people_)
        list.push_back(person);
    return list;
}

} // namespace cox::web
