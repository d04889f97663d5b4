#include "adapters/json/quick.hpp"

#include <boost/json/basic_parser_impl.hpp>
#include <boost/json/src.hpp> // the library without a library to link
#include <boost/system/error_code.hpp>

#include <charconv>
#include <cstdint>
#include <limits>
#include <system_error>

namespace cox::untrusted {
namespace {

using Error = boost::system::error_code;
using Text = boost::json::string_view;

// Hands on what Boost.JSON tells of. Strings with escapes in them come in parts.
class Told {
public:
    static constexpr auto max_object_size = std::numeric_limits<std::size_t>::max(); // the builder counts
    static constexpr auto max_array_size = max_object_size;
    static constexpr auto max_key_size = max_object_size;
    static constexpr auto max_string_size = max_object_size;

    explicit Told(Builder& into) : into_{into} {}

    bool on_document_begin(Error&) { return true; }
    bool on_document_end(Error&) { return true; }
    bool on_object_begin(Error& error) { return told(into_.start_object(0), error); }
    bool on_object_end(std::size_t, Error& error) { return told(into_.end_object(), error); }
    bool on_array_begin(Error& error) { return told(into_.start_array(0), error); }
    bool on_array_end(std::size_t, Error& error) { return told(into_.end_array(), error); }
    bool on_key_part(Text part, std::size_t, Error&) { return add(part); }
    bool on_key(Text last, std::size_t, Error& error) {
        add(last);
        return told(into_.key(text_), error) && drop();
    }
    bool on_string_part(Text part, std::size_t, Error&) { return add(part); }
    bool on_string(Text last, std::size_t, Error& error) {
        add(last);
        return told(into_.string(text_), error) && drop();
    }
    bool on_number_part(Text, Error&) { return true; }
    bool on_int64(std::int64_t value, Text, Error& error) {
        return told(value < 0 ? into_.number_integer(value) : into_.number_unsigned(static_cast<std::uint64_t>(value)),
                    error);
    }
    bool on_uint64(std::uint64_t value, Text, Error& error) { return told(into_.number_unsigned(value), error); }
    // Not every version of the library reads them to the last digit.
    bool on_double(double value, Text text, Error& error) {
        auto const read = std::from_chars(text.data(), text.data() + text.size(), value);
        return told(read.ec == std::errc{} && into_.number_float(value, {}), error);
    }
    bool on_bool(bool value, Error& error) { return told(into_.boolean(value), error); }
    bool on_null(Error& error) { return told(into_.null(), error); }
    bool on_comment_part(Text, Error&) { return false; }
    bool on_comment(Text, Error&) { return false; }

private:
    bool add(Text part) {
        text_.append(part.data(), part.size());
        return true;
    }
    bool drop() {
        text_.clear(); // the builder may have moved it away
        return true;
    }
    static bool told(bool well, Error& error) {
        if (!well) error = boost::json::error::exception;
        return well;
    }

    Builder& into_;
    std::string text_; // of the key or string that comes
};

} // namespace

bool build_quickly(std::string_view text, Builder& into) {
    boost::json::parse_options options;
    options.max_depth = deepest_json; // it uses the stack
    boost::json::basic_parser<Told> parser{options, into};
    Error error;
    auto const read = parser.write_some(false, text.data(), text.size(), error);
    return !error && read == text.size();
}

} // namespace cox::untrusted
