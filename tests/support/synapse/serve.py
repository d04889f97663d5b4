#!/usr/bin/env python3
"""Synapse for tests that are not written in Python.

    serve.py [--limits none|default|tight] [--users ana bo …]

Prints one line of JSON once it answers: {"url", "server_name", "users": {name: {"user_id", "access_token", "device_id",
"password"}}}. Then it reads lines: "restart", "kill", "start", "register NAME"; each is answered by a line of JSON. It ends
with its standard input, and Synapse with it.
"""

import argparse
import json
import sys

from synapse import Synapse

LIMITS = {"none": None, "default": {}, "tight": {"rc_message": {"per_second": 0.5, "burst_count": 3}}}


def described(person):
    return {"user_id": person.id, "access_token": person.token, "device_id": person.device_id, "password": person.password}


def say(words):
    print(json.dumps(words), flush=True)


def obey(server, command, *words):
    if command == "restart":
        server.restart()
    elif command == "kill":
        server.kill()
    elif command == "start":
        server.start()
    elif command == "register":
        return described(server.register(*words))
    else:
        return {"error": "no such command: " + command}
    return {"ok": True}


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--limits", choices=LIMITS, default="none")
    parser.add_argument("--users", nargs="*", default=[])
    arguments = parser.parse_args()
    with Synapse(LIMITS[arguments.limits]) as server:
        users = {name: described(server.register(name)) for name in arguments.users}
        say({"url": server.url, "server_name": server.server_name, "users": users})
        for line in sys.stdin:
            if line.strip():
                say(obey(server, *line.split()))
    return 0


if __name__ == "__main__":
    sys.exit(main())
