#pragma once
// The sections of coxswain.yaml that name chat networks.
#include "bot/config/settings.hpp"
#include "bot/config/yaml_reader.hpp"

namespace cox::bot {

// `node` is null where the file has no such section.
void settle_slack(Report&, YamlNode const* node, TokensThere, Settings& into);
void settle_matrix(Report&, YamlNode const* node, TokensThere, Settings& into);

} // namespace cox::bot
