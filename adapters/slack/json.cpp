#include "adapters/slack/json.hpp"

#include <algorithm>
#include <limits>
#include <set>
#include <vector>

namespace cox::slack {
namespace {

using nlohmann::json;

// Goes over the text without building anything: a million brackets cost their own length and no stack.
class Shape : public nlohmann::json_sax<json> {
public:
    std::string wrong = "not JSON";

    bool null() override { return member(); }
    bool boolean(bool) override { return member(); }
    bool number_integer(number_integer_t) override { return member(); }
    bool number_unsigned(number_unsigned_t) override { return member(); }
    bool number_float(number_float_t, string_t const&) override { return member(); }
    bool string(string_t&) override { return member(); }
    bool binary(binary_t&) override { return member(); }
    bool start_object(std::size_t) override { return open(); }
    bool start_array(std::size_t) override { return open(); }
    bool end_object() override { return close(); }
    bool end_array() override { return close(); }
    bool key(string_t& name) override {
        return levels_.back().keys.insert(std::move(name)).second || refuse("a key comes twice");
    }
    bool parse_error(std::size_t, std::string const&, json::exception const&) override { return false; }

private:
    struct Level {
        std::set<std::string> keys;
        std::size_t members = 0;
    };

    bool open() {
        if (!member()) return false;
        if (levels_.size() == deepest_json) return refuse("nested too deep");
        levels_.emplace_back();
        return true;
    }
    bool close() {
        levels_.pop_back();
        return true;
    }
    bool member() {
        if (levels_.empty()) return true;
        return ++levels_.back().members <= most_members || refuse("too many members");
    }
    bool refuse(char const* why) {
        wrong = why;
        return false;
    }

    std::vector<Level> levels_;
};

bool id_character(char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '.' || c == '_' ||
           c == '-';
}

} // namespace

std::expected<json, std::string> read_object(std::string_view text, std::size_t longest) {
    if (text.size() > longest) return std::unexpected{"too long"};
    Shape shape;
    if (!json::sax_parse(text, &shape)) return std::unexpected{shape.wrong};
    auto value = json::parse(text, nullptr, false);
    if (!value.is_object()) return std::unexpected{"not an object"};
    return value;
}

json const& at(json const& value, char const* name) {
    static json const nothing;
    if (!value.is_object()) return nothing;
    auto const found = value.find(name);
    return found == value.end() ? nothing : *found;
}

std::string text_at(json const& value, char const* name) {
    auto const* text = at(value, name).get_ptr<json::string_t const*>();
    return text ? *text : std::string{};
}

std::string id_at(json const& value, char const* name) {
    constexpr std::size_t longest = 128;
    auto const* id = at(value, name).get_ptr<json::string_t const*>();
    if (!id || id->size() > longest || !std::ranges::all_of(*id, id_character)) return {};
    return *id;
}

bool flag_at(json const& value, char const* name) {
    auto const* flag = at(value, name).get_ptr<json::boolean_t const*>();
    return flag && *flag;
}

std::optional<std::int64_t> count_at(json const& value, char const* name) {
    auto const* number = at(value, name).get_ptr<json::number_unsigned_t const*>();
    if (!number || *number > std::numeric_limits<std::int64_t>::max()) return std::nullopt;
    return static_cast<std::int64_t>(*number);
}

std::string plain_word(std::string_view word, std::size_t longest) {
    std::string plain{word.substr(0, longest)};
    for (auto& c : plain)
        if (c < ' ' || c > '~') c = '?';
    return plain;
}

} // namespace cox::slack
