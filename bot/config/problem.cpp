#include "bot/config/problem.hpp"

#include <algorithm>
#include <tuple>
#include <utility>

namespace cox::bot {
namespace {

constexpr std::size_t most_problems = 100;

} // namespace

std::string text(Problem const& problem) {
    std::string out = problem.file;
    if (problem.line > 0) out += ":" + std::to_string(problem.line) + ":" + std::to_string(problem.column);
    return out + ": " + problem.what;
}

void Report::add(int line, int column, std::string what) {
    if (problems_.size() < most_problems) {
        problems_.push_back({file_, line, column, std::move(what)});
    } else {
        ++left_out_;
    }
}

std::vector<Problem> Report::take() {
    std::ranges::stable_sort(problems_, {}, [](Problem const& p) { return std::tuple{p.line, p.column}; });
    if (left_out_ > 0) {
        auto const& last = problems_.back();
        problems_.push_back({file_, last.line, last.column,
                             "and " + std::to_string(left_out_) + " more problems; mend those above first"});
        left_out_ = 0;
    }
    return std::exchange(problems_, {});
}

} // namespace cox::bot
