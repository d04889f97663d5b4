// The fake homeserver as a program, for tests and benchmarks that are not written in C++.
#include "homeserver.hpp"

#include <CLI/CLI.hpp>
#include <boost/asio/signal_set.hpp>

#include <csignal>
#include <iostream>

int main(int argc, char** argv) {
    unsigned short port = 0;
    CLI::App app{"A Matrix homeserver for tests, on loopback"};
    app.add_option("--port", port, "0 takes a free one");
    CLI11_PARSE(app, argc, argv);

    boost::asio::io_context context{1};
    cox::fake_homeserver::Homeserver const server{context, port};
    boost::asio::signal_set signals{context, SIGINT, SIGTERM};
    signals.async_wait([&context](boost::system::error_code, int) { context.stop(); });
    std::cout << "fake homeserver is at " << server.http.address() << "/" << std::endl;
    context.run();
}
