#include "adapters/slack/drawing.hpp"
#include "adapters/slack/form_memory.hpp"
#include "block_checks.hpp"
#include "core/parse.hpp"
#include "golden.hpp"
#include "samples.hpp"

#include <gtest/gtest.h>

using namespace cox;
using namespace cox::slack;
using Json = nlohmann::json;

namespace {

Json field(std::string const& view, std::string const& name) {
    auto const parsed = Json::parse(view);
    for (auto const& block : parsed["blocks"]) {
        if (block.value("block_id", "") == name) return block;
    }
    return {};
}

std::size_t longest_answer(std::string const& view) {
    std::size_t characters = 0;
    auto const parsed = Json::parse(view);
    for (auto const& block : parsed["blocks"]) {
        if (block["type"] == "input") characters += block["element"].value("max_length", std::size_t{0});
    }
    return characters;
}

} // namespace

TEST(SlackForm, declaring_asks_for_little_and_offers_the_severity_of_doubt) {
    expect_golden("declare_form", declare_form(sample_policy(), "C0OPS", "checkout errors", ""));
}

TEST(SlackForm, without_a_channel_to_come_back_to_there_is_no_here) {
    auto const view = declare_form(sample_policy(), "", "", "");
    EXPECT_TRUE(field(view, "place").is_null());
    EXPECT_EQ(Json::parse(view)["private_metadata"], "");
    EXPECT_FALSE(field(view, "title")["element"].contains("initial_value"));
}

TEST(SlackForm, a_long_message_gives_a_title_that_fits_its_field) {
    auto const view = declare_form(sample_policy(), "C1", std::string(400, 't') + "\nmore", std::string(900, 'i'));
    EXPECT_EQ(look_at_view(view).broken, std::vector<std::string>{});
    EXPECT_EQ(code_points(field(view, "title")["element"]["initial_value"].get<std::string>()), 150u);
}

TEST(SlackForm, an_update_is_prefilled_with_what_is_known) {
    auto const view = update_form(sample_incident(), sample_policy(), "C0INC42");
    EXPECT_EQ(look_at_view(view).broken, std::vector<std::string>{});
    EXPECT_EQ(Json::parse(view)["title"]["text"], "Update INC-42");
    EXPECT_EQ(Json::parse(view)["callback_id"], form::update);
    auto const memory = read_form_memory(Json::parse(view)["private_metadata"].get<std::string>());
    ASSERT_TRUE(memory);
    EXPECT_EQ(memory->channel, "C0INC42");
    EXPECT_FALSE(memory->changed("impact", "~38% of payments fail"));
    EXPECT_TRUE(memory->changed("impact", "~5% of payments fail"));
    EXPECT_FALSE(memory->changed("need", ""));
    EXPECT_EQ(field(view, "impact")["element"]["initial_value"], "~38% of payments fail");
    EXPECT_EQ(field(view, "hypothesis")["element"]["initial_value"], "release 4.12 raised time-outs");
    EXPECT_EQ(field(view, "confidence")["element"]["initial_option"]["value"], "likely");
    EXPECT_FALSE(field(view, "need")["element"].contains("initial_value"));
    for (auto const* name : {"headline", "impact", "hypothesis", "need"})
        EXPECT_TRUE(field(view, name)["optional"].get<bool>()) << name;
    EXPECT_NE(view.find("The next update is then due in 15 min."), std::string::npos);
}

TEST(SlackForm, a_fact_too_long_for_its_field_is_not_cut_but_left_as_it_is) {
    auto incident = sample_incident();
    incident.impact->text = std::string(271, 'i');
    auto const view = update_form(incident, sample_policy(), "C1");
    EXPECT_FALSE(field(view, "impact")["element"].contains("initial_value"));
    EXPECT_NE(field(view, "impact")["hint"]["text"].get<std::string>().find("stays as it is"), std::string::npos);
}

TEST(SlackForm, whatever_is_typed_makes_a_command_that_the_core_reads) {
    EXPECT_LE(longest_answer(declare_form(sample_policy(), "C1", "", "")) * 4 + 80, longest_command);
    EXPECT_LE(longest_answer(update_form(sample_incident(), sample_policy(), "C1")) * 4 + 80, longest_command);
}

TEST(SlackForm, a_policy_whose_severities_fit_no_option_leaves_the_question_out) {
    auto policy = sample_policy();
    for (auto& severity : policy.severities)
        severity.key = std::string(76, 'k');
    auto const view = declare_form(policy, "C1", "", "");
    EXPECT_TRUE(field(view, "severity").is_null());
    EXPECT_EQ(look_at_view(view).broken, std::vector<std::string>{});
}

TEST(SlackForm, what_is_wrong_stands_at_its_field) {
    EXPECT_EQ(form_errors({{"title", "Say what is wrong."}}),
              R"({"response_action":"errors","errors":{"title":"Say what is wrong."}})");
}

TEST(SlackForm, the_answer_to_a_form_fits_in_one_frame) {
    std::vector<std::pair<std::string, std::string>> wrong;
    for (int i = 0; i < 50; ++i)
        wrong.emplace_back("field" + std::to_string(i), std::string(9000, '"'));
    EXPECT_LT(form_errors(wrong).size(), 18'000u);
}
