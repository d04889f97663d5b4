#pragma once
// Matrix, on a homeserver of our own and on a real one. Nothing in a Matrix room is hidden from those who are in it:
// words for one person are those that mention that person alone.
#include "../support/matrix_house.hpp"
#include "../support/synapse_peer.hpp"
#include "house.hpp"

#include <gtest/gtest.h>

#include <stdexcept>

namespace cox::contract {

class MatrixHouseOfContract : public House {
public:
    Network& network() override { return house().network->network(); }
    Promises promises() const override { return {}; }
    void settle() override {
        if (!house().run_until([this] { return all_answered(); })) throw std::runtime_error{"never answered"};
    }
    void restart() override {
        forget_unanswered();
        house().restart();
        if (!house().connect()) throw std::runtime_error{"no connection to the homeserver"};
    }
    std::vector<Visible> messages(ChannelId const& channel) override { return said(channel, ""); }
    std::vector<Visible> whispers(Person const& person) override {
        return said(ops(), std::string{matrix::raw(person.id)});
    }

protected:
    virtual test::MatrixHouse& house() = 0;
    // What stands in the room, as clients show it: contents with "event_id" and "sender".
    virtual std::vector<nlohmann::json> shown(std::string const& room) = 0;
    virtual std::string bot() = 0;

private:
    std::vector<Visible> said(ChannelId const& channel, std::string const& to) {
        std::vector<Visible> list;
        for (auto const& each : shown(std::string{matrix::raw(channel)})) {
            auto const users = each.at("m.mentions").value("user_ids", nlohmann::json::array());
            if (each.at("sender") != bot() || (to.empty() ? !users.empty() : users != nlohmann::json{to})) continue;
            list.push_back({each.at("event_id"), without_name(each.at("body"), to)});
        }
        return list;
    }

    // Whoever is meant stands in front: "alice: only you".
    static std::string without_name(std::string const& body, std::string const& to) {
        auto const mark = body.find(": ");
        return to.empty() || mark == std::string::npos ? body : body.substr(mark + 2);
    }
};

class FakeMatrixContractHouse final : public MatrixHouseOfContract {
public:
    FakeMatrixContractHouse() {
        house_.server.act("set_state", {{"user", "alice"},
                                        {"room", "ops"},
                                        {"type", "m.room.topic"},
                                        {"content", {{"topic", "On call: Bo & <Cy>"}}}});
        restart();
    }
    ~FakeMatrixContractHouse() override {
        auto const wrong = house_.server.violations();
        EXPECT_TRUE(wrong.empty()) << wrong.front();
    }
    ChannelId ops() const override { return ops_; }
    Person ana() const override { return test::MatrixHouse::person("alice"); }
    Person bo() const override { return test::MatrixHouse::person("bob"); }
    std::string topic(ChannelId const& channel) override {
        return house_.server.room(std::string{matrix::raw(channel)}).at("topic");
    }
    std::size_t channel_count() override { return house_.server.room_count(); }

protected:
    test::MatrixHouse& house() override { return house_; }
    std::vector<nlohmann::json> shown(std::string const& room) override { return house_.server.messages(room); }
    std::string bot() override { return "@coxswain:lab.test"; }

private:
    test::MatrixHouse house_;
    ChannelId ops_ = house_.ops();
};

class SynapseContractHouse final : public MatrixHouseOfContract {
public:
    SynapseContractHouse() {
        ask(ana_, "PUT", "/rooms/" + room_ + "/state/m.room.topic/", {{"topic", "On call: Bo & <Cy>"}});
        restart();
    }
    ChannelId ops() const override { return ops_; }
    Person ana() const override { return {matrix::user_id(ana_.id), "ana"}; }
    Person bo() const override { return {matrix::user_id(bo_.id), "bo"}; }
    std::string topic(ChannelId const& channel) override {
        auto const room = test::percent_encoded(matrix::raw(channel));
        return ask(bot_, "GET", "/rooms/" + room + "/state/m.room.topic/").value("topic", "");
    }
    std::size_t channel_count() override { return ask(bot_, "GET", "/joined_rooms").at("joined_rooms").size(); }

protected:
    test::MatrixHouse& house() override { return house_; }
    std::vector<nlohmann::json> shown(std::string const& room) override {
        std::vector<nlohmann::json> list;
        auto const page = ask(bot_, "GET", "/rooms/" + test::percent_encoded(room) + "/messages?dir=f&limit=500");
        for (auto const& event : page.at("chunk")) {
            auto const content = event.at("content");
            bool const is_edit =
                content.value("m.relates_to", nlohmann::json::object()).value("rel_type", "") == "m.replace";
            if (event.at("type") != "m.room.message" || is_edit) continue;
            // The newest edit comes along with what it edits.
            auto const relations =
                event.value("unsigned", nlohmann::json::object()).value("m.relations", nlohmann::json::object());
            list.push_back(relations.contains("m.replace") ? relations["m.replace"].at("content").at("m.new_content")
                                                           : content);
            list.back().update({{"event_id", event.at("event_id")}, {"sender", event.at("sender")}});
        }
        return list;
    }
    std::string bot() override { return bot_.id; }

private:
    using User = test::SynapsePeer::User;

    static nlohmann::json ask(User const& user, std::string_view method, std::string const& path,
                              nlohmann::json const& body = {}) {
        return test::SynapsePeer::shared().ask(user, method, path, body);
    }
    std::string make_room() {
        auto const made = ask(ana_, "POST", "/createRoom",
                              {{"preset", "private_chat"},
                               {"name", "ops"},
                               {"invite", {bo_.id, bot_.id}},
                               {"power_level_content_override", {{"users", {{ana_.id, 100}, {bot_.id, 50}}}}}});
        auto const room = made.at("room_id").get<std::string>();
        for (auto const* const user : {&bo_, &bot_})
            ask(*user, "POST", "/join/" + test::percent_encoded(room), nlohmann::json::object());
        return room;
    }
    matrix::MatrixOptions options() const {
        auto options = test::quick_matrix();
        options.homeserver = test::SynapsePeer::shared().url();
        options.user = bot_.id;
        return options;
    }

    User ana_ = test::SynapsePeer::shared().user("ana");
    User bo_ = test::SynapsePeer::shared().user("bo");
    User bot_ = test::SynapsePeer::shared().user("coxswain");
    ChannelId ops_ = matrix::channel_id(make_room());
    std::string room_ = test::percent_encoded(matrix::raw(ops_));
    test::MatrixHouse house_{options(), {.token = {}, .password = bot_.password}};
};

} // namespace cox::contract
