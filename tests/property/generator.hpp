#pragma once
// People who say anything, at any time, anywhere.
#include "chance.hpp"
#include "engine.hpp"

namespace cox::test {

class Generator {
public:
    Generator(std::uint64_t seed, Policy const& base);

    // The shipped policy with other levels, a backup or none, somebody who may take over.
    Policy policy() const { return policy_; }
    // How far the clock moves before the next step: mostly seconds and minutes.
    Duration pause();
    // Now and then the bot does not run for a while, up to days.
    std::optional<Duration> sleep();
    Request request(World const&, Time now);

private:
    Command command(World const&, Channel const& place, Time now);
    std::string typed(World const&, Channel const& place);
    Channel place(World const&);
    Person const& somebody() { return chance_.of(people_); }
    std::string item() { return chance_.one_in(3) ? "" : "A" + std::to_string(1 + chance_.below(6)); }
    std::string severity() { return policy_.severities[chance_.below(policy_.severities.size())].key; }
    std::string role() { return policy_.roles[chance_.below(policy_.roles.size())].key; }
    std::string text();
    Time soon(Time now);

    Chance chance_;
    Policy policy_;
    std::vector<Person> people_;
    std::vector<Channel> channels_;
};

} // namespace cox::test
