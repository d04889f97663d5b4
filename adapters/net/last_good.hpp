#pragma once
// The addresses at which each host last answered as itself, in memory and in a file that survives a restart: for the
// day when nobody tells names any more. The file has one host a line, then its addresses.
#include <boost/asio/ip/address.hpp>

#include <filesystem>
#include <map>
#include <optional>
#include <string>
#include <vector>

namespace cox::net {

class LastGood {
public:
    // What the file holds is taken; a file that is not there or not readable is an empty one.
    explicit LastGood(std::optional<std::filesystem::path> file);

    std::vector<boost::asio::ip::address> of(std::string const& host) const;
    // This one comes first from now on.
    void remember(std::string const& host, boost::asio::ip::address const&);

private:
    void write() const;

    std::optional<std::filesystem::path> file_;
    std::map<std::string, std::vector<boost::asio::ip::address>> hosts_;
};

} // namespace cox::net
