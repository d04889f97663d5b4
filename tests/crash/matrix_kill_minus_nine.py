#!/usr/bin/env python3
"""Kills the bot while incidents are commanded in rooms of a real Synapse, again and again, and looks whether anything was lost
or stands twice.

    matrix_kill_minus_nine.py COXSWAIN [--kills 300] [--restarts 3] [--seed N]

Five people type commands in ten rooms of incidents, whatever becomes of the bot; Synapse itself is killed and started again
in between. Each command holds a word of its own, so that the logs must hold each word once. The outbox in the database says
which posts must stand in which room, each of them once and in its order. The first thing that is wrong ends the run with
exit code 1, its seed and the folder that shows it.
"""

import argparse
import http.client
import json
import os
import random
import shutil
import signal
import sqlite3
import subprocess
import sys
import tempfile
import threading
import time

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path[:0] = [os.path.join(HERE, "..", "e2e"), os.path.join(HERE, "..", "support", "synapse")]
import program
from person import quoted
from synapse import Synapse

PEOPLE = 5
ROOMS = 10
PAUSE = (0.3, 1.5)       # seconds between the commands of a person
LIFE = (0.05, 2.0)       # seconds from one start to the next kill
AT_THE_START = 0.2       # this share of the kills comes while the bot is still starting
LONGEST_DRAIN = 180.0
PASSWORD = "password-of-the-bot"

# What the log must hold of each command.
KINDS = {"hypothesis": "hypothesis_set", "impact": "impact_set", "note": "noted"}


class Violation(Exception):
    pass


def require(condition, what):
    if not condition:
        raise Violation(what)


class Incident:
    def __init__(self, title, room):
        self.title, self.room = title, room
        self.said = []   # word and kind of command, in the order in which they stand in the room
        self.lock = threading.Lock()

    def say(self, person, name, word, txn):
        """Until Synapse has taken it: it may be away."""
        text = "!status" if name == "status" else "!%s %s" % (name, word)
        body = {"msgtype": "m.text", "body": text, "m.mentions": {}}
        with self.lock:
            while True:
                try:
                    status, _ = person.ask("PUT", "/rooms/%s/send/m.room.message/%s" % (quoted(self.room), txn), body)
                    if status == 200:
                        if name in KINDS:
                            self.said.append((word, name))
                        return
                except (OSError, http.client.HTTPException):
                    pass
                time.sleep(0.1)


class Typist(threading.Thread):
    """Types commands, now in one room, now in another."""

    def __init__(self, number, person, incidents, chance, stop):
        super().__init__(daemon=True)
        self.number, self.person, self.incidents, self.chance, self.stop = number, person, incidents, chance, stop

    def run(self):
        said = 0
        while not self.stop.wait(self.chance.uniform(*PAUSE)):
            said += 1
            word = "w%dx%d" % (self.number, said)
            self.chance.choice(self.incidents).say(self.person, self.chance.choice([*KINDS, "status"]), word, word)


class Bot:
    """The process under test, in one life after the other."""

    def __init__(self, folder, synapse, user):
        config = os.path.join(folder, "config")
        os.mkdir(config)
        with open(os.path.join(config, "coxswain.yaml"), "w") as file:
            json.dump({"web": {"port": 0}, "matrix": {"homeserver": synapse.url, "user": user}}, file)
        password = os.path.join(folder, "password")
        with open(password, "w") as file:
            file.write(PASSWORD)
        os.chmod(password, 0o600)
        self.environment = {k: v for k, v in os.environ.items() if not k.startswith("COXSWAIN_")}
        self.environment["COXSWAIN_MATRIX_PASSWORD_FILE"] = password
        self.arguments = ("serve", "--config", config)
        self.database = os.path.join(config, "coxswain-data", "coxswain.db")
        self.log = open(os.path.join(folder, "stderr"), "a+b")
        self.running = None

    def start(self):
        self.running = program.Running(*self.arguments, stderr=self.log, env=self.environment)

    def start_and_kill(self, after):
        """Killed while it starts, more often than not."""
        process = subprocess.Popen([program.binary, *self.arguments], stdout=subprocess.DEVNULL, stderr=self.log,
                                   env=self.environment)
        time.sleep(after)
        self.slay(process)

    def kill(self):
        self.slay(self.running.process)
        self.running.process.stdout.close()

    def slay(self, process):
        require(process.poll() is None, "it ended by itself with exit code %s" % process.returncode)
        process.send_signal(signal.SIGKILL)
        process.wait()

    def not_listening(self):
        answer = str(self.running.ask("GET", "/readyz")[1])
        return answer if "matrix" in answer else None

    def waiting(self):
        found = [line for line in self.running.get("/metrics").splitlines() if line.startswith("coxswain_effects_waiting ")]
        return None if found == ["coxswain_effects_waiting 0"] else found


def until(look, what):
    """Until there is no problem any more."""
    end = time.monotonic() + LONGEST_DRAIN
    while True:
        problem = look()
        if not problem:
            return
        require(time.monotonic() < end, "%s: %s" % (what, problem))
        time.sleep(0.1)


class Rooms:
    """Ten incidents, declared by one of the five and joined by all of them."""

    def __init__(self, synapse, bot_account):
        self.people = [synapse.register("person%d" % n) for n in range(PEOPLE)]
        self.bot = bot_account
        first = self.people[0]
        self.ops = first.create_room(name="ops", invite=[p.id for p in self.people[1:]] + [self.bot.id],
                                     power_level_content_override={"users": {first.id: 100, self.bot.id: 50}})
        for person in self.people[1:] + [self.bot]:
            person.join(self.ops)

    def declare(self, number):
        title = "outage-%d" % number
        person = self.people[number % PEOPLE]
        person.say(self.ops, "!declare 1 " + title)
        found = []

        def missing():
            found[:] = [r for r in self.bot.rooms() if (self.bot.state(r, "m.room.name") or {}).get("name", "").endswith(title)]
            return None if found else "no room of " + title
        until(missing, "declaring")
        for one in self.people:
            until(lambda: None if one.ask("POST", "/join/" + quoted(found[0]), {})[0] == 200 else one.id + " is kept out",
                  "joining")
        return Incident(title, found[0])


class Judge:
    def __init__(self, bot, rooms, incidents):
        self.bot, self.rooms, self.incidents = bot, rooms, incidents
        self.figures = {"posts": 0, "answers": 0, "commands": 0}

    def judge(self):
        until(self.words_missing, "commands that were not run")
        until(self.bot.waiting, "effects still wait")
        until(self.pins_missing, "cards without a pin")
        shown = {i["title"]: i for i in self.bot.running.get("/api/incidents")}
        require(sorted(shown) == sorted(i.title for i in self.incidents), "there are the incidents %s" % sorted(shown))
        logs = {title: self.bot.running.get("/api/incidents/%s/events" % one["id"]) for title, one in shown.items()}
        require(self.bot.running.end() == 0, "it does not end in order")
        for incident in self.incidents:
            self.log_holds_each_word_once_and_in_order(incident, logs[incident.title])
        self.outbox_stands_in_the_rooms()
        for incident in self.incidents:
            self.card_shows_the_state(incident, shown[incident.title])

    def pins_missing(self):
        return [i.title for i in self.incidents if not self.pins(i)]

    def pins(self, incident):
        return (self.rooms.bot.state(incident.room, "m.room.pinned_events") or {}).get("pinned")

    def words_missing(self):
        """What was typed last is taken in last."""
        ids = {i["title"]: i["id"] for i in self.bot.running.get("/api/incidents")}
        for incident in self.incidents:
            if not incident.said:
                continue
            log = json.dumps(self.bot.running.get("/api/incidents/%s/events" % ids[incident.title]))
            if incident.said[-1][0] not in log:
                return "%s of %s" % (incident.said[-1][0], incident.title)
        return None

    def log_holds_each_word_once_and_in_order(self, incident, log):
        for at, event in enumerate(log):
            require(event["seq"] == at + 1, "%s has event %d where %d belongs" % (incident.title, event["seq"], at + 1))
        places = []
        for word, name in incident.said:
            times = [e["seq"] for e in log if e["kind"] == KINDS[name] and word in json.dumps(e).replace('"', " ").split()]
            require(len(times) == 1, "%s %s is %d times in the log of %s" % (name, word, len(times), incident.title))
            places += times
            self.figures["commands"] += 1
        require(places == sorted(places), "%s was not run in its order: %s" % (incident.title, places))

    def outbox_stands_in_the_rooms(self):
        """Every post of the outbox stands in its room once, in the outbox's order, and so does every answer to one person."""
        database = sqlite3.connect("file:%s?mode=ro" % self.bot.database, uri=True)
        rows = database.execute("select id, channel, kind, state, reason from outbox order by id").fetchall()
        database.close()
        wrong = [row for row in rows if row[3] not in ("sent", "superseded", "expired")]
        require(not wrong, "not delivered: %s" % wrong)
        wanted, answers = {}, {}
        for op, channel, kind, state, _ in rows:
            if kind in ("post", "tell"):
                require(state == "sent", "%s %d is %s" % (kind, op, state))
                (wanted if kind == "post" else answers).setdefault(channel, []).append(op)
        require(wanted, "there are no posts at all: %s" % {row[2] for row in rows})
        for room in self.rooms.bot.rooms():
            want = wanted.get("matrix:" + room, [])
            there = []
            for message in self.rooms.bot.messages(room, by=self.rooms.bot.id):
                own = message["content"].get("coxswain", {})
                op = own.get("op", "").rsplit(":", 1)[-1]
                if "card" not in own and op.isdigit():
                    there.append(int(op))
            posts = [op for op in there if op in set(want)]
            require(posts == want, "%s: the outbox has %s, there stand %s" % (room, want, there))
            require(len(there) == len(set(there)), "%s: something stands twice: %s" % (room, there))
            told = [op for op in answers.get("matrix:" + room, []) if op not in there]
            require(not told, "%s: the answers %s do not stand there" % (room, told))
            self.figures["posts"] += len(posts)
            self.figures["answers"] += len(answers.get("matrix:" + room, []))

    def card_shows_the_state(self, incident, shown):
        cards = [m for m in self.rooms.bot.messages(incident.room, by=self.rooms.bot.id)
                 if "card" in m["content"].get("coxswain", {})]
        require(len(cards) == 1, "%s has %d cards" % (incident.title, len(cards)))
        pinned = self.pins(incident)
        require(pinned == [cards[0]["event_id"]], "%s has the pins %s" % (incident.title, pinned))
        text = self.rooms.bot.latest_text(incident.room, cards[0]["event_id"])
        last = {name: word for word, name in incident.said}
        for name in ("impact", "hypothesis"):
            if name in last:
                require(shown[name] == last[name] and last[name] in text, "the %s of %s is %r, %r was said last, the card is %r" %
                        (name, incident.title, shown[name], last[name], text))


def run(arguments, folder):
    chance = random.Random(arguments.seed)
    stop = threading.Event()
    began = time.monotonic()
    bot = None
    with Synapse() as synapse:
        account = synapse.register("coxswain", PASSWORD)
        rooms = Rooms(synapse, account)
        bot = Bot(folder, synapse, account.id)
        try:
            bot.start()
            until(bot.not_listening, "listening")  # what was said before its first start is not run
            incidents = [rooms.declare(n) for n in range(ROOMS)]
            typists = [Typist(n, person, incidents, random.Random(chance.random()), stop)
                       for n, person in enumerate(rooms.people)]
            for typist in typists:
                typist.start()
            every = max(1, arguments.kills // (arguments.restarts + 1))
            for kill in range(1, arguments.kills + 1):
                if chance.random() < AT_THE_START:
                    bot.kill()
                    bot.start_and_kill(chance.uniform(0.0, 0.15))
                else:
                    time.sleep(chance.uniform(*LIFE))
                    bot.kill()
                if kill % every == 0 and kill // every <= arguments.restarts:
                    synapse.restart(chance.choice([signal.SIGKILL, signal.SIGTERM]))
                bot.start()
            stop.set()
            for typist in typists:
                typist.join()
            judge = Judge(bot, rooms, incidents)
            judge.judge()
        finally:
            stop.set()
            if bot.running and bot.running.process.poll() is None:
                bot.running.end(signal.SIGKILL)
    print("%d kills and %d restarts of Synapse in %d s: %d commands of %d people in %d rooms, each run once and in order; "
          "%d posts, each once and in order, and %d answers to one person, each once; seed %d" %
          (arguments.kills, arguments.restarts, time.monotonic() - began, judge.figures["commands"], PEOPLE, ROOMS,
           judge.figures["posts"], judge.figures["answers"], arguments.seed))


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("binary")
    parser.add_argument("--kills", type=int, default=300)
    parser.add_argument("--restarts", type=int, default=3)
    parser.add_argument("--seed", type=int, default=random.SystemRandom().randrange(1 << 31))
    arguments = parser.parse_args()
    program.binary = os.path.abspath(arguments.binary)
    folder = tempfile.mkdtemp(prefix="coxswain-matrix-crash-")
    try:
        run(arguments, folder)
    except (Violation, AssertionError) as violation:
        print("seed %d: %s\nthe data is kept in %s" % (arguments.seed, violation, folder), file=sys.stderr)
        return 1
    shutil.rmtree(folder)
    return 0


if __name__ == "__main__":
    sys.exit(main())
