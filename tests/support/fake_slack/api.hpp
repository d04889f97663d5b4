#pragma once
// The Web API over HTTP: who calls, may they, does something go wrong, and what the method answers.
#include "http.hpp"
#include "slack.hpp"

namespace cox::fake_slack {

Response answer_api(Slack&, Request const&);
Response answer_response_url(Slack&, Request const&);
// Whether this path is one that response_urls have.
bool is_response_url(std::string_view path);

} // namespace cox::fake_slack
