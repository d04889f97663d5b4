#pragma once
// One Mustache template, read once and filled in many times. Variables, sections, inverted sections and comments; a
// line that holds nothing but sections shows only what is inside them.
#include "core/words.hpp"

#include <cstdint>

namespace cox {

class Template {
public:
    // Of a text whose sections are closed in order: what is wrong with others is found before (core/words.cpp).
    explicit Template(std::string_view text);

    std::string render(Args const& values,
                       std::vector<std::pair<std::string_view, std::vector<View>>> const& lists) const;

private:
    enum class Kind : std::uint8_t { text, line_end, variable, section, inverted };
    struct Node {
        Kind kind;
        std::string text;    // or the name
        std::size_t end = 0; // of a section: behind its last node
    };
    class Rendering;

    std::vector<Node> nodes_;
};

} // namespace cox
