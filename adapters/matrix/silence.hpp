#pragma once
// It is quiet: do people say nothing, or are we not told? What stands in the rooms is compared with what stood there
// when somebody last looked.
#include <map>
#include <string>
#include <vector>

namespace cox::matrix {

class Silence {
public:
    // Something was told.
    void ends() { rooms_.clear(); }
    // `newest`: what was said last in a room, the last first. True when people spoke there and we were not told, for
    // one whole silence: what was said in this moment may be told in the next.
    bool is_deafness(std::string const& room, std::vector<std::string> const& newest);

private:
    struct Looked {
        std::string last;
        bool doubted = false; // more was said behind that
    };
    std::map<std::string, Looked> rooms_;
};

} // namespace cox::matrix
