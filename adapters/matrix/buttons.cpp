#include "adapters/matrix/buttons.hpp"

#include "adapters/json/untrusted.hpp"

#include <algorithm>

namespace cox::matrix {
namespace {

struct KeyOfVerb {
    std::string_view verb;
    std::string_view key;
};
// None of them needs U+FE0F to be seen in colour.
constexpr KeyOfVerb keys_of_verbs[] = {
    {"accept", "✅"}, {"decline", "❌"}, {"done", "✅"},   {"fail", "❌"},
    {"eta", "⏰"},    {"update", "📣"},  {"status", "📋"}, {"ic me", "🙋"},
};
// For a verb without a key of its own, or whose key is taken in this message.
constexpr std::string_view spare_keys[] = {"🔴", "🟠", "🟡", "🟢", "🔵", "🟣", "🟤", "⚫", "⚪"};

constexpr std::string_view asks_for_colour = "\xEF\xB8\x8F";
constexpr std::size_t longest_key = 64;

bool is_verb_of(std::string_view verb, std::string_view command) {
    return command.starts_with(verb) && (command.size() == verb.size() || command[verb.size()] == ' ');
}

std::string bare(std::string_view key) {
    std::string out{key.substr(0, longest_key)};
    for (auto at = out.find(asks_for_colour); at != out.npos; at = out.find(asks_for_colour))
        out.erase(at, asks_for_colour.size());
    return out;
}

std::string_view own_key(std::string_view command) {
    auto const* const found = std::ranges::find_if(
        keys_of_verbs, [command](KeyOfVerb const& each) { return is_verb_of(each.verb, command); });
    return found == std::end(keys_of_verbs) ? std::string_view{} : found->key;
}

} // namespace

std::vector<Reaction> reactions_for(std::span<Button const> buttons) {
    std::vector<Reaction> out;
    auto const taken = [&out](std::string_view key) {
        return std::ranges::find(out, key, &Reaction::key) != out.end();
    };
    for (auto const& button : buttons) {
        auto key = own_key(button.command);
        if (key.empty() || taken(key)) {
            auto const* const spare = std::ranges::find_if_not(spare_keys, taken);
            if (spare == std::end(spare_keys)) break;
            key = *spare;
        }
        out.push_back({std::string{key}, button.command});
    }
    return out;
}

void write_reactions(nlohmann::json& content, std::vector<Reaction> const& reactions) {
    if (reactions.empty()) return;
    auto& list = content[own_part]["buttons"] = nlohmann::json::array();
    for (auto const& [key, command] : reactions)
        list.push_back({{"key", key}, {"command", command}});
}

std::vector<Reaction> read_reactions(nlohmann::json const& content) {
    auto const& edited = untrusted::at(content, "m.new_content");
    auto const& buttons = untrusted::at(untrusted::at(edited.is_null() ? content : edited, own_part), "buttons");
    std::vector<Reaction> out;
    if (!buttons.is_array()) return out;
    for (auto const& each : buttons) {
        Reaction reaction{untrusted::text_at(each, "key"), untrusted::text_at(each, "command")};
        if (!reaction.key.empty() && !reaction.command.empty()) out.push_back(std::move(reaction));
    }
    return out;
}

bool may_be_button(std::string_view key) {
    return std::ranges::any_of(keys_of_verbs, [key](KeyOfVerb const& each) { return same_reaction(each.key, key); }) ||
           std::ranges::any_of(spare_keys, [key](std::string_view each) { return same_reaction(each, key); });
}

std::string_view verb_of(std::string_view key) {
    std::string_view verb;
    for (auto const& each : keys_of_verbs) {
        if (!same_reaction(each.key, key)) continue;
        if (!verb.empty()) return {};
        verb = each.verb;
    }
    return verb;
}

bool same_reaction(std::string_view a, std::string_view b) {
    auto const left = bare(a);
    return !left.empty() && a.size() <= longest_key && b.size() <= longest_key && left == bare(b);
}

} // namespace cox::matrix
