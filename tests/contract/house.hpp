#pragma once
// What a chat network needs around it to be put through the contract.
#include "adapters/network/network.hpp"

#include <memory>
#include <string>
#include <vector>

namespace cox::contract {

struct Visible {
    std::string id;
    std::string text;
};

// What a network may be unable to promise, by its nature.
struct Promises {
    // After a lost answer it can tell whether words for one person's eyes arrived.
    bool knows_private_words = true;
};

// A network with everything it needs around it, on a fresh world that has a channel and two people in it.
class House {
public:
    virtual ~House() = default;
    virtual Network& network() = 0;
    virtual Promises promises() const = 0;
    // Until what was handed out is answered, and nothing else is on its way.
    virtual void settle() = 0;
    // As after kill -9.
    virtual void restart() = 0;

    virtual ChannelId ops() const = 0;
    virtual Person ana() const = 0;
    virtual Person bo() const = 0;
    // What the bot said, as everybody sees it, and what it said to that person alone.
    virtual std::vector<Visible> messages(ChannelId const&) = 0;
    virtual std::vector<Visible> whispers(Person const&) = 0;
    virtual std::string topic(ChannelId const&) = 0;
    virtual std::size_t channel_count() = 0;

    void deliver(Delivery const& delivery, std::function<void(Delivered)> done) {
        network().deliver(delivery, counted(std::move(done)));
    }
    void reconcile(Delivery const& delivery, std::function<void(Delivered)> done) {
        network().reconcile(delivery, counted(std::move(done)));
    }

protected:
    bool all_answered() const { return unanswered_ == 0; }
    // Those who asked are dead.
    void forget_unanswered() { unanswered_ = 0; }

private:
    std::function<void(Delivered)> counted(std::function<void(Delivered)> done) {
        ++unanswered_;
        return [this, done = std::move(done)](Delivered delivered) {
            --unanswered_;
            done(std::move(delivered));
        };
    }

    int unanswered_ = 0;
};

} // namespace cox::contract
