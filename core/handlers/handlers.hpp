#pragma once
// One function per command. A command that has none here is not built yet, and says so.
#include "core/turn.hpp"

namespace cox {

// open
void handle(Turn&, command::Declare const&);
void handle(Turn&, command::Move const&);
void handle(Turn&, command::ChannelReady const&);
void handle(Turn&, command::ChannelRefused const&);
// look
void handle(Turn&, command::Status const&);
void handle(Turn&, command::Help const&);
void handle(Turn&, command::ShowPolicy const&);
void handle(Turn&, command::Timeline const&);
void handle(Turn&, command::ListActions const&);
void handle(Turn&, command::AskRole const&);
// who
void handle(Turn&, command::GiveRole const&);
void handle(Turn&, command::Accept const&);
void handle(Turn&, command::Decline const&);
void handle(Turn&, command::Release const&);
void handle(Turn&, command::Takeover const&);
void handle(Turn&, command::Call const&);
void handle(Turn&, command::Invite const&);
// know
void handle(Turn&, command::SetImpact const&);
void handle(Turn&, command::Hypothesise const&);
void handle(Turn&, command::RuleOut const&);
void handle(Turn&, command::Need const&);
void handle(Turn&, command::Note const&);
void handle(Turn&, command::Started const&);
void handle(Turn&, command::Decide const&);
void handle(Turn&, command::Loop const&);
void handle(Turn&, command::Runbook const&);
// course
void handle(Turn&, command::Strategy const&);
void handle(Turn&, command::Freeze const&);
void handle(Turn&, command::Unfreeze const&);
void handle(Turn&, command::Approve const&);
void handle(Turn&, command::Reject const&);
void handle(Turn&, command::Merge const&);
void handle(Turn&, command::Absorb const&);
// do
void handle(Turn&, command::Act const&);
void handle(Turn&, command::Acknowledge const&);
void handle(Turn&, command::MoveEta const&);
void handle(Turn&, command::Done const&);
void handle(Turn&, command::Fail const&);
void handle(Turn&, command::Drop const&);
// say
void handle(Turn&, command::SetSeverity const&);
void handle(Turn&, command::Update const&);
void handle(Turn&, command::NextUpdate const&);
// end
void handle(Turn&, command::Contained const&);
void handle(Turn&, command::Unstable const&);
void handle(Turn&, command::Resolve const&);
void handle(Turn&, command::Reopen const&);
void handle(Turn&, command::Cancel const&);
// the clock
void handle(Turn&, command::Tick const&);
void handle(Turn&, command::Heard const&);

// Before the incident ends: what was frozen for it is not any more.
void end_freeze(Turn&);

// The open incident that is to come here; null where none, or none but one of several, can be meant.
Incident const* incident_to_move(World const&, command::Move const&, ChannelId const& here);
// False: nothing could bring it here, and the decision says why.
bool can_move(Turn const&, command::Move const&);

} // namespace cox
