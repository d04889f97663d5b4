#pragma once
// What goes wrong, as a script: which call is hit, how, how often.
#include <nlohmann/json.hpp>

#include <deque>
#include <optional>
#include <string>
#include <string_view>

namespace cox::fake_homeserver {

struct Fault {
    enum class Kind {
        limited,   // 429; `by` (settings' limited_by), `retry_after_ms`
        error,     // `status`, and {"errcode": `errcode`, "error": …} with whatever else `answer` holds
        instead,   // 200 with `answer` in place of what is true
        status,    // `status`, `body`, `type`: 5xx with HTML, a captive portal's 200
        hold,      // no answer ever
        slow,      // the answer comes after `ms`
        reset,     // RST instead of an answer
        truncated, // half of the answer, then the end of the connection
        drip,      // a byte every `ms`
        huge,      // the answer with `bytes` bytes more in it
        // Of /sync alone.
        backwards, // what a timeline holds comes in the wrong order
        repeated   // events since `since` come, and the last `events` before it once more
    } kind = Kind::error;
    std::string where = "*";                       // an endpoint ("send"), "*" for any
    std::string type = "";                         // only where the path names this type of event
    int count = 1;                                 // how often; -1: until cleared
    int after = 0;                                 // so many calls pass unharmed first
    bool done = false;                             // the deed is done nevertheless
    nlohmann::json how = nlohmann::json::object(); // what the kind needs

    bool lets_answer_pass() const {
        return kind == Kind::slow || kind == Kind::truncated || kind == Kind::drip || kind == Kind::huge ||
               kind == Kind::backwards || kind == Kind::repeated;
    }
};

// {"kind":"limited","where":"send","count":2,"retry_after_ms":1}; throws std::invalid_argument.
Fault fault_of(nlohmann::json const&);

class Faults {
public:
    void add(Fault fault) { all_.push_back(std::move(fault)); }
    void clear() { all_.clear(); }
    // The first that hits this call; it counts down.
    std::optional<Fault> take(std::string_view endpoint, std::string_view type);
    std::size_t left() const { return all_.size(); }

private:
    std::deque<Fault> all_;
};

} // namespace cox::fake_homeserver
