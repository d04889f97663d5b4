#include "core/handlers/handlers.hpp"

#include <algorithm>

namespace cox {
namespace {

constexpr std::string_view commander = "commander";

Args with_role(Turn const& turn, std::string_view key) {
    auto args = about(*turn.incident, turn.policy);
    auto const role = role_or_key(key, turn.policy);
    args.emplace_back("role", role.title);
    args.emplace_back("tag", role.tag);
    args.emplace_back("verb", role_verb(role));
    return args;
}

// Something that waits for this person's word.
struct Waiting {
    std::string word; // what to type after `accept`
    std::string role; // one of the two is set
    std::string item;
};

std::vector<Waiting> waiting_for(Turn const& turn, bool items_only) {
    auto const& incident = *turn.incident;
    std::vector<Waiting> found;
    if (!items_only) {
        if (incident.command_requested_by && incident.commander() == turn.actor()) {
            found.push_back({"ic", std::string{commander}, ""});
        }
        for (auto const& seat : incident.seats) {
            if (!seat.offer || !(seat.offer->person == turn.actor())) continue;
            auto const role = role_or_key(seat.role, turn.policy);
            found.push_back({role_verb(role), seat.role, ""});
        }
    }
    for (auto const& item : incident.items) {
        if (item.offer && item.offer->person == turn.actor()) found.push_back({item.id, "", item.id});
    }
    return found;
}

// Who was asked about the item or role, if anybody was.
Person const* asked_instead(Incident const& incident, std::string const& word, Role const* role) {
    auto const* item = incident.item(word);
    auto const* seat = role ? incident.seat(role->key) : nullptr;
    if (item && item->offer) return &item->offer->person;
    return seat && seat->offer ? &seat->offer->person : nullptr;
}

// The person has the role now; whoever had it before is named, but an acting commander only kept the chair warm.
void take(Turn& turn, std::string const& role, Person const& person, bool takeover = false, std::string because = {}) {
    auto const* seat = turn.incident->seat(role);
    event::RoleTaken taken{role, person, takeover, std::move(because), {}};
    if (seat && seat->holder && !seat->acting && !(*seat->holder == person)) taken.from = seat->holder;
    turn.happened(std::move(taken));
}

// The one that is meant; a refusal is said where there is none or more than one.
std::optional<Waiting> which(Turn& turn, std::string const& word, std::string_view verb, bool items_only) {
    auto found = waiting_for(turn, items_only);
    if (!word.empty()) {
        auto const* role = turn.policy.role(word);
        std::erase_if(found, [&](Waiting const& w) { return w.item != word && !(role && w.role == role->key); });
    }
    if (found.size() == 1) return found.front();
    if (found.empty()) {
        auto const* role = turn.policy.role(word);
        auto args = about(*turn.incident, turn.policy);
        args.emplace_back("verb", std::string{verb});
        args.emplace_back("word", role ? role->title : word);
        if (auto const* asked = asked_instead(*turn.incident, word, role)) {
            args.emplace_back("asked", asked->name);
            turn.refuse("refused.asked-somebody-else", std::move(args));
            return std::nullopt;
        }
        turn.refuse("refused.nothing-to-answer", std::move(args));
        return std::nullopt;
    }
    std::vector<std::string> choices;
    for (auto const& w : found)
        choices.push_back(marks::code(std::string{verb} + " " + w.word));
    turn.refuse("refused.which-one", {{"choices", join(choices, " or ")}});
    return std::nullopt;
}

// The commander's word on a request for command. An acting commander may instead have been offered it for good.
bool answers_request(Incident const& incident, Person const& actor) {
    return incident.command_requested_by && incident.commander() == actor;
}

void accept(Turn& turn, Waiting const& w) {
    if (!w.item.empty()) {
        turn.happened(event::ItemAccepted{w.item, turn.actor()});
        return;
    }
    // The commander who accepts a request hands over; everybody else accepts an offer made to them.
    bool const hands_over = w.role == commander && answers_request(*turn.incident, turn.actor());
    take(turn, w.role, hands_over ? *turn.incident->command_requested_by : turn.actor());
}

} // namespace

void handle(Turn& turn, command::GiveRole const& give) {
    auto const* seat = turn.incident->seat(give.role);
    auto args = with_role(turn, give.role);
    args.emplace_back("person", give.person.name);
    args.emplace_back("person_id", short_id(give.person));
    bool const held = seat && seat->holder && !seat->acting;
    if (held && *seat->holder == give.person) {
        turn.refuse("refused.has-role-already", std::move(args));
        return;
    }
    if (give.person == turn.actor()) {
        bool const moves_it = turn.incident->commander() == turn.actor();
        if (held && give.role != commander && !moves_it) {
            args.emplace_back("holder", seat->holder->name);
            turn.refuse("refused.role-is-held", std::move(args));
            return;
        }
        take(turn, give.role, give.person);
        return;
    }
    if (held && give.role != commander && !(*seat->holder == turn.actor()) &&
        !(turn.incident->commander() == turn.actor())) {
        args.emplace_back("holder", seat->holder->name);
        turn.refuse("refused.role-is-held", std::move(args));
        return;
    }
    if (turn.level("delegation-accepted") == Level::enforce) {
        turn.happened(event::RoleOffered{give.role, give.person});
    } else {
        take(turn, give.role, give.person);
    }
}

void handle(Turn& turn, command::Accept const& command) {
    if (auto const meant = which(turn, command.item, "accept", false)) accept(turn, *meant);
}

void handle(Turn& turn, command::Acknowledge const& command) {
    if (auto const meant = which(turn, command.item, "ack", true)) accept(turn, *meant);
}

void handle(Turn& turn, command::Decline const& command) {
    auto const meant = which(turn, command.item, "decline", false);
    if (!meant) return;
    if (!meant->item.empty()) {
        turn.happened(event::ItemDeclined{meant->item, turn.actor(), turn.request.because});
        return;
    }
    bool const keeps_command = meant->role == commander && answers_request(*turn.incident, turn.actor());
    turn.happened(event::RoleDeclined{meant->role, keeps_command ? *turn.incident->command_requested_by : turn.actor(),
                                      turn.request.because});
}

void handle(Turn& turn, command::Release const& release) {
    auto const* seat = turn.incident->seat(release.role);
    auto args = with_role(turn, release.role);
    if (!seat || (!seat->holder && !seat->offer)) {
        turn.refuse("refused.role-is-open", std::move(args));
        return;
    }
    auto const& holder = seat->holder ? *seat->holder : seat->offer->person;
    bool const may = holder == turn.actor() || turn.incident->commander() == turn.actor();
    if (!may) {
        args.emplace_back("holder", holder.name);
        turn.refuse("refused.not-your-role", std::move(args));
        return;
    }
    turn.happened(event::RoleReleased{release.role, holder});
}

void handle(Turn& turn, command::Takeover const&) {
    auto const& seat = turn.incident->seats.front();
    if (*seat.holder == turn.actor() && !seat.acting) {
        auto args = with_role(turn, commander);
        args.emplace_back("person", turn.actor().name);
        turn.refuse("refused.has-role-already", std::move(args));
        return;
    }
    take(turn, std::string{commander}, turn.actor(), true, turn.request.because);
}

} // namespace cox
