// The fake Slack as a program, for tests and benchmarks that are not written in C++.
#include "http_server.hpp"

#include <CLI/CLI.hpp>
#include <boost/asio/signal_set.hpp>

#include <csignal>
#include <iostream>

int main(int argc, char** argv) {
    unsigned short port = 0;
    CLI::App app{"A Slack for tests, on loopback"};
    app.add_option("--port", port, "0 takes a free one");
    CLI11_PARSE(app, argc, argv);

    boost::asio::io_context context{1};
    cox::fake_slack::Slack slack{context};
    cox::fake_slack::HttpServer const server{slack, port};
    boost::asio::signal_set signals{context, SIGINT, SIGTERM};
    signals.async_wait([&context](boost::system::error_code, int) { context.stop(); });
    std::cout << "fake slack is at " << slack.address << "/" << std::endl;
    context.run();
}
