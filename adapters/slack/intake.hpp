#pragma once
// What happens in Slack on its way into the engine: who said it, where, whether it is a command at all, and what the
// forms, emoji, pins and App Home of this network add to what people can type.
//   intake.cpp  messages, slash commands, buttons, notes
//   forms.cpp   modals, the shortcut, App Home
//   changes.cpp channels and people that change
#include "adapters/network/network.hpp"
#include "adapters/slack/delivery.hpp"
#include "adapters/slack/frame.hpp"
#include "adapters/slack/homes.hpp"
#include "adapters/slack/people.hpp"

#include <boost/asio/steady_timer.hpp>

#include <deque>
#include <functional>
#include <memory>
#include <set>
#include <string>
#include <string_view>

namespace cox::slack {

class Intake {
public:
    // Answers the envelope; `payload` is JSON, "" for none. To be called once.
    using Acknowledge = std::function<void(std::string_view payload)>;

    // `patience`: how long a command waits until it is known who everybody in it is.
    Intake(boost::asio::io_context& io, Shared& shared, People& people, Deliverer& deliverer, Homes& homes,
           Duration patience)
        : io_{io}, shared_{shared}, people_{people}, deliverer_{deliverer}, homes_{homes}, patience_{patience} {}

    void start(Inbox& inbox) { inbox_ = &inbox; }
    void stop() { inbox_ = nullptr; }
    void take(frame::Envelope, Acknowledge);

private:
    // An envelope that is being worked on.
    struct Taken {
        std::string key;
        std::optional<Time> happened;
        Acknowledge acknowledge;
    };

    // Somebody put a message on the timeline, by an emoji or a pin.
    struct Mark {
        Author author;
        std::string channel;
        std::string message_ts;
    };

    // Who asked for a form, where, and the command that says the same in words.
    struct FormFor {
        Author author;
        std::string channel;
        std::string trigger_id;
        std::string_view verb;
    };

    // One that waits for Slack to say who is who.
    struct Waiting {
        Author author;
        std::string channel;
        Inbound inbound;
        Acknowledge acknowledge;
        boost::asio::steady_timer patience;
        bool handed_in = false;
    };

    // For what ends here and not in the engine: acknowledges it. Slack may deliver it again all the same.
    bool first_time(Taken const&);

    void on(happening::Said const&, Taken);
    void on(happening::Edited const&, Taken);
    void on(happening::Typed const&, Taken);
    void on(happening::Pressed const&, Taken);
    void on(happening::Submitted const&, Taken);
    void on(happening::Shortcut const&, Taken);
    void on(happening::Reacted const&, Taken);
    void on(happening::Pinned const&, Taken);
    void on(happening::TopicChanged const&, Taken);
    void on(happening::ChannelChanged const&, Taken);
    void on(happening::MemberChanged const&, Taken);
    void on(happening::UserChanged const&, Taken);
    void on(happening::HomeOpened const&, Taken);
    void on(happening::TokensRevoked const&, Taken);
    void on(happening::RateLimited const&, Taken);
    void on(happening::Passed const&, Taken);

    // Hands it to the engine once everybody named in it is known, or has been waited for long enough; acknowledged
    // when it is durable.
    void receive(Author const&, std::string const& channel, Inbound, Taken);
    void hand_in(Waiting&);
    void note(Mark const&, std::string const& said_by, std::string const& text, Taken);
    void note_marked(Mark const&, bool in_thread, Taken);
    std::string key_of(Mark const&, Taken const&) const;
    // Slack's mark-up as people read it, as far as it is known who is who.
    std::string aloud(std::string_view text) const;
    void open_form(FormFor const&, std::string view);
    void tell_form_not_opened(FormFor const&);
    void look_up(std::string const& channel, std::function<void()> done);
    void tell(std::string const& channel, std::string const& user, std::string_view key);
    void declare_from_form(happening::Submitted const&, Taken);
    void update_from_form(happening::Submitted const&, Taken);
    Channel place_of(std::string const& channel);
    // The channel that a press is about: another than where it happened, for a button in a direct message.
    std::string place_of(happening::Pressed const&);
    Incident const* incident_in(std::string const& channel);
    template <class F>
    auto guarded(F f) {
        return [alive = std::weak_ptr<bool>{alive_}, f = std::move(f)]<class... Args>(Args&&... args) {
            if (alive.lock()) f(std::forward<Args>(args)...);
        };
    }

    boost::asio::io_context& io_;
    Shared& shared_;
    People& people_;
    Deliverer& deliverer_;
    Homes& homes_;
    Duration patience_;
    Inbox* inbox_ = nullptr;
    std::set<std::string> seen_; // keys of what ended here lately
    std::deque<std::string> seen_in_order_;
    std::shared_ptr<bool> alive_ = std::make_shared<bool>(true);
};

} // namespace cox::slack
