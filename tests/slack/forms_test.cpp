// Modals, the shortcut on a message, and App Home: from the press to what the engine is handed.
#include "coming_in.hpp"

namespace cox::test {
namespace {

class SlackForms : public SlackHouseTest {
protected:
    SlackForms() : SlackHouseTest{impatient()} {}
    void SetUp() override { ASSERT_TRUE(house.connect()); }

    // The newest view of that kind that is open to somebody; null while there is none.
    json open_view(std::string_view who_id, std::string_view type = "modal") {
        json newest;
        for (auto const& view : house.slack.see("views")) {
            if (view["open"] == true && view["user"] == who_id && view["view"]["type"] == type) newest = view;
        }
        return newest;
    }
    json opened(std::string_view who_id, std::string_view type = "modal") {
        EXPECT_TRUE(house.run_until([&] { return !open_view(who_id, type).is_null(); }));
        return open_view(who_id, type);
    }
    static json element(json const& shown, std::string_view block_id) {
        for (auto const& block : shown["view"]["blocks"])
            if (block.value("block_id", "") == block_id) return block["element"];
        return nullptr;
    }
    void open_declare_form() {
        happen("command", {{"user", "alice"}, {"channel", "ops"}, {"text", "declare"}});
        opened("U0ALICE01");
    }
    // alice presses "Update…" on the card.
    void open_update_form() {
        effect::ShowCard shown;
        shown.channel = SlackHouse::channel("C0OPS0001");
        shown.card.incident = {7};
        shown.card.title = "SEV-1 checkout errors";
        shown.card.buttons = {{"contained", "Contained"}};
        ASSERT_EQ(house.deliver(1, shown).what, Delivered::What::sent);
        happen("press", {{"user", "alice"}, {"channel", "ops"}, {"button", std::string{slack::action_open_update}}});
        opened("U0ALICE01");
    }
    Incident& incident_with_facts() {
        auto& incident = open_incident();
        incident.impact = Fact{"~38% of checkouts fail", {}};
        incident.hypothesis = Fact{"release 4.12", {}};
        incident.confidence = Confidence::suspected;
        incident.need = Fact{"none", {}};
        return incident;
    }
    command::Update submitted_update(json values) {
        auto const* const inbound = heard("submit", {{"user", "alice"}, {"values", std::move(values)}});
        if (!inbound || !inbound->meant) {
            ADD_FAILURE() << "no update was handed over";
            return {};
        }
        EXPECT_EQ(inbound->place.id, SlackHouse::channel("C0OPS0001"));
        return std::get<command::Update>(inbound->meant->command);
    }
};

TEST_F(SlackForms, DeclareAloneOpensTheForm) {
    for (auto const* text : {"declare", " Declare ", "open", "new"}) {
        happen("command", {{"user", "alice"}, {"channel", "ops"}, {"text", text}});
        auto const form = opened("U0ALICE01");
        EXPECT_EQ(form["view"]["callback_id"], slack::form::declare);
        EXPECT_EQ(form["view"]["private_metadata"], "C0OPS0001");
        happen("close_view", {{"user", "alice"}});
    }
    EXPECT_TRUE(house.inbox.received.empty());
    EXPECT_TRUE(heard("command", {{"user", "alice"}, {"channel", "ops"}, {"text", "declare 1 checkout"}}));
}

TEST_F(SlackForms, ADeclarationSaysWhatWasFilledIn) {
    open_declare_form();
    json const values = {
        {"title", "checkout errors"}, {"severity", "1"}, {"impact", "~38% of\npayments fail"}, {"place", "own"}};
    auto const* const inbound = heard("submit", {{"user", "alice"}, {"values", values}});
    ASSERT_TRUE(inbound);
    ASSERT_TRUE(inbound->meant);
    auto const& declare = std::get<command::Declare>(inbound->meant->command);
    EXPECT_EQ(declare.title, "checkout errors");
    EXPECT_EQ(declare.severity, "1");
    EXPECT_EQ(declare.impact, "~38% of\npayments fail");
    EXPECT_FALSE(declare.here);
    EXPECT_EQ(inbound->text, "declare 1 checkout errors impact ~38% of payments fail");
    EXPECT_EQ(inbound->place.id, SlackHouse::channel("C0OPS0001"));
    EXPECT_EQ(inbound->actor.name, "alice");
    EXPECT_TRUE(open_view("U0ALICE01").is_null()) << "it is closed";
}

TEST_F(SlackForms, ADeclarationMayBeForTheChannelItself) {
    open_declare_form();
    auto const* const inbound =
        heard("submit", {{"user", "alice"}, {"values", {{"title", "checkout errors"}, {"place", "here"}}}});
    ASSERT_TRUE(inbound);
    EXPECT_TRUE(std::get<command::Declare>(inbound->meant->command).here);
    EXPECT_TRUE(inbound->text.starts_with("declare here "));
}

TEST_F(SlackForms, AnEmptyTitleIsToldAtItsFieldAndTheSameFormCanBeSentAgain) {
    open_declare_form();
    for (auto const* blank : {" ", "\n\t"}) {
        happen("submit", {{"user", "alice"}, {"values", {{"title", blank}}}});
        auto const form = open_view("U0ALICE01");
        ASSERT_FALSE(form.is_null()) << "it stays";
        EXPECT_TRUE(form["errors"].contains("title")) << form["errors"];
    }
    EXPECT_TRUE(house.inbox.received.empty());
    EXPECT_TRUE(heard("submit", {{"user", "alice"}, {"values", {{"title", "checkout errors"}}}}));
    EXPECT_TRUE(open_view("U0ALICE01").is_null());
}

TEST_F(SlackForms, F64_AFormThatComesTwiceIsOneCommand) {
    open_declare_form();
    house.slack.fault({{"kind", "duplicate"}, {"new_id", true}});
    EXPECT_TRUE(heard("submit", {{"user", "alice"}, {"values", {{"title", "checkout errors"}}}}));
}

TEST_F(SlackForms, TheUpdateFormIsFilledInWithWhatIsKnown) {
    incident_with_facts();
    open_update_form();
    auto const form = open_view("U0ALICE01");
    EXPECT_EQ(form["view"]["callback_id"], slack::form::update);
    EXPECT_EQ(element(form, "impact")["initial_value"], "~38% of checkouts fail");
    EXPECT_EQ(element(form, "hypothesis")["initial_value"], "release 4.12");
    EXPECT_EQ(element(form, "confidence")["initial_option"]["value"], "suspected");
    EXPECT_EQ(element(form, "need")["initial_value"], "none");
    EXPECT_FALSE(element(form, "headline").contains("initial_value"));
}

TEST_F(SlackForms, AnUpdateSentAsItWasFilledInConfirmsAndChangesNothing) {
    incident_with_facts();
    open_update_form();
    auto const update = submitted_update(json::object());
    EXPECT_EQ(update.headline, "");
    EXPECT_FALSE(update.impact);
    EXPECT_FALSE(update.hypothesis);
    EXPECT_FALSE(update.confidence);
    EXPECT_FALSE(update.need);
    EXPECT_EQ(house.inbox.received.back().text, "update");
}

TEST_F(SlackForms, AnUpdateHandsOverOnlyWhatWasChanged) {
    incident_with_facts();
    open_update_form();
    auto const update = submitted_update({{"headline", "Errors fall"}, {"impact", "~5% of checkouts fail"}});
    EXPECT_EQ(update.headline, "Errors fall");
    EXPECT_EQ(update.impact, "~5% of checkouts fail");
    EXPECT_FALSE(update.hypothesis);
    EXPECT_FALSE(update.need);
    EXPECT_EQ(house.inbox.received.back().text, "update Errors fall; impact ~5% of checkouts fail");
}

TEST_F(SlackForms, WhatOthersSaidWhileTheFormWasOpenIsNotOverwritten) {
    auto& incident = incident_with_facts();
    open_update_form();
    incident.impact = Fact{"60% of checkouts fail", {}};
    incident.hypothesis = Fact{"a certificate ran out", {}};
    incident.confidence = Confidence::confirmed;
    incident.need = Fact{"fail over", {}};
    auto const update = submitted_update({{"headline", "Errors rise"}});
    EXPECT_EQ(update.headline, "Errors rise");
    EXPECT_FALSE(update.impact);
    EXPECT_FALSE(update.hypothesis);
    EXPECT_FALSE(update.confidence);
    EXPECT_FALSE(update.need);
}

TEST_F(SlackForms, BeingSurerOfTheSameHypothesisIsAChange) {
    incident_with_facts();
    open_update_form();
    auto const update = submitted_update({{"confidence", "confirmed"}});
    EXPECT_EQ(update.hypothesis, "release 4.12");
    EXPECT_EQ(update.confidence, Confidence::confirmed);
    EXPECT_FALSE(update.impact);
}

TEST_F(SlackForms, WithoutAnIncidentTheUpdateButtonSaysSo) {
    incident_with_facts();
    open_update_form();
    happen("close_view", {{"user", "alice"}});
    house.desk.incident.reset();
    happen("press", {{"user", "alice"}, {"channel", "ops"}, {"button", std::string{slack::action_open_update}}});
    ASSERT_TRUE(called("chat.postEphemeral"));
    EXPECT_EQ(house.slack.ephemerals("alice").size(), 1u);
    EXPECT_TRUE(open_view("U0ALICE01").is_null());
}

TEST_F(SlackForms, TheShortcutOnAMessageTakesItsWordsAsTheTitle) {
    happen("say", {{"user", "bob"}, {"channel", "ops"}, {"text", "checkout throws errors"}});
    happen("message_shortcut",
           {{"user", "alice"}, {"channel", "ops"}, {"callback_id", std::string{slack::form::from_message}}});
    auto const form = opened("U0ALICE01");
    EXPECT_EQ(element(form, "title")["initial_value"], "checkout throws errors");
    auto const* const inbound = heard("submit", {{"user", "alice"}});
    ASSERT_TRUE(inbound);
    EXPECT_EQ(std::get<command::Declare>(inbound->meant->command).title, "checkout throws errors");
    EXPECT_EQ(inbound->place.id, SlackHouse::channel("C0OPS0001"));
}

TEST_F(SlackForms, AShortcutOfAnotherNameIsNothing) {
    happen("global_shortcut", {{"user", "alice"}, {"callback_id", "somebody.elses"}});
    EXPECT_TRUE(heard("command", {{"user", "alice"}, {"channel", "ops"}, {"text", "status"}}));
    EXPECT_TRUE(house.slack.calls("views.open").empty());
}

TEST_F(SlackForms, AppHomeShowsWhatIsOpenAndDeclares) {
    open_incident();
    happen("open_home", {{"user", "alice"}});
    auto const home = opened("U0ALICE01", "home");
    EXPECT_TRUE(home["view"]["blocks"].dump().contains("checkout errors")) << home;
    happen("press_in_view", {{"user", "alice"}, {"type", "home"}, {"button", std::string{slack::action_open_declare}}});
    auto const form = opened("U0ALICE01");
    EXPECT_EQ(form["view"]["private_metadata"], "");
    EXPECT_TRUE(element(form, "place").is_null()) << "there is no channel to be `here`";
    auto const* const inbound =
        heard("submit", {{"user", "alice"}, {"type", "modal"}, {"values", {{"title", "login fails"}}}});
    ASSERT_TRUE(inbound);
    EXPECT_EQ(std::get<command::Declare>(inbound->meant->command).title, "login fails");
    // What is said about it goes to her directly.
    EXPECT_EQ(inbound->place.id, SlackHouse::channel("U0ALICE01"));
    effect::Tell tell;
    tell.channel = inbound->place.id;
    tell.to = inbound->actor;
    tell.text = "Incident 8 is declared.";
    EXPECT_EQ(house.deliver(2, tell).what, Delivered::What::sent);
    EXPECT_EQ(house.slack.calls("chat.postMessage").back()["args"]["channel"], "U0ALICE01");
}

TEST_F(SlackForms, TheTitleFromAMessageReadsAsPeopleReadTheMessage) {
    ASSERT_TRUE(heard("say", {{"user", "bob"}, {"channel", "ops"}, {"text", "!status"}}));
    happen("say", {{"user", "alice"}, {"channel", "ops"}, {"text", "<@U0BOB0001> see <https://x.test|x> &amp; y"}});
    happen("message_shortcut",
           {{"user", "alice"}, {"channel", "ops"}, {"callback_id", std::string{slack::form::from_message}}});
    EXPECT_EQ(element(opened("U0ALICE01"), "title")["initial_value"], "@bob see https://x.test & y");
}

// What App Home shows to somebody.
class SlackHome : public SlackForms {
protected:
    SlackHome() {
        house.slack.act("add_user", {{"id", "U0GUEST01"}, {"name", "gus"}, {"is_restricted", true}});
        house.slack.act("add_channel",
                        {{"id", "C0SECRET1"}, {"name", "secret"}, {"is_private", true}, {"members", {"alice"}}});
    }
    // The incident's channel is known by a command there; bob commands.
    void bob_commands_in(std::string_view id, std::string_view name) {
        open_incident(id).seats.front().holder = SlackHouse::person("U0BOB0001", "bob");
        EXPECT_TRUE(heard("command", {{"user", "alice"}, {"channel", std::string{name}}, {"text", "status"}}));
    }
    bool shows_the_incident_to(std::string_view name, std::string_view id) {
        happen("open_home", {{"user", std::string{name}}});
        return opened(id, "home")["view"]["blocks"].dump().contains("checkout errors");
    }
};

TEST_F(SlackHome, AnIncidentInAPublicChannelIsShownToEveryMember) {
    bob_commands_in("C0OPS0001", "ops");
    EXPECT_TRUE(shows_the_incident_to("alice", "U0ALICE01"));
    EXPECT_FALSE(shows_the_incident_to("gus", "U0GUEST01"));
}

TEST_F(SlackHome, AnIncidentInAPrivateChannelIsShownToItsPeopleAlone) {
    house.slack.act("add_user", {{"id", "U0CY00001"}, {"name", "cy"}});
    bob_commands_in("C0SECRET1", "secret");
    EXPECT_TRUE(shows_the_incident_to("alice", "U0ALICE01"));
    EXPECT_TRUE(shows_the_incident_to("bob", "U0BOB0001"));
    EXPECT_FALSE(shows_the_incident_to("cy", "U0CY00001"));
}

TEST_F(SlackForms, OneThatSlackDoesNotOpenIsToldToWhoAskedForItAndToTheOperator) {
    house.slack.fault({{"kind", "error"}, {"where", "views.open"}, {"error", "expired_trigger_id"}});
    happen("command", {{"user", "alice"}, {"channel", "ops"}, {"text", "declare"}});
    EXPECT_TRUE(house.run_until([&] { return house.desk.was_told("a form could not be opened"); }));
    ASSERT_TRUE(called("response_url"));
    EXPECT_TRUE(house.slack.calls("response_url").back().dump().contains("`/inc declare "));
}

TEST_F(SlackForms, AnUpdateFormThatDoesNotOpenIsToldWithTheCommandForIt) {
    house.slack.fault({{"kind", "error"}, {"where", "views.open"}, {"error", "expired_trigger_id"}});
    incident_with_facts();
    effect::ShowCard shown;
    shown.channel = SlackHouse::channel("C0OPS0001");
    shown.card.incident = {7};
    shown.card.title = "SEV-1 checkout errors";
    shown.card.buttons = {{"contained", "Contained"}};
    ASSERT_EQ(house.deliver(1, shown).what, Delivered::What::sent);
    happen("press", {{"user", "alice"}, {"channel", "ops"}, {"button", std::string{slack::action_open_update}}});
    ASSERT_TRUE(called("response_url"));
    EXPECT_TRUE(house.slack.calls("response_url").back().dump().contains("`/inc update "));
}

TEST_F(SlackForms, OneThatDoesNotOpenFromAppHomeIsToldDirectly) {
    happen("open_home", {{"user", "alice"}});
    opened("U0ALICE01", "home");
    house.slack.fault({{"kind", "error"}, {"where", "views.open"}, {"error", "expired_trigger_id"}});
    happen("press_in_view", {{"user", "alice"}, {"type", "home"}, {"button", std::string{slack::action_open_declare}}});
    ASSERT_TRUE(called("chat.postMessage"));
    EXPECT_EQ(house.slack.calls("chat.postMessage").back()["args"]["channel"], "U0ALICE01");
}

} // namespace
} // namespace cox::test
