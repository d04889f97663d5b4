#pragma once
// The page's files, which travel inside the binary.
#include "adapters/web/http.hpp"
#include "core/embedded.hpp"

#include <map>
#include <optional>
#include <span>
#include <string>
#include <string_view>

namespace cox {

// adapters/web/page, made by the build.
std::span<EmbeddedFile const> web_page_files();

} // namespace cox

namespace cox::web {

class Files {
public:
    explicit Files(std::span<EmbeddedFile const>);

    // 200, or 304 when the browser has it already; none when there is no such file. "/" is the page itself.
    std::optional<Response> get(Request const&) const;

private:
    struct File {
        std::string_view text;
        std::string_view type;
        std::string tag; // changes with the text
    };
    std::map<std::string, File, std::less<>> by_path_;
};

} // namespace cox::web
