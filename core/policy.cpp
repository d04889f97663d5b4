#include "core/policy.hpp"

#include "core/assert.hpp"
#include "core/text.hpp"

#include <algorithm>

namespace cox {
namespace {

bool among(std::vector<std::string> const& words, std::string_view word) {
    return std::ranges::any_of(words, [&](std::string const& one) { return same_ignoring_case(one, word); });
}

template <class Entries, class Fits>
auto const* first_that(Entries const& entries, Fits fits) {
    auto const found = std::ranges::find_if(entries, fits);
    return found == entries.end() ? nullptr : &*found;
}

} // namespace

Severity const* Policy::severity(std::string_view word) const {
    return first_that(severities, [&](Severity const& one) {
        return same_ignoring_case(one.key, word) || same_ignoring_case(one.label, word) || among(one.aliases, word);
    });
}

Role const* Policy::role(std::string_view word) const {
    if (word.empty()) return nullptr;
    return first_that(roles, [&](Role const& one) {
        return same_ignoring_case(one.key, word) || same_ignoring_case(one.tag, word) ||
               same_ignoring_case(one.title, word) || among(one.aliases, word);
    });
}

Runbook const* Policy::runbook(std::string_view name) const {
    return first_that(runbooks, [&](Runbook const& one) { return same_ignoring_case(one.name, name); });
}

RunbookStep const* Runbook::step(std::string_view wanted) const {
    return first_that(steps, [&](RunbookStep const& one) { return same_ignoring_case(one.key, wanted); });
}

std::size_t Policy::rank(std::string_view severity_key) const {
    auto const found = std::ranges::find(severities, severity_key, &Severity::key);
    COX_ASSERT(found != severities.end());
    return static_cast<std::size_t>(found - severities.begin());
}

} // namespace cox
