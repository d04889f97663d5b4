#include "blocks.hpp"

#include <algorithm>
#include <set>

namespace cox::fake_slack {
namespace {

using nlohmann::json;

// Walks through blocks and notes what breaks a limit.
class Inspector {
public:
    std::vector<std::string> wrong;

    void blocks(json const& blocks, std::size_t most) {
        if (!blocks.is_array()) return say("blocks must be an array");
        if (blocks.size() > most) say("no more than " + std::to_string(most) + " items allowed [json-pointer:/blocks]");
        std::set<std::string> ids;
        for (auto const& block : blocks) {
            auto const id = block.value("block_id", "");
            if (id.size() > 255) say("block_id must be less than 256 characters");
            if (!id.empty() && !ids.insert(id).second) say("block_id " + id + " is there twice");
            inspect(block);
        }
    }

    void limit(json const& holder, char const* key, std::size_t most) {
        if (!holder.contains(key)) return;
        auto const& value = holder[key];
        auto const& text = value.is_object() ? value.value("text", "") : value.get<std::string>();
        if (text.empty() && value.is_object()) say(std::string{key} + ": must be more than 0 characters");
        if (length(text) > most)
            say(std::string{key} + ": must be less than " + std::to_string(most + 1) + " characters");
    }

private:
    void say(std::string what) { wrong.push_back("[ERROR] " + std::move(what)); }

    void inspect(json const& block) {
        static std::set<std::string> const known = {"section", "header",    "context", "actions", "divider",  "image",
                                                    "input",   "rich_text", "video",   "file",    "markdown", "table"};
        auto const type = block.value("type", "");
        if (!known.contains(type)) return say("unsupported type: " + type);
        if (type == "section") {
            if (!block.contains("text") && !block.contains("fields")) say("a section needs text or fields");
            limit(block, "text", 3000);
            fields(block.value("fields", json::array()));
            if (block.contains("accessory")) element(block["accessory"]);
        }
        if (type == "header") {
            if (block.value("/text/type"_json_pointer, "") != "plain_text") say("a header needs plain_text");
            limit(block, "text", 150);
        }
        auto const elements = block.value("elements", json::array());
        if (type == "context" && elements.size() > 10) say("no more than 10 items allowed in a context");
        if (type == "actions" && (elements.empty() || elements.size() > 25)) say("actions need 1 to 25 elements");
        if (type == "actions")
            for (auto const& one : elements)
                element(one);
        if (type == "input") {
            limit(block, "label", 2000);
            limit(block, "hint", 2000);
            element(block.value("element", json::object()));
        }
        if (type == "markdown") limit(block, "text", 12'000);
    }

    void fields(json const& all) {
        if (all.size() > 10) say("no more than 10 fields allowed");
        for (auto const& field : all)
            if (length(field.value("text", "")) > 2000) say("a field must be less than 2001 characters");
    }

    void element(json const& one) {
        limit(one, "action_id", 255);
        limit(one, "placeholder", 150);
        if (one.value("type", "") == "button") {
            limit(one, "text", 75);
            limit(one, "value", 2000);
        }
        auto const options = one.value("options", json::array());
        if (options.size() > 100) say("no more than 100 options allowed");
        for (auto const& option : options) {
            limit(option, "text", 75);
            limit(option, "value", 150);
        }
        if (!one.contains("confirm")) return;
        limit(one["confirm"], "title", 100);
        limit(one["confirm"], "text", 300);
        limit(one["confirm"], "confirm", 30);
        limit(one["confirm"], "deny", 30);
    }
};

std::vector<json> elements_of(json const& block) {
    std::vector<json> all = block.value("elements", std::vector<json>{});
    for (auto const* one : {"accessory", "element"})
        if (block.contains(one)) all.push_back(block[one]);
    return all;
}

} // namespace

std::size_t length(std::string_view text) {
    return static_cast<std::size_t>(
        std::ranges::count_if(text, [](char byte) { return (static_cast<unsigned char>(byte) & 0xc0) != 0x80; }));
}

std::vector<std::string> wrong_with_blocks(json const& blocks, std::size_t most_blocks) {
    Inspector inspector;
    inspector.blocks(blocks, most_blocks);
    return inspector.wrong;
}

std::vector<std::string> wrong_with_view(json const& view) {
    Inspector inspector;
    inspector.blocks(view.value("blocks", json()), 100);
    inspector.limit(view, "title", 24);
    inspector.limit(view, "submit", 24);
    inspector.limit(view, "close", 24);
    inspector.limit(view, "private_metadata", 3000);
    inspector.limit(view, "callback_id", 255);
    if (view.value("type", "") == "modal" && !view.contains("title"))
        inspector.wrong.push_back("[ERROR] missing required field: title [json-pointer:/view]");
    return inspector.wrong;
}

std::size_t text_in(json const& blocks) {
    std::size_t sum = 0;
    if (blocks.is_object() && blocks.contains("text") && blocks["text"].is_string())
        sum += length(blocks["text"].get_ref<std::string const&>());
    if (blocks.is_structured())
        for (auto const& part : blocks)
            sum += text_in(part);
    return sum;
}

json with_ids(json blocks) {
    int last = 0;
    for (auto& block : blocks) {
        if (!block.contains("block_id")) block["block_id"] = "b" + std::to_string(++last);
        auto name = [&](json& element) {
            if (element.contains("type") && !element.contains("action_id"))
                element["action_id"] = "a" + std::to_string(++last);
        };
        if (block.value("type", "") == "actions")
            for (auto& element : block["elements"])
                name(element);
        for (auto const* one : {"accessory", "element"})
            if (block.contains(one)) name(block[one]);
    }
    return blocks;
}

Element find_element(json const& blocks, std::string_view wanted) {
    for (auto const& block : blocks)
        for (auto const& element : elements_of(block)) {
            if (!element.is_object()) continue;
            bool const has_text = element.contains("text") && element["text"].is_object();
            if (element.value("action_id", "") == wanted || (has_text && element["text"].value("text", "") == wanted))
                return {block, element};
        }
    return {};
}

} // namespace cox::fake_slack
