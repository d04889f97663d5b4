#include "block_checks.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cctype>
#include <regex>
#include <set>
#include <utility>

namespace cox::slack {
namespace {

using Json = nlohmann::json;

bool is_word(char c) {
    return std::isalnum(static_cast<unsigned char>(c)) != 0 && static_cast<unsigned char>(c) < 0x80;
}

class Look {
public:
    Seen seen;

    void message(std::string_view text, std::string_view blocks) {
        need(!text.empty() && code_points(text) <= 3900, "text beside blocks: " + std::to_string(code_points(text)));
        need(is_utf8(text), "text is no UTF-8");
        mrkdwn(text);
        seen.beside = std::exchange(seen.mentions, {});
        seen.formatting.clear();
        auto const list = Json::parse(blocks, nullptr, false);
        need(list.is_array() && !list.empty() && list.size() <= 50, "not 1 to 50 blocks");
        all_blocks(list);
        need(seen.text_total <= 12'000, "all text: " + std::to_string(seen.text_total));
    }

    void view(std::string_view text) {
        need(text.size() < 250'000, "view too large");
        auto const view = Json::parse(text, nullptr, false);
        need(view.is_object(), "not JSON");
        if (!view.is_object()) return;
        need(view["blocks"].size() <= 100, "over 100 blocks");
        all_blocks(view["blocks"]);
        if (view["type"] == "home") return;
        need(view["type"] == "modal", "neither modal nor home");
        for (auto const* name : {"title", "submit", "close"})
            plain(view[name], 24);
        at_most(view["private_metadata"], 3000, "private_metadata", true);
        at_most(view["callback_id"], 255, "callback_id");
    }

    // Every `<` opens a token that we make, every `&` is an entity, spans of code are closed on their line.
    void mrkdwn(std::string_view text) {
        static std::regex const token{
            R"(<(@[UW][A-Z0-9]+|#[CG][A-Z0-9]+|!date\^[0-9]+\^\{time\}\|[^<>]+|https?://[^<>|\s]+)>)"};
        bool in_code = false;
        for (std::size_t i = 0; i < text.size(); ++i) {
            auto const rest = text.substr(i);
            if (text[i] == '`') in_code = !in_code;
            if (text[i] == '\n') need(!in_code, "code over a line end");
            if (text[i] == '>') need(false, "a > of no token");
            if (text[i] == '&') {
                need(rest.starts_with("&amp;") || rest.starts_with("&lt;") || rest.starts_with("&gt;"), "a bare &");
            }
            if (!in_code && std::string_view{"*_~"}.contains(text[i])) {
                bool const in_word = i > 0 && is_word(text[i - 1]) && i + 1 < text.size() && is_word(text[i + 1]);
                if (!in_word) seen.formatting += text[i];
            }
            if (text[i] != '<') continue;
            std::match_results<std::string_view::const_iterator> found;
            bool const known =
                std::regex_search(rest.begin(), rest.end(), found, token, std::regex_constants::match_continuous);
            need(known, "an unknown token: " + std::string{rest.substr(0, 40)});
            if (!known) continue;
            auto const whole = found.str();
            if (!whole.starts_with("<!date") && !whole.starts_with("<http")) seen.mentions.push_back(whole);
            for (std::size_t at = whole.find('&'); at != whole.npos; at = whole.find('&', at + 1))
                need(std::regex_search(whole.substr(at), std::regex{"^&(amp|lt|gt);"}), "a bare & in a token");
            i += whole.size() - 1;
        }
        need(!in_code, "code that is not closed");
    }

private:
    void need(bool holds, std::string what) {
        if (!holds) seen.broken.push_back(std::move(what));
    }
    void at_most(Json const& value, std::size_t limit, std::string const& what, bool may_be_empty = false) {
        if (!value.is_string()) return need(false, what + " is no text");
        auto const& text = value.get_ref<std::string const&>();
        need(code_points(text) <= limit, what + ": " + std::to_string(code_points(text)));
        need(may_be_empty || !text.empty(), what + " is empty");
    }
    void plain(Json const& object, std::size_t limit) {
        need(object.value("type", "") == "plain_text", "no plain_text where only that may stand");
        at_most(object.value("text", Json{}), limit, "plain text");
        seen.text_total += code_points(object.value("text", ""));
    }
    void text(Json const& object, std::size_t limit) {
        if (object.value("type", "") == "plain_text") return plain(object, limit);
        need(object.value("type", "") == "mrkdwn" && object.value("verbatim", false), "mrkdwn without verbatim");
        at_most(object.value("text", Json{}), limit, "mrkdwn");
        mrkdwn(object.value("text", ""));
        seen.text_total += code_points(object.value("text", ""));
    }
    void option(Json const& option) {
        plain(option.value("text", Json{}), 75);
        at_most(option.value("value", Json{}), 75, "option value");
    }
    void element(Json const& element) {
        auto const type = element.value("type", "");
        auto const action = element.value("action_id", "");
        need(!action.empty() && code_points(action) <= 255 && actions_.insert(action).second, "action_id " + action);
        if (type == "button") {
            plain(element.value("text", Json{}), 75);
            at_most(element.value("value", Json{}), 2000, "button value");
            auto const style = element.value("style", "primary");
            need(style == "primary" || style == "danger", "style");
        } else if (type == "plain_text_input") {
            auto const longest = element.value("max_length", std::size_t{0});
            need(longest > 0 && longest <= 3000, "max_length");
            plain(element.value("placeholder", Json{}), 150);
            if (element.contains("initial_value")) at_most(element["initial_value"], longest, "initial_value");
        } else if (type == "static_select" || type == "radio_buttons") {
            auto const options = element.value("options", Json::array());
            need(!options.empty() && options.size() <= (type == "static_select" ? 100 : 10), "number of options");
            for (auto const& one : options)
                option(one);
            if (element.contains("initial_option")) {
                need(std::ranges::find(options, element["initial_option"]) != options.end(), "initial_option is none");
            }
        } else {
            need(false, "unknown element " + type);
        }
    }
    void block(Json const& block) {
        auto const type = block.value("type", "");
        if (block.contains("block_id"))
            need(ids_.insert(block["block_id"].get<std::string>()).second, "block_id twice");
        if (type == "header") {
            plain(block.value("text", Json{}), 150);
        } else if (type == "section") {
            need(block.contains("text") || block.contains("fields"), "an empty section");
            if (block.contains("text")) {
                text(block["text"], 3000);
                seen.shown += block["text"].value("text", "") + "\n";
            }
            auto const fields = block.value("fields", Json::array());
            need(fields.size() <= 10, "over 10 fields");
            for (auto const& field : fields)
                text(field, 2000);
        } else if (type == "context") {
            need(!block["elements"].empty() && block["elements"].size() <= 10, "number of context elements");
            for (auto const& one : block["elements"])
                text(one, 3000);
        } else if (type == "actions") {
            need(!block["elements"].empty() && block["elements"].size() <= 25, "number of buttons");
            for (auto const& one : block["elements"])
                element(one);
        } else if (type == "input") {
            plain(block.value("label", Json{}), 2000);
            if (block.contains("hint")) plain(block["hint"], 2000);
            need(block["block_id"] == block["element"]["action_id"], "a field has one name");
            element(block["element"]);
        } else {
            need(false, "unknown block " + type);
        }
    }
    void all_blocks(Json const& list) {
        seen.blocks = list.size();
        for (auto const& one : list)
            block(one);
    }

    std::set<std::string> ids_;
    std::set<std::string> actions_;
};

} // namespace

std::size_t code_points(std::string_view utf8) {
    auto const begins = [](char c) { return (static_cast<unsigned char>(c) & 0xC0U) != 0x80; };
    return static_cast<std::size_t>(std::ranges::count_if(utf8, begins));
}

bool is_utf8(std::string_view text) {
    return Json::accept(Json(text).dump(-1, ' ', false, Json::error_handler_t::ignore)) &&
           Json::parse(Json(text).dump(-1, ' ', false, Json::error_handler_t::ignore)) == Json(text);
}

Seen look_at_message(std::string_view text, std::string_view blocks) {
    Look look;
    look.message(text, blocks);
    return std::move(look.seen);
}

Seen look_at_view(std::string_view view) {
    Look look;
    look.view(view);
    return std::move(look.seen);
}

Seen look_at_mrkdwn(std::string_view text) {
    Look look;
    look.mrkdwn(text);
    return std::move(look.seen);
}

} // namespace cox::slack
