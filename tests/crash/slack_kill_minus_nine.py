#!/usr/bin/env python3
"""Kills the bot while incidents are commanded in Slack, again and again, and looks whether anything was lost or stands twice.

    slack_kill_minus_nine.py COXSWAIN FAKE_SLACK [--kills 100] [--commands-come-once] [--seed N]

Responders type slash commands and messages in incident channels of their own, each the next one once the last one is
acknowledged; in the middle many come at once. The fake Slack sends again what was not acknowledged, and loses answers to
calls that it carried out. Each command holds a word of its own, so that the logs must hold each word once. With
--commands-come-once only messages are sent again: a slash command that nobody acknowledged is the person's to type again, with
a word of its own; its log may hold the first one, once. The outbox in the database says which posts must stand in which
channel, each of them once and in its order. The first thing that is wrong ends the run with exit code 1, its seed and the
folder that shows it.
"""

import argparse
import json
import os
import random
import shutil
import signal
import sqlite3
import sys
import tempfile
import threading
import time

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "e2e"))
import fake_slack
import program

RESPONDERS = 6
BACKLOG = 50                 # commands at once, in the middle of the run
PAUSE = (0.4, 2.4)           # seconds between a responder's commands; posts go one a second into a channel
LIFE = (0.05, 2.5)           # seconds from one start to the next kill
AT_THE_START = 0.15          # this share of the kills comes while the bot is still starting
FAULTY = 0.5                 # this share of lives has a call or an acknowledgement go wrong
COMMANDS_OF_AN_INCIDENT = (8, 20)
LONGEST_DRAIN = 180.0        # topics are written one in 30 s, and a call without an answer is given up after 10 s

# What the log must hold of each command.
KINDS = {"hypothesis": "hypothesis_set", "impact": "impact_set", "note": "noted", "sev": "severity_changed",
         "cancel": "cancelled"}


class Violation(Exception):
    pass


def require(condition, what):
    if not condition:
        raise Violation(what)


class Incident:
    def __init__(self, title, envelopes):
        self.title = title
        self.envelopes = envelopes  # what brought its declaration
        self.channel = None  # its name, once it is there
        self.words = {}      # word -> the kind of event that must hold it, and the envelopes that brought it
        self.last = {}       # "impact" -> the last one said
        self.severity = "1"
        self.backlog = []    # envelopes that came at once
        self.closed = False


class Responder(threading.Thread):
    """Says something every now and then in an incident of its own."""

    def __init__(self, number, slack, chance, stop, envelopes, commands_come_once):
        super().__init__(daemon=True)
        self.number, self.slack, self.chance, self.stop, self.envelopes = number, slack, chance, stop, envelopes
        self.commands_come_once = commands_come_once
        self.incidents = []
        self.abandoned = []  # those whose declaration nobody acknowledged
        self.said = 0
        self.failed = None
        self.closing = threading.Lock()

    def run(self):
        try:
            while not self.stop.is_set():
                self.work_on(self.declare())
        except Exception as error:  # whatever it is, the run is over
            self.failed = "responder %d: %r" % (self.number, error)

    def word(self):
        self.said += 1
        return "w%dx%d" % (self.number, self.said)

    def declare(self):
        while True:
            title = "outage " + self.word()
            incident = Incident(title, self.tell("general", "declare 1 " + title, True))
            if self.heard(incident.envelopes):
                break
            self.abandoned.append(incident)
        self.incidents.append(incident)
        name = "-" + incident.title.replace(" ", "-")
        while not incident.channel and not self.stop.is_set():
            # People come once the bot has said what the channel is for.
            names = [c["name"] for c in self.slack.see("channels").values()
                     if c["name"].endswith(name) and any(m["metadata"] for m in c["messages"])]
            incident.channel = names[0] if names else None
            self.stop.wait(0.1)
        return incident

    def work_on(self, incident):
        for _ in range(self.chance.randint(*COMMANDS_OF_AN_INCIDENT)):
            if self.stop.wait(self.chance.uniform(*PAUSE)):
                return
            self.command(incident, self.chance.choice(["hypothesis", "hypothesis", "impact", "note", "sev"]))
        if self.stop.wait(0.5):
            return
        self.command(incident, "cancel")

    def command(self, incident, name):
        # What may be said only once comes in a message where slash commands may be lost.
        slash = self.chance.random() < 0.5 and not (self.commands_come_once and name in ("sev", "cancel"))
        word = self.word()
        text = name + " " + word
        if name == "sev":
            incident.severity = "2" if incident.severity == "1" else "1"
            text = "sev %s because %s" % (incident.severity, word)
        if name == "cancel":
            text = "cancel because " + word
            with self.closing:
                incident.closed = True
            self.heard(incident.backlog)
        while not self.said_and_heard(incident, name, word, text, slash):
            word = self.word()
            text = name + " " + word
        incident.last[name] = word

    def said_and_heard(self, incident, name, word, text, slash):
        envelopes = self.tell(incident.channel, text, slash)
        incident.words[word] = KINDS[name], envelopes
        return self.heard(envelopes)

    def heard(self, envelopes):
        """Whether all of them were, once Slack has either an acknowledgement of each or has given it up."""
        if not envelopes:
            return True
        self.slack.wait(decided=envelopes)
        return self.slack.ask("POST", "/_control", {"do": "wait", "acked": envelopes, "within_ms": 0})["ok"]

    def tell(self, channel, text, slash):
        if slash:
            answer = self.slack.do("command", user="alice", channel=channel, text=text)
        else:
            answer = self.slack.do("say", user="alice", channel=channel, text="!" + text)
        self.envelopes.extend(answer["envelopes"])
        return answer["envelopes"]

    def pour(self, words):
        """All at once, as when everybody sees it."""
        with self.closing:
            incident = self.incidents[-1] if self.incidents else None
            if not incident or not incident.channel or incident.closed:
                return 0
            for n, word in enumerate(words):
                envelopes = self.tell(incident.channel, "note " + word, n % 2 == 0)
                incident.words[word] = KINDS["note"], envelopes
                incident.backlog += envelopes
        return len(words)


class Bot:
    """The process under test, in one life after the other."""

    def __init__(self, folder, slack):
        self.folder = folder
        config = os.path.join(folder, "config")
        os.mkdir(config)
        with open(os.path.join(config, "coxswain.yaml"), "w") as file:
            json.dump({"web": {"port": 0}, "slack": {"api_url": slack.api_url}}, file)
        self.environment = {k: v for k, v in os.environ.items() if not k.startswith("COXSWAIN_")}
        for name, token in (("APP", fake_slack.APP_TOKEN), ("BOT", fake_slack.BOT_TOKEN)):
            path = os.path.join(folder, name)
            with open(path, "w") as file:
                file.write(token)
            os.chmod(path, 0o600)
            self.environment["COXSWAIN_SLACK_%s_TOKEN_FILE" % name] = path
        self.arguments = ("serve", "--config", config)
        self.database = os.path.join(config, "coxswain-data", "coxswain.db")
        self.log = open(os.path.join(folder, "stderr"), "a+b")
        self.running = None

    def start(self):
        self.running = program.Running(*self.arguments, stderr=self.log, env=self.environment)

    def start_and_kill(self, after):
        """Killed while it starts, more often than not."""
        process = program.subprocess.Popen([program.binary, *self.arguments], stdout=program.subprocess.DEVNULL,
                                           stderr=self.log, env=self.environment)
        time.sleep(after)
        self.slay(process)

    def kill(self):
        self.slay(self.running.process)
        self.running.process.stdout.close()

    def slay(self, process):
        require(process.poll() is None, "it ended by itself with exit code %s" % process.returncode)
        process.send_signal(signal.SIGKILL)
        process.wait()


def card_messages(channel):
    return [m for m in channel["messages"] if "card" in (m["metadata"] or {}).get("event_payload", {})]


class Judge:
    def __init__(self, slack, bot, responders, envelopes):
        self.slack, self.bot, self.responders, self.envelopes = slack, bot, responders, envelopes
        self.figures = {"posts": 0, "duplicates": 0, "commands": 0, "incidents": 0, "given up": 0}

    def until(self, look, what):
        end = time.monotonic() + LONGEST_DRAIN
        while True:
            problem = look()
            if not problem:
                return
            require(time.monotonic() < end, "%s: %s" % (what, problem))
            time.sleep(0.1)

    def wait_until_quiet(self):
        def open_envelopes():
            state = {e["id"]: e for e in self.slack.see("envelopes")}
            return [state[e] for e in self.envelopes if not state[e]["settled"] and not state[e]["given_up"]][:3]

        def waiting():
            metrics = self.bot.running.get("/metrics")
            found = [line for line in metrics.splitlines() if line.startswith("coxswain_effects_waiting ")]
            return found if found != ["coxswain_effects_waiting 0"] else None
        def not_pinned():
            homes = [c for c in self.slack.see("channels").values() if not c["id"].startswith("D")]
            return [c["name"] for c in homes if card_messages(c) and not c["pins"]]
        self.until(open_envelopes, "not acknowledged")
        self.until(waiting, "effects still wait")
        self.until(not_pinned, "cards without a pin")

    def judge(self):
        self.wait_until_quiet()
        shown = self.bot.running.get("/api/incidents")
        logs = {i["title"]: (i, self.bot.running.get("/api/incidents/%s/events" % i["id"])) for i in shown}
        require(len(logs) == len(shown), "one was declared twice: %s" % sorted(i["title"] for i in shown))
        channels = self.slack.see("channels")
        self.acknowledged = {e["id"] for e in self.slack.see("envelopes") if e["acks"]}
        require(self.bot.running.end() == 0, "it does not end in order")
        self.outbox_stands_in_slack(channels)
        declared = [i for responder in self.responders for i in responder.incidents]
        abandoned = [i for responder in self.responders for i in responder.abandoned]
        must = {i.title for i in declared + abandoned if self.must_be_there(i.envelopes)}
        may = must | {i.title for i in abandoned}
        require(must <= set(logs) <= may, "declared were %s, perhaps %s, there are %s" %
                (sorted(must), sorted(may - must), sorted(logs)))
        self.figures["given up"] = sum(not self.must_be_there(e) for e in self.brought(declared + abandoned))
        for incident in declared:
            shown, log = logs[incident.title]
            self.log_holds_each_word_once(incident, log)
            self.channel_shows_the_state(incident, shown, channels)
            self.figures["incidents"] += 1

    def must_be_there(self, envelopes):
        """What was acknowledged, even where the acknowledgement was lost, is durable."""
        return bool(self.acknowledged.intersection(envelopes))

    def brought(self, incidents):
        """The envelopes of each command."""
        for incident in incidents:
            yield incident.envelopes
            yield from (envelopes for _, envelopes in incident.words.values())

    def log_holds_each_word_once(self, incident, log):
        for at, event in enumerate(log):
            require(event["seq"] == at + 1, "%s has event %d where %d belongs" % (incident.title, event["seq"], at + 1))
        for word, (kind, envelopes) in incident.words.items():
            times = [e for e in log if e["kind"] == kind and word in json.dumps(e).replace('"', " ").split()]
            require(len(times) == 1 or not times and not self.must_be_there(envelopes),
                    "%s of %r is %d times in the log of %s: %s" % (kind, word, len(times), incident.title, json.dumps(log)))
            self.figures["commands"] += len(times)
        self.figures["commands"] += 1  # the declaration, by its title

    def outbox_stands_in_slack(self, channels):
        """Every post of the outbox stands in its channel once, in the outbox's order, and nothing else of ours does."""
        database = sqlite3.connect("file:%s?mode=ro" % self.bot.database, uri=True)
        rows = database.execute("select id, channel, kind, state, reason from outbox order by id").fetchall()
        database.close()
        wrong = [row for row in rows if row[3] not in ("sent", "superseded", "expired")]
        require(not wrong, "not delivered: %s" % wrong)
        wanted = {}
        for op, channel, kind, state, _ in rows:
            if kind == "post" and channel.startswith("slack:"):
                require(state == "sent", "post %d is %s" % (op, state))
                wanted.setdefault(channel.split(":")[-1], []).append(op)
        require(wanted, "there are no posts at all: %s" % {row[2] for row in rows})
        for channel in channels.values():
            if channel["id"].startswith("D"):
                continue
            there = []
            for message in channel["messages"]:
                payload = (message["metadata"] or {}).get("event_payload", {})
                if "op" in payload and "card" not in payload:
                    there.append(int(payload["op"].split(":")[1]))
            want = wanted.get(channel["id"], [])
            self.figures["duplicates"] += len(there) - len(set(there))
            require(there == want, "#%s: the outbox has %s, there stand %s" % (channel["name"], want, there))
            self.figures["posts"] += len(there)

    def channel_shows_the_state(self, incident, shown, channels):
        name = "-" + incident.title.replace(" ", "-")
        homes = [c for c in channels.values() if c["name"].endswith(name)]
        require(len(homes) == 1, "%s has the channels %s" % (incident.title, [c["name"] for c in homes]))
        home = homes[0]
        cards = card_messages(home)
        require(len(cards) == 1, "#%s has %d cards" % (home["name"], len(cards)))
        require(home["pins"] == [cards[0]["ts"]], "#%s has the pins %s" % (home["name"], home["pins"]))
        for name in ("impact", "hypothesis"):
            if name in incident.last:
                require(shown[name] and shown[name] == incident.last[name] and incident.last[name] in cards[0]["text"],
                        "the %s of #%s is %r in the engine, %r was said last, and its card is %r" %
                        (name, home["name"], shown[name], incident.last[name], cards[0]["text"]))
        part = "%s %s · %s" % (shown["severity"], incident.title, shown["status"])
        require(part in home["topic"] and part in cards[0]["text"], "#%s: %r is neither in its topic %r nor in its card %r" %
                (home["name"], part, home["topic"], cards[0]["text"]))
        require(shown["severity"] == "SEV-" + incident.severity, "%s has %s" % (incident.title, shown["severity"]))


def go_wrong(slack, chance):
    """A call that is carried out and not answered, or an acknowledgement that is not heard."""
    slack.do("clear_faults")
    if chance.random() > FAULTY:
        return 0
    kind = chance.choice(["reset", "hold", "slow", "truncated", "ack_lost", "duplicate"])
    if kind in ("ack_lost", "duplicate"):
        slack.fault(kind, "socket", count=2, new_id=chance.random() < 0.5)
    else:
        where = chance.choice(["chat.postMessage", "chat.postMessage", "chat.update", "conversations.create",
                               "conversations.setTopic"])
        slack.fault(kind, where, done=chance.random() < 0.7, count=1, after=chance.randint(0, 3), ms=1500)
    return 1


def run(arguments, folder):
    chance = random.Random(arguments.seed)
    slack = fake_slack.FakeSlack(os.path.abspath(arguments.fake_slack))
    stop, envelopes, faults, poured = threading.Event(), [], 0, 0
    began = time.monotonic()
    bot = None
    try:
        slack.set(ack_within_ms=1500, redeliver_after_ms=[0] + [300] * 1000,
                  redeliver_commands=not arguments.commands_come_once)
        bot = Bot(folder, slack)
        responders = [Responder(n, slack, random.Random(chance.random()), stop, envelopes, arguments.commands_come_once)
                      for n in range(RESPONDERS)]
        bot.start()
        for responder in responders:
            responder.start()
        for kill in range(arguments.kills):
            if kill == arguments.kills // 2:
                share = BACKLOG // RESPONDERS + 1
                poured = sum(r.pour(["b%dx%d" % (r.number, n) for n in range(share)]) for r in responders)
            if chance.random() < AT_THE_START:
                bot.kill()
                bot.start_and_kill(chance.uniform(0.0, 0.15))
            else:
                time.sleep(chance.uniform(*LIFE))
                bot.kill()
            bot.start()
            faults += go_wrong(slack, chance)
            for responder in responders:
                require(not responder.failed, responder.failed)
        slack.do("clear_faults")
        stop.set()
        for responder in responders:
            responder.join()
            require(not responder.failed, responder.failed)
        judge = Judge(slack, bot, responders, envelopes)
        judge.judge()
    finally:
        stop.set()
        if bot and bot.running and bot.running.process.poll() is None:
            bot.running.end(signal.SIGKILL)
        slack.end()
    figures = judge.figures
    print("%d kills in %d s, %d of the lives with a fault: %d commands in %d envelopes, each once in the logs of %d incidents; "
          "%d came to nobody and were typed again; %d at once in the middle; %d posts, each once and in order, %d duplicates; "
          "seed %d" %
          (arguments.kills, time.monotonic() - began, faults, figures["commands"], len(envelopes), figures["incidents"],
           figures["given up"], poured, figures["posts"], figures["duplicates"], arguments.seed))


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("binary")
    parser.add_argument("fake_slack")
    parser.add_argument("--kills", type=int, default=100)
    parser.add_argument("--commands-come-once", action="store_true")
    parser.add_argument("--seed", type=int, default=random.SystemRandom().randrange(1 << 31))
    arguments = parser.parse_args()
    program.binary = os.path.abspath(arguments.binary)
    folder = tempfile.mkdtemp(prefix="coxswain-slack-crash-")
    try:
        run(arguments, folder)
    except (Violation, AssertionError) as violation:
        print("seed %d: %s\nthe data is kept in %s" % (arguments.seed, violation, folder), file=sys.stderr)
        return 1
    shutil.rmtree(folder)
    return 0


if __name__ == "__main__":
    sys.exit(main())
