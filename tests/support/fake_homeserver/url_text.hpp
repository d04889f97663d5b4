#pragma once
// Percent-encoding, read as strictly as it must be written.
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace cox::fake_homeserver {

// The text between the slashes, still encoded; a slash at the end gives an empty last one.
std::vector<std::string> segments_of(std::string_view path);
std::string decoded(std::string_view segment);
std::map<std::string, std::string> query_of(std::string_view query);

// Whether it holds nothing but unreserved characters and whole %XX.
bool is_well_encoded(std::string_view segment);

} // namespace cox::fake_homeserver
