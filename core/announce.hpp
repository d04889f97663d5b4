#pragma once
// From what happened to what people see.
#include "core/decide.hpp"

namespace cox {

// `before` is null for a new incident; `after` is null when the decision belongs to none.
std::vector<Effect> announce(Incident const* before, Incident const* after, Decision const&, Request const&,
                             World const&, Policy const&, Words const&);

} // namespace cox
