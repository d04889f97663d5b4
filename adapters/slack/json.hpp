#pragma once
// JSON that Slack, or somebody in its place, sends.
#include "adapters/json/untrusted.hpp"

namespace cox::slack {

using untrusted::at;
using untrusted::count_at;
using untrusted::deepest_json;
using untrusted::flag_at;
using untrusted::most_members;
using untrusted::plain_word;
using untrusted::read_object;
using untrusted::text_at;

// An id as Slack writes them: letters, digits, '.', '_' and '-', at most 128 of them. "" for anything else, so that an
// id can be part of a key and never spills into the next part.
std::string id_at(nlohmann::json const& value, char const* name);
bool is_id(std::string_view text);

} // namespace cox::slack
