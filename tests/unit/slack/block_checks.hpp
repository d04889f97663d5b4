#pragma once
// What Slack holds a message, a form or a Home to, checked from the outside, and the mentions that a reader would get.
#include <nlohmann/json.hpp>

#include <string>
#include <string_view>
#include <vector>

namespace cox::slack {

struct Seen {
    std::vector<std::string> broken;   // limits and forms of text that Slack would refuse, in words
    std::vector<std::string> mentions; // every `<@…>` and `<#…>` of the blocks, in order; other tokens are broken
    std::vector<std::string> beside;   // the same of the text beside the blocks
    std::string formatting;            // every *, _ and ~ outside words, code and tokens that could format something
    std::size_t text_total = 0;        // of all text in blocks, in characters
    std::size_t blocks = 0;
    std::string shown; // the text of sections, one after the other
};

// `blocks` of a message.
Seen look_at_message(std::string_view text, std::string_view blocks);
// A modal or a Home.
Seen look_at_view(std::string_view view);
// The mark-up of one text.
Seen look_at_mrkdwn(std::string_view text);

std::size_t code_points(std::string_view utf8);
bool is_utf8(std::string_view);

} // namespace cox::slack
