#include "adapters/matrix/proxy_machine.hpp"

#include "core/overloaded.hpp"

#include <algorithm>
#include <utility>

namespace cox::matrix {
namespace {

using Actions = ProxyMachine::Actions;

constexpr int another_took_over = 4001;

} // namespace

Actions ProxyMachine::start(Moment) {
    state_ = State::connecting;
    return {act::OpenProxy{}};
}

Actions ProxyMachine::opened(Moment now) {
    if (state_ != State::connecting) return {};
    state_ = State::open;
    since_ = now;
    pinged_ = 0;
    wake_ = now + options_.ping_every;
    trouble_.clear();
    said_.clear();
    return {act::Report{false, "connected to the application service's proxy"}, act::Pushed{true}};
}

Actions ProxyMachine::text(std::string_view frame, Moment now) {
    if (state_ != State::open) return {};
    auto read = read_proxy_frame(frame);
    return std::visit(
        overloaded{[](frame::Connected const&) { return Actions{}; },
                   [](frame::Transaction& transaction) {
                       // What /sync brings again need not be on disk before it is said to have arrived;
                       // one that asks for no answer would answer such an answer with an error.
                       auto const id = transaction.id;
                       auto arrived = arrived_frame(id, transaction.txn);
                       Actions actions{act::Take{std::move(transaction)}};
                       if (id != 0) actions.push_back(act::Send{std::move(arrived)});
                       return actions;
                   },
                   [&](frame::Answered const& answered) {
                       if (answered.id != pinged_) return Actions{};
                       pinged_ = 0;
                       wake_ = now + options_.ping_every;
                       return Actions{};
                   },
                   [](frame::Asked const& asked) {
                       if (asked.id == 0) return Actions{};
                       return Actions{act::Send{refused_frame(asked.id)}};
                   },
                   [](frame::Junk const& junk) {
                       return Actions{act::Report{false, "a frame of the proxy was passed over: " + junk.why}};
                   }},
        read);
}

Actions ProxyMachine::closed(Ended const& ended, Moment now) {
    if (state_ != State::open && state_ != State::connecting) return {};
    Actions actions;
    if (state_ == State::open) actions.push_back(act::Pushed{false});
    bool const settled = state_ == State::open && now - since_ >= options_.settled_after;
    if (ended.upgraded && ended.code == another_took_over) {
        state_ = State::replaced;
        trouble_ =
            "another bot has taken over the proxy's connection; two would fight for it, so this one stays off it "
            "and listens by /sync. Stop one of the two, and start this one anew";
        actions.push_back(act::Report{true, trouble_});
        return actions;
    }
    state_ = State::waiting;
    wait_ = settled || wait_ == Duration::zero() ? options_.first_wait : std::min(wait_ * 2, options_.longest_wait);
    bool const refused = !ended.upgraded && (ended.code == 401 || ended.code == 403);
    if (refused) wait_ = options_.longest_wait;
    wake_ = now + wait_;
    trouble_ = refused
                   ? "the proxy refuses the application service's token; check COXSWAIN_MATRIX_AS_TOKEN, which is read "
                     "anew at the next try"
                   : "";
    auto const said =
        refused ? trouble_ : "the proxy's connection is lost (" + ended.reason + "); /sync alone listens meanwhile";
    if (std::exchange(said_, said) != said) actions.push_back(act::Report{refused, said});
    return actions;
}

Actions ProxyMachine::tick(Moment now) {
    if (now < wake_) return {};
    if (state_ == State::waiting) {
        state_ = State::connecting;
        return {act::OpenProxy{}};
    }
    if (state_ != State::open) return {};
    if (pinged_ != 0) {
        auto actions = closed({"it does not answer", 0, true}, now);
        actions.insert(actions.begin(), act::CloseProxy{});
        return actions;
    }
    pinged_ = next_id_++;
    wake_ = now + options_.answer_within;
    return {act::Ping{pinged_}};
}

std::optional<ProxyMachine::Moment> ProxyMachine::wake() const {
    if (state_ == State::open || state_ == State::waiting) return wake_;
    return std::nullopt;
}

} // namespace cox::matrix
