#include "adapters/web/drawing.hpp"
#include "adapters/web/people.hpp"
#include "core/marks.hpp"

#include <gtest/gtest.h>

using namespace cox;
using namespace cox::web;

TEST(WebDrawing, nothing_a_person_types_becomes_markup) {
    EXPECT_EQ(html_of_typed("<img src=x onerror=\"a()\"> & 'b'"),
              "&lt;img src=x onerror=&quot;a()&quot;&gt; &amp; &#39;b&#39;");
}

TEST(WebDrawing, line_breaks_and_mentions_of_typed_text_are_drawn) {
    EXPECT_EQ(html_of_typed("ask @Sara.\nnow"), "ask <span class=\"mention\" data-user=\"sara\">@Sara</span>.<br>now");
}

TEST(WebDrawing, an_address_and_a_room_word_are_no_mention) {
    EXPECT_EQ(html_of_typed("a@b.example @here @coxswain"), "a@b.example @here @coxswain");
}

TEST(WebDrawing, the_bots_marks_become_our_own_tags_and_nothing_else) {
    Time const at{std::chrono::hours{14}};
    auto const marked = "<b> " + marks::mention({UserId{"sara"}, "Sara"}) + " " + marks::code("sev 2 <now>") + " " +
                        marks::moment(at, "14:00 UTC");
    EXPECT_EQ(html_of_marked(marked), "&lt;b&gt; <span class=\"mention\" data-user=\"sara\">@Sara</span> "
                                      "<code>sev 2 &lt;now&gt;</code> "
                                      "<time datetime=\"1970-01-01T14:00:00.000Z\">14:00 UTC</time>");
}

TEST(WebPeople, a_bare_word_means_the_exact_person_before_those_it_begins) {
    People people;
    for (auto const* id : {"ana", "anabel", "sara"})
        people.meet(UserId{id});
    auto const ids = [&](std::string_view word) {
        std::string all;
        for (auto const& person : people.fits(word))
            all += person.id.value + " ";
        return all;
    };
    EXPECT_EQ(ids("ANA"), "ana ");
    EXPECT_EQ(ids("anab"), "anabel ");
    EXPECT_EQ(ids("sar"), "sara ");
    EXPECT_EQ(ids("sa"), "");
    people.meet(UserId{"anatol"});
    EXPECT_EQ(ids("anat"), "anatol ");
    EXPECT_EQ(ids("anab"), "anabel ");
    people.meet(UserId{"sarina"});
    EXPECT_EQ(ids("sar"), "sara sarina ");
}

TEST(WebPeople, a_name_is_the_id_with_a_capital_letter) {
    People people;
    EXPECT_EQ(people.meet(UserId{"ana"}).person.name, "Ana");
    EXPECT_FALSE(people.meet(UserId{"ana"}).is_new);
    EXPECT_EQ(people.name_of(UserId{}), "Coxswain");
}

TEST(WebPeople, only_plausible_words_can_be_people) {
    EXPECT_EQ(People::plausible("Ana.B-1_x")->value, "ana.b-1_x");
    for (auto const* bad : {"", "a b", "ana!", "Coxswain", "here", "ünal", "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"})
        EXPECT_FALSE(People::plausible(bad)) << bad;
}
