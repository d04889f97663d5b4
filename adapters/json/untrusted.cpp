#include "adapters/json/untrusted.hpp"

#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <limits>
#include <utility>
#include <vector>

namespace cox::untrusted {
namespace {

using nlohmann::json;

enum class Shape { strict, lenient };

// Builds the tree while it looks at the shape: a million brackets cost neither the stack nor more than the depth that
// is allowed. A strict one stops at the first thing wrong.
class Builder : public nlohmann::json_sax<json> {
public:
    Builder(std::size_t most, Shape shape) : most_{most}, shape_{shape} {}

    json root;
    std::string wrong = "not JSON";
    bool number_too_large = false; // and nothing was read behind it

    bool null() override { return put(nullptr); }
    bool boolean(bool value) override { return put(value); }
    bool number_integer(number_integer_t value) override { return put(value); }
    bool number_unsigned(number_unsigned_t value) override { return put(value); }
    bool number_float(number_float_t value, string_t const&) override { return put(value); }
    bool string(string_t& value) override { return put(std::move(value)); }
    bool binary(binary_t&) override { return false; } // JSON text holds none
    bool start_object(std::size_t) override { return open(json::object()); }
    bool start_array(std::size_t) override { return open(json::array()); }
    bool end_object() override { return close(); }
    bool end_array() override { return close(); }
    bool key(string_t& name) override {
        if (left_out_ > 0) return true;
        auto& object = *open_.back();
        auto const [member, added] = object.emplace(std::move(name), nullptr);
        last_ = &*member;
        if (!added) return passes("a key comes twice");
        if (object.size() <= most_) return true;
        object.erase(member);
        last_ = nullptr;
        return passes("too many members");
    }
    bool parse_error(std::size_t, std::string const&, json::exception const& error) override {
        constexpr int number_overflow = 406; // as the library numbers it
        number_too_large = error.id == number_overflow;
        return false;
    }

private:
    // Of what comes next; null where nothing more has one.
    json* place() {
        if (open_.empty()) return &root;
        auto& parent = *open_.back();
        if (parent.is_object()) return last_; // since its key was read
        return parent.size() < most_ ? &parent.emplace_back(nullptr) : nullptr;
    }
    bool put(json value) {
        if (left_out_ > 0) return true;
        last_ = place();
        if (!last_) return passes("too many members");
        *last_ = std::move(value);
        return true;
    }
    bool open(json empty) {
        bool const deep = open_.size() == deepest_json;
        if (!put(deep ? json{} : std::move(empty))) return false;
        if (left_out_ > 0 || deep || !last_) {
            ++left_out_;
        } else {
            open_.push_back(last_);
        }
        return !deep || passes("nested too deep");
    }
    bool close() {
        if (left_out_ > 0) {
            --left_out_;
        } else {
            open_.pop_back();
        }
        return true;
    }
    bool passes(char const* why) {
        wrong = why;
        return shape_ == Shape::lenient;
    }

    std::size_t most_; // members of one object or array
    Shape shape_;
    std::vector<json*> open_;  // from the root to where we are
    std::size_t left_out_ = 0; // brackets that are open in what has no place
    json* last_ = nullptr;
};

// The library reads nothing behind a number that no double can hold.
std::string without_huge_numbers(std::string text) {
    bool quoted = false;
    for (std::size_t at = 0; at < text.size(); ++at) {
        auto const c = text[at];
        if (quoted && c == '\\') {
            ++at;
        } else if (c == '"') {
            quoted = !quoted;
        } else if (!quoted && (c == '-' || (c >= '0' && c <= '9'))) {
            constexpr std::string_view null = "null";
            auto const length = std::min(text.find_first_not_of("+-.0123456789Ee", at), text.size()) - at;
            bool const huge = length > null.size() && std::isinf(std::strtod(text.c_str() + at, nullptr));
            if (huge) text.replace(at, length, std::string{null}.append(length - null.size(), ' '));
            at += length - 1;
        }
    }
    return text;
}

std::expected<json, std::string> object_of(Builder& builder) {
    if (!builder.root.is_object()) return std::unexpected{"not an object"};
    return std::move(builder.root);
}

} // namespace

std::expected<json, std::string> read_object(std::string_view text, std::size_t longest, std::size_t members) {
    if (text.size() > longest) return std::unexpected{"too long"};
    Builder builder{members, Shape::strict};
    if (!json::sax_parse(text, &builder)) return std::unexpected{builder.wrong};
    return object_of(builder);
}

std::expected<json, std::string> read_object_of_many(std::string_view text, std::size_t members) {
    Builder builder{members, Shape::lenient};
    if (json::sax_parse(text, &builder)) return object_of(builder);
    if (!builder.number_too_large) return std::unexpected{"not JSON"};
    Builder again{members, Shape::lenient};
    if (!json::sax_parse(without_huge_numbers(std::string{text}), &again)) return std::unexpected{"not JSON"};
    return object_of(again);
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

} // namespace cox::untrusted
