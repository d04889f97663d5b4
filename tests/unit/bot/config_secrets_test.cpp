#include "bot/config/secrets.hpp"

#include "config_support.hpp"

#include <gtest/gtest.h>

#include <concepts>
#include <map>
#include <ostream>
#include <sys/stat.h>

namespace cox::bot {
namespace {

template <class T>
concept Printable = requires(std::ostream& out, T const& value) { out << value; };
static_assert(!Printable<Secret>);
static_assert(!std::copyable<Secret>);
static_assert(std::movable<Secret>);
static_assert(!std::convertible_to<Secret, std::string_view>);

using Variables = std::map<std::string, std::string>;

SecretSources sources(Variables const& variables, std::optional<std::filesystem::path> credentials = {}) {
    return {std::move(credentials), [&variables](char const* name) -> char const* {
                auto const found = variables.find(name);
                return found == variables.end() ? nullptr : found->second.c_str();
            }};
}

std::string token(std::expected<Secrets, std::vector<Problem>> const& secrets) {
    if (!secrets) return "problem";
    return secrets->web_token ? std::string{secrets->web_token->reveal()} : "none";
}

TEST(Secrets, AreNotNeeded) {
    EXPECT_EQ(token(load_secrets(sources({}))), "none");
}

TEST(Secrets, ComeFromTheEnvironmentAndAreCalledExposed) {
    Variables const variables{{"COXSWAIN_WEB_TOKEN", "from-env"}};
    auto const secrets = load_secrets(sources(variables));
    EXPECT_EQ(token(secrets), "from-env");
    EXPECT_EQ(secrets->exposed, std::vector<std::string_view>{"COXSWAIN_WEB_TOKEN"});
}

TEST(Secrets, TheOneThatWebhooksAreSignedWithIsOneOfThem) {
    Variables const variables{{"COXSWAIN_HOOK_SECRET", "team-secret"}};
    auto const secrets = load_secrets(sources(variables));
    ASSERT_TRUE(secrets && secrets->hook_secret);
    EXPECT_EQ(secrets->hook_secret->reveal(), "team-secret");
}

TEST(Secrets, APrivateFileWinsOverTheEnvironment) {
    test::Folder const folder;
    auto const file = folder.write("token", "from-file\n");
    ::chmod(file.c_str(), 0600);
    Variables const variables{{"COXSWAIN_WEB_TOKEN", "from-env"}, {"COXSWAIN_WEB_TOKEN_FILE", file.string()}};
    auto const secrets = load_secrets(sources(variables));
    EXPECT_EQ(token(secrets), "from-file");
    EXPECT_TRUE(secrets->exposed.empty());
}

TEST(Secrets, ASystemdCredentialWinsOverAll) {
    test::Folder const folder;
    auto const file = folder.write("COXSWAIN_WEB_TOKEN", "from-systemd");
    ::chmod(file.c_str(), 0440);
    Variables const variables{{"COXSWAIN_WEB_TOKEN", "from-env"}, {"COXSWAIN_WEB_TOKEN_FILE", "/nowhere"}};
    EXPECT_EQ(token(load_secrets(sources(variables, folder.path()))), "from-systemd");
}

TEST(Secrets, AFileThatOthersMayReadIsRefused) {
    test::Folder const folder;
    auto const file = folder.write("token", "seen-by-all");
    Variables const variables{{"COXSWAIN_WEB_TOKEN_FILE", file.string()}};
    for (auto const& [mode, shown] : {std::pair{0644, "0644"}, {0640, "0640"}, {0604, "0604"}, {0620, "0620"}}) {
        ::chmod(file.c_str(), static_cast<mode_t>(mode));
        EXPECT_EQ(test::problems_of(load_secrets(sources(variables))),
                  file.string() + ": others than its owner may use this file (mode " + shown + "); chmod 600 it\n");
    }
    ::chmod(file.c_str(), 0400);
    EXPECT_EQ(token(load_secrets(sources(variables))), "seen-by-all");
}

TEST(Secrets, WhatCannotBeATokenIsNamedAndNeverShown) {
    for (std::string const bad : {"", "two words", "tab\tinside", "\xC3\xA9t\xC3\xA9", "line\nline"}) {
        Variables const variables{{"COXSWAIN_WEB_TOKEN", bad}};
        auto const said = test::problems_of(load_secrets(sources(variables)));
        EXPECT_TRUE(said.starts_with("COXSWAIN_WEB_TOKEN: the secret ")) << said;
        EXPECT_TRUE(bad.empty() || !said.contains(bad));
    }
    Variables const variables{{"COXSWAIN_WEB_TOKEN", std::string(5000, 'x')}};
    EXPECT_EQ(test::problems_of(load_secrets(sources(variables))),
              "COXSWAIN_WEB_TOKEN: the secret is longer than 4096 bytes; check that it is the token\n");
}

TEST(Secrets, AFileThatIsMissingOrNoFileIsNamed) {
    test::Folder const folder;
    Variables const missing{{"COXSWAIN_WEB_TOKEN_FILE", (folder.path() / "no").string()}};
    EXPECT_EQ(test::problems_of(load_secrets(sources(missing))),
              (folder.path() / "no").string() +
                  ": there is no such file; write the token into it, or unset COXSWAIN_WEB_TOKEN_FILE\n");
    auto const pipe = folder.path() / "pipe";
    ASSERT_EQ(::mkfifo(pipe.c_str(), 0600), 0);
    Variables const a_pipe{{"COXSWAIN_WEB_TOKEN_FILE", pipe.string()}};
    EXPECT_EQ(test::problems_of(load_secrets(sources(a_pipe))),
              pipe.string() + ": is not a plain file; write the token into a plain file\n");
}

TEST(Secrets, AMovedSecretKeepsItsValue) {
    Secret first{"abc"};
    Secret const second{std::move(first)};
    EXPECT_EQ(second.reveal(), "abc");
}

} // namespace
} // namespace cox::bot
