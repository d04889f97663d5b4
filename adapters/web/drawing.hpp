#pragma once
// Text as the web channel shows it: plain, and as HTML in which nothing but our own few tags can stand.
#include <string>
#include <string_view>

namespace cox::web {

// What the bot says. Mentions, code and moments become <span class="mention">, <code> and <time>.
std::string html_of_marked(std::string_view marked);
// What a person typed: everything escaped, "@name" becomes a mention.
std::string html_of_typed(std::string_view typed);

} // namespace cox::web
