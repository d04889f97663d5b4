#include "fake_slack.hpp"

#include <gtest/gtest.h>
