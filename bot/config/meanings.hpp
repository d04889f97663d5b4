#pragma once
// Which severity, or which role, a word stands for; no word may stand for two.
#include "bot/config/yaml_tree.hpp"

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace cox::bot {

class Meanings {
public:
    void claim(Report&, YamlNode const& at, std::string_view word, std::string const& owner);
    // The same key a second time is a second owner of its own words.
    bool taken(std::string_view key) const { return find(key) != nullptr; }
    std::optional<std::string> owner(std::string_view word) const;
    std::vector<std::string_view> words() const;
    bool empty() const { return owners_.empty(); }

private:
    struct Owner {
        std::string key;
        int line;
    };
    Owner const* find(std::string_view word) const;

    std::map<std::string, Owner> owners_;
};

} // namespace cox::bot
