// The connection: when it counts, what is acknowledged when and where, and how it comes back from whatever befalls it.
#include "coming_in.hpp"

namespace cox::test {
namespace {

constexpr char open_method[] = "apps.connections.open";

slack::SlackOptions two_connections() {
    auto options = impatient();
    options.connections = 2;
    return options;
}

class SlackConnection : public SlackHouseTest {
protected:
    explicit SlackConnection(slack::SlackOptions options = impatient()) : SlackHouseTest{std::move(options)} {}

    json summary() { return house.slack.see("summary"); }
    bool serving(std::size_t connections) {
        return house.run_until([&] { return summary()["serving_connections"] == connections; });
    }
    // Another one than those so far serves.
    bool connected_anew(int connections_before) {
        return house.run_until([&] {
            auto const now = summary();
            return now["connections_ever"] > connections_before && now["serving_connections"] > 0 &&
                   house.network->troubles().empty();
        });
    }
    json status() { return happen("command", {{"user", "alice"}, {"channel", "ops"}, {"text", "status"}}); }
    json type_status() {
        return house.slack.act("command", {{"user", "alice"}, {"channel", "ops"}, {"text", "status"}});
    }
    json envelope_of(json const& act) { return house.slack.envelope(act["envelopes"][0].get<std::string>()); }
    // The connection serves, and what is typed is carried out.
    void expect_works() {
        auto const before = house.inbox.received.size();
        status();
        EXPECT_EQ(house.inbox.received.size(), before + 1);
    }
};

class SlackConnections : public SlackConnection {
protected:
    SlackConnections() : SlackConnection{two_connections()} {}
};

TEST_F(SlackConnection, CountsFromItsHelloOn) {
    house.slack.set({{"hello", false}});
    ASSERT_TRUE(house.run_until([&] { return summary()["open_connections"] == 1; }));
    EXPECT_FALSE(house.network->troubles().empty());
    house.slack.set({{"hello", true}});
    ASSERT_TRUE(house.connect());
    EXPECT_EQ(summary()["connections_ever"], 2) << "the one that said no hello was given up";
    expect_works();
}

TEST_F(SlackConnection, ACommandIsAcknowledgedOnlyOnceItIsDurable) {
    ASSERT_TRUE(house.connect());
    status(); // who alice is is known from here on
    house.hold_commits();
    auto const typed = type_status();
    ASSERT_TRUE(house.run_until([&] { return house.inbox.received.size() == 2; }));
    // What needs no disk passes it meanwhile.
    happen("say", {{"user", "bob"}, {"channel", "ops"}, {"text", "talk between people"}});
    EXPECT_TRUE(envelope_of(typed)["acks"].empty());
    house.release_commits();
    EXPECT_TRUE(house.acknowledged(typed));
    EXPECT_EQ(envelope_of(typed)["acks"].size(), 1u);
}

TEST_F(SlackConnections, AnAcknowledgementIsOneShortFrameOnTheConnectionThatTheEnvelopeCameFrom) {
    ASSERT_TRUE(serving(2));
    std::set<int> used;
    for (int i = 0; i < 4; ++i) {
        auto const envelope = envelope_of(status());
        ASSERT_EQ(envelope["acks"].size(), 1u);
        auto const& acknowledgement = envelope["acks"][0];
        EXPECT_EQ(acknowledgement["connection"], envelope["deliveries"][0]["connection"]);
        EXPECT_LT(acknowledgement["frame_bytes"], 20'000);
        used.insert(acknowledgement["connection"].get<int>());
    }
    EXPECT_EQ(used.size(), 2u);
    EXPECT_TRUE(house.slack.see("strange").empty());
}

TEST_F(SlackConnection, WhatItsConnectionCanNoLongerTakeIsAcknowledgedOnTheNext) {
    ASSERT_TRUE(house.connect());
    status();
    house.hold_commits();
    auto const typed = type_status();
    ASSERT_TRUE(house.run_until([&] { return house.inbox.received.size() == 2; }));
    house.slack.act("reset_socket", {});
    ASSERT_TRUE(connected_anew(1));
    house.release_commits();
    ASSERT_TRUE(house.acknowledged(typed));
    EXPECT_EQ(envelope_of(typed)["acks"][0]["connection"], 2);
    EXPECT_EQ(house.inbox.received.size(), 2u);
}

class SlackConnectionThatListens : public SlackConnection {
protected:
    SlackConnectionThatListens() : SlackConnection{alert()} {}

private:
    static slack::SlackOptions alert() {
        auto options = two_connections();
        options.socket.ping_every = 50ms;
        options.socket.dead_after = 300ms;
        return options;
    }
};

TEST_F(SlackConnectionThatListens, F43_OneThatFellSilentIsReplacedWhileTheOtherServes) {
    ASSERT_TRUE(serving(2));
    house.slack.act("silence", {{"connection", 1}});
    ASSERT_TRUE(house.run_until([&] { return summary()["connections_ever"] == 3; }));
    EXPECT_TRUE(house.desk.was_told("the connection to Slack is lost")) << "it was noticed, not closed by Slack";
    ASSERT_TRUE(serving(2));
    expect_works();
}

TEST_F(SlackConnection, F44_OneThatBreaksInsideAnEnvelopeCarriesNothingOutTwiceNorByHalf) {
    ASSERT_TRUE(house.connect());
    house.slack.set({{"ack_within_ms", 300}});
    house.slack.fault({{"kind", "mid_frame"}});
    auto const typed = status();
    EXPECT_EQ(house.inbox.received.size(), 1u);
    EXPECT_EQ(envelope_of(typed)["deliveries"].size(), 2u);
    EXPECT_EQ(summary()["connections_ever"], 2);
}

TEST_F(SlackConnection, F58_TheNextOneServesBeforeTheOldOneGoes) {
    ASSERT_TRUE(house.connect());
    for (auto const* reason : {"refresh_requested", "warning", "a reason of tomorrow"}) {
        auto const before = envelope_of(status())["acks"][0]["connection"].get<int>();
        auto const ever = summary()["connections_ever"];
        house.slack.set({{"hello", false}});
        house.slack.act("disconnect", {{"reason", reason}});
        ASSERT_TRUE(house.run_until([&] { return summary()["connections_ever"] > ever; }));
        // The next one has not said hello: the old one is still there, and is used.
        EXPECT_TRUE(house.network->troubles().empty());
        EXPECT_EQ(envelope_of(status())["acks"][0]["connection"], before) << reason;
        house.slack.set({{"hello", true}});
        ASSERT_TRUE(house.run_until([&] { return envelope_of(status())["acks"][0]["connection"] > before; }));
        // Slack may still send by the old one until it is gone.
        ASSERT_TRUE(house.run_until([&] { return summary()["open_connections"] == 1; }));
    }
}

class SlackConnectionThatLingers : public SlackConnection {
protected:
    SlackConnectionThatLingers() : SlackConnection{lingering()} {}

private:
    static slack::SlackOptions lingering() {
        auto options = impatient();
        options.connecting.linger = 10min;
        return options;
    }
};

TEST_F(SlackConnectionThatLingers, F58_WhatStillComesOnTheOldOneIsServedThere) {
    ASSERT_TRUE(house.connect());
    house.slack.act("disconnect", {{"reason", "refresh_requested"}});
    ASSERT_TRUE(serving(2));
    std::set<int> used;
    for (int i = 0; i < 2; ++i) {
        auto const envelope = envelope_of(status());
        EXPECT_EQ(envelope["acks"][0]["connection"], envelope["deliveries"][0]["connection"]);
        used.insert(envelope["acks"][0]["connection"].get<int>());
    }
    EXPECT_EQ(used, (std::set{1, 2}));
    house.network->network().stop();
    EXPECT_TRUE(house.run_until([&] { return summary()["open_connections"] == 0; }));
}

TEST_F(SlackConnectionThatLingers, F58_RefreshesAndWarningsUnderLoadLeaveNoCommandUnserved) {
    ASSERT_TRUE(house.connect());
    auto load = std::async(std::launch::async, [&] {
        return house.slack.act("burst", {{"count", 2000}, {"rate", 1500}, {"users", {"alice", "bob"}}});
    });
    int refreshed = 0;
    ASSERT_TRUE(house.run_until([&] {
        if (load.wait_for(0s) == std::future_status::ready) return true;
        auto const now = summary();
        bool const settled = now["serving_connections"] == refreshed + 1;
        if (settled && refreshed < 6) {
            auto const* const reason = ++refreshed % 2 == 0 ? "warning" : "refresh_requested";
            house.slack.act("disconnect", {{"reason", reason}, {"connection", refreshed}});
        }
        return false;
    }));
    auto const result = load.get();
    EXPECT_EQ(refreshed, 6);
    EXPECT_EQ(result["acked"], 2000) << result;
    EXPECT_EQ(result["redelivered"], 0) << result;
    EXPECT_EQ(house.inbox.received.size(), 2000u);
}

TEST_F(SlackConnection, F59_TooManyConnectionsIsToldAndEndsWhenThereIsRoom) {
    house.slack.set({{"most_connections", 0}});
    ASSERT_TRUE(house.run_until([&] { return summary()["connections_ever"] >= 3; }));
    EXPECT_TRUE(house.desk.was_told("too many connections"));
    EXPECT_FALSE(house.network->troubles().empty());
    house.slack.set({{"most_connections", 10}});
    ASSERT_TRUE(house.connect());
    expect_works();
}

TEST_F(SlackConnections, F59_OneOfTwoThatIsTooManyLeavesTheOtherAtWork) {
    house.slack.set({{"most_connections", 1}});
    ASSERT_TRUE(house.run_until([&] { return summary()["connections_ever"] >= 3; }));
    EXPECT_TRUE(house.network->troubles().empty());
    EXPECT_EQ(envelope_of(status())["acks"][0]["connection"], 1);
}

TEST_F(SlackConnection, F59_SocketModeSwitchedOffIsToldAndMendsItself) {
    ASSERT_TRUE(house.connect());
    house.slack.act("disconnect", {{"reason", "link_disabled"}});
    ASSERT_TRUE(connected_anew(1));
    EXPECT_TRUE(house.desk.was_told("Socket Mode is switched off"));
    expect_works();
}

TEST_F(SlackConnection, F60_A429ForTheNextConnectionIsObeyed) {
    house.slack.fault({{"kind", "limited"}, {"where", open_method}, {"retry_after", 1}});
    ASSERT_TRUE(house.connect());
    auto const asked = house.slack.calls(open_method);
    ASSERT_EQ(asked.size(), 2u);
    EXPECT_GE(asked[1]["at_ms"].get<std::int64_t>() - asked[0]["at_ms"].get<std::int64_t>(), 1000);
}

class SlackConnectionThatIsSparing : public SlackConnection {
protected:
    SlackConnectionThatIsSparing() : SlackConnection{sparing()} {}

private:
    static slack::SlackOptions sparing() {
        auto options = impatient();
        options.connecting.open_at_most_every = 1s;
        return options;
    }
};

TEST_F(SlackConnectionThatIsSparing, F60_ARestartRemembersWhenTheLastConnectionWasAskedFor) {
    ASSERT_TRUE(house.connect());
    house.restart();
    ASSERT_TRUE(house.connect());
    auto const asked = house.slack.calls(open_method);
    ASSERT_EQ(asked.size(), 2u);
    // The moment is kept before the call goes out.
    constexpr std::int64_t on_the_way_ms = 100;
    EXPECT_GE(asked[1]["at_ms"].get<std::int64_t>() - asked[0]["at_ms"].get<std::int64_t>(), 1000 - on_the_way_ms);
}

TEST_F(SlackConnections, F64_AnEnvelopeThatComesTwiceIsOneCommandAndIsAcknowledgedTwice) {
    ASSERT_TRUE(serving(2));
    for (bool const new_id : {false, true}) {
        auto const before = house.inbox.received.size();
        house.slack.fault({{"kind", "duplicate"}, {"new_id", new_id}});
        auto const typed = status();
        ASSERT_TRUE(house.run_until([&] { return envelope_of(typed)["acks"].size() == 2; }));
        auto const deliveries = envelope_of(typed)["deliveries"];
        EXPECT_NE(deliveries[0]["connection"], deliveries[1]["connection"]);
        // Both were handed in; the engine took one.
        EXPECT_EQ(house.inbox.received.size(), before + 1);
    }
}

TEST_F(SlackConnection, F64_ALostAcknowledgementBringsItAgainAndNothingIsDoneTwice) {
    ASSERT_TRUE(house.connect());
    house.slack.set({{"ack_within_ms", 200}, {"redeliver_after_ms", {0, 0, 0}}});
    for (bool const new_id : {false, true}) {
        house.slack.set({{"redeliver_with_new_id", new_id}});
        house.slack.fault({{"kind", "ack_lost"}, {"count", 2}});
        auto const before = house.inbox.received.size();
        auto const typed = status();
        EXPECT_EQ(envelope_of(typed)["acks"].size(), 3u);
        EXPECT_EQ(house.inbox.received.size(), before + 1);
    }
}

TEST_F(SlackConnection, F64_HalfOfAllEnvelopesComingTwiceAreHandedInUnderTheKeyOfTheFirst) {
    ASSERT_TRUE(house.connect());
    for (int i = 0; i < 20; ++i)
        house.slack.fault({{"kind", "duplicate"}, {"after", i}, {"new_id", i % 2 == 0}});
    std::size_t deliveries = 0;
    for (int i = 0; i < 40; ++i) {
        auto const typed = status();
        ASSERT_TRUE(house.run_until([&] {
            auto const envelope = envelope_of(typed);
            return envelope["acks"].size() == envelope["deliveries"].size();
        }));
        deliveries += envelope_of(typed)["deliveries"].size();
    }
    EXPECT_EQ(summary()["faults_left"], 0);
    EXPECT_EQ(deliveries, 60u);
    EXPECT_EQ(house.inbox.received.size(), 40u);
    EXPECT_EQ(house.inbox.again, 20u) << "the inbox knows them by their keys";
}

TEST_F(SlackConnection, ARefusedUpgradeIsFollowedByOneChainOfAttempts) {
    house.slack.fault({{"kind", "upgrade"}, {"status", 409}, {"count", 3}});
    ASSERT_TRUE(house.connect());
    EXPECT_EQ(house.slack.calls(open_method).size(), 4u);
    EXPECT_EQ(summary()["connections_ever"], 1);
}

TEST_F(SlackConnection, ItsUrlIsAskedForAgainAfterEveryFailure) {
    house.slack.fault({{"kind", "status"}, {"where", open_method}, {"status", 503}});
    house.slack.fault({{"kind", "error"}, {"where", open_method}, {"error", "internal_error"}});
    house.slack.fault({{"kind", "truncated"}, {"where", open_method}});
    house.slack.fault({{"kind", "reset"}, {"where", open_method}});
    ASSERT_TRUE(house.connect());
    EXPECT_GE(house.slack.calls(open_method).size(), 5u);
}

TEST_F(SlackConnection, FramesThatAreNoEnvelopesAreHarmless) {
    ASSERT_TRUE(house.connect());
    house.slack.act("binary_frame", {{"bytes", R"({"type":"disconnect","reason":"link_disabled"})"}});
    for (auto const* text :
         {"UNAUTHENTICATED: cache_error", "", "{", "[]", "null", R"({"type":"hello"})", R"({"envelope_id":7})",
          R"({"type":"events_api"})", R"({"envelope_id":"e1","type":"events_api","payload":"x"})",
          R"({"payload":{},"type":"a type of tomorrow","envelope_id":"e2"})"}) {
        house.slack.act("text_frame", {{"text", text}});
    }
    expect_works();
    EXPECT_EQ(summary()["connections_ever"], 1);
    EXPECT_TRUE(house.network->troubles().empty());
    // Whatever has an id is acknowledged, so that it does not come again.
    auto const acknowledged = house.slack.see("strange");
    ASSERT_EQ(acknowledged.size(), 2u);
    EXPECT_EQ(json::parse(acknowledged[0]["text"].get<std::string>()), json({{"envelope_id", "e1"}}));
    EXPECT_EQ(json::parse(acknowledged[1]["text"].get<std::string>()), json({{"envelope_id", "e2"}}));
}

TEST_F(SlackConnection, OneThatSlackClosesOrBreaksIsReplaced) {
    ASSERT_TRUE(house.connect());
    int connections = 1;
    house.slack.act("close_socket", {{"code", 1000}});
    ASSERT_TRUE(connected_anew(connections++));
    house.slack.act("close_socket", {{"code", 1011}});
    ASSERT_TRUE(connected_anew(connections++));
    house.slack.act("reset_socket", {});
    ASSERT_TRUE(connected_anew(connections++));
    expect_works();
    EXPECT_EQ(summary()["connections_ever"], 4);
}

TEST_F(SlackConnections, StoppingSaysGoodbyeThoughSlackNeverHangsUp) {
    ASSERT_TRUE(serving(2));
    status();
    status(); // one on each
    house.network->network().stop();
    house.network->network().stop();
    ASSERT_TRUE(house.run_until([&] { return summary()["open_connections"] == 0; }));
    for (auto const& connection : house.slack.see("connections"))
        EXPECT_EQ(connection["close_code"], 1000) << connection;
    EXPECT_EQ(summary()["connections_ever"], 2);
}

TEST_F(SlackConnection, WhatWasTakenInBeforeItStopsListeningIsStillAcknowledgedAndThenItLeaves) {
    ASSERT_TRUE(house.connect());
    house.hold_commits();
    auto const typed = type_status();
    ASSERT_TRUE(house.run_until([&] { return house.inbox.received.size() == 1; }));
    house.network->network().stop_listening();
    house.release_commits();
    EXPECT_TRUE(house.acknowledged(typed));
    bool gone = false;
    house.network->network().leave([&] { gone = true; });
    EXPECT_TRUE(house.run_until([&] { return gone; }));
    // The goodbye is out; the other side takes its moment to read it.
    EXPECT_TRUE(house.run_until([&] { return summary()["open_connections"] == 0; }));
}

TEST_F(SlackConnection, StoppingEndsThoughThePeerIsSilent) {
    ASSERT_TRUE(house.connect());
    house.slack.act("silence", {});
    house.network->network().stop();
    EXPECT_TRUE(house.run_until([&] { return summary()["open_connections"] == 0; }));
}

TEST_F(SlackConnection, WhatComesWhileItStopsIsLeftForTheNextLife) {
    ASSERT_TRUE(house.connect());
    house.slack.set({{"ack_within_ms", 200}, {"redeliver_after_ms", {0, 200, 10'000}}});
    house.network->network().stop();
    auto const typed = type_status();
    house.restart();
    EXPECT_TRUE(house.acknowledged(typed));
    EXPECT_EQ(house.inbox.received.size(), 1u);
}

TEST_F(SlackConnection, S03_AnAddressThatIsNotSlacksIsNotConnectedTo) {
    for (auto const* url : {"wss://slack.com.evil.test/link/?ticket=1", "wss://evilslack.com/link/?ticket=1",
                            "ws://wss-primary.slack.com/link/?ticket=1", "http://127.0.0.1/link", "nonsense", ""}) {
        json const answer = {{"ok", true}, {"url", url}};
        house.slack.fault({{"kind", "status"},
                           {"where", open_method},
                           {"status", 200},
                           {"type", "application/json"},
                           {"body", answer.dump()}});
    }
    ASSERT_TRUE(house.connect());
    EXPECT_TRUE(house.desk.was_told("an address for its socket that is not its own"));
    EXPECT_EQ(house.slack.calls(open_method).size(), 7u);
    EXPECT_EQ(summary()["connections_ever"], 1);
}

TEST_F(SlackConnection, S04_ARedirectIsNotFollowed) {
    house.slack.fault(
        {{"kind", "status"}, {"where", open_method}, {"status", 302}, {"location", house.slack.api() + "api.test"}});
    ASSERT_TRUE(house.connect());
    EXPECT_TRUE(house.slack.calls("api.test").empty());
    EXPECT_EQ(house.slack.calls(open_method).size(), 2u);
}

} // namespace
} // namespace cox::test
