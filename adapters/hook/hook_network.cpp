#include "adapters/hook/hook_network.hpp"

#include "adapters/hook/answer.hpp"
#include "adapters/hook/signature.hpp"
#include "adapters/network/own_rows.hpp"

#include <boost/asio/io_context.hpp>

#include <set>
#include <utility>

namespace cox::hook {
namespace {

using namespace std::chrono_literals;
using What = Delivered::What;

constexpr std::string_view queue_prefix = "hook:";
constexpr std::string_view house_row = "hook:house";
// Then it is no news to the receiver any more.
constexpr Duration given_up_after = 24h;
constexpr Duration secret_wait = 30s;

Delivered failed(std::string reason) {
    Delivered delivered;
    delivered.what = What::failed;
    delivered.reason = std::move(reason);
    return delivered;
}

// Without path and query, which may hold a secret.
std::string shown(net::Url const& url) {
    auto const host = url.host.contains(':') ? "[" + url.host + "]" : url.host;
    bool const is_usual = url.port == (url.secure() ? 443 : 80);
    return url.scheme + "://" + host + (is_usual ? "" : ":" + std::to_string(url.port));
}

} // namespace

struct HookNetwork::Impl final : Network {
    using Done = std::function<void(Delivered)>;

    store::Store& store;
    Desk& desk;
    SecretNow secret_now;
    std::unique_ptr<net::Outside> outside;
    net::HttpClient http;
    std::string house = {};                 // tells our operations from those of another database
    std::set<std::int64_t> may_repeat = {}; // sent again although the first try may have been heard
    std::set<std::int64_t> troubled = {};   // not heard at the first try: the operator knows
    std::size_t under_way = 0;
    std::function<void()> gone = {}; // waits for the last answer
    bool stopped = false;
    std::shared_ptr<bool> alive = std::make_shared<bool>(true);

    Impl(boost::asio::io_context& io, store::Store& kept, Desk& of_house, HookOptions const& options,
         std::unique_ptr<net::Outside> way_out, SecretNow secret)
        : store{kept}, desk{of_house}, secret_now{std::move(secret)}, outside{std::move(way_out)},
          http{io, *outside, options.http} {}

    std::string_view name() const override { return "hook"; }
    bool owns(ChannelId const& channel) const override { return channel.value.starts_with(queue_prefix); }
    std::vector<Person> find_people(ChannelId const&, std::string_view, bool) override { return {}; }
    std::optional<Channel> room(Channel const&) const override { return std::nullopt; }
    void start(Inbox&) override {}
    void stop_listening() override {}

    void deliver(Delivery const& delivery, Done done) override {
        auto const* hook = std::get_if<effect::CallHook>(&delivery.effect);
        if (!hook) return done(failed("nobody reads there"));
        auto url = net::parse_url(hook->url);
        if (!url) return done(failed("its address cannot be used: " + url.error()));
        auto const where = hook->channel.value + " at " + shown(*url);
        auto const secret = secret_now();
        if (!secret) {
            Delivered later;
            later.what = What::again;
            later.reason = "COXSWAIN_HOOK_SECRET cannot be read; `coxswain check` says why";
            later.wait = secret_wait;
            return done(judged(delivery, where, std::move(later)));
        }
        ++under_way;
        http.send(request(delivery, *hook, *std::move(url), *secret),
                  [this, watch = std::weak_ptr<bool>{alive}, delivery, where,
                   done = std::move(done)](net::HttpResult const& result) {
                      if (!watch.lock()) return;
                      --under_way;
                      // Whoever stops asks no more; the next life does.
                      if (!stopped) done(judged(delivery, where, read_answer(result, desk.now())));
                      go_if_quiet();
                  });
    }

    // There is no asking a receiver whether it has heard: it hears once more, and the key tells it.
    void reconcile(Delivery const& delivery, Done done) override {
        may_repeat.insert(delivery.op);
        Delivered absent;
        absent.what = What::absent;
        done(std::move(absent));
    }

    void stop() override {
        stopped = true;
        http.stop();
    }

    void leave(std::function<void()> left) override {
        gone = std::move(left);
        go_if_quiet();
    }

    void go_if_quiet() {
        if (under_way > 0 || !gone) return;
        stop();
        std::exchange(gone, nullptr)();
    }

    net::HttpRequest request(Delivery const& delivery, effect::CallHook const& hook, net::Url url,
                             std::string const& secret) const {
        net::HttpRequest request;
        request.url = std::move(url);
        request.headers = {{"Content-Type", "application/json"},
                           {"Accept", "*/*"},
                           {"Idempotency-Key", "coxswain-" + house + "-" + std::to_string(delivery.op)}};
        request.body = hook.body;
        if (secret.empty()) return request;
        // Of this try, by the world's clock and not the house's, which may be another in a drill.
        auto const now = std::chrono::system_clock::now().time_since_epoch();
        auto const seconds = std::chrono::floor<std::chrono::seconds>(now).count();
        request.headers.emplace_back("X-Coxswain-Timestamp", std::to_string(seconds));
        request.headers.emplace_back("X-Coxswain-Signature", signature(secret, seconds, hook.body));
        return request;
    }

    // What the outbox hears, and a word to the operator when it begins to go wrong, when it is well again, and when it
    // is given up.
    Delivered judged(Delivery const& delivery, std::string const& where, Delivered delivered) {
        bool const passing = delivered.what == What::again || delivered.what == What::unknown;
        if (passing && desk.now() - delivery.at >= given_up_after) {
            delivered = failed("given up after a day: " + delivered.reason);
        } else if (passing) {
            if (troubled.insert(delivery.op).second)
                desk.tell_operator(Weight::warning,
                                   where + " was not reached (" + delivered.reason + "); it is tried again for a day");
            return delivered;
        }
        bool const was_troubled = troubled.erase(delivery.op) > 0;
        bool const repeated = may_repeat.erase(delivery.op) > 0;
        if (delivered.what == What::failed) {
            desk.tell_operator(Weight::error, where + " has not heard what happened (" + delivered.reason +
                                                  "); tell it by hand, and see freeze_webhook in policy.yaml");
        } else {
            delivered.may_repeat = repeated;
            if (was_troubled) desk.tell_operator(Weight::info, where + " was reached");
        }
        return delivered;
    }
};

HookNetwork::HookNetwork(std::unique_ptr<Impl> impl) : impl_{std::move(impl)} {}
HookNetwork::~HookNetwork() = default;

std::expected<std::unique_ptr<HookNetwork>, std::string>
HookNetwork::make(boost::asio::io_context& io, store::Store& store, Desk& desk, HookOptions options, SecretNow secret) {
    auto outside = net::Outside::make(io, options.outside);
    if (!outside) return std::unexpected{outside.error()};
    auto impl = std::make_unique<Impl>(io, store, desk, options, std::move(*outside), std::move(secret));
    return std::unique_ptr<HookNetwork>{new HookNetwork{std::move(impl)}};
}

void HookNetwork::load(store::Found const& found) {
    auto const house = row_of(found, house_row);
    impl_->house = house.value_or(random_name());
    if (house) return;
    store::Batch batch;
    batch.cursors.push_back({std::string{house_row}, impl_->house});
    impl_->store.commit(std::move(batch), [] {});
}

Network& HookNetwork::network() {
    return *impl_;
}

} // namespace cox::hook
