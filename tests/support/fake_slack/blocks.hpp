#pragma once
// Block Kit: the limits that Slack holds an app to, and finding what can be pressed.
#include <nlohmann/json.hpp>

#include <string>
#include <string_view>
#include <vector>

namespace cox::fake_slack {

// Unicode code points, as Slack counts.
std::size_t length(std::string_view text);

// What is wrong, as `response_metadata.messages` says it; empty when all is well.
std::vector<std::string> wrong_with_blocks(nlohmann::json const& blocks, std::size_t most_blocks);
std::vector<std::string> wrong_with_view(nlohmann::json const& view);
// The text of all blocks together; Slack refuses more than 13,200.
std::size_t text_in(nlohmann::json const& blocks);

// Gives a block_id and action_ids to what came without, as Slack does.
nlohmann::json with_ids(nlohmann::json blocks);

// The element that a person would press: by its action_id or by the text on it; null when there is none.
struct Element {
    nlohmann::json block;
    nlohmann::json element;
};
Element find_element(nlohmann::json const& blocks, std::string_view wanted);

} // namespace cox::fake_slack
