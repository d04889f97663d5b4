#include "bot/cli/cli.hpp"

#include <exception>
#include <malloc.h>

int main(int argc, char** argv) {
    // Few threads: an arena of memory for each would only be resident.
    mallopt(M_ARENA_MAX, 1);
    try {
        return cox::bot::run_command_line(argc, argv);
    } catch (std::exception const& error) {
        cox::bot::complain(error.what());
        return cox::bot::code::internal;
    }
}
