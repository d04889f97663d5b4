#pragma once
// Invariants stay checked in release: a bot that has lost its mind must stop, not guess.
#include <cstdio>
#include <cstdlib>

#define COX_ASSERT(condition)                                                                                          \
    do {                                                                                                               \
        if (!(condition)) {                                                                                            \
            std::fprintf(stderr, "coxswain: invariant broken: %s (%s:%d)\n", #condition, __FILE__, __LINE__);          \
            std::abort();                                                                                              \
        }                                                                                                              \
    } while (false)
