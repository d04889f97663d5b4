#pragma once
// What stands around a chat network in the real house: the way in, and the desk that the web channel asks.
#include "adapters/network/network.hpp"
#include "adapters/web/desk.hpp"
#include "fake_store.hpp"

#include <map>
#include <set>

namespace cox::test {

// Makes what comes in durable, once per key, as the engine does.
class FakeInbox final : public Inbox {
public:
    explicit FakeInbox(store::Store& store) : store_{store} {}

    void receive(Inbound inbound, std::function<void(Outcome)> durable) override {
        if (!keys_.insert(inbound.key).second) {
            ++again;
            store::Batch batch;
            batch.cursors = std::move(inbound.also.cursors);
            store_.commit(std::move(batch), [durable = std::move(durable)] {
                durable({Outcome::What::duplicate, {}});
            });
            return;
        }
        auto batch = inbound.also;
        batch.keys.push_back(inbound.key);
        received.push_back(std::move(inbound));
        store_.commit(std::move(batch), [durable = std::move(durable)] { durable({Outcome::What::talk, {}}); });
    }

    std::vector<Inbound> received; // each key once
    std::size_t again = 0;         // how often one came whose key was there

private:
    store::Store& store_;
    std::set<std::string> keys_;
};

struct FakeDesk final : web::Desk {
    std::vector<std::string> incidents() override { return {R"({"id":"INC-2"})", R"({"id":"INC-1"})"}; }
    void incident(IncidentId id, std::function<void(std::optional<std::string>)> done) override {
        if (id.number != 1) return done(std::nullopt);
        done(R"({"id":"INC-1","title":"checkout"})");
    }
    void events(IncidentId id, std::function<void(std::optional<std::vector<std::string>>)> done) override {
        if (id.number != 1) return done(std::nullopt);
        done(std::vector<std::string>{R"({"seq":1})", R"({"seq":2})"});
    }
    std::optional<IncidentId> incident_in(ChannelId const& channel) override {
        auto const at = open.find(channel.value);
        return at == open.end() ? std::nullopt : std::optional{at->second};
    }
    web::ChannelClock clock(ChannelId const&) override {
        return {now, manual ? 0.0 : 1.0, "CET", std::chrono::hours{1}};
    }
    bool manual_clock() const override { return manual; }
    void advance(Duration by, std::function<void(Time)> done) override {
        now += by;
        done(now);
    }
    web::Readiness readiness() override {
        return {ready, ready ? std::vector<std::string>{} : std::vector<std::string>{"starting"}};
    }
    std::string metrics() override { return "coxswain_up 1\n"; }

    Time now = Time{std::chrono::sys_days{std::chrono::year{2026} / 11 / 23}} + std::chrono::hours{14};
    bool manual = true;
    bool ready = true;
    std::map<std::string, IncidentId> open;
};

} // namespace cox::test
