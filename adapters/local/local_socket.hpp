#pragma once
// A line in, a line out, over a socket in the data folder: how other programs of this machine reach a running
// coxswain when chat itself is down. Only the user who runs it may open the socket (mode 0600).
#include <expected>
#include <filesystem>
#include <functional>
#include <memory>
#include <string>
#include <string_view>

namespace boost::asio {
class io_context;
}

namespace cox {

constexpr std::string_view local_socket_name = "coxswain.sock";
// The longest request, in bytes.
constexpr std::size_t longest_local_line = 64 * 1024;

class LocalServer {
public:
    using Reply = std::function<void(std::string line)>;
    using Handler = std::function<void(std::string line, Reply)>;

    LocalServer(boost::asio::io_context&, std::filesystem::path, Handler);
    ~LocalServer();

    // The reason says what is wrong. A socket left behind by a process that died is replaced.
    std::expected<void, std::string> listen();

private:
    struct Impl;
    std::shared_ptr<Impl> impl_;
};

enum class LocalFailure { nobody_there, no_answer };

// Blocks until the answer is there, 30 s at most.
std::expected<std::string, LocalFailure> ask_local(std::filesystem::path const& socket, std::string_view line);

} // namespace cox
