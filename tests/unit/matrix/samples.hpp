#pragma once
// An incident of an ordinary night, for the tests of how it is drawn.
#include "adapters/matrix/names.hpp"
#include "core/effect.hpp"

#include <string>

namespace cox::matrix {

constexpr std::string_view home = "lab.test";

inline Person ana() {
    return {user_id("@ana:lab.test"), "Ana Berg"};
}
inline Person bo() {
    return {user_id("@bo:lab.test"), "Bo"};
}
inline ChannelId room() {
    return channel_id("!abc:lab.test");
}

inline Card sample_card() {
    Card card;
    card.incident = {42};
    card.severity = "SEV-1";
    card.title = "checkout errors";
    card.status = "investigating";
    card.roles = {{"IC", "Incident Commander", "Ana Berg"}, {"Comms", "Communications Lead", "—"}};
    card.impact = "~38% checkout failures in web app";
    card.hypothesis = "release 4.12 raised payment timeouts (suspected)";
    card.call = "https://meet.test/inc-42";
    card.items = {{"A1", "roll back 4.12", "Bo", "14:28 UTC", "running", true}};
    card.last_update = "14:20 UTC";
    card.next_update_text = "14:30 UTC";
    card.text = "SEV-1 checkout errors";
    card.buttons = {{"ic me", "Take command"}, {"update", "Post update"}, {"status", "Status"}};
    return card;
}

} // namespace cox::matrix
