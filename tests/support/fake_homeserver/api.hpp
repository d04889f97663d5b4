#pragma once
// The client-server API over HTTP: who asks, is the question well formed, does something go wrong, what is answered.
#include "homeserver.hpp"

namespace cox::fake_homeserver {

void answer_client(Homeserver&, std::shared_ptr<Request const>, std::shared_ptr<Waiting>);

} // namespace cox::fake_homeserver
