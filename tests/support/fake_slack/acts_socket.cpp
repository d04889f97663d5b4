// What happens to the connections of Socket Mode. "connection" names one; without it all are meant.
#include "acts.hpp"

namespace cox::fake_slack {
namespace {

int connection_in(json const& args) {
    return args.value("connection", 0);
}

json reached(int count) {
    return {{"connections", count}};
}

json disconnect(Slack& slack, json const& args) {
    std::optional<int> close_after_ms;
    if (args.contains("close_after_ms")) close_after_ms = args["close_after_ms"];
    return reached(
        slack.sockets.send_disconnect(connection_in(args), args.value("reason", "refresh_requested"), close_after_ms));
}

json text_frame(Slack& slack, json const& args) {
    return reached(slack.sockets.send_text(connection_in(args), args.at("text")));
}

json binary_frame(Slack& slack, json const& args) {
    return reached(slack.sockets.send_binary(connection_in(args), args.at("bytes")));
}

json close_socket(Slack& slack, json const& args) {
    auto const code = static_cast<std::uint16_t>(args.value("code", 1000));
    return reached(slack.sockets.close(connection_in(args), code, args.value("reason", "")));
}

json reset_socket(Slack& slack, json const& args) {
    return reached(slack.sockets.reset(connection_in(args)));
}

json silence(Slack& slack, json const& args) {
    return reached(slack.sockets.set_silent(connection_in(args), args.value("on", true)));
}

json deafen(Slack& slack, json const& args) {
    return reached(slack.sockets.set_deaf(connection_in(args), args.value("on", true)));
}

json hold(Slack& slack, json const&) {
    slack.sockets.hold();
    return json::object();
}

json release(Slack& slack, json const& args) {
    slack.sockets.release(args.value("backwards", false));
    return json::object();
}

json envelope(Slack& slack, json const& args) {
    return {{"envelope_id",
             slack.sockets.deliver(args.at("type"), args.at("payload"), args.value("takes_payload", false))}};
}

json forget_envelopes(Slack& slack, json const&) {
    slack.sockets.forget_envelopes();
    return json::object();
}

} // namespace

std::span<Act const> socket_acts() {
    static Act const table[] = {
        {"disconnect", disconnect},
        {"text_frame", text_frame},
        {"binary_frame", binary_frame},
        {"close_socket", close_socket},
        {"reset_socket", reset_socket},
        {"silence", silence},
        {"deafen", deafen},
        {"hold", hold},
        {"release", release},
        {"envelope", envelope},
        {"forget_envelopes", forget_envelopes},
    };
    return table;
}

} // namespace cox::fake_slack
