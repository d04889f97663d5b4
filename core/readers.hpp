#pragma once
// How each command's arguments become its typed command. One function per row of the grammar (core/grammar.cpp), by
// subject in core/readers/. `because` is already split off, unless the row keeps it.
#include "core/cursor.hpp"

namespace cox::readers {

using Read = std::expected<Command, Misread>;

// open
Read declare(Cursor&);
Read move(Cursor&);
Read status(Cursor&);
Read help(Cursor&);
Read policy(Cursor&);

// who
Read own_role(Cursor&); // the verb names the role
Read role(Cursor&);
Read accept(Cursor&);
Read decline(Cursor&);
Read release(Cursor&);
Read takeover(Cursor&);
Read page(Cursor&);
Read call(Cursor&);
Read invite(Cursor&);

// know
Read impact(Cursor&);
Read hypothesis(Cursor&);
Read need(Cursor&);
Read note(Cursor&);
Read started(Cursor&);

// do
Read act(Cursor&);
Read mitigate(Cursor&);
Read acknowledge(Cursor&);
Read eta(Cursor&);
Read done(Cursor&);
Read fail(Cursor&);
Read drop(Cursor&);
Read actions(Cursor&);
Read decide(Cursor&);
Read strategy(Cursor&);
Read freeze(Cursor&);
Read unfreeze(Cursor&);
Read approve(Cursor&);
Read reject(Cursor&);
Read runbook(Cursor&);
Read loop(Cursor&);

// say
Read severity(Cursor&);
Read update(Cursor&);
Read next(Cursor&);
Read broadcast(Cursor&);

// end
Read contained(Cursor&);
Read unstable(Cursor&);
Read resolve(Cursor&);
Read reopen(Cursor&);
Read cancel(Cursor&);
Read merge(Cursor&);

// learn, train
Read timeline(Cursor&);
Read report(Cursor&);
Read review(Cursor&);
Read answer(Cursor&);
Read why(Cursor&);
Read followup(Cursor&);
Read followups(Cursor&);
Read stats(Cursor&);
Read drill(Cursor&);

// Takes "suspected", "likely" or "confirmed" off the end of the text.
std::optional<Confidence> take_confidence(std::string_view& text);

// "roll back 4.12 @ameer eta 10m": what, who and until when, in any order.
struct Work {
    std::string what;
    std::optional<Person> owner;
    std::optional<Time> until;
};
// `until` follows the keyword ("eta", "due").
std::expected<Work, Misread> read_work(Cursor&, std::string_view keyword);

} // namespace cox::readers
