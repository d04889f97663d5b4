#pragma once
// A tree of JSON as a parser tells of it, and what is wrong with its shape.
#include "adapters/json/untrusted.hpp"

#include <cstddef>
#include <string>
#include <utility>
#include <vector>

namespace cox::untrusted {

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

} // namespace cox::untrusted
