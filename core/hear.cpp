#include "core/hear.hpp"

namespace cox {
namespace {

Reading read(Policy const& policy, Request const& request, Utterance utterance) {
    Reading reading = NotForUs{};
    if (utterance.meant) {
        reading = std::move(*utterance.meant);
    } else {
        reading =
            parse(request.typed, utterance.form, {policy, request.at, request.actor, std::move(utterance.people)});
    }
    bool const late = utterance.said_at && request.at - *utterance.said_at > runs_within;
    if (!late || std::holds_alternative<NotForUs>(reading)) return reading;
    return Misread{"misread.too-late", {{"ago", span_text(request.at - *utterance.said_at)}}};
}

} // namespace

Decision hear(World const& world, Policy const& policy, Request& request, Utterance utterance) {
    request.typed = normalise(request.typed);
    request.command = command::Heard{};
    auto reading = read(policy, request, std::move(utterance));
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
