#include "generator.hpp"

#include "core/rules/rule.hpp"

#include <array>

namespace cox::test {
namespace {

using namespace std::chrono_literals;

constexpr std::array<std::string_view, 18> hostile{"a",
                                                   "Z",
                                                   " ",
                                                   "7",
                                                   "ß",
                                                   "e\u0301",
                                                   "n\u0303\u0323",
                                                   "👍🏽",
                                                   "👨‍👩‍👧",
                                                   "🇩🇪",
                                                   "❤️",
                                                   "漢",
                                                   "\u05D0\u05B8",
                                                   "क्",
                                                   "{{title}}",
                                                   "`",
                                                   "🏳️‍🌈",
                                                   "{{#x}}"};

} // namespace

std::span<std::string_view const> hostile_characters() {
    return hostile;
}

std::vector<std::string> hostile_text(Chance& chance, std::size_t count) {
    std::vector<std::string> characters;
    for (std::size_t i = 0; i < count; ++i)
        characters.emplace_back(hostile[chance.below(hostile.size())]);
    return characters;
}

std::string joined(std::vector<std::string> const& characters) {
    std::string text;
    for (auto const& one : characters)
        text += one;
    return text;
}

Generator::Generator(std::uint64_t seed, Policy const& base) : chance_{seed}, policy_{base} {
    for (auto const* id : {"ana", "bo", "cy", "dana", "eli", "vera"}) {
        auto const name = chance_.one_in(3) ? joined(hostile_text(chance_, 1 + chance_.below(90))) : std::string{id};
        people_.push_back({UserId{id}, name});
    }
    for (auto const* id : {"ops", "payments", "search"})
        channels_.push_back({ChannelId{id}, id});
    for (auto& severity : policy_.severities) {
        for (auto const& rule : rules()) {
            if (!rule.invariant() && chance_.one_in(6))
                severity.rules[std::string{rule.name}] = chance_.of({Level::off, Level::warn, Level::enforce});
        }
    }
    if (chance_.one_in(2)) policy_.backup = people_[3];
    if (chance_.one_in(3)) policy_.permissions.may_takeover.push_back(people_[4].id);
    if (chance_.one_in(3)) policy_.permissions.may_not_act.push_back(people_[5].id);
}

Duration Generator::pause() {
    switch (chance_.below(10)) {
    case 0: return 0s;
    case 1:
    case 2:
    case 3:
    case 4: return std::chrono::seconds{chance_.below(60)};
    case 5:
    case 6:
    case 7: return std::chrono::seconds{chance_.below(600)};
    case 8: return std::chrono::minutes{chance_.below(45)};
    default: return 3min;
    }
}

std::optional<Duration> Generator::sleep() {
    if (!chance_.one_in(20)) return std::nullopt;
    return chance_.one_in(2) ? Duration{std::chrono::hours{chance_.below(80)}} : pause();
}

Channel Generator::place(World const& world) {
    // Mostly where something is going on.
    std::vector<Channel> busy;
    for (auto const& [id, incident] : world.incidents()) {
        if (incident.channel) busy.push_back(*incident.channel);
    }
    return busy.empty() || chance_.one_in(6) ? chance_.of(channels_) : chance_.of(busy);
}

std::string Generator::text() {
    return joined(hostile_text(chance_, 1 + chance_.below(chance_.one_in(4) ? 200 : 12)));
}

Time Generator::soon(Time now) {
    return now + std::chrono::minutes{chance_.below(60)} - 5min;
}

Request Generator::request(World const& world, Time now) {
    auto const where = place(world);
    Request request{command::Heard{}, somebody(), where, now, "", chance_.one_in(8), "", std::nullopt};
    if (!chance_.one_in(4)) request.because = text();
    if (chance_.one_in(3)) {
        request.typed = normalise(typed(world, where));
        auto reading = parse(request.typed, chance_.one_in(4) ? Form::command : Form::message,
                             {policy_, now, request.actor, [this](std::string_view word, bool mention) {
                                  std::vector<Person> fits;
                                  for (auto const& one : people_) {
                                      if (one.id.value == word || (!mention && one.name == word)) fits.push_back(one);
                                  }
                                  return fits;
                              }});
        if (auto* parsed = std::get_if<Parsed>(&reading)) {
            request.command = std::move(parsed->command);
            request.because = std::move(parsed->because);
            request.override_rules = parsed->override_rules;
        }
        return request;
    }
    request.command = command(world, where, now);
    request.typed = "/something " + text();
    return request;
}

Command Generator::command(World const& world, Channel const& where, Time now) {
    auto const maybe_person = [&] { return chance_.one_in(4) ? std::nullopt : std::optional{somebody()}; };
    auto const maybe_time = [&] { return chance_.one_in(4) ? std::nullopt : std::optional{soon(now)}; };
    // An empty place gets an incident soon.
    if (!world.open_in(where.id) && !chance_.one_in(4)) {
        if (world.last_closed_in(where.id) && chance_.one_in(3)) return command::Reopen{};
        if (chance_.one_in(4)) return command::Move{};
        return command::Declare{chance_.one_in(4) ? std::nullopt : std::optional{severity()}, text(),
                                std::optional{text()}, std::nullopt, chance_.one_in(2)};
    }
    switch (chance_.below(56)) {
    case 0: return command::Status{};
    case 1: return command::Help{chance_.of({"", "mitigate", "nonsense"})};
    case 2: return command::ShowPolicy{};
    case 3: return command::AskRole{role()};
    case 4:
    case 5: return command::GiveRole{chance_.one_in(2) ? "commander" : role(), somebody()};
    case 6:
    case 7:
    case 8: return command::Accept{chance_.one_in(2) ? "" : chance_.one_in(2) ? role() : item()};
    case 9: return command::Decline{""};
    case 10: return command::Release{role()};
    case 11: return command::Takeover{};
    case 12: return command::SetImpact{text()};
    case 13:
        return command::Hypothesise{text(),
                                    chance_.of({Confidence::suspected, Confidence::likely, Confidence::confirmed})};
    case 14: return command::RuleOut{};
    case 15: return command::Need{text(), maybe_time()};
    case 16: return command::Note{text()};
    case 38:
        return command::Call{chance_.one_in(2) ? "https://meet.example.org/inc-" + std::to_string(chance_.below(9))
                                               : text()};
    case 39:
    case 40:
    case 41:
        return command::Move{chance_.one_in(4) ? std::nullopt
                                               : std::optional{IncidentId{1 + static_cast<int>(chance_.below(5))}}};
    case 42: return command::Strategy{chance_.of({"rollback", "forward", "degrade"})};
    case 43: return command::Freeze{text()};
    case 44: return command::Unfreeze{};
    case 45:
    case 46:
    case 47: return command::Approve{chance_.one_in(2) ? "" : "P" + std::to_string(1 + chance_.below(4))};
    case 48: return command::Reject{chance_.one_in(2) ? "" : "P" + std::to_string(1 + chance_.below(4))};
    case 49:
    case 50: return command::Runbook{chance_.of({"", "yes", "no", "first-look", "deploy yes"})};
    case 51:
    case 52:
        return command::Loop{chance_.one_in(2), chance_.one_in(2) ? std::optional{text()} : std::nullopt,
                             std::nullopt,      std::nullopt,
                             std::nullopt,      chance_.one_in(3) ? std::optional{soon(now)} : std::nullopt};
    case 53: return command::Invite{{somebody(), somebody()}};
    case 54: return command::Merge{chance_.of({"ops", "payments", "search", "INC-2", "nowhere"})};
    case 17: return command::Started{soon(now)};
    case 18: return command::Act{"", text(), maybe_person(), maybe_time(), false};
    case 19:
    case 20:
    case 21: return command::Act{"", text(), maybe_person(), maybe_time(), true};
    case 22: return command::Act{item(), "", maybe_person(), maybe_time(), chance_.one_in(2)};
    case 23: return command::Acknowledge{item()};
    case 24: return command::MoveEta{item(), std::nullopt, Duration{10min}};
    case 25:
    case 26: return command::Done{item(), text()};
    case 27: return command::Fail{item(), ""};
    case 28: return command::Drop{item()};
    case 29: return command::Decide{text()};
    case 30:
    case 31: return command::SetSeverity{severity()};
    case 32: return command::Update{text(), std::nullopt, std::nullopt, std::nullopt, std::nullopt};
    case 33: return command::NextUpdate{soon(now)};
    case 34: return command::Contained{text(), {}};
    case 35: return command::Unstable{text()};
    case 36: return chance_.one_in(2) ? Command{command::Resolve{text(), {}}} : Command{command::Timeline{}};
    default: return chance_.one_in(4) ? Command{command::Cancel{}} : Command{command::ListActions{}};
    }
}

// What people type, whole or with a slip of the finger.
std::string Generator::typed(World const&, Channel const&) {
    std::string text = std::string{chance_.of({"/", "!", "/inc ", "!inc ", "@coxswain ", ""})} +
                       chance_.of({"declare here 1 ",
                                   "declare ",
                                   "ic me",
                                   "ic @bo",
                                   "comms @dana",
                                   "accept",
                                   "decline no",
                                   "release ops",
                                   "takeover because ",
                                   "impact ",
                                   "hyp ",
                                   "hyp out because ",
                                   "need ",
                                   "act look @cy eta 5m",
                                   "mitigate restart @bo eta ",
                                   "mitigate! A2 because ",
                                   "done",
                                   "done A1 ",
                                   "fail A2",
                                   "drop A1 because ",
                                   "eta A1 +10m",
                                   "decide x because ",
                                   "sev 1",
                                   "sev 3 because ",
                                   "update impact ",
                                   "update ",
                                   "next 10m",
                                   "next 14:30 because ",
                                   "contained ",
                                   "unstable",
                                   "resolve ",
                                   "resolve! because ",
                                   "reopen because ",
                                   "cancel because ",
                                   "move INC-1 here because ",
                                   "move! 2 here because ",
                                   "status",
                                   "actions",
                                   "timeline",
                                   "policy",
                                   "help",
                                   "strategy rollback because ",
                                   "freeze",
                                   "unfreeze",
                                   "approve",
                                   "reject P1 because ",
                                   "runbook",
                                   "runbook yes",
                                   "loop ok",
                                   "loop impact ",
                                   "invite @bo",
                                   "merge into #ops",
                                   "help rules",
                                   "call https://meet.example.org/",
                                   "contaned"});
    if (chance_.one_in(2)) text += this->text();
    for (auto slips = chance_.below(4); slips > 1; --slips) {
        auto const at = chance_.below(text.size() + 1);
        if (chance_.one_in(2) && at < text.size())
            text.erase(at, 1);
        else
            text.insert(at, 1, static_cast<char>(chance_.below(256)));
    }
    return text;
}

} // namespace cox::test
