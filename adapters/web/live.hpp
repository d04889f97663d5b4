#pragma once
// Everything that happens, as it happens, for those who watch. No sockets here: a viewer is whatever takes frames.
// A frame is written once, however many watch.
#include "adapters/web/channels.hpp"
#include "adapters/web/desk.hpp"

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <unordered_map>
#include <unordered_set>

namespace cox::web {

using Frame = std::shared_ptr<std::string const>;

struct Viewer {
    virtual ~Viewer() = default;
    virtual void send(Frame) = 0;
    // Bytes that were sent but have not left yet.
    virtual std::size_t backlog() const = 0;
};

class Live final : public Listener {
public:
    Live(WebChannels&, Desk&);

    // Says hello. The ticket stands for the viewer until leave().
    std::uint64_t join(Viewer&);
    void leave(std::uint64_t ticket);
    // A frame from the client.
    void take(std::uint64_t ticket, std::string_view frame);
    // The viewer's backlog has shrunk: there is room for more of what it missed.
    void drained(std::uint64_t ticket);
    void when_stopped(std::function<void()> stopped) { when_stopped_ = std::move(stopped); }

    void said(Message const&, bool edited) override;
    void topic_set(WebChannel const&) override;
    void channel_opened(WebChannel const&) override;
    void incident_changed(IncidentId, WebChannel const&) override;
    void person_met(Person const&) override;
    void stopped() override;

private:
    // A channel of which a viewer has not seen everything yet. What is said meanwhile is not sent but read with the
    // rest.
    struct CatchUp {
        std::int64_t seen = 0;    // the viewer has everything up to here
        std::int64_t newest = 0;  // said meanwhile
        std::vector<Frame> edits; // made during a read, which may have come too early to show them
    };
    struct Watch {
        Viewer* viewer = nullptr;
        bool all = false;
        bool reading = false;
        int answers_owed = 0;
        std::unordered_set<std::string> channels;
        std::unordered_map<std::string, CatchUp> behind;
    };

    Watch* find(std::uint64_t ticket);
    void subscribe(std::uint64_t ticket, std::string const& channel, std::optional<std::int64_t> after);
    // The newest card is edited in place, so what was missed of it stands before `after`.
    void show_card_again(std::uint64_t ticket, ChannelId const&, std::int64_t after);
    void catch_up(std::uint64_t ticket);
    void take_page(std::uint64_t ticket, std::string const& channel, std::vector<Message> const&);
    WebChannels::Answer answer_to(std::uint64_t ticket, std::string key);
    void send_fault(Watch&, std::string const& key, Fault const&);
    template <class Wants>
    void send_to(Wants, std::string text);

    WebChannels& channels_;
    Desk& desk_;
    std::unordered_map<std::uint64_t, Watch> watches_;
    std::unordered_map<std::string, std::optional<IncidentId>> told_; // the incident each channel was last shown with
    std::uint64_t last_ticket_ = 0;
    std::function<void()> when_stopped_;
    std::shared_ptr<bool> alive_ = std::make_shared<bool>(true);
};

} // namespace cox::web
