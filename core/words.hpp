#pragma once
// Every sentence that people see, from config/templates. A file holds one template; messages.mustache holds many, each
// after a line "## its-key". The shipped files say which names a template may use; a team's file may use fewer.
#include "core/marks.hpp"

#include <expected>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace cox {

// What a template is filled with. An empty value is false in a {{#section}}.
struct View {
    std::vector<std::pair<std::string_view, std::string>> values;
    std::vector<std::pair<std::string_view, std::vector<View>>> lists;
};
using Args = std::vector<std::pair<std::string_view, std::string>>;

struct TemplateFile {
    std::string path;
    std::string text;
};

struct TemplateProblem {
    std::string path;
    int line = 0;
    int column = 0;
    std::string what; // "what is wrong; what to do"
};

class Words {
public:
    // `shipped` defines the keys; `own` replaces some. All problems of `own` are returned at once.
    static std::expected<Words, std::vector<TemplateProblem>> load(std::vector<TemplateFile> const& shipped,
                                                                   std::vector<TemplateFile> const& own);
    Words(Words&&) noexcept;
    Words& operator=(Words&&) noexcept;
    ~Words();

    // Marked text, without a line feed at its end. The key must be shipped.
    std::string render(std::string_view key, View const&) const;
    std::string say(std::string_view key, Args const&) const;
    bool has(std::string_view key) const;

private:
    struct Impl;
    explicit Words(std::unique_ptr<Impl>);
    std::unique_ptr<Impl> impl_;
};

} // namespace cox
