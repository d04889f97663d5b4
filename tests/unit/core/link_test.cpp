#include "core/link.hpp"

#include <gtest/gtest.h>

#include <string>

namespace cox {
namespace {

TEST(Link, IsAnAddressOfTheWeb) {
    for (auto const* const text :
         {"https://meet.example.org/inc-42", "http://10.0.0.7:8080", "HTTPS://example.org?a=b&c=%20#d",
          "https://[2001:db8::1]/call", "https://zoom.example/j/9?pwd=a.b~c_d"})
        EXPECT_TRUE(is_link(text)) << text;
}

TEST(Link, IsNothingThatLeadsElsewhereOrCannotBeFollowed) {
    for (auto const* const text : {"",
                                   "meet.example.org",
                                   "https://",
                                   "https:///x",
                                   "https://:80/",
                                   "https:meet.example.org",
                                   "javascript://example.org/%0aalert(1)",
                                   "data:text/html,x",
                                   "ftp://example.org",
                                   "mailto:ana@example.org",
                                   "xhttps://example.org",
                                   "https://meet.example.org@evil.example/",
                                   "https://exa mple.org",
                                   "https://example.org/\n",
                                   "https://example.org/\x7f",
                                   "https://example.org/<b>",
                                   "https://example.org/|x",
                                   "https://example.org/`x`",
                                   "https://example.org/\"x",
                                   "https://ex\xC3\xA4mple.org",
                                   "https://example.org\\@evil.example"})
        EXPECT_FALSE(is_link(text)) << text;
}

TEST(Link, IsOfBoundedLength) {
    std::string const start = "https://example.org/";
    EXPECT_TRUE(is_link(start + std::string(longest_link - start.size(), 'x')));
    EXPECT_FALSE(is_link(start + std::string(longest_link - start.size() + 1, 'x')));
}

} // namespace
} // namespace cox
