#pragma once
// Whatever goes to a log passes here first.
#include <string>
#include <string_view>

namespace cox::slack {

// The same text with secrets replaced by "[hidden]": tokens (xoxb-…, xoxe.xoxp-…, xapp-…), what follows "Bearer ",
// "ticket=" and "access_token=", and the path of a response_url, which lets anybody post. The kind of secret stays
// readable where it has a name.
std::string redacted(std::string_view);

} // namespace cox::slack
