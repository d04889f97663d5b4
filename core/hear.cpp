#include "core/hear.hpp"

namespace cox {

Decision hear(World const& world, Policy const& policy, Request& request, Form form, FindPeople people) {
    request.typed = normalise(request.typed);
    request.command = command::Heard{};
    auto reading = parse(request.typed, form, {policy, request.at, request.actor, std::move(people)});
    if (auto* parsed = std::get_if<Parsed>(&reading)) {
        request.command = std::move(parsed->command);
        request.because = std::move(parsed->because);
        request.override_rules = parsed->override_rules;
    }
    auto decision = decide(world, policy, request);
    if (auto* wrong = std::get_if<Misread>(&reading)) {
        decision.refusal = Refusal{"", {wrong->key, std::move(wrong->args), {}}};
    }
    return decision;
}

} // namespace cox
