// Calls on their way to the homeserver.
#include "delivery_house.hpp"

#include <gtest/gtest.h>

namespace cox::matrix {
namespace {

class MatrixApi : public testing::Test, public DeliveryHouse {
protected:
    static Call one_after_another() {
        auto call = get({"account", "whoami"});
        call.lane = "one after another";
        return call;
    }
};

TEST_F(MatrixApi, WhoeverIsAnsweredMayStopItThoughOthersWait) {
    bool answered = false;
    bool others = false;
    parts->api.call(one_after_another(), [&](Answer const&) {
        answered = true;
        parts->api.stop();
    });
    parts->api.call(one_after_another(), [&](Answer const&) { others = true; });
    EXPECT_TRUE(run_until([&] { return answered; }));
    EXPECT_FALSE(others);
    EXPECT_EQ(calls_to("whoami").size(), 1u);
}

} // namespace
} // namespace cox::matrix
