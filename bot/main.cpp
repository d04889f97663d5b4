#include "bot/cli/cli.hpp"

#include <exception>

int main(int argc, char** argv) {
    try {
        return cox::bot::run_command_line(argc, argv);
    } catch (std::exception const& error) {
        cox::bot::complain(error.what());
        return cox::bot::code::internal;
    }
}
