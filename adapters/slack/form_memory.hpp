#pragma once
// What an update form carries through Slack in its private_metadata: the channel it is about, and of each field a mark
// of what it was filled with. By then others may have said something newer; only what the form's author changed counts.
#include <map>
#include <optional>
#include <string>
#include <string_view>

namespace cox::slack {

struct FormMemory {
    std::string channel;
    std::map<std::string, std::string> filled; // by field, short whatever stood there

    void fill(std::string const& field, std::string_view value);
    // Whether `value` is something else than what the field was filled with. One that was filled with nothing held "".
    bool changed(std::string const& field, std::string_view value) const;
};

std::string to_metadata(FormMemory const&);
// None when it is not one of ours.
std::optional<FormMemory> read_form_memory(std::string_view metadata);

} // namespace cox::slack
