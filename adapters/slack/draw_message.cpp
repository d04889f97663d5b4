#include "adapters/slack/blocks.hpp"
#include "adapters/slack/drawing.hpp"
#include "core/marks.hpp"

namespace cox::slack {
namespace {

// "[…]" and what follows, as one array.
std::string one_array(std::string first, Json const& more) {
    if (more.empty()) return first;
    first.back() = ',';
    return first.append(written(more), 1);
}

// `rest` says where the whole is, for a text that is too long for one message.
Drawn message(std::string_view marked, std::vector<Button> const& buttons, std::string_view rest,
              std::string_view acts_in = {}, Typing typing = Typing::slash) {
    auto beside = pieces_of(marked, Mentions::notify, typing);
    auto sections = written_sections(beside);
    auto blocks = Json::array();
    if (!sections && put_text(blocks, beside))
        blocks.push_back(context(joined(pieces_of(rest, Mentions::silent, typing))));
    put_buttons(blocks, buttons, {}, acts_in);
    cut(beside, limit::message_text);
    auto text = joined(beside);
    return {text.empty() ? "—" : std::move(text), sections ? one_array(*std::move(sections), blocks) : written(blocks)};
}

std::string in_timeline() {
    return "Cut short: a message holds no more. " + marks::code("timeline") + " has the rest.";
}

std::string in_status() {
    return "Cut short: a message holds no more. " + marks::code("status") + " shows where things stand.";
}

} // namespace

Drawn draw(effect::Post const& post) {
    return message(post.text, post.buttons, in_timeline());
}

Drawn draw(effect::Tell const& tell, std::string_view acts_in, Typing typing) {
    return message(tell.text, tell.buttons, in_status(), acts_in, typing);
}

Drawn draw(effect::PagePerson const& page) {
    return message(page.text, {}, in_timeline());
}

Drawn draw_words(std::string_view marked) {
    return message(marked, {}, in_status());
}

} // namespace cox::slack
