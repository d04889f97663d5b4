#include "adapters/slack/people.hpp"

#include "adapters/slack/json.hpp"
#include "adapters/slack/names.hpp"
#include "core/parse.hpp"
#include "core/phrases.hpp"
#include "core/text.hpp"

#include <algorithm>
#include <iterator>
#include <ranges>
#include <utility>

namespace cox::slack {
namespace {

using namespace std::chrono_literals;

constexpr std::string_view row = "slack:person:";
constexpr Duration good_for = 24h;
constexpr std::size_t longest_name = 60;
constexpr int most_pages = 10; // of a channel's members
// Slack answers for some eighty people a minute. Whoever speaks goes first, and the thousands of a large channel are
// not asked for at all: a mention names them there.
constexpr std::size_t most_members_asked = 200;
constexpr int urgency_of_members = 5;

std::string shown_name(nlohmann::json const& user, std::string_view id) {
    auto const& profile = at(user, "profile");
    for (auto const& name : {text_at(profile, "display_name"), text_at(profile, "real_name"),
                             text_at(user, "real_name"), text_at(user, "name")}) {
        auto shown = one_line(normalise(name), longest_name);
        if (!shown.empty()) return shown;
    }
    return std::string{id};
}

Standing standing_of(nlohmann::json const& user, std::string_view team, std::string_view enterprise) {
    auto const home = text_at(user, "team_id");
    bool const elsewhere = !home.empty() && !team.empty() && home != team;
    // In an organisation of several workspaces those of the others are colleagues.
    bool const colleague = !enterprise.empty() && text_at(at(user, "enterprise_user"), "enterprise_id") == enterprise;
    if (!colleague && (flag_at(user, "is_stranger") || elsewhere)) return Standing::stranger;
    // A bot that is let in by mistake, or an account that is gone, decides nothing.
    bool const no_person = flag_at(user, "is_bot") || flag_at(user, "deleted");
    if (no_person || flag_at(user, "is_restricted") || flag_at(user, "is_ultra_restricted")) return Standing::guest;
    return Standing::member;
}

std::string written(Profile const& profile) {
    return nlohmann::json{{"name", profile.name},
                          {"handle", profile.handle},
                          {"standing", static_cast<int>(profile.standing)},
                          {"deactivated", profile.deactivated},
                          {"bot", profile.bot},
                          {"learnt", rfc3339(profile.learnt)}}
        .dump(-1, ' ', false, nlohmann::json::error_handler_t::replace);
}

std::optional<Profile> read(std::string_view text) {
    auto const json = read_object(text, 4096);
    if (!json) return std::nullopt;
    Profile profile;
    profile.name = text_at(*json, "name");
    profile.handle = text_at(*json, "handle");
    auto const standing = count_at(*json, "standing").value_or(static_cast<int>(Standing::unverified));
    profile.standing =
        standing <= static_cast<int>(Standing::unverified) ? static_cast<Standing>(standing) : Standing::unverified;
    profile.deactivated = flag_at(*json, "deactivated");
    profile.bot = flag_at(*json, "bot");
    profile.learnt = from_rfc3339(text_at(*json, "learnt")).value_or(Time{});
    return profile;
}

bool is_first_word(std::string_view name, std::string_view word) {
    return name.size() > word.size() && name[word.size()] == ' ' &&
           same_ignoring_case(name.substr(0, word.size()), word);
}

} // namespace

People::People(WebApi& api, Desk& desk) : api_{api}, desk_{desk} {}

void People::set_ourselves(std::string team, std::string user, std::string enterprise) {
    team_ = std::move(team);
    self_ = std::move(user);
    enterprise_ = std::move(enterprise);
}

void People::load(store::Found const& found) {
    for (auto const& cursor : found.cursors) {
        if (!cursor.name.starts_with(row)) continue;
        if (auto profile = read(cursor.value)) profiles_[cursor.name.substr(row.size())] = std::move(*profile);
    }
}

Profile const* People::find(std::string_view user) const {
    auto const found = profiles_.find(user);
    return found == profiles_.end() ? nullptr : &found->second;
}

bool People::fresh(std::string_view user) const {
    auto const* profile = find(user);
    return profile && desk_.now() - profile->learnt < good_for;
}

Person People::person(std::string_view user) const {
    if (user == self_) return {user_id(team_, user), "coxswain"};
    auto const* profile = find(user);
    return {user_id(team_, user), profile ? profile->name : std::string{user}};
}

Standing People::standing(std::string_view user, std::string_view home_team) const {
    bool const elsewhere = !home_team.empty() && !team_.empty() && home_team != team_;
    // Whether it is a workspace of our own organisation only Slack can tell.
    if (elsewhere && (enterprise_.empty() || !fresh(user))) return Standing::stranger;
    // What Slack said less than a day ago holds while it does not answer.
    if (!fresh(user)) return Standing::unverified;
    return find(user)->standing;
}

void People::know(std::vector<std::string> users, std::function<void()> done, int urgency) {
    Question question;
    for (auto& user : users) {
        if (user.empty() || user == self_ || fresh(user)) continue;
        question.open.insert(std::move(user));
    }
    if (question.open.empty()) return done();
    question.done = std::move(done);
    auto const asked = question.open;
    questions_.push_back(std::move(question));
    for (auto const& user : asked)
        ask(user, urgency);
}

void People::ask(std::string const& user, int urgency) {
    auto const [asked, first] = asked_.try_emplace(user);
    if (!first && asked->second.urgency <= urgency) return;
    asked->second = {urgency, ++last_asked_};
    api_.call({"users.info", {{"user", user}}, "", urgency, false},
              [this, user, number = last_asked_](Answer const& answer) {
                  auto const latest = asked_.find(user);
                  if (latest == asked_.end() || latest->second.number != number) return; // asked again since
                  asked_.erase(latest);
                  if (answer.ok()) learn(user, answer.body);
                  answered(user);
              });
}

void People::learn(std::string const& user, std::string_view body) {
    auto const json = read_object(body, body.size());
    if (!json) return;
    auto const& account = at(*json, "user");
    if (!account.is_object()) return;
    Profile profile;
    profile.name = shown_name(account, user);
    profile.handle = one_line(normalise(text_at(account, "name")), longest_name);
    profile.standing = standing_of(account, team_, enterprise_);
    profile.deactivated = flag_at(account, "deleted");
    profile.bot = flag_at(account, "is_bot");
    profile.learnt = desk_.now();
    profiles_[user] = std::move(profile);
    unsaved_.insert(user);
}

void People::answered(std::string const& user) {
    std::vector<std::function<void()>> ready;
    std::erase_if(questions_, [&](Question& question) {
        question.open.erase(user);
        if (!question.open.empty()) return false;
        ready.push_back(std::move(question.done));
        return true;
    });
    for (auto& done : ready)
        done();
}

void People::know_members(std::string const& channel, std::function<void()> done) {
    auto& members = members_[channel];
    if (members.known) return done();
    members.waiting.push_back(std::move(done));
    if (std::exchange(members.asked, true)) return;
    read_members(channel, "", 0);
}

void People::read_members(std::string const& channel, std::string cursor, int pages) {
    Fields fields{{"channel", channel}, {"limit", "200"}};
    if (!cursor.empty()) fields.emplace_back("cursor", std::move(cursor));
    api_.call({"conversations.members", std::move(fields), "", 0, false}, [this, channel, pages](Answer const& answer) {
        auto& members = members_[channel];
        std::string next;
        if (auto const json = read_object(answer.body, answer.body.size()); answer.ok() && json) {
            for (auto const& user : at(*json, "members")) {
                if (user.is_string()) members.users.insert(user.get<std::string>());
            }
            next = text_at(at(*json, "response_metadata"), "next_cursor");
        }
        if (!next.empty() && pages + 1 < most_pages) return read_members(channel, next, pages + 1);
        members.known = answer.ok();
        members.asked = false;
        std::vector<std::string> unknown;
        for (auto const& user : members.users) {
            if (unknown.size() < most_members_asked && !find(user)) unknown.push_back(user);
        }
        auto ready = [this, channel] {
            for (auto& done : std::exchange(members_[channel].waiting, {}))
                done();
        };
        know(std::move(unknown), std::move(ready), urgency_of_members);
    });
}

void People::joined(std::string const& channel, std::string const& user) {
    auto const members = members_.find(channel);
    if (members == members_.end()) return; // they are asked for once somebody there is named
    members->second.users.insert(user);
    know(
        {user}, [] {}, urgency_of_members);
}

void People::left(std::string const& channel, std::string const& user) {
    if (auto const members = members_.find(channel); members != members_.end()) members->second.users.erase(user);
}

bool People::is_member(std::string const& channel, std::string const& user) const {
    auto const members = members_.find(channel);
    return members != members_.end() && members->second.users.contains(user);
}

bool People::forget(std::string const& user) {
    bool const asked = asked_.erase(user) > 0;
    auto const found = profiles_.find(user);
    if (found == profiles_.end()) return asked;
    found->second.learnt = Time{};
    return true;
}

std::vector<Person> People::matching(std::string const& channel, std::string_view word) const {
    auto const id = std::string{word.substr(0, word.find('|'))};
    if (id == self_ || profiles_.contains(id)) return {person(id)};
    std::set<std::string> users;
    auto const members = members_.find(channel);
    if (members != members_.end() && members->second.known) {
        users = members->second.users;
    } else {
        // Slack has not told who is in it, as at a start without Slack: whoever we have met may be meant.
        std::ranges::copy(profiles_ | std::views::keys, std::inserter(users, users.end()));
    }
    std::vector<Person> whole;
    std::vector<Person> first_names;
    for (auto const& user : users) {
        auto const* profile = find(user);
        if (!profile || profile->bot || profile->deactivated) continue;
        if (same_ignoring_case(profile->name, word) || same_ignoring_case(profile->handle, word)) {
            whole.push_back(person(user));
        } else if (is_first_word(profile->name, word)) {
            first_names.push_back(person(user));
        }
    }
    return whole.empty() ? first_names : whole;
}

std::vector<store::Cursor> People::take_rows() {
    std::vector<store::Cursor> rows;
    for (auto const& user : std::exchange(unsaved_, {}))
        rows.push_back({std::string{row} + user, written(profiles_.at(user))});
    return rows;
}

} // namespace cox::slack
