#pragma once
// Marked text: UTF-8 with four marks that each network draws in its own way. They are made of control characters,
// which `normalise` removes from everything people type, so nobody can forge one.
#include "core/ids.hpp"
#include "core/time.hpp"

#include <string>
#include <string_view>

namespace cox::marks {

// A mention that notifies: "@Sara", "<@U1>", a Matrix pill.
std::string mention(Person const&);
// Something to type, ready to copy.
std::string code(std::string_view);
// A channel to go to: "#inc-42-checkout", a link where the network has them.
std::string place(Channel const&);
// A clock time; `shown` is what a network without local times displays.
std::string moment(Time, std::string_view shown);

// Called once for every piece of a marked text, in order.
struct Visitor {
    virtual ~Visitor() = default;
    virtual void plain(std::string_view) = 0;
    virtual void mention(UserId const&, std::string_view name) = 0;
    virtual void code(std::string_view) = 0;
    virtual void place(ChannelId const&, std::string_view name) = 0;
    virtual void moment(Time, std::string_view shown) = 0;
};
void visit(std::string_view marked, Visitor&);

// The text as a terminal shows it: "@Sara", "`sev 2 because …`", "14:20 UTC".
std::string plain(std::string_view marked);

} // namespace cox::marks
