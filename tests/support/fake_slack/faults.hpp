#pragma once
// What goes wrong, as a script: which call is hit, how, how often.
#include <nlohmann/json.hpp>

#include <deque>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace cox::fake_slack {

struct Fault {
    enum class Kind {
        // Of the Web API and response_url.
        limited,   // HTTP 429; `retry_after` is sent as it is, null: no such header
        error,     // {"ok":false,"error":…} with whatever else `answer` holds
        status,    // `status`, `body`, `location`: 5xx with HTML, a captive portal's 200, a redirect
        hold,      // no answer ever
        slow,      // the answer comes after `ms`
        reset,     // RST instead of an answer
        truncated, // half of the answer, then the end of the connection
        drip,      // a byte every `ms`
        huge,      // a body of `bytes` bytes
        // Of Socket Mode.
        upgrade,   // refused with `status`
        duplicate, // an envelope comes twice; `new_id`: the second time in a new envelope
        ack_lost,  // an acknowledgement does not arrive
        mid_frame  // RST in the middle of an envelope
    } kind = Kind::error;
    // A method ("chat.postMessage"), "*" for any, "response_url"; "socket" for those of Socket Mode.
    std::string where = "*";
    int count = 1;                                 // how often; -1: until cleared
    int after = 0;                                 // so many calls pass unharmed first
    bool done = false;                             // the deed is done nevertheless
    nlohmann::json how = nlohmann::json::object(); // what the kind needs
};

// {"kind":"limited","where":"chat.postMessage","count":2,"retry_after":1}; throws std::invalid_argument.
Fault fault_of(nlohmann::json const&);

class Faults {
public:
    void add(Fault fault) { all_.push_back(std::move(fault)); }
    void clear() { all_.clear(); }
    // The first that hits a call of this method; it counts down.
    std::optional<Fault> take(std::string_view where);
    std::optional<Fault> take(Fault::Kind);
    std::size_t left() const { return all_.size(); }

private:
    template <class Hits>
    std::optional<Fault> take_first(Hits hits);

    std::deque<Fault> all_;
};

} // namespace cox::fake_slack
