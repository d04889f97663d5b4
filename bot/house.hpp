#pragma once
// Everything put together: the store, the loop, the networks, the clock, the drill. One network thread (the one that
// calls run()) and the store's own.
#include "adapters/store/store.hpp"
#include "bot/clocks.hpp"
#include "bot/config/config_folder.hpp"

#include <expected>
#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace cox::bot {

struct HouseOptions {
    std::filesystem::path data; // a folder that is there
    std::filesystem::path database;
    std::string address = "127.0.0.1";
    unsigned short port = 8080;
    std::vector<std::string> hosts;
    std::vector<std::string> channels; // of the web network, made if they are not there
    std::optional<Settings::Slack> slack;
    std::optional<Settings::Matrix> matrix;
    Clocks clocks = Clocks::real();
    std::optional<std::string> play; // a drill's name
};

class House {
public:
    // Opens the database, folds what is open, listens. The trouble says what is wrong, what to do and the exit code.
    static store::Result<std::unique_ptr<House>> open(ConfigFolder, HouseOptions);
    ~House();

    unsigned short port() const;
    // Until SIGINT or SIGTERM, or until the store breaks; the exit code.
    int run();

private:
    struct Impl;
    explicit House(std::unique_ptr<Impl>);
    std::unique_ptr<Impl> impl_;
};

} // namespace cox::bot
