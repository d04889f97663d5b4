#include "bot/config/measurable.hpp"

#include <algorithm>
#include <span>
#include <string>
#include <vector>

namespace cox::bot {
namespace {

// What a word does to the sentence it stands in. One that is not in the table names something.
enum class Sense {
    things,  // names something
    vague,   // judges, or names nothing in particular
    filler,  // neither
    share,   // of whatever is named behind it
    span,    // a length of time
    unable,  // whoever is named before it cannot do what is named behind it
    fails,   // what is named before it does not work any more, or is gone
    measured // says enough alone
};

struct Word {
    std::string_view word;
    Sense sense;
};
constexpr Word table[] = {
    {"half", Sense::share},
    {"third", Sense::share},
    {"quarter", Sense::share},
    {"most", Sense::share},
    {"majority", Sense::share},
    {"all", Sense::share},
    {"every", Sense::share},
    {"each", Sense::share},
    {"no", Sense::share},
    {"none", Sense::share},
    {"one", Sense::share},
    {"two", Sense::share},
    {"three", Sense::share},
    {"four", Sense::share},
    {"five", Sense::share},
    {"six", Sense::share},
    {"seven", Sense::share},
    {"eight", Sense::share},
    {"nine", Sense::share},
    {"ten", Sense::share},
    {"dozen", Sense::share},
    {"dozens", Sense::share},
    {"hundred", Sense::share},
    {"hundreds", Sense::share},
    {"thousand", Sense::share},
    {"thousands", Sense::share},
    {"single", Sense::share},

    {"second", Sense::filler},
    {"seconds", Sense::span},
    {"minute", Sense::span},
    {"minutes", Sense::span},
    {"hour", Sense::span},
    {"hours", Sense::span},
    {"day", Sense::span},
    {"days", Sense::span},
    {"week", Sense::span},
    {"weeks", Sense::span},

    {"nobody", Sense::measured},
    {"everybody", Sense::measured},
    {"everyone", Sense::measured},
    {"breach", Sense::measured},

    {"cannot", Sense::unable},
    {"can't", Sense::unable},
    {"couldn't", Sense::unable},
    {"unable", Sense::unable},

    {"fail", Sense::fails},
    {"fails", Sense::fails},
    {"failed", Sense::fails},
    {"failing", Sense::fails},
    {"down", Sense::fails},
    {"offline", Sense::fails},
    {"unavailable", Sense::fails},
    {"unreachable", Sense::fails},
    {"stops", Sense::fails},
    {"stopped", Sense::fails},
    {"lost", Sense::fails},
    {"loss", Sense::fails},
    {"leaked", Sense::fails},
    {"leak", Sense::fails},
    {"exposed", Sense::fails},
    {"deleted", Sense::fails},
    {"missing", Sense::fails},
    {"exists", Sense::fails},
    {"works", Sense::fails},

    {"serious", Sense::vague},
    {"seriously", Sense::vague},
    {"severe", Sense::vague},
    {"severely", Sense::vague},
    {"major", Sense::vague},
    {"minor", Sense::vague},
    {"big", Sense::vague},
    {"huge", Sense::vague},
    {"large", Sense::vague},
    {"small", Sense::vague},
    {"massive", Sense::vague},
    {"critical", Sense::vague},
    {"critically", Sense::vague},
    {"important", Sense::vague},
    {"significant", Sense::vague},
    {"significantly", Sense::vague},
    {"moderate", Sense::vague},
    {"low", Sense::vague},
    {"high", Sense::vague},
    {"medium", Sense::vague},
    {"bad", Sense::vague},
    {"badly", Sense::vague},
    {"worst", Sense::vague},
    {"terrible", Sense::vague},
    {"catastrophic", Sense::vague},
    {"urgent", Sense::vague},
    {"total", Sense::vague},
    {"complete", Sense::vague},
    {"completely", Sense::vague},
    {"partial", Sense::vague},
    {"partially", Sense::vague},
    {"really", Sense::vague},
    {"very", Sense::vague},
    {"general", Sense::vague},
    {"widespread", Sense::vague},
    {"broken", Sense::vague},
    {"degraded", Sense::vague},
    {"degradation", Sense::vague},
    {"affected", Sense::vague},
    {"impacted", Sense::vague},
    {"normal", Sense::vague},
    {"wrong", Sense::vague},
    {"outage", Sense::vague},
    {"outages", Sense::vague},
    {"impact", Sense::vague},
    {"problem", Sense::vague},
    {"problems", Sense::vague},
    {"issue", Sense::vague},
    {"issues", Sense::vague},
    {"incident", Sense::vague},
    {"incidents", Sense::vague},
    {"failure", Sense::vague},
    {"failures", Sense::vague},
    {"error", Sense::vague},
    {"errors", Sense::vague},
    {"disruption", Sense::vague},
    {"trouble", Sense::vague},
    {"emergency", Sense::vague},
    {"situation", Sense::vague},
    {"something", Sense::vague},
    {"anything", Sense::vague},
    {"everything", Sense::vague},
    {"things", Sense::vague},
    {"thing", Sense::vague},
    {"stuff", Sense::vague},
    {"it", Sense::vague},
    {"service", Sense::vague},
    {"services", Sense::vague},
    {"system", Sense::vague},
    {"systems", Sense::vague},
    {"function", Sense::vague},
    {"functions", Sense::vague},
    {"functionality", Sense::vague},
    {"feature", Sense::vague},
    {"features", Sense::vague},
    {"component", Sense::vague},
    {"components", Sense::vague},
    {"business", Sense::vague},
    {"work", Sense::vague},
    {"operate", Sense::vague},
    {"cope", Sense::vague},
    {"properly", Sense::vague},
    {"correctly", Sense::vague},
    {"usual", Sense::vague},
    {"hands", Sense::vague},
    {"deal", Sense::vague},

    {"a", Sense::filler},
    {"an", Sense::filler},
    {"the", Sense::filler},
    {"of", Sense::filler},
    {"our", Sense::filler},
    {"your", Sense::filler},
    {"their", Sense::filler},
    {"to", Sense::filler},
    {"is", Sense::filler},
    {"are", Sense::filler},
    {"was", Sense::filler},
    {"were", Sense::filler},
    {"be", Sense::filler},
    {"has", Sense::filler},
    {"have", Sense::filler},
    {"or", Sense::filler},
    {"and", Sense::filler},
    {"not", Sense::filler},
    {"in", Sense::filler},
    {"on", Sense::filler},
    {"as", Sense::filler},
    {"with", Sense::filler},
    {"for", Sense::filler},
    {"that", Sense::filler},
    {"than", Sense::filler},
    {"some", Sense::filler},
    {"any", Sense::filler},
    {"many", Sense::filler},
    {"more", Sense::filler},
    {"few", Sense::filler},
    {"other", Sense::filler},
};

Sense sense_of(std::string_view word) {
    auto const found = std::ranges::find(table, word, &Word::word);
    return found == std::end(table) ? Sense::things : found->sense;
}

bool is_digit(char c) {
    return c >= '0' && c <= '9';
}
bool is_in_word(char c) {
    auto const low = static_cast<char>(c | 0x20);
    return is_digit(c) || (low >= 'a' && low <= 'z') || c == '\'' || static_cast<unsigned char>(c) >= 0x80;
}

// "20%", "5x", "30 min"; not the digit of "SEV-1" or "p99", which only names something.
bool holds_a_number(std::string_view text) {
    for (std::size_t i = 0; i < text.size(); ++i) {
        if (text[i] == '%') return true;
        if (!is_digit(text[i])) continue;
        bool const in_a_name =
            i > 0 && (is_in_word(text[i - 1]) || (text[i - 1] == '-' && i > 1 && is_in_word(text[i - 2])));
        if (!in_a_name) return true;
        while (i + 1 < text.size() && is_in_word(text[i + 1]))
            ++i;
    }
    return false;
}

// Words of one sentence, in lower case: what ends it parts who is named from what fails.
std::vector<std::vector<std::string>> sentences_of(std::string_view text) {
    std::vector<std::vector<std::string>> sentences(1);
    std::string word;
    auto const end_word = [&] {
        if (!word.empty()) sentences.back().push_back(std::move(word));
        word.clear();
    };
    for (char const c : text) {
        if (is_in_word(c)) {
            word += c >= 'A' && c <= 'Z' ? static_cast<char>(c | 0x20) : c;
            continue;
        }
        end_word();
        if (c == '.' || c == ';' || c == ':' || c == ',') sentences.emplace_back();
    }
    end_word();
    return sentences;
}

using Words = std::span<std::string const>;

bool names_something(Words words) {
    return std::ranges::any_of(words, [](auto const& word) { return sense_of(word) == Sense::things; });
}

// The first word that is no filler.
Sense first_sense(Words words) {
    for (auto const& word : words) {
        if (auto const sense = sense_of(word); sense != Sense::filler) return sense;
    }
    return Sense::vague;
}

bool is_measured(Words sentence) {
    for (std::size_t i = 0; i < sentence.size(); ++i) {
        auto const before = sentence.first(i);
        auto const behind = sentence.subspan(i + 1);
        switch (sense_of(sentence[i])) {
        case Sense::measured:
        case Sense::span: return true;
        case Sense::share:
            // Not "the most serious one".
            if (first_sense(behind) == Sense::things) return true;
            break;
        case Sense::unable:
            if (first_sense(behind) == Sense::things) return true;
            break;
        case Sense::fails:
            if (names_something(before) || (sentence[i] == "loss" && names_something(behind))) return true;
            break;
        case Sense::things:
        case Sense::vague:
        case Sense::filler: break;
        }
    }
    return false;
}

} // namespace

bool is_measurable(std::string_view text) {
    if (holds_a_number(text)) return true;
    auto const sentences = sentences_of(text);
    return std::ranges::any_of(sentences, [](auto const& sentence) { return is_measured(sentence); });
}

} // namespace cox::bot
