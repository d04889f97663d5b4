// What holds the words of many strangers is read for all of them, whatever one of them wrote.
#include "adapters/json/untrusted.hpp"

#include <gtest/gtest.h>

namespace cox::untrusted {
namespace {

using nlohmann::json;

std::string nested(std::size_t deep) {
    return std::string(deep, '[') + std::string(deep, ']');
}

TEST(ManyStrangers, WhatIsNestedTooDeepIsNullAndTheRestIsThere) {
    auto const read = read_object_of_many("{\"a\":" + nested(1'000'000) + ",\"b\":[" + nested(70) + ",{\"c\":7}]}");
    ASSERT_TRUE(read) << read.error();
    EXPECT_EQ(at(*read, "b")[1], (json{{"c", 7}}));
    auto const* inner = &at(*read, "a");
    std::size_t depth = 1; // of the object around it
    for (; inner->is_array(); inner = &inner->front())
        ++depth;
    EXPECT_TRUE(inner->is_null());
    EXPECT_EQ(depth, deepest_json);
}

TEST(ManyStrangers, ObjectsThatAreNestedTooDeepAreNullToo) {
    std::string objects;
    for (int i = 0; i < 100; ++i)
        objects += "{\"k\":\"x\",\"in\":";
    auto const read = read_object_of_many("{\"a\":" + objects + "1" + std::string(100, '}') + ",\"b\":2}");
    ASSERT_TRUE(read) << read.error();
    EXPECT_EQ(at(*read, "b"), 2);
}

TEST(ManyStrangers, MembersThatAreTooManyAreLeftOut) {
    auto const read = read_object_of_many(
        R"({"list":[1,2,3,[4,{"x":[5]}],6],"object":{"a":1,"b":2,"c":3,"d":{"e":[4]},"f":5},"end":[[7],8]})", 3);
    ASSERT_TRUE(read) << read.error();
    EXPECT_EQ(*read, json::parse(R"({"list":[1,2,3],"object":{"a":1,"b":2,"c":3},"end":[[7],8]})"));
}

TEST(ManyStrangers, ANumberThatIsTooLargeIsNull) {
    auto const read = read_object_of_many(R"({"a":[1e999,-1e999],"b":"say \"1e999\" twice","c":)" +
                                          std::string(400, '9') + R"(,"d":1.5e3,"e":-7})");
    ASSERT_TRUE(read) << read.error();
    EXPECT_EQ(*read, json::parse(R"({"a":[null,null],"b":"say \"1e999\" twice","c":null,"d":1.5e3,"e":-7})"));
}

TEST(ManyStrangers, OfAKeyThatComesTwiceTheLastCounts) {
    auto const read = read_object_of_many(R"({"a":{"x":[1]},"a":{"y":2}})");
    ASSERT_TRUE(read) << read.error();
    EXPECT_EQ(*read, (json{{"a", {{"y", 2}}}}));
}

TEST(ManyStrangers, WhatIsNoObjectIsAnError) {
    for (auto const* text : {"", "[]", "7", "{", "{\"a\":1e999", "{\"a\":[}", "<html>", "{\"a\":\"\xff\"}"})
        EXPECT_FALSE(read_object_of_many(text)) << text;
}

TEST(OneStranger, IsReadToTheLetter) {
    for (auto const* text : {
             R"({"":"","a b":"c","\u0061\n":"\ud83d\ude00 \"\\\/\b\f\n\r\t","é":"日本 \u0000"})",
             R"({"n":[0,-0,1,-1,9223372036854775807,9223372036854775808,18446744073709551615,-9223372036854775808]})",
             R"({"d":[0.1,-2.5e-3,1e22,4.35,2.2250738585072014e-308,18446744073709551616,123456789.123456789]})",
             " \t\r\n{ \"a\" : [ { } , [ ] , true , false , null ] } \n",
         }) {
        auto const read = read_object(text, 1000);
        ASSERT_TRUE(read) << read.error() << text;
        auto const meant = json::parse(text);
        EXPECT_EQ(read->dump(), meant.dump());
    }
}

TEST(OneStranger, WritesNoJSONOfTheirOwnKind) {
    for (auto const* text : {"{\"a\":1}x", "{\"a\":1,}", "{a:1}", "{\"a\":01}", "{\"a\":+1}", "{\"a\":NaN}", "{'a':1}",
                             "{\"a\":1}//", "{\"a\":/**/1}", "{\"a\":\"\xc0\x80\"}", "{\"a\":\"\xed\xa0\x80\"}",
                             "{\"a\":\"\\ud800\"}", "{\"a\":\"\n\"}", "{\"a\":1e999}"})
        EXPECT_FALSE(read_object(text, 1000)) << text;
}

TEST(OneStranger, MayNestAsDeepAsIsAllowedAndNoDeeper) {
    EXPECT_TRUE(read_object("{\"a\":" + nested(deepest_json - 1) + "}", 1000));
    EXPECT_FALSE(read_object("{\"a\":" + nested(deepest_json) + "}", 1000));
}

TEST(OneStranger, IsRefusedForTheSame) {
    EXPECT_EQ(read_object("{\"a\":" + nested(70) + "}", 1000).error(), "nested too deep");
    EXPECT_EQ(read_object(R"({"a":1,"a":2})", 1000).error(), "a key comes twice");
    EXPECT_EQ(read_object(R"({"a":[1,2,3,4]})", 1000, 3).error(), "too many members");
    EXPECT_EQ(read_object(R"({"a":1,"b":2,"c":3,"d":4})", 1000, 3).error(), "too many members");
}

} // namespace
} // namespace cox::untrusted
