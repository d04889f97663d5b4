#include "adapters/hook/answer.hpp"

#include "adapters/net/retry_after.hpp"

namespace cox::hook {
namespace {

using What = Delivered::What;

Delivered never_answered(net::Failure const& failure) {
    Delivered delivered;
    delivered.what = failure.cause == net::Cause::refused_url ? What::failed
                     : failure.may_have_acted                 ? What::unknown
                                                              : What::again;
    delivered.reason = std::string{net::word(failure.cause)};
    if (!failure.reason.empty()) delivered.reason += ": " + failure.reason;
    return delivered;
}

bool is_for_now(int status) {
    return status == 408 || status == 429 || status >= 500;
}

} // namespace

Delivered read_answer(net::HttpResult const& result, Time now) {
    if (!result) return never_answered(result.error());
    Delivered delivered;
    if (result->status >= 200 && result->status < 300) return delivered;
    delivered.reason = "HTTP " + std::to_string(result->status);
    delivered.what = is_for_now(result->status) ? What::again : What::failed;
    if (delivered.what == What::again) delivered.wait = net::read_retry_after(result->header("Retry-After"), now);
    return delivered;
}

} // namespace cox::hook
