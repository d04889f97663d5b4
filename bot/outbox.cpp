#include "bot/outbox.hpp"

#include "bot/logging.hpp"

#include <algorithm>

namespace cox::bot {
namespace {

// Words for one person's eyes lose their use: after a longer stop they are let go.

std::vector<std::int64_t> in_flight_of(std::vector<store::OpMark> const& marks) {
    std::vector<std::int64_t> ops;
    for (auto const& mark : marks) {
        if (mark.state == store::OpState::in_flight) ops.push_back(mark.id);
    }
    return ops;
}

} // namespace

Outbox::Outbox(Wiring wiring) : wiring_{std::move(wiring)} {}

void Outbox::take_back(store::Found const& found) {
    next_op_ = found.highest_op + 1;
    auto const now = wiring_.clocks.now();
    for (auto const& op : found.ops) {
        auto effect = effect_from_json(op.body);
        if (!effect) {
            log_warning("effect " + std::to_string(op.id) +
                        " of the outbox cannot be read and is left: " + effect.error());
            continue;
        }
        machine_.take_back(op, std::move(*effect), now);
    }
    write_marks();
    // Those of unknown fate are asked about at once, also where no alarm would do it.
    pump();
}

bool Outbox::idle() const {
    auto const retry = machine_.wake();
    return flying_ == 0 && marking_ == 0 && (!retry || *retry > wiring_.clocks.now());
}

std::vector<std::int64_t> Outbox::admit(IncidentId incident, std::vector<Effect> const& effects, Time at,
                                        store::Batch& into) {
    std::vector<std::int64_t> ops;
    ops.reserve(effects.size());
    for (auto const& effect : effects) {
        auto const op = next_op_++;
        auto const state = machine_.admit(op, incident, effect, at);
        into.ops.push_back(
            {op, incident, channel_of(effect).value, std::string{kind_of(effect)}, to_json(effect), at, state, 0, ""});
        ops.push_back(op);
    }
    // An answer to OpenChannel comes in here before its own marks are written: those travel with this batch, and so
    // does the word that the lane's next one may go.
    auto marks = machine_.take_marks();
    auto const next = in_flight_of(marks);
    ops.insert(ops.end(), next.begin(), next.end());
    into.marks.insert(into.marks.end(), std::make_move_iterator(marks.begin()), std::make_move_iterator(marks.end()));
    return ops;
}

void Outbox::stored(std::vector<std::int64_t> const& ops) {
    for (auto const op : ops)
        machine_.stored(op);
    pump();
}

void Outbox::pump() {
    for (auto& action : machine_.next(wiring_.clocks.now())) {
        auto const& channel = channel_of(action.job.effect);
        auto* network = wiring_.network_of(channel);
        ++flying_;
        if (!network) {
            Delivered nowhere;
            nowhere.what = Delivered::What::failed;
            nowhere.reason = "no network has it";
            nowhere.unreachable = true;
            came_back(action.job, std::move(nowhere));
            continue;
        }
        Delivery delivery{action.job.op, action.job.incident, action.job.effect, action.job.at,
                          wiring_.urgency(action.job.incident)};
        auto back = [this, job = std::move(action.job)](Delivered delivered) { came_back(job, std::move(delivered)); };
        if (action.what == OutboxMachine::Do::deliver) {
            network->deliver(delivery, std::move(back));
        } else {
            network->reconcile(delivery, std::move(back));
        }
    }
    write_marks(); // some may have been let go
}

void Outbox::came_back(OutboxMachine::Job const& job, Delivered delivered) {
    --flying_;
    bool const sent = delivered.what == Delivered::What::sent;
    bool const failed = delivered.what == Delivered::What::failed;
    sent_ += sent ? 1 : 0;
    failed_ += failed ? 1 : 0;
    may_repeat_ += sent && delivered.may_repeat ? 1 : 0;
    if (failed) {
        log_warning("effect " + std::to_string(job.op) + " (" + std::string{kind_of(job.effect)} + " to " +
                    channel_of(job.effect).value + ") cannot be delivered: " + delivered.reason);
    }
    auto const jitter = std::uniform_real_distribution<double>{0.0, 1.0}(random_);
    machine_.result(job.op, delivered, wiring_.clocks.now(), jitter);
    // Before the mark is written: were we killed in between, the network is asked and answers the same again.
    bool const asked_for_channel = std::holds_alternative<effect::OpenChannel>(job.effect);
    if (asked_for_channel && (failed || (sent && delivered.opened))) {
        wiring_.opened(job.incident, failed ? std::nullopt : delivered.opened, delivered.reason);
    }
    if (failed && delivered.unreachable) wiring_.unreachable(job, delivered.reason);
    write_marks();
    pump();
    wiring_.settled();
}

void Outbox::write_marks() {
    // That something is done with is written with what comes next, or in a quiet moment: were we killed before that,
    // the network is asked and knows.
    if (flying_ > 0 && !machine_.somebody_waits_for_marks()) return;
    auto marks = machine_.take_marks();
    if (marks.empty()) return;
    auto next = in_flight_of(marks);
    store::Batch batch;
    batch.marks = std::move(marks);
    if (next.empty()) {
        batch.patient = true;
        return wiring_.store.commit(std::move(batch), [] {});
    }
    ++marking_;
    wiring_.store.commit(std::move(batch), [this, next = std::move(next)] {
        --marking_;
        stored(next);
        wiring_.settled();
    });
}

} // namespace cox::bot
