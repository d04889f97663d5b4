#include "core/plain_speech.hpp"

#include "core/text.hpp"

#include <algorithm>
#include <span>

namespace cox {
namespace {

bool is_letter(char c) {
    auto const u = static_cast<unsigned char>(c);
    return (lower(c) >= 'a' && lower(c) <= 'z') || u >= 0x80;
}

bool is_part_of_a_word(char c) {
    return is_letter(c) || is_digit(c);
}

// Where `phrase`, lower case, stands in the text as words of its own. A phrase that ends with "-" is the beginning of a
// word: "deploy-" finds "deployed".
std::size_t find_phrase(std::string_view text, std::string_view phrase) {
    bool const begins_only = phrase.ends_with('-');
    if (begins_only) phrase.remove_suffix(1);
    for (std::size_t at = 0; at + phrase.size() <= text.size(); ++at) {
        if (at > 0 && is_part_of_a_word(text[at - 1])) continue;
        auto const end = at + phrase.size();
        if (!begins_only && end < text.size() && is_part_of_a_word(text[end]) && is_part_of_a_word(phrase.back()))
            continue;
        if (same_ignoring_case(text.substr(at, phrase.size()), phrase)) return at;
    }
    return text.npos;
}

bool has_any(std::string_view text, std::span<std::string_view const> phrases) {
    return std::ranges::any_of(phrases, [&](auto phrase) { return find_phrase(text, phrase) != text.npos; });
}

constexpr std::string_view changes[] = {"deploy-",     "release",  "released",     "releases",  "rollout",
                                        "rolled out",  "went out", "shipped",      "migration", "merged",
                                        "config-",     "upgrad-",  "feature flag", "flag flip", "new build",
                                        "new version", "canary",   "pushed to",    "hotfix"};

constexpr std::string_view shares[] = {
    "all",  "every", "everybody", "everyone", "none",      "nobody",   "no one", "no",   "half",   "third", "quarter",
    "most", "both",  "single",    "one",      "two",       "three",    "four",   "five", "six",    "seven", "eight",
    "nine", "ten",   "dozens",    "hundreds", "thousands", "millions", "few",    "only", "nothing"};

// What stands behind these says where, or for whom.
constexpr std::string_view scopes[] = {"in",     "of",     "for", "from", "on",    "with",
                                       "within", "across", "at",  "to",   "behind"};

constexpr std::string_view certainties[] = {"definitely",
                                            "certainly",
                                            "for sure",
                                            "100%",
                                            "100 %",
                                            "no doubt",
                                            "without a doubt",
                                            "guaranteed",
                                            "fixed for good",
                                            "absolutely",
                                            "obviously",
                                            "impossible",
                                            "cannot be anything else",
                                            "must be",
                                            "always",
                                            "never"};

constexpr std::string_view back[] = {"roll back",        "rollback",         "rolling back", "rolled back",
                                     "roll-back",        "revert-",          "undo",         "back out",
                                     "previous version", "previous release", "restore",      "redeploy the last"};
constexpr std::string_view forward[] = {"fix forward", "roll forward", "hotfix",   "hot fix", "patch",  "deploy",
                                        "ship",        "release",      "roll out", "rollout", "upgrade"};
constexpr std::string_view less[] = {
    "disable",  "turn off",    "switch off",       "flag off",    "feature flag", "degrade",        "shed",
    "throttle", "rate limit",  "rate-limit",       "limit",       "read only",    "read-only",      "block",
    "drain",    "static page", "maintenance page", "serve stale", "cut off",      "circuit breaker"};

} // namespace

bool tells_of_a_change(std::string_view text) {
    return has_any(text, changes);
}

bool is_measured(std::string_view text) {
    if (std::ranges::any_of(text, is_digit)) return true;
    if (has_any(text, shares)) return true;
    // A scope is a scope only with something behind it.
    return std::ranges::any_of(scopes, [&](auto word) {
        auto const at = find_phrase(text, word);
        return at != text.npos && at > 0 && !trim(text.substr(at + word.size())).empty();
    });
}

std::string_view word_of_certainty(std::string_view text) {
    for (auto const phrase : certainties) {
        if (auto const at = find_phrase(text, phrase); at != text.npos) return text.substr(at, phrase.size());
    }
    return {};
}

std::string_view path_of(std::string_view mitigation) {
    if (has_any(mitigation, back)) return "rollback";
    if (has_any(mitigation, less)) return "degrade";
    if (has_any(mitigation, forward)) return "forward";
    return {};
}

} // namespace cox
