#pragma once
// One visitor made of several lambdas, for std::visit.

namespace cox {

template <class... Fs>
struct overloaded : Fs... {
    using Fs::operator()...;
};
// The language makes this by itself; clang before 17 needs to be told.
template <class... Fs>
overloaded(Fs...) -> overloaded<Fs...>;

} // namespace cox
