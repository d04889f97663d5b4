#include "core/grammar.hpp"

#include "core/readers.hpp"
#include "core/text.hpp"

#include <algorithm>
#include <array>
#include <cstdint>

namespace cox {
namespace {

constexpr bool built = true;
constexpr bool later_release = false;

// clang-format off
Row const rows[] = {
    // open
    {"declare", {"open", "new"}, "declare [here] [SEV] TITLE [impact …] [started TIME]",
     "opens an incident, in a channel of its own or here",
     "declare 1 checkout errors impact ~38% of payments fail started 14:05",
     Phase::none_open, built, readers::declare, Because::text},
    {"move", {}, "move INC-4 here because …", "takes an open incident to this channel, when its own is lost or wrong",
     "move INC-4 here because its channel was archived", Phase::none_open, built, readers::move},
    {"status", {"s"}, "status", "shows you the card of the incident", "status", Phase::any, built, readers::status},
    {"help", {}, "help [COMMAND or rules]", "lists the commands that make sense now, explains one, or tells the rules", "help mitigate",
     Phase::any, built, readers::help},
    {"policy", {}, "policy [SEV]", "shows the severities, with examples and cadences", "policy 1",
     Phase::any, built, readers::policy},

    // who
    {"ic", {}, "ic [me or @user]", "takes command, hands it over, or asks who has it", "ic me",
     Phase::open, built, readers::own_role},
    {"comms", {}, "comms [me or @user]", "takes, gives or asks for the comms role", "comms @sara",
     Phase::open, built, readers::own_role},
    {"ops", {}, "ops [me or @user]", "takes, gives or asks for the ops role", "ops @ameer",
     Phase::open, built, readers::own_role},
    {"scribe", {}, "scribe [me or @user]", "takes, gives or asks for the scribe role", "scribe @li",
     Phase::open, built, readers::own_role},
    {"tech", {}, "tech [me or @user]", "takes, gives or asks for the tech role", "tech @bo",
     Phase::open, built, readers::own_role},
    {"role", {}, "role ROLE [me or @user]", "takes, gives or asks for any role of the policy", "role comms @sara",
     Phase::open, built, readers::role},
    {"accept", {}, "accept [A1]", "takes on what you were offered: a role or an action", "accept",
     Phase::open, built, readers::accept},
    {"decline", {}, "decline [A1] [because …]", "says no to a role or an action you were offered",
     "decline because I am on another incident", Phase::open, built, readers::decline},
    {"release", {}, "release ROLE", "gives a role back", "release comms", Phase::open, built, readers::release},
    {"takeover", {}, "takeover because …", "takes command from a commander who has fallen silent",
     "takeover because Ana lost her connection", Phase::open, built, readers::takeover},
    {"page", {}, "page TEAM or @user [because …]", "gets somebody out of bed", "page @sara because payments are down",
     Phase::open, later_release, readers::page},
    {"call", {}, "call [URL]", "sets the link of the call, or tells it to you", "call https://meet.example.org/inc-42",
     Phase::open, built, readers::call},
    {"invite", {}, "invite @user…", "brings people into the channel", "invite @bo @sara",
     Phase::open, built, readers::invite},

    // know
    {"impact", {}, "impact …", "says who is affected and how much, as a number",
     "impact ~38% of payments fail in the web app",
     Phase::open, built, readers::impact, Because::text},
    {"hyp", {"hypothesis"}, "hyp … [suspected, likely or confirmed] · hyp out because …",
     "states the best hypothesis and how sure you are, or rules it out",
     "hyp release 4.12 raised payment time-outs suspected", Phase::open, built, readers::hypothesis, Because::text},
    {"need", {}, "need … [by TIME]", "names the decision that is needed now",
     "need fail over to the second region by 14:30",
     Phase::open, built, readers::need, Because::text},
    {"note", {}, "note …", "adds a line to the timeline", "note error rate back at 12% in eu-west",
     Phase::open, built, readers::note, Because::text},
    {"started", {}, "started TIME", "says when the impact began", "started 13:58",
     Phase::open, built, readers::started},

    // do
    {"act", {"do"}, "act WHAT @owner eta TIME", "opens an action with one owner and an ETA",
     "act check the payment gateway @sara eta 10m", Phase::open, built, readers::act, Because::inside},
    {"mitigate", {"fix"}, "mitigate WHAT @owner eta TIME", "opens an action that changes production, one at a time",
     "mitigate roll back 4.12 @ameer eta 10m", Phase::open, built, readers::mitigate, Because::inside},
    {"ack", {}, "ack [A1]", "says that you have seen it and are on it", "ack A1",
     Phase::open, built, readers::acknowledge},
    {"eta", {}, "eta [A1] +10m or TIME", "moves the ETA of an action", "eta A1 +10m", Phase::open, built, readers::eta},
    {"done", {}, "done [A1] [result]", "closes an action that worked", "done A1 errors below 8%",
     Phase::open, built, readers::done, Because::repeated},
    {"fail", {}, "fail [A1] [result]", "closes an action that did not work", "fail A1 error rate unchanged",
     Phase::open, built, readers::fail, Because::repeated},
    {"drop", {}, "drop A1 because …", "takes an action off the list", "drop A1 because the rollback made it pointless",
     Phase::open, built, readers::drop},
    {"actions", {}, "actions", "lists the open actions", "actions", Phase::open, built, readers::actions},
    {"decide", {}, "decide … because …", "records a decision with its reason and answers the open need",
     "decide fail over because the region is losing writes", Phase::open, built, readers::decide},
    {"strategy", {}, "strategy rollback, forward or degrade because …", "chooses the path and says why it won",
     "strategy rollback because 4.12 went out at 13:58", Phase::open, built, readers::strategy},
    {"freeze", {}, "freeze [what]", "stops all deploys and changes but the commander's", "freeze deploys",
     Phase::open, built, readers::freeze},
    {"unfreeze", {}, "unfreeze", "lets deploys and changes go on", "unfreeze",
     Phase::open, built, readers::unfreeze},
    {"approve", {}, "approve P1", "says yes to a proposal", "approve P1", Phase::open, built, readers::approve},
    {"reject", {}, "reject P1 [because …]", "says no to a proposal", "reject P1 because it would hide the cause",
     Phase::open, built, readers::reject},
    {"runbook", {}, "runbook [NAME or ANSWER]", "walks a decision tree, question by question", "runbook first-look",
     Phase::open, built, readers::runbook},

    // say
    {"sev", {"severity"}, "sev N [because …]", "raises or lowers the severity",
     "sev 2 because only one region is affected",
     Phase::open, built, readers::severity},
    {"update", {"u"}, "update [impact …; hyp …; need …; headline]", "posts the status update now",
     "update impact ~8% of payments fail; need none", Phase::open, built, readers::update, Because::text},
    {"next", {}, "next TIME [because …]", "moves the next update", "next 14:30 because the rollback takes ten minutes",
     Phase::open, built, readers::next},
    {"loop", {}, "loop [ok] [impact …; hyp …; need …; next TIME]",
     "answers the command loop: what stands still holds, or what has changed", "loop ok",
     Phase::open, built, readers::loop, Because::text},
    {"broadcast", {}, "broadcast [AUDIENCE] [text]", "tells an audience the same facts in its own words",
     "broadcast support", Phase::open, later_release, readers::broadcast},

    // end
    {"contained", {"mitigated", "stable"}, "contained [what]", "says that the impact has stopped and is watched",
     "contained errors below 1% since 14:32", Phase::open, built, readers::contained, Because::repeated},
    {"unstable", {}, "unstable [why]", "says that it is not contained after all", "unstable errors are back at 5%",
     Phase::contained, built, readers::unstable, Because::repeated},
    {"resolve", {}, "resolve [summary]", "closes the incident", "resolve rolled back 4.12, errors at zero since 14:32",
     Phase::contained, built, readers::resolve, Because::repeated},
    {"reopen", {}, "reopen because …", "opens the closed incident again", "reopen because errors are back at 5%",
     Phase::closed, built, readers::reopen},
    {"cancel", {}, "cancel because …", "closes a false alarm", "cancel because it was a broken probe",
     Phase::open, built, readers::cancel},
    {"merge", {}, "merge into #channel", "makes this part of another open incident", "merge into #inc-41-payments",
     Phase::open, built, readers::merge},

    // learn
    {"timeline", {}, "timeline", "tells what happened, in order", "timeline", Phase::any, built, readers::timeline},
    {"report", {}, "report", "gives the whole incident as a file", "report",
     Phase::closed, later_release, readers::report},
    {"review", {}, "review", "opens the review and its questions", "review",
     Phase::closed, later_release, readers::review},
    {"answer", {}, "answer N …", "answers a question of the review", "answer 2 we took the gateway for healthy",
     Phase::closed, later_release, readers::answer, Because::text},
    {"why", {}, "why …", "adds one of the five whys", "why the canary had no payment traffic",
     Phase::closed, later_release, readers::why, Because::text},
    {"followup", {}, "followup WHAT @owner due DATE", "records a corrective action",
     "followup alert on payment time-outs @sara due 2026-12-01",
     Phase::closed, later_release, readers::followup, Because::text},
    {"followups", {}, "followups", "lists the corrective actions", "followups",
     Phase::closed, later_release, readers::followups},
    {"stats", {}, "stats [DAYS]", "shows how fast incidents were detected, commanded and resolved", "stats 30",
     Phase::any, later_release, readers::stats},

    // train
    {"drill", {}, "drill [NAME] · drill stop", "plays a scripted incident in this channel", "drill checkout-47",
     Phase::none_open, later_release, readers::drill},
};
// clang-format on

constexpr std::size_t longest_word = 16;

std::uint32_t hash_of(std::string_view word) {
    std::uint32_t hash = 2166136261u;
    for (char const c : word)
        hash = (hash ^ static_cast<unsigned char>(lower(c))) * 16777619u;
    return hash;
}

// Open addressing over all verbs and aliases: the parser asks for each message that could be a command.
class Index {
public:
    Index() {
        for (auto const& row : rows) {
            add(row.verb, row);
            for (auto const alias : row.aliases)
                add(alias, row);
        }
    }
    Row const* find(std::string_view word) const {
        for (auto slot = hash_of(word) % slots_.size(); slots_[slot].row; slot = (slot + 1) % slots_.size())
            if (same_ignoring_case(slots_[slot].word, word)) return slots_[slot].row;
        return nullptr;
    }

private:
    struct Slot {
        std::string_view word;
        Row const* row = nullptr;
    };
    void add(std::string_view word, Row const& row) {
        auto slot = hash_of(word) % slots_.size();
        while (slots_[slot].row)
            slot = (slot + 1) % slots_.size();
        slots_[slot] = {word, &row};
    }
    std::array<Slot, 256> slots_;
};

} // namespace

std::span<Row const> grammar() {
    return rows;
}

Row const* find_row(std::string_view word) {
    static Index const index;
    if (word.empty() || word.size() > longest_word) return nullptr;
    return index.find(word);
}

bool is_shown_command(std::string_view shown) {
    auto const word = shown.substr(0, shown.find(' '));
    auto const verb = without_tail(word, "!.,:;");
    if (find_row(verb)) return true;
    auto const rest = trim_left(shown.substr(word.size()));
    bool const gives_a_role = rest == "me" || rest.starts_with('@');
    return gives_a_role && !verb.empty() && !shown.starts_with('/') && !shown.starts_with('!');
}

} // namespace cox
