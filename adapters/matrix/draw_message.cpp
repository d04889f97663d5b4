#include "adapters/matrix/below.hpp"
#include "adapters/matrix/drawing.hpp"
#include "adapters/matrix/fitting.hpp"
#include "adapters/matrix/marked.hpp"
#include "adapters/matrix/names.hpp"
#include "core/characters.hpp"
#include "core/marks.hpp"
#include "core/phrases.hpp"

#include <algorithm>

namespace cox::matrix {
namespace {

constexpr std::size_t longest_bare = 8000; // characters
constexpr std::size_t most_mentioned = 50;

Drawn message(Marked marked, std::vector<Button> const& buttons, Document const& rest) {
    Drawn drawn;
    drawn.reactions = reactions_for(buttons);
    if (marked.blocks.empty()) marked.blocks.push_back({Block::Kind::paragraph, {{Inline::Kind::text, "—"}}});
    auto forms = fitted(marked.blocks, rest, legend(buttons, drawn.reactions, marked.blocks), longest_message);
    drawn.body = std::move(forms.body);
    drawn.html = std::move(forms.html);
    drawn.users = std::move(marked.users);
    if (drawn.users.size() > most_mentioned) drawn.users.resize(most_mentioned);
    return drawn;
}

// Whom a mention of that person notifies.
std::vector<std::string> notified(Person const& person) {
    auto const user = std::string{raw(person.id)};
    return is_user(user) ? std::vector{user} : std::vector<std::string>{};
}

// A person at whom the words are directed stands in front of them, unless they are named there.
Marked directed(Person const& to, std::string_view text, std::string_view server) {
    auto marked = read_marked(text, Mentions::notify, server);
    auto const named = notified(to);
    if (named.empty() || std::ranges::find(marked.users, named.front()) != marked.users.end()) return marked;
    return read_marked(marks::mention(to) + ": " + std::string{text}, Mentions::notify, server);
}

// Pressing it posts what the words hold behind their first paragraph.
bool holds_draft(effect::Tell const& tell) {
    return std::ranges::find(tell.buttons, "update", &Button::command) != tell.buttons.end();
}

// Everybody in the room can read it: it must not be taken for what was posted.
void quote_draft(Document& document) {
    for (std::size_t i = 1; i < document.size(); ++i)
        document[i].kind = Block::Kind::quote;
}

bool is_for_everybody(effect::PostKind kind) {
    return kind == effect::PostKind::alert || kind == effect::PostKind::escalation;
}

} // namespace

Drawn draw(effect::Post const& post, std::string_view server) {
    auto drawn = message(read_marked(post.text, Mentions::notify, server), post.buttons, rest_in_timeline());
    if (!drawn.users.empty() || is_for_everybody(post.kind)) drawn.as = Drawn::As::text;
    return drawn;
}

Drawn draw(effect::Tell const& tell, Manner manner, std::string_view server) {
    bool const unasked = manner == Manner::unasked;
    auto marked = unasked ? directed(tell.to, tell.text, server) : read_marked(tell.text, Mentions::silent, server);
    if (holds_draft(tell)) quote_draft(marked.blocks);
    // Whoever else is named in words for one person is not to be disturbed by them.
    marked.users = notified(tell.to);
    auto drawn = message(std::move(marked), tell.buttons, rest_in_status());
    if (manner != Manner::answer) drawn.as = Drawn::As::text;
    return drawn;
}

Drawn draw(effect::PagePerson const& page, std::string_view server) {
    auto drawn = message(directed(page.person, page.text, server), {}, rest_in_timeline());
    drawn.as = Drawn::As::text;
    return drawn;
}

Drawn draw_words(std::string_view marked, std::string_view server) {
    return message(read_marked(marked, Mentions::notify, server), {}, rest_in_status());
}

Drawn without_form(Drawn drawn) {
    drawn.body = clipped(drawn.body, longest_bare);
    drawn.html.clear();
    drawn.users.clear();
    return drawn;
}

std::string topic_text(std::string_view marked) {
    return one_line(calmed(marks::plain(marked)), longest_topic);
}

} // namespace cox::matrix
