"""A coxswain that serves rooms of a real Synapse, for the tests of this folder."""

import json
import os
import sys
import time

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "support", "synapse"))
import program
from person import quoted
from program import Case
from slack_house import hasty_policy
from synapse import Synapse

PASSWORD = "canary-password-of-the-bot"


def op_of(message):
    return message["content"].get("coxswain", {}).get("op")


def is_card(message):
    return "card" in message["content"].get("coxswain", {})


class MatrixCase(Case):
    """One Synapse for all tests of a class; each test has people, a room and a bot of its own there."""

    limits = None
    made = 0

    @classmethod
    def setUpClass(cls):
        cls.synapse = cls.start_synapse()
        cls.addClassCleanup(cls.synapse.close)

    @classmethod
    def start_synapse(cls):
        return Synapse(cls.limits)

    def make_bot(self):
        return self.synapse.register("coxswain%d" % MatrixCase.made, PASSWORD)

    def setUp(self):
        super().setUp()
        MatrixCase.made += 1
        self.ana, self.bo = (self.synapse.register("%s%d" % (name, MatrixCase.made)) for name in ("ana", "bo"))
        self.bot = self.make_bot()
        self.ops = self.ana.create_room(
            name="ops", invite=[self.bo.id, self.bot.id],
            power_level_content_override={"users": {self.ana.id: 100, self.bot.id: 50}})
        for person in (self.bo, self.bot):
            person.join(self.ops)
        self.configure()
        self.put_secret("PASSWORD", PASSWORD)

    def configure(self, **more):
        settings = {"web": {"port": 0}, "matrix": {"homeserver": self.synapse.url, "user": self.bot.id}, **more}
        self.write("config/coxswain.yaml", json.dumps(settings))
        self.write("config/policy.yaml", hasty_policy())

    def put_secret(self, name, secret):
        path = self.write("secrets/" + name, secret + "\n")
        os.chmod(path, 0o600)
        self.environment["COXSWAIN_MATRIX_%s_FILE" % name] = path

    def arguments(self, command, *more):
        return (command, "--config", self.path("config"), *more)

    def serve(self, **options):
        return self.start(*self.arguments("serve"), **options)

    def serve_connected(self, **options):
        running = self.serve(**options)
        self.connected(running)
        return running

    def connected(self, running):
        self.until(lambda: "matrix" not in str(running.ask("GET", "/readyz")[1]), "listening to Matrix")

    def until(self, look, what):
        """The first answer that is true."""
        end = time.monotonic() + program.LONGEST
        while True:
            answer = look()
            if answer:
                return answer
            if time.monotonic() > end:
                raise AssertionError("%s did not happen\n%s" % (what, self.shown()))
            time.sleep(0.05)

    def shown(self):
        """What stands where, for a failure."""
        lines = []
        for room in self.bot.rooms():
            lines.append("%s %s" % (room, self.bot.state(room, "m.room.name")))
            lines += ["  %s: %r" % (m["sender"], m["content"]["body"]) for m in self.bot.messages(room)]
        return "\n".join(lines)

    def of_bot(self, room):
        return self.bot.messages(room, by=self.bot.id)

    def posted(self, room, part):
        """What the bot said with these words, once it stands there."""
        return self.until(lambda: [m for m in self.of_bot(room) if part in m["content"]["body"]],
                          "%r in %s" % (part, room))[0]

    def card(self, room):
        cards = [m for m in self.of_bot(room) if is_card(m)]
        self.assertLessEqual(len(cards), 1, cards)
        return cards[0] if cards else None

    def card_shows(self, room, part):
        self.until(lambda: self.card(room) and part in self.bot.latest_text(room, self.card(room)["event_id"]),
                   "%r on the card" % part)

    def topic(self, room):
        return (self.ana.state(room, "m.room.topic") or {}).get("topic", "")

    def declare(self, title="checkout errors", severity="1"):
        """By ana, in #ops; the room that was made for it, once she is in and its card stands there."""
        self.ana.say(self.ops, "!declare %s %s impact ~38%% of payments fail" % (severity, title))
        room = self.until(lambda: [r for r in self.bot.rooms() if r != self.ops and
                                   title.replace(" ", "-") in (self.bot.state(r, "m.room.name") or {}).get("name", "")],
                          "the room of the incident")[0]
        self.until(lambda: self.ana.ask("POST", "/join/" + quoted(room), {})[0] == 200,
                   "the invitation")
        self.until(lambda: self.card(room), "the card")
        return room

    def press(self, person, room, message, command):
        """The reaction that stands for the command under the bot's message."""
        content = message["content"]
        keys = {b["command"]: b["key"] for b in content["coxswain"]["buttons"]}
        self.assertIn(command, keys)
        person.react(room, message["event_id"], keys[command])

    def posts_once(self, room):
        """No operation stands twice in the room."""
        ops = [op_of(m) for m in self.of_bot(room)]
        self.assertEqual(len(ops), len(set(ops)), ops)
        return ops
