#pragma once
// One visitor made of several lambdas, for std::visit.

namespace cox {

template <class... Fs>
struct overloaded : Fs... {
    using Fs::operator()...;
};

} // namespace cox
