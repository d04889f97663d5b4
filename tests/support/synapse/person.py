"""Somebody with an account on a homeserver, the real one or the fake, and what people do in rooms."""

import os
import urllib.parse


class Refused(Exception):
    """The homeserver answered, and it was no success."""

    def __init__(self, what, status, answer):
        super().__init__("%s: %d %s" % (what, status, answer))
        self.status, self.answer = status, answer
        self.errcode = answer.get("errcode") if isinstance(answer, dict) else None


class Person:
    """`server` has ask(method, path, body, token) and must(…)."""

    def __init__(self, server, user_id, token, device_id, password):
        self.server, self.id, self.token, self.device_id, self.password = server, user_id, token, device_id, password
        self.sent = 0

    def ask(self, method, path, body=None):
        return self.server.ask(method, "/_matrix/client/v3" + path, body, self.token)

    def must(self, method, path, body=None):
        return self.server.must(method, "/_matrix/client/v3" + path, body, self.token)

    def in_room(self, method, room, path, body=None):
        return self.must(method, "/rooms/%s/%s" % (quoted(room), path), body)

    def create_room(self, **words):
        """Open to all who are invited, under version 11's power levels unless the words say otherwise."""
        return self.must("POST", "/createRoom", dict({"preset": "private_chat"}, **words))["room_id"]

    def invite(self, room, *people):
        for person in people:
            self.in_room("POST", room, "invite", {"user_id": getattr(person, "id", person)})

    def join(self, room):
        return self.must("POST", "/join/" + quoted(room), {})["room_id"]

    def leave(self, room):
        self.in_room("POST", room, "leave", {})

    def kick(self, room, person):
        self.in_room("POST", room, "kick", {"user_id": getattr(person, "id", person)})

    def send(self, room, kind, content, txn=None):
        self.sent += 1
        txn = txn or "t%d.%d" % (os.getpid(), self.sent)
        return self.in_room("PUT", room, "send/%s/%s" % (quoted(kind), quoted(txn)), content)["event_id"]

    def say(self, room, text, **more):
        return self.send(room, "m.room.message", dict({"msgtype": "m.text", "body": text, "m.mentions": {}}, **more))

    def react(self, room, event, key):
        return self.send(room, "m.reaction", {"m.relates_to": {"rel_type": "m.annotation", "event_id": event, "key": key}})

    def redact(self, room, event):
        self.sent += 1
        return self.in_room("PUT", room, "redact/%s/t%d.%d" % (quoted(event), os.getpid(), self.sent), {})["event_id"]

    def set_state(self, room, kind, content, key=""):
        return self.in_room("PUT", room, "state/%s/%s" % (quoted(kind), quoted(key)), content)["event_id"]

    def state(self, room, kind, key=""):
        """Its content; None where there is none."""
        status, answer = self.ask("GET", "/rooms/%s/state/%s/%s" % (quoted(room), quoted(kind), quoted(key)))
        if status == 404:
            return None
        if status != 200:
            raise Refused("state " + kind, status, answer)
        return answer

    def rooms(self):
        return self.must("GET", "/joined_rooms")["joined_rooms"]

    def members(self, room):
        return set(self.in_room("GET", room, "joined_members")["joined"])

    def events(self, room):
        """All of the room that may be seen, oldest first."""
        found, start = [], ""
        while True:
            page = self.in_room("GET", room, "messages?dir=f&limit=500" + start)
            found += page["chunk"]
            if "end" not in page:
                return found
            start = "&from=" + quoted(page["end"])

    def messages(self, room, by=None):
        """What stands there as messages, edits and what is redacted left out."""
        return [e for e in self.events(room)
                if e["type"] == "m.room.message" and "body" in e["content"] and by in (None, e["sender"]) and
                e["content"].get("m.relates_to", {}).get("rel_type") != "m.replace"]

    def latest_text(self, room, event):
        """As a client shows it: the newest edit."""
        shown = self.in_room("GET", room, "event/" + quoted(event))
        edit = shown.get("unsigned", {}).get("m.relations", {}).get("m.replace")
        return edit["content"]["m.new_content"]["body"] if edit else shown["content"].get("body")


def quoted(segment):
    return urllib.parse.quote(segment, safe="-._~")
