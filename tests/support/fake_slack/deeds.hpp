#pragma once
// What can be done in the workspace, by a person or by the bot through the Web API, with everything that follows from
// it: the lines that Slack itself writes into the channel, and the events.
#include "slack.hpp"

#include <string>

namespace cox::fake_slack {

// Adds a message; `body` holds what is its own (user, text, blocks, thread_ts, subtype). Its ts.
std::string add_message(Slack&, Channel&, json body, json metadata = {});
void edit_message(Slack&, Channel&, std::string const& ts, json const& changes);
void delete_message(Slack&, Channel&, std::string const& ts);

void set_topic(Slack&, Channel&, std::string const& user, std::string const& topic);
void set_purpose(Slack&, Channel&, std::string const& user, std::string const& purpose);
void join(Slack&, Channel&, std::string const& user, std::string const& inviter = {});
void leave(Slack&, Channel&, std::string const& user);
void rename(Slack&, Channel&, std::string const& user, std::string const& name);
void archive(Slack&, Channel&, std::string const& user, bool archived);
// The channel goes on under another id, as when a workspace joins an organisation.
void change_id(Slack&, Channel&, std::string const& id);
Channel& create_channel(Slack&, std::string const& name, std::string const& creator, bool is_private);

void pin(Slack&, Channel&, std::string const& ts, std::string const& user, bool pinned);
void react(Slack&, Channel&, std::string const& ts, std::string const& user, std::string const& emoji, bool added);

// A message that one person sees. Its ts.
std::string whisper(Slack&, std::string const& channel, std::string const& user, std::string via, json body);
// What the app answers to a command or button, by an acknowledgement or by response_url.
void answer_interaction(Slack&, ResponseUrl const&, std::string const& via, json body);

// The bot's own signature on what it posts.
json by_the_bot(World const&);

} // namespace cox::fake_slack
