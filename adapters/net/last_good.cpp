#include "adapters/net/last_good.hpp"

#include <algorithm>
#include <fstream>
#include <sstream>

namespace cox::net {
namespace {

constexpr std::size_t most_hosts = 64;
constexpr std::size_t most_addresses = 4;

} // namespace

LastGood::LastGood(std::optional<std::filesystem::path> file) : file_{std::move(file)} {
    if (!file_) return;
    std::ifstream in{*file_};
    for (std::string line; hosts_.size() < most_hosts && std::getline(in, line);) {
        std::istringstream words{line};
        std::string host;
        words >> host;
        auto& addresses = hosts_[host];
        for (std::string word; addresses.size() < most_addresses && words >> word;) {
            boost::system::error_code error;
            auto const address = boost::asio::ip::make_address(word, error);
            if (!error) addresses.push_back(address);
        }
        if (addresses.empty()) hosts_.erase(host);
    }
}

std::vector<boost::asio::ip::address> LastGood::of(std::string const& host) const {
    auto const at = hosts_.find(host);
    return at == hosts_.end() ? std::vector<boost::asio::ip::address>{} : at->second;
}

void LastGood::remember(std::string const& host, boost::asio::ip::address const& address) {
    if (!hosts_.contains(host) && hosts_.size() >= most_hosts) return;
    auto& addresses = hosts_[host];
    auto const known = std::ranges::find(addresses, address);
    // Services answer at several addresses by turns: as long as one is known, the disk is left in peace.
    if (known != addresses.end()) {
        std::rotate(addresses.begin(), known, known + 1);
        return;
    }
    addresses.insert(addresses.begin(), address);
    if (addresses.size() > most_addresses) addresses.pop_back();
    write();
}

// Beside the old one and then in its place, so that a crash leaves one of the two. Nothing is lost if this fails.
void LastGood::write() const {
    if (!file_) return;
    auto beside = *file_;
    beside += ".new";
    {
        std::ofstream out{beside, std::ios::trunc};
        for (auto const& [host, addresses] : hosts_) {
            out << host;
            for (auto const& address : addresses)
                out << ' ' << address.to_string();
            out << '\n';
        }
        if (!out.flush()) return;
    }
    std::error_code ignored;
    std::filesystem::rename(beside, *file_, ignored);
}

} // namespace cox::net
