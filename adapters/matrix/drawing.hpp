#pragma once
// The engine's effects in Matrix's own form: a plain body and HTML of the same words, who is notified, which reactions
// are its buttons, and all of it small enough for an event. Pure functions; JSON is handed out as text. Source: the
// Matrix specification, client-server API, "m.room.message", "User and room mentions", "Event replacements",
// "Threading".
#include "adapters/matrix/buttons.hpp"
#include "adapters/matrix/document.hpp"
#include "core/effect.hpp"

#include <string>
#include <string_view>
#include <vector>

namespace cox::matrix {

struct Drawn {
    // A notice is for reading only: by default nobody's client makes a sound for it, whom it mentions or not.
    enum class As { notice, text } as = As::notice;
    std::string body;
    std::string html;
    std::vector<std::string> users; // whom it mentions
    std::vector<Reaction> reactions;
};

// `server`: our own homeserver.
Drawn draw(effect::Post const&, std::string_view server);
// How words for one person come about. An answer stands under what that person has just written, so they see it without
// being notified; an objection does too, but they may have gone on in the belief that all is well.
enum class Manner { unasked, answer, objection };
Drawn draw(effect::Tell const&, Manner, std::string_view server);
Drawn draw(effect::PagePerson const&, std::string_view server);
Drawn draw(Card const&, std::string_view server);
// Words of our own that are no effect.
Drawn draw_words(std::string_view marked, std::string_view server);
// What is left of one that a server finds too large all the same: the beginning of its words.
Drawn without_form(Drawn);

// What makes an event of ours known again, whoever asks and however late.
struct Origin {
    std::string op;
    std::string card = {}; // "INC-42": the card of that incident
};
// How a message belongs to another one.
struct Relation {
    std::string edits = {};   // ours that it takes the place of
    std::string answers = {}; // somebody's that it stands under, in a thread
    std::string thread = {};  // the root of the thread that the answered one stands in itself
};

// Content of m.room.message.
std::string message_content(Drawn const&, Origin const&, Relation const& = {});
// Content of m.reaction.
std::string reaction_content(std::string_view event, std::string_view key);
// Content of m.room.topic: ours in its plain and in its rich form, what people had there as it was.
enum class TopicOf { ours, people };
std::string topic_content(std::string_view topic, TopicOf = TopicOf::ours);

constexpr std::size_t longest_topic = 250; // characters
// Marks resolved, on one line, as much as a topic may hold.
std::string topic_text(std::string_view marked);

// An event holds 65,536 bytes with all that the server adds; a card must fit twice, since an edit says it for those
// who know edits and for those who do not.
constexpr std::size_t longest_message = 48'000;
constexpr std::size_t longest_card = 22'000;

} // namespace cox::matrix
