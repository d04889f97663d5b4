#include "core/ids.hpp"

#include <gtest/gtest.h>

namespace cox {
namespace {

TEST(IncidentIds, AreWrittenWithTheirPrefix) {
    EXPECT_EQ(text(IncidentId{42}), "INC-42");
}

TEST(IncidentIds, AreReadInEveryFormPeopleType) {
    for (auto const* const word : {"INC-42", "inc-42", "Inc-42", "#42", "42", "#INC-42"})
        EXPECT_EQ(incident_id(word), IncidentId{42}) << word;
}

TEST(IncidentIds, RefuseWhatIsNoNumberOrTooLarge) {
    for (auto const* const word :
         {"", "#", "INC-", "INC-x", "4 2", "-4", "+4", "42x", "0", "INC--1", "99999999999999999999"})
        EXPECT_EQ(incident_id(word), std::nullopt) << word;
}

} // namespace
} // namespace cox
