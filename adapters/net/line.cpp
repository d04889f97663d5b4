#include "adapters/net/line.hpp"

namespace cox::net {

// A deadline that moves away leaves the timer alone: it goes off too early, sees that, and is set again. So a busy
// connection touches its timer once in a deadline's time and not with each message.
void Line::within(std::chrono::milliseconds span) {
    if (hung_up_) return;
    due_ = std::chrono::steady_clock::now() + span;
    if (due_ < armed_for_) arm();
}

void Line::arm() {
    armed_for_ = due_;
    timer_.expires_at(due_);
    timer_.async_wait([weak = weak_from_this()](boost::system::error_code error) {
        auto const self = weak.lock();
        if (error || !self || self->hung_up_) return;
        self->armed_for_ = Moment::max();
        if (self->due_ == Moment::max()) return;
        if (self->due_ > std::chrono::steady_clock::now()) return self->arm();
        self->expired_ = true;
        self->hang_up();
        if (self->when_expired) self->when_expired();
    });
}

void Line::hang_up() {
    if (hung_up_) return;
    hung_up_ = true;
    timer_.cancel();
    stream.close();
    if (abandon) abandon();
}

} // namespace cox::net
