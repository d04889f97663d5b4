#!/usr/bin/env python3
"""Plays a drill in a room of a real Synapse, on the real clock, and judges what came of it.

    matrix_drill.py COXSWAIN [--drill FILE] [--speed X] [--out TRANSCRIPT] [--record FILE]
    matrix_drill.py COXSWAIN --judge RECORD [--drill FILE] [--out TRANSCRIPT]

Each line of the drill is typed by an account of that person's at the line's time: a command behind a "!", a person as the pill
that clients make, and times of day moved to today's clock. `coxswain serve` has the shipped policy, as the demo has. `--speed`
shortens only the waiting between the lines, for trying this out: the bot's clock goes on as it goes, so that nothing is judged.

Everything that was seen is kept in the record first; the judge reads nothing else, so that a play of an hour can be judged
again. What must hold is in drill_judge.py.
"""

import argparse
import collections
import datetime
import html
import json
import os
import re
import sqlite3
import sys
import time

import drill_judge
import program
from drill_transcript import Transcript
from matrix_house import PASSWORD, MatrixCase
from person import quoted
from program import Case

HERE = os.path.dirname(os.path.abspath(__file__))
SHIPPED_DRILL = os.path.join(HERE, "..", "..", "config", "drills", "checkout-47.yaml")

Step = collections.namedtuple("Step", "at who says")


def seconds(span):
    """"+1m5s"."""
    minutes, left = re.fullmatch(r"\+(?:(\d+)m)?(?:(\d+)s)?", span).groups(default="0")
    return 60 * int(minutes) + int(left)


class Drill:
    """Read as our drills are written, a step on a line, without a reader of YAML."""

    def __init__(self, path):
        with open(path) as file:
            text = file.read()
        self.name, self.channel, starts = (re.search(r'^%s: "?([^"\n]+)"?$' % key, text, re.M).group(1)
                                           for key in ("name", "channel", "starts"))
        hours, minutes = map(int, starts.split(":"))
        self.starts = datetime.timedelta(hours=hours, minutes=minutes)
        self.steps = [Step(seconds(at), who, json.loads(says)) for at, who, says in
                      re.findall(r'^ *- \{at: (\S+), who: (\w+), says: (".*")\}$', text, re.M)]
        assert len(self.steps) == len(re.findall(r"\bsays: ", text)), "a step is not on one line: %s" % path
        self.people = sorted({step.who for step in self.steps})

    def moved_to(self, started, text):
        """The same words with times of day as they are when the drill starts at `started`."""
        def moved(found):
            at = datetime.timedelta(hours=int(found.group(1)), minutes=int(found.group(2)))
            return (started + (at - self.starts)).strftime("%H:%M")
        return re.sub(r"\b([01]\d|2[0-3]):([0-5]\d)\b", moved, text)


class Play(MatrixCase):
    """Synapse with its own limits, of which the bot is taken out as its deployment asks for."""

    limits = {}

    def __init__(self, drill, speed, record):
        super().__init__()
        self.drill, self.speed, self.record = drill, speed, record

    def setUp(self):
        Case.setUp(self)
        self.people = {name: self.synapse.register(name) for name in self.drill.people}
        self.bot = self.synapse.register("coxswain", PASSWORD)
        for name, person in [*self.people.items(), ("coxswain", self.bot)]:
            person.must("PUT", "/profile/%s/displayname" % quoted(person.id), {"displayname": name.title()})
        root = self.synapse.register("root", admin=True)
        self.synapse.must("POST", "/_synapse/admin/v1/users/%s/override_ratelimit" % quoted(self.bot.id),
                          {"messages_per_second": 0, "burst_count": 0}, root.token)
        # No policy: the shipped one, as in the demo.
        self.write("config/coxswain.yaml", json.dumps(
            {"web": {"port": 0}, "matrix": {"homeserver": self.synapse.url, "user": self.bot.id}}))
        self.put_secret("PASSWORD", PASSWORD)

    def runTest(self):
        self.running = self.serve_connected(stderr=open(self.record + ".log", "w+b"))
        self.open_room()
        started = self.say_all()
        self.all_said()
        self.keep(started)

    def open_room(self):
        """By whoever speaks first; the bot comes when it is invited."""
        host, *others = dict.fromkeys(step.who for step in self.drill.steps)
        host, others = self.people[host], [self.people[name] for name in others]
        self.room = host.create_room(
            name=self.drill.channel, topic="checkout: talk and graphs", invite=[p.id for p in others] + [self.bot.id],
            power_level_content_override={"users": {host.id: 100, self.bot.id: 50}})
        for person in others:
            self.patiently(person, "POST", "/join/" + quoted(self.room), {})
        self.until(lambda: self.bot.id in host.members(self.room), "the bot's coming")

    def patiently(self, person, method, path, body):
        """Again where Synapse asks for patience, as a client does."""
        self.until(lambda: person.ask(method, path, body)[0] == 200, path)

    def say_all(self):
        """From the next full minute on, so that minutes change when they change in the drill."""
        started = datetime.datetime.now(datetime.timezone.utc)
        if self.speed == 1:
            started = started.replace(second=0, microsecond=0) + datetime.timedelta(minutes=1)
        for number, step in enumerate(self.drill.steps):
            due = started.timestamp() + step.at / self.speed
            time.sleep(max(0.0, due - time.time()))
            text = self.drill.moved_to(started, step.says)
            self.patiently(self.people[step.who], "PUT", "/rooms/%s/send/m.room.message/step%d" % (quoted(self.room), number),
                           self.typed(step.who, text))
            print("%s %s: %s" % (time.strftime("%H:%M:%S", time.gmtime()), step.who, text), flush=True)
        return started

    def typed(self, who, text):
        """What a client sends for it: a person is a pill with the display name; nobody mentions themselves."""
        if not text.startswith("/"):
            return {"msgtype": "m.text", "body": text, "m.mentions": {}}
        text, named = "!" + text[1:], re.compile(r"@(%s)\b" % "|".join(self.drill.people))
        if not named.search(text):
            return {"msgtype": "m.text", "body": text, "m.mentions": {}}
        others = [self.people[name].id for name in named.findall(text) if name != who]
        pill = r'<a href="https://matrix.to/#/%s">%s</a>'
        return {
            "msgtype": "m.text", "format": "org.matrix.custom.html", "m.mentions": {"user_ids": others} if others else {},
            "body": named.sub(lambda found: found.group(1).title(), text),
            "formatted_body": named.sub(lambda found: pill % (self.people[found.group(1)].id, found.group(1).title()),
                                        html.escape(text, quote=False))}

    def all_said(self):
        """The log stands still, and nothing waits to be said."""
        def silent():
            before = self.running.get("/metrics")
            time.sleep(1)
            return "coxswain_effects_waiting 0\n" in before and before == self.running.get("/metrics")
        self.until(silent, "silence")

    def keep(self, started):
        incidents = self.running.get("/api/incidents")
        record = {
            "drill": self.drill.name, "speed": self.speed, "started": started.timestamp(), "room": self.room, "bot": self.bot.id,
            "events": self.bot.events(self.room),
            "pinned": (self.bot.state(self.room, "m.room.pinned_events") or {}).get("pinned", []),
            "topic": (self.bot.state(self.room, "m.room.topic") or {}).get("topic"),
            "incidents": incidents,
            "log": [event for one in incidents for event in self.running.get("/api/incidents/%s/events" % one["id"])],
            "highlighted": {name: self.highlights(person) for name, person in self.people.items()},
            "metrics": self.running.get("/metrics"), "exit": self.running.end(), "outbox": self.outbox(),
        }
        with open(self.record, "w") as file:
            json.dump(record, file, ensure_ascii=False, indent=1)

    def highlights(self, person):
        """What their client made a sound for, by name."""
        found = person.must("GET", "/notifications?limit=200&only=highlight")["notifications"]
        return [one["event"]["event_id"] for one in found]

    def outbox(self):
        database = sqlite3.connect("file:%s?mode=ro" % self.path("config", "coxswain-data", "coxswain.db"), uri=True)
        try:
            rows = database.execute("select id, channel, kind, state, attempts, at, reason from outbox order by id").fetchall()
        finally:
            database.close()
        return [dict(zip(("id", "channel", "kind", "state", "attempts", "at", "reason"), row)) for row in rows]


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("binary")
    parser.add_argument("--drill", default=SHIPPED_DRILL)
    parser.add_argument("--speed", type=float, default=1)
    parser.add_argument("--out", default="drill_transcript.md")
    parser.add_argument("--record", default="drill_record.json")
    parser.add_argument("--judge", metavar="RECORD")
    arguments = parser.parse_args()
    program.binary = os.path.abspath(arguments.binary)
    drill = Drill(arguments.drill)
    if not arguments.judge:
        play = Play(drill, arguments.speed, os.path.abspath(arguments.record))
        result = program.unittest.TextTestRunner(verbosity=2).run(program.unittest.TestSuite([play]))
        if not result.wasSuccessful():
            return 1
    with open(arguments.judge or arguments.record) as file:
        record = json.load(file)
    facts, wrong = drill_judge.judge(record, drill) if record["speed"] == 1 else ([], [])
    with open(arguments.out, "w") as file:
        file.write(Transcript(record).written(facts, wrong))
    print("\n".join(["holds: " + fact for fact in facts] + ["WRONG: " + one for one in wrong] or ["nothing is judged"]))
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
