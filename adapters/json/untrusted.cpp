#include "adapters/json/untrusted.hpp"

#include <limits>
#include <vector>

namespace cox::untrusted {
namespace {

using nlohmann::json;

// Builds the tree while it looks at the shape, and stops at the first thing wrong: a million brackets cost neither the
// stack nor more than the depth that is allowed.
class Builder : public nlohmann::json_sax<json> {
public:
    Builder(std::size_t most, TooDeep too_deep) : most_{most}, too_deep_{too_deep} {}

    json root;
    std::string wrong = "not JSON";

    bool null() override { return put(nullptr); }
    bool boolean(bool value) override { return put(value); }
    bool number_integer(number_integer_t value) override { return put(value); }
    bool number_unsigned(number_unsigned_t value) override { return put(value); }
    bool number_float(number_float_t value, string_t const&) override { return put(value); }
    bool string(string_t& value) override { return put(std::move(value)); }
    bool binary(binary_t&) override { return refuse("binary"); } // JSON text holds none
    bool start_object(std::size_t) override { return open(json::object()); }
    bool start_array(std::size_t) override { return open(json::array()); }
    bool end_object() override { return close(); }
    bool end_array() override { return close(); }
    bool key(string_t& name) override {
        if (left_out_ > 0) return true;
        auto const [member, added] = open_.back()->emplace(std::move(name), nullptr);
        last_ = &*member;
        return added || refuse("a key comes twice");
    }
    bool parse_error(std::size_t, std::string const&, json::exception const&) override { return false; }

private:
    // A member of an object has its place since its key was read.
    bool put(json value) {
        if (left_out_ > 0) return true;
        if (open_.empty()) {
            root = std::move(value);
            last_ = &root;
            return true;
        }
        if (open_.back()->is_object()) {
            *last_ = std::move(value);
        } else {
            open_.back()->push_back(std::move(value));
            last_ = &open_.back()->back();
        }
        return open_.back()->size() <= most_ || refuse("too many members");
    }
    bool open(json empty) {
        if (left_out_ > 0 || open_.size() == deepest_json) return pass_over();
        if (!put(std::move(empty))) return false;
        open_.push_back(last_);
        return true;
    }
    bool pass_over() {
        if (too_deep_ == TooDeep::refused) return refuse("nested too deep");
        if (left_out_ == 0 && !put(nullptr)) return false;
        ++left_out_;
        return true;
    }
    bool close() {
        if (left_out_ > 0)
            --left_out_;
        else
            open_.pop_back();
        return true;
    }
    bool refuse(char const* why) {
        wrong = why;
        return false;
    }

    std::size_t most_; // members of one object or array
    TooDeep too_deep_;
    std::size_t left_out_ = 0; // levels that are open and too deep
    std::vector<json*> open_;  // from the root to where we are
    json* last_ = nullptr;
};

} // namespace

std::expected<json, std::string> read_object(std::string_view text, std::size_t longest, std::size_t members,
                                             TooDeep too_deep) {
    if (text.size() > longest) return std::unexpected{"too long"};
    Builder builder{members, too_deep};
    if (!json::sax_parse(text, &builder)) return std::unexpected{builder.wrong};
    if (!builder.root.is_object()) return std::unexpected{"not an object"};
    return std::move(builder.root);
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
