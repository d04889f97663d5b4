#include "adapters/web/files.hpp"

#include <array>
#include <cstdint>

namespace cox::web {
namespace {

constexpr std::string_view folder = "adapters/web/page";

std::string_view type_of(std::string_view path) {
    static constexpr std::array<std::pair<std::string_view, std::string_view>, 8> types{{
        {".html", "text/html; charset=utf-8"},
        {".css", "text/css; charset=utf-8"},
        {".js", "text/javascript; charset=utf-8"},
        {".svg", "image/svg+xml"},
        {".png", "image/png"},
        {".ico", "image/x-icon"},
        {".json", "application/json"},
        {".webmanifest", "application/manifest+json"},
    }};
    for (auto const& [ending, type] : types) {
        if (path.ends_with(ending)) return type;
    }
    return "application/octet-stream";
}

// FNV-1a: tells two builds of a file apart, and nothing more is asked of it.
std::string tag_of(std::string_view text) {
    std::uint64_t hash = 14695981039346656037ULL;
    for (char const c : text)
        hash = (hash ^ static_cast<unsigned char>(c)) * 1099511628211ULL;
    return "\"" + std::to_string(hash) + "\"";
}

} // namespace

Files::Files(std::span<EmbeddedFile const> files) {
    for (auto const& file : files) {
        if (!file.path.starts_with(folder)) continue;
        auto const path = file.path.substr(folder.size());
        File const kept{file.text, type_of(path), tag_of(file.text)};
        if (path == "/index.html") by_path_["/"] = kept;
        by_path_[std::string{path}] = kept;
    }
}

std::optional<Response> Files::get(Request const& request) const {
    auto const at = by_path_.find(request.path());
    if (at == by_path_.end()) return std::nullopt;
    auto const& file = at->second;
    Response response;
    response.type = file.type;
    response.headers = {{"ETag", file.tag}, {"Cache-Control", "no-cache"}};
    if (request.if_none_match.find(file.tag) != std::string_view::npos)
        response.status = 304;
    else
        response.file = file.text;
    return response;
}

} // namespace cox::web
