#pragma once
// A Slack that somebody else wrote: the npm package `emulate` as a child process on loopback, with the workspace of
// seed.yaml. Gone with this object, or with this process.
#include <string>
#include <sys/types.h>

namespace cox::test {

class Twin {
public:
    // Throws, with what the child has said, when it does not come up.
    Twin();
    ~Twin();
    Twin(Twin const&) = delete;
    Twin& operator=(Twin const&) = delete;

    std::string api() const { return "http://127.0.0.1:" + std::to_string(port_) + "/api/"; }

private:
    void wait_until_ready();
    void stop();

    unsigned short port_;
    int output_ = -1; // what the child says
    pid_t child_ = -1;
};

} // namespace cox::test
