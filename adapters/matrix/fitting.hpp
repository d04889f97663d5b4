#pragma once
// A document that fits into an event, whatever it holds.
#include "adapters/matrix/document.hpp"

#include <string>
#include <string_view>

namespace cox::matrix {

struct BothForms {
    std::string body;
    std::string html;
    bool cut = false;
};

// `rest` stands below a document that had to be cut, `foot` below any. Together they take at most `limit` bytes of an
// event, as JSON has them.
BothForms fitted(Document const&, Document const& rest, Document const& foot, std::size_t limit);

// Bytes of a text in JSON.
std::size_t json_size(std::string_view);

} // namespace cox::matrix
