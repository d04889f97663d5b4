// Writes a database with a long log: bench_log FILE [INCIDENTS] [EVENTS] [FIRST_DUE_S] [SPREAD_S]
#include "log.hpp"

#include <cstdlib>
#include <iostream>

int main(int argc, char** argv) {
    using namespace cox;
    if (argc < 2) {
        std::cerr << "usage: bench_log FILE [INCIDENTS] [EVENTS] [FIRST_DUE_S] [SPREAD_S]\n";
        return 64;
    }
    auto const number = [&](int at, int other) { return argc > at ? std::atoi(argv[at]) : other; };
    bench::LogPlan plan;
    plan.incidents = number(2, plan.incidents);
    plan.events = number(3, plan.events);
    plan.now = std::chrono::floor<Duration>(std::chrono::system_clock::now());
    plan.first_due = std::chrono::seconds{number(4, 180)};
    plan.spread = std::chrono::seconds{number(5, 400)};
    if (auto const written = bench::write_log(plan, argv[1]); !written) {
        std::cerr << written.error() << '\n';
        return 70;
    }
    return 0;
}
