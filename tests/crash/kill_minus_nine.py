#!/usr/bin/env python3
"""Kills the bot in the middle of its work, again and again, and looks whether anything was lost or done twice.

    kill_minus_nine.py BINARY [--kills 200] [--seed N]

Responders work in their own incidents; each waits for the answer to a line before the next one and sends a line that
was not answered again with the same key. What the log and the transcripts must hold is therefore known exactly.
The first thing that is wrong ends the run with exit code 1, its seed and the data folder that shows it.
"""

import argparse
import http.client
import json
import os
import random
import re
import select
import shutil
import signal
import subprocess
import sys
import tempfile
import threading
import time
import urllib.parse

RATE = 60                    # seconds of the bot's clock for one of life
RESPONDERS = 5
LONGEST_START = 60.0
LONGEST_DRAIN = 60.0
LONGEST_WAIT = 120.0         # for one line to be answered, kills included
LATE = 3.0                   # seconds of life by which a timer may be late on a busy machine
CADENCE = {"1": 600.0, "2": 900.0}
PEOPLE = ["ana", "bo", "cy", "dee", "eli", "fay", "gus", "hal"]
AT_THE_START = 0.12          # this share of the kills comes while the bot is still starting


class Violation(Exception):
    pass


def require(condition, what):
    if not condition:
        raise Violation(what)


def seconds_of(text):
    base, fraction = text.rstrip("Z").split(".")
    return time.mktime(time.strptime(base, "%Y-%m-%dT%H:%M:%S")) - time.timezone + float("0." + fraction)


class Bot:
    """The process under test, and which of its lives it is in."""

    def __init__(self, binary, data):
        self.binary, self.data = binary, data
        self.changed = threading.Condition()
        self.port = None
        self.process = None
        self.starts = []

    def launch(self):
        self.errors = open(os.path.join(self.data, "..", "stderr"), "ab")
        self.launched_at = time.monotonic()
        self.process = subprocess.Popen(
            [self.binary, "demo", "--port", "0", "--play", "none", "--data", self.data, "--clock-rate", str(RATE)],
            stdout=subprocess.PIPE, stderr=self.errors)

    def wait_until_up(self):
        line = b""
        end = time.monotonic() + LONGEST_START
        while not line.endswith(b"\n"):
            ready, _, _ = select.select([self.process.stdout], [], [], max(0.0, end - time.monotonic()))
            piece = os.read(self.process.stdout.fileno(), 1024) if ready else b""
            if not piece:
                code = self.process.poll()
                raise Violation("it does not start: " + ("nothing is said" if code is None else "exit code %d" % code) +
                                "\n" + self.last_words())
            line += piece
        port = re.search(rb"http://127\.0\.0\.1:(\d+)/", line)
        require(port, "it starts with %r instead of its address" % line)
        self.starts.append(time.monotonic() - self.launched_at)
        with self.changed:
            self.port = int(port.group(1))
            self.changed.notify_all()

    def kill(self):
        with self.changed:
            self.port = None
        require(self.process.poll() is None,
                "it ended by itself with exit code %s\n%s" % (self.process.returncode, self.last_words()))
        self.process.send_signal(signal.SIGKILL)
        self.process.wait()
        self.process.stdout.close()
        self.errors.close()

    def last_words(self):
        with open(os.path.join(self.data, "..", "stderr"), "rb") as log:
            return log.read()[-2000:].decode(errors="replace")

    def where(self, timeout):
        with self.changed:
            self.changed.wait_for(lambda: self.port is not None, timeout)
            return self.port


class Client:
    """One keep-alive connection. `again` sends until there is an answer, whichever life gives it."""

    def __init__(self, bot, stop):
        self.bot, self.stop = bot, stop
        self.connection, self.port = None, None
        self.resent = 0

    def once(self, method, path, body=None):
        port = self.bot.where(1.0)
        if port is None:
            return None
        try:
            if self.connection is None or self.port != port:
                self.close()
                self.connection, self.port = http.client.HTTPConnection("127.0.0.1", port, timeout=30), port
            headers = {"Content-Type": "application/json"} if body is not None else {}
            self.connection.request(method, path, json.dumps(body) if body is not None else None, headers)
            answer = self.connection.getresponse()
            return answer.status, json.loads(answer.read())
        except (OSError, http.client.HTTPException, ValueError):
            self.close()
            return None

    def again(self, method, path, body=None):
        end = time.monotonic() + LONGEST_WAIT
        while time.monotonic() < end:
            answer = self.once(method, path, body)
            if answer is not None and answer[0] != 503:
                return answer
            if self.stop.is_set():
                raise Stopped()
            self.resent += method == "POST"
            time.sleep(0.005)
        raise Violation("%s %s is not answered within %d s" % (method, path, LONGEST_WAIT))

    def get(self, path):
        status, answer = self.again("GET", path)
        require(status == 200, "GET %s answers %d: %s" % (path, status, answer))
        return answer

    def close(self):
        if self.connection is not None:
            self.connection.close()
        self.connection = None


class Stopped(Exception):
    pass


class Incident:
    def __init__(self, number, channel, title, severity, commander, own_channel):
        self.number, self.channel, self.title = number, channel, title
        self.severity, self.commander = severity, commander
        self.own_channel = own_channel
        self.items = 0
        self.open_items = []      # (id, owner) that may be done
        self.comms = None
        self.closed = False
        self.expected = []        # what people did, as (kind of event, a word of it), in order

    @property
    def id(self):
        return "INC-%d" % self.number


class Responder(threading.Thread):
    """Leads incidents, one line after the other."""

    def __init__(self, bot, number, random_, stop, failed):
        super().__init__(daemon=True)
        self.bot, self.number, self.random = bot, number, random_
        self.stop, self.failed = stop, failed
        self.client = Client(bot, threading.Event())
        self.made = 0
        self.incidents = []
        self.said = {}            # channel -> {message id: text} of what was answered 202
        self.pressed = 0
        self.free = []            # channels whose incident is over

    def run(self):
        try:
            while not self.stop.is_set():
                self.turn()
                # Bursts and pauses: a kill shall meet both.
                if self.random.random() < 0.5:
                    time.sleep(self.random.uniform(0.0, 0.06))
        except Violation as violation:
            self.failed.append(str(violation))
        except Exception as error:  # whatever it is, the run must not end well
            self.failed.append("responder %d: %r" % (self.number, error))
        finally:
            self.client.close()

    def word(self):
        self.made += 1
        return "w%dx%d" % (self.number, self.made)

    def say(self, channel, user, text):
        key = self.word()
        status, answer = self.client.again("POST", "/api/channels/%s/messages" % urllib.parse.quote(channel),
                                           {"user": user, "text": text, "key": key})
        require(status == 202, "%r in #%s is answered %d: %s" % (text, channel, status, answer))
        said = self.said.setdefault(channel, {})
        number = int(answer["id"][1:])
        require(number not in said, "two lines in #%s are both m%d: %r, %r" % (channel, number, said.get(number), text))
        said[number] = text
        return number

    def turn(self):
        mine = [incident for incident in self.incidents if not incident.closed]
        if len(mine) < 2 or (len(mine) < 4 and self.random.random() < 0.02):
            return self.declare()
        incident = self.random.choice(mine)
        if len(incident.expected) > 60 and self.random.random() < 0.05:
            return self.cancel(incident)
        self.random.choice([self.note, self.note, self.impact, self.hypothesis, self.act, self.act, self.act_of_another,
                            self.done, self.done, self.update, self.need_and_decide, self.comms, self.mitigations,
                            self.talk, self.refused])(incident)

    # What they do. Each notes what the log must hold because of it.

    def declare(self):
        title, user = "outage " + self.word(), self.random.choice(PEOPLE)
        severity = self.random.choice("12")
        if self.free and self.random.random() < 0.6:
            channel = self.free.pop()
            self.say(channel, user, "/declare here %s %s" % (severity, title))
        else:
            channel = None
            self.say("ops", user, "/declare %s %s" % (severity, title))
        end = time.monotonic() + LONGEST_WAIT
        while True:
            found = [i for i in self.client.get("/api/incidents") if i["title"] == title]
            require(len(found) <= 1, "%r is declared twice" % title)
            require(found, "%r was declared, and there is no such incident" % title)
            if found[0]["channel"]:
                break
            require(time.monotonic() < end, "%s waits for its channel for %d s" % (found[0]["id"], LONGEST_WAIT))
            time.sleep(0.02)
        place = found[0]["channel"]
        require(channel in (None, place), "%s is in #%s, and was declared in #%s" % (found[0]["id"], place, channel))
        incident = Incident(int(found[0]["id"][4:]), place, title, severity, user, channel is None)
        incident.expected.append(("declared", title))
        self.incidents.append(incident)

    def does(self, incident, user, command, kind, word):
        self.say(incident.channel, user, command)
        incident.expected.append((kind, word))

    def note(self, i):
        word = self.word()
        self.does(i, self.random.choice(PEOPLE), "/note seen " + word, "noted", word)

    def impact(self, i):
        word = self.word()
        self.does(i, i.commander, "/impact 7% of " + word, "impact_set", word)

    def hypothesis(self, i):
        word = self.word()
        self.does(i, i.commander, "/hyp release of %s suspected" % word, "hypothesis_set", word)

    def new_item(self, i, owner):
        i.items += 1
        item = "A%d" % i.items
        i.open_items.append((item, owner))
        return item

    def act(self, i):
        word = self.word()
        self.does(i, i.commander, "/act look at %s @me eta 10m" % word, "item_opened", word)
        self.new_item(i, i.commander)

    def act_of_another(self, i):
        word = self.word()
        owner = self.random.choice([p for p in PEOPLE if p != i.commander])
        self.does(i, i.commander, "/act check %s @%s eta 20m" % (word, owner), "item_opened", word)
        item = self.new_item(i, owner)
        self.does(i, owner, "/accept " + item, "item_accepted", item)

    def done(self, i):
        if not i.open_items:
            return
        item, owner = i.open_items.pop(self.random.randrange(len(i.open_items)))
        word = self.word()
        self.does(i, owner, "/done %s result %s" % (item, word), "item_closed", word)

    def mitigations(self, i):
        # The second one waits in line; the clock may have let it go when it is dropped.
        for _ in range(2):
            word = self.word()
            self.does(i, i.commander, "/mitigate restart %s @me eta 5m" % word, "item_opened", word)
            i.items += 1
        for item in (i.items - 1, i.items):
            word = self.word()
            self.does(i, i.commander, "/drop A%d because %s" % (item, word), "item_closed", word)

    def update(self, i):
        word = self.word()
        self.does(i, i.commander, "/update %s is looked at" % word, "update_posted", word)

    def need_and_decide(self, i):
        word = self.word()
        self.does(i, i.commander, "/need who can reach " + word, "need_set", word)
        word = self.word()
        self.does(i, i.commander, "/decide call %s because it is theirs" % word, "decided", word)

    def comms(self, i):
        if i.comms:
            self.does(i, i.comms, "/release comms", "role_released", "comms")
            i.comms = None
            return
        person = self.random.choice([p for p in PEOPLE if p != i.commander])
        said = self.say(i.channel, i.commander, "/comms @" + person)
        i.expected.append(("role_offered", "comms"))
        if self.random.random() < 0.5:
            self.does(i, person, "/accept comms", "role_taken", "comms")
        else:
            self.press(i, person, said, "Accept")
            i.expected.append(("role_taken", "comms"))
        i.comms = person

    def press(self, i, user, after, label):
        end = time.monotonic() + LONGEST_WAIT
        while True:
            page = self.client.get("/api/channels/%s?after=m%d" % (urllib.parse.quote(i.channel), after))
            offers = [(m["id"], b["id"]) for m in page["messages"] for b in m["buttons"]
                      if b["label"] == label and b["id"].startswith("accept comm") and "asks you to be" in m["text"]]
            if offers:
                break
            require(time.monotonic() < end, "the offer of comms in #%s is not posted" % i.channel)
            time.sleep(0.01)
        message, button = offers[0]
        status, answer = self.client.again("POST", "/api/channels/%s/press" % urllib.parse.quote(i.channel),
                                           {"user": user, "message": message, "button": button, "key": self.word()})
        require(status == 202, "pressing %r in #%s is answered %d: %s" % (button, i.channel, status, answer))
        self.pressed += 1

    def talk(self, i):
        self.say(i.channel, self.random.choice(PEOPLE), "somebody else saw it too " + self.word())

    def refused(self, i):
        self.say(i.channel, self.random.choice(PEOPLE), "/act without an owner " + self.word())

    def cancel(self, i):
        word = self.word()
        self.does(i, i.commander, "/cancel because alarm %s was false" % word, "cancelled", word)
        i.closed = True
        self.free.append(i.channel)


# What a transcript must show because of an event: (kind of message, a word in it), or nothing.

def posts_of(event):
    kind = event["kind"]
    if kind == "declared":
        return [("alert", event["title"])] if "channel" in event else []
    if kind == "channel_opened":
        return [("alert", "")]
    if kind in ("refused", "commander_seen", "draft_shown"):
        return []
    if kind == "item_opened" and event["queued"]:
        return []
    if kind == "update_posted":
        return [("update", event["headline"])]
    if kind == "escalated" or (kind == "reminded" and event["about"] == "roles"):
        return [("escalation", "")]
    if kind in ("role_offered", "role_taken", "role_released"):
        return [("word", "Communications Lead")]
    word = {"noted": "Noted", "impact_set": "text", "hypothesis_set": "text", "need_set": "text", "decided": "what",
            "item_opened": "what", "item_accepted": "item", "item_closed": "result", "cancelled": "because",
            "mitigation_started": "item"}.get(kind, "")
    return [("word", event.get(word, word))]


class Judge:
    """Reads everything back and compares."""

    def __init__(self, bot, responders):
        self.bot, self.responders = bot, responders
        self.client = Client(bot, threading.Event())
        self.read = {}      # channel -> messages, oldest first
        self.checked = {}   # (responder, channel) -> the last message that was looked for
        self.figures = {"events": 0, "messages": 0, "updates": 0, "lines": 0}

    def read_on(self, channel, behind=1):
        messages = []
        while True:
            after = messages[-1]["id"] if messages else "m%d" % max(behind, 1)
            page = self.client.get("/api/channels/%s?after=%s" % (urllib.parse.quote(channel), after))["messages"]
            if not page:
                return messages
            numbers = [int(m["id"][1:]) for m in messages[-1:] + page]
            require(numbers == sorted(set(numbers)), "#%s is not in order after %s" % (channel, after))
            messages += page

    def answered_is_there(self):
        """Cheap enough for after each start: only what is new since the last time is read."""
        for responder in self.responders:
            for channel, said in list(responder.said.items()):
                before = self.checked.setdefault((responder.number, channel), 0)
                known = {n: t for n, t in list(said.items()) if n > before}
                if not known:
                    continue
                there = {int(m["id"][1:]): m["text"] for m in self.read_on(channel, before)}
                for number, text in known.items():
                    require(there.get(number) == text, "%r was answered 202 as m%d in #%s, where there is %r" %
                            (text, number, channel, there.get(number)))
                self.checked[responder.number, channel] = max(known)

    def wait_until_quiet(self):
        """Everything that was to be shown is shown; timers go on all the while."""
        end = time.monotonic() + LONGEST_DRAIN
        while time.monotonic() < end:
            port = self.bot.where(1.0)
            connection = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
            connection.request("GET", "/metrics")
            text = connection.getresponse().read().decode()
            connection.close()
            if re.search(r"^coxswain_effects_failed_total [^0]", text, re.M):
                raise Violation("effects were given up\n" + self.bot.last_words())
            if re.search(r"^coxswain_effects_waiting 0$", text, re.M):
                return
            time.sleep(0.02)
        raise Violation("effects still wait after %d s" % LONGEST_DRAIN)

    def judge(self):
        incidents = [i for responder in self.responders for i in responder.incidents]
        first = {i.number: self.client.get("/api/incidents/%s/events" % i.id) for i in incidents}
        self.wait_until_quiet()
        channels = {c["id"]: c for c in self.client.get("/api/channels")}
        for channel in channels:
            self.read[channel] = self.read_on(channel)
        last = {i.number: self.client.get("/api/incidents/%s/events" % i.id) for i in incidents}
        now = seconds_of(self.client.get("/api/clock")["now"])

        self.incidents_are_those_declared(incidents)
        self.each_line_once()
        for incident in incidents:
            log = last[incident.number]
            require(log[:len(first[incident.number])] == first[incident.number], "the log of %s changed" % incident.id)
            self.log_is_what_people_did(incident, log)
            self.cadence_went_on(incident, log, now)
            self.announced_once(incident, channels)
            self.figures["events"] += len(log)
        # A channel may have seen several incidents, one after the other.
        for channel in {i.channel for i in incidents}:
            here = sorted((i for i in incidents if i.channel == channel), key=lambda i: i.number)
            self.transcript_is_what_the_logs_say(channel, sum((first[i.number] for i in here), []),
                                                 sum((last[i.number] for i in here), []))
            cards = [m for m in self.read[channel] if m["kind"] == "card"]
            require(len(cards) == len(here), "#%s has %d cards of %d incidents" % (channel, len(cards), len(here)))
        self.figures["messages"] = sum(len(messages) for messages in self.read.values())
        self.figures["incidents"] = len(incidents)

    def incidents_are_those_declared(self, incidents):
        known = sorted(i["id"] for i in self.client.get("/api/incidents"))
        require(known == sorted(i.id for i in incidents), "declared were %s, there are %s" %
                (sorted(i.id for i in incidents), known))

    def each_line_once(self):
        for channel in {c for responder in self.responders for c in responder.said}:
            want = {}
            for responder in self.responders:
                want.update(responder.said.get(channel, {}))
            there = {int(m["id"][1:]): m["text"] for m in self.read[channel] if m["kind"] == "say"}
            for number in sorted(set(want) | set(there)):
                require(there.get(number) == want.get(number), "m%d of #%s: said was %r, there is %r" %
                        (number, channel, want.get(number), there.get(number)))
            self.figures["lines"] += len(want)

    def log_is_what_people_did(self, incident, log):
        for at, event in enumerate(log):
            require(event["seq"] == at + 1, "%s has event %d where %d belongs" % (incident.id, event["seq"], at + 1))
        people = [e for e in log if e["actor"] != "clock" and e["kind"] not in ("commander_seen", "refused")]
        for at in range(max(len(people), len(incident.expected))):
            kind, word = incident.expected[at] if at < len(incident.expected) else ("nothing", "")
            event = people[at] if at < len(people) else {"kind": "nothing"}
            require(event["kind"] == kind and word in json.dumps(event), "%s: people's event %d should be %s of %r, and is %s" %
                    (incident.id, at + 1, kind, word, json.dumps(event)))

    def transcript_is_what_the_logs_say(self, channel, before, after):
        want = [(post, event) for event in after for post in posts_of(event)]
        at_least = sum(len(posts_of(event)) for event in before)
        there = [m for m in self.read[channel]
                 if m["author"] == "coxswain" and m["kind"] not in ("private", "card", "page")]
        for at, message in enumerate(there):
            require(at < len(want), "#%s has a post that no event asks for: %s" % (channel, json.dumps(message)))
            (kind, word), event = want[at]
            require(message["kind"] == kind and word in message["text"], "post %d in #%s should be %s of %r, and is %s %r; "
                    "it follows from %s" % (at + 1, channel, kind, word, message["kind"], message["text"], json.dumps(event)))
        require(len(there) >= at_least, "#%s lacks the post of %s" % (channel, json.dumps(want[len(there)][1])
                                                                    if len(there) < len(want) else "nothing"))

    def cadence_went_on(self, incident, log, now):
        last, by_clock = None, None
        allowed = CADENCE[incident.severity] + RATE * (LATE + max(self.bot.starts))
        for event in log:
            at = seconds_of(event["at"])
            if event["kind"] in ("declared", "update_posted"):
                require(last is None or at - last <= allowed, "%s: no update for %d s before event %d; its cadence is %d s" %
                        (incident.id, at - (last or 0), event["seq"], CADENCE[incident.severity]))
            if event["kind"] == "update_posted":
                self.figures["updates"] += 1
                if event["actor"] == "clock":
                    require(last is None or at - last >= CADENCE[incident.severity] - 0.001,
                            "%s: event %d is an update of the clock %d s after the last one" % (incident.id, event["seq"], at - last))
            if event["kind"] in ("declared", "update_posted"):
                last = at
        if not incident.closed:
            require(now - last <= allowed, "%s: no update for %d s; its cadence is %d s" %
                    (incident.id, now - last, CADENCE[incident.severity]))

    def announced_once(self, incident, channels):
        if incident.own_channel:
            title = incident.title.replace(" ", "-")
            homes = [c for c in channels if ("-" + title + "-") in c + "-"]
            require(homes == [incident.channel], "%s has the channels %s" % (incident.id, homes))
            links = [m for m in self.read["ops"] if m["kind"] == "word" and
                     m["text"].startswith("Incident #%s is in #" % incident.id)]
            require(len(links) == 1, "%s is announced %d times in #ops" % (incident.id, len(links)))
        topic = channels[incident.channel]["topic"]
        if not incident.closed:
            require(incident.title in topic and incident.id in topic, "#%s has the topic %r during %s" %
                    (incident.channel, topic, incident.id))


def run(arguments, folder):
    chance = random.Random(arguments.seed)
    data = os.path.join(folder, "data")
    os.mkdir(data)
    bot = Bot(os.path.abspath(arguments.binary), data)
    stop, failed = threading.Event(), []
    responders = [Responder(bot, number, random.Random(chance.random()), stop, failed) for number in range(RESPONDERS)]
    judge = Judge(bot, responders)
    began = time.monotonic()
    try:
        bot.launch()
        bot.wait_until_up()
        for responder in responders:
            responder.start()
        kills = 0
        while kills < arguments.kills:
            time.sleep(chance.uniform(0.05, 0.8))
            bot.kill()
            bot.launch()
            kills += 1
            while kills < arguments.kills and chance.random() < AT_THE_START:
                time.sleep(chance.uniform(0.0, 0.15))
                bot.kill()
                bot.launch()
                kills += 1
            bot.wait_until_up()
            if failed:
                raise Violation(failed[0])
            judge.answered_is_there()
        stop.set()
        for responder in responders:
            responder.join(LONGEST_WAIT)
            require(not responder.is_alive(), "responder %d still waits for an answer" % responder.number)
        if failed:
            raise Violation(failed[0])
        judge.wait_until_quiet()
        judge.judge()
    finally:
        stop.set()
        if bot.process and bot.process.poll() is None:
            bot.process.kill()
            bot.process.wait()
    figures = judge.figures
    print("%d kills in %d s: %d lines answered and all there once (%d sent again), %d buttons pressed, %d incidents, "
          "%d events, %d messages, %d updates; a start took %.0f ms, the longest %.0f ms; seed %d" %
          (arguments.kills, time.monotonic() - began, figures["lines"], sum(r.client.resent for r in responders),
           sum(r.pressed for r in responders), figures["incidents"], figures["events"], figures["messages"],
           figures["updates"], 1000 * sorted(bot.starts)[len(bot.starts) // 2], 1000 * max(bot.starts), arguments.seed))


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("binary")
    parser.add_argument("--kills", type=int, default=200)
    parser.add_argument("--seed", type=int, default=random.SystemRandom().randrange(1 << 31))
    arguments = parser.parse_args()
    folder = tempfile.mkdtemp(prefix="coxswain-crash-")
    try:
        run(arguments, folder)
    except Violation as violation:
        print("seed %d: %s\nthe data is kept in %s" % (arguments.seed, violation, folder), file=sys.stderr)
        return 1
    shutil.rmtree(folder)
    return 0


if __name__ == "__main__":
    sys.exit(main())
