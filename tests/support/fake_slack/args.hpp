#pragma once
// The arguments of a call, whichever way they came: in the URL, as a form (everything is text, nested values are JSON
// text), or as JSON.
#include "slack.hpp"

#include <string>
#include <string_view>

namespace cox::fake_slack {

class Args {
public:
    explicit Args(json values = json::object()) : values_(std::move(values)) {} // with braces it would be an array

    bool has(std::string_view name) const;
    std::string text(std::string_view name) const;
    bool flag(std::string_view name) const;
    int number(std::string_view name, int otherwise) const;
    // A nested value; `error` is what Slack says when it is not JSON.
    json nested(std::string_view name, char const* error) const;
    json const& all() const { return values_; }
    void set(std::string const& name, std::string value) { values_[name] = std::move(value); }
    void erase(std::string const& name) { values_.erase(name); }

private:
    json values_;
};

// "a=1&b=%7B%7D"
Args form_args(std::string_view);

} // namespace cox::fake_slack
