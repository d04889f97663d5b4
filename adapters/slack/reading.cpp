#include "adapters/slack/reading.hpp"

#include "adapters/slack/response_url.hpp"

#include <charconv>

namespace cox::slack {

Reading passed(std::string why) {
    return {happening::Passed{std::move(why)}, {}, {}};
}

Reading malformed(std::string_view what) {
    return passed("malformed " + plain_word(what));
}

std::string key_of(std::string_view kind, std::initializer_list<std::string_view> parts) {
    std::string key{"slack:"};
    key += kind;
    for (auto const part : parts)
        key.append(":").append(part);
    return key;
}

std::optional<std::int64_t> seconds_of(std::string_view ts) {
    constexpr std::size_t most_digits = 11;
    auto const whole = ts.substr(0, ts.find('.'));
    std::int64_t seconds = 0;
    auto const [end, error] = std::from_chars(whole.data(), whole.data() + whole.size(), seconds);
    bool const plain = error == std::errc{} && end == whole.data() + whole.size() && whole.size() <= most_digits;
    if (!plain || seconds < 0) return std::nullopt;
    return seconds;
}

std::string response_url_at(nlohmann::json const& payload, Ourselves const& us) {
    auto url = text_at(payload, "response_url");
    return is_response_url(url, us.loopback) ? url : std::string{};
}

} // namespace cox::slack
