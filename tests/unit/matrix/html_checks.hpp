#pragma once
// Reads HTML as a strict client would: only the tags and attributes that Matrix allows, each closed where it must be.
#include <string>
#include <string_view>
#include <vector>

namespace cox::matrix {

struct SeenHtml {
    std::string text;                // what a reader sees, entities resolved, a line end for each <br />
    std::vector<std::string> tags;   // in the order of their opening
    std::vector<std::string> links;  // href of each <a>
    std::vector<std::string> faults; // what no strict reader takes
};

SeenHtml read_html(std::string_view);

} // namespace cox::matrix
