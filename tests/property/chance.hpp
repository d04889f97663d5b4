#pragma once
// Random choices that a seed alone decides, the same on every machine.
#include "core/time.hpp"

#include <cstdint>
#include <initializer_list>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace cox::test {

class Chance {
public:
    // The seed is mixed first: seeds that are neighbours must not give the same numbers, one draw apart.
    explicit Chance(std::uint64_t seed) : state_{seed} { state_ = bits() ^ (bits() << 1); }

    std::uint64_t bits() {
        auto z = state_ += 0x9E3779B97F4A7C15u;
        z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9u;
        z = (z ^ (z >> 27)) * 0x94D049BB133111EBu;
        return z ^ (z >> 31);
    }
    // 0 .. n - 1
    std::size_t below(std::size_t n) { return static_cast<std::size_t>(bits() % n); }
    bool one_in(std::size_t n) { return below(n) == 0; }
    template <class T>
    T const& of(std::vector<T> const& choices) {
        return choices[below(choices.size())];
    }
    template <class T>
    T of(std::initializer_list<T> choices) {
        return choices.begin()[below(choices.size())];
    }

private:
    std::uint64_t state_;
};

// Characters as a reader sees them that are made of several code points, and text that templates could trip over.
std::span<std::string_view const> hostile_characters();
// `count` of them, each whole.
std::vector<std::string> hostile_text(Chance&, std::size_t count);
std::string joined(std::vector<std::string> const&);

} // namespace cox::test
