#pragma once
// One mistake in one file of the configuration.
#include <string>
#include <string_view>
#include <vector>

namespace cox::bot {

struct Problem {
    std::string file;
    int line = 0;     // 1 is the first; 0: the file as a whole
    int column = 0;   // in characters, 1 is the first
    std::string what; // "what is wrong; what to do"
    bool operator==(Problem const&) const = default;
};

// "policy.yaml:12:5: what is wrong; what to do"
std::string text(Problem const&);

// Takes the problems of one file and gives them back in the order of its lines. After the first hundred it only counts.
class Report {
public:
    explicit Report(std::string_view file) : file_{file} {}

    void add(int line, int column, std::string what);
    bool empty() const { return problems_.empty(); }
    std::vector<Problem> take();

private:
    std::string file_;
    std::vector<Problem> problems_;
    std::size_t left_out_ = 0;
};

} // namespace cox::bot
