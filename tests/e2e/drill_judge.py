"""What must hold after the shipped drill was played in a room of Matrix: beside the same drill in the web channel of the same
binary, and by itself, so that a fault of both is seen too. Another drill has other facts to hold."""

import datetime
import re
import tempfile

import program
from matrix_house import is_card, op_of

LATE = 5.0      # seconds that a thing may come after the drill's time for it; a busy machine is slow
UTC = datetime.timezone.utc
TIME_OF_DAY = re.compile(r"\b([01]\d|2[0-3]):([0-5]\d)\b")
MOMENT = re.compile(r"\d{4}-\d\d-\d\dT[\d:.]+Z")


def moment(text):
    return datetime.datetime.fromisoformat(text.replace("Z", "+00:00"))


def words(value, started):
    """An event's values, with times as minutes since the drill's start, and people by name."""
    if isinstance(value, dict):
        return value.get("name") or {key: words(one, started) for key, one in value.items()}
    if not isinstance(value, str):
        return value
    if MOMENT.fullmatch(value):
        # A second is forgiven: the web channel's play may start so long after the full minute.
        return "+%dm" % (((moment(value) - started).total_seconds() + 1) // 60)
    return TIME_OF_DAY.sub(lambda found: "+%dm" % minutes_after(found, started), value)


def minutes_after(found, started):
    day = started.replace(hour=int(found.group(1)), minute=int(found.group(2)), second=0)
    return (round((day - started).total_seconds() / 60) + 720) % 1440 - 720  # midnight may lie between


def story(log, started):
    """Who did what when, as two networks tell it alike: without ids, places and the numbers of decisions."""
    return [((moment(event["at"]) - started).total_seconds(), event["name"] or event["actor"], event["kind"],
             {key: words(value, started) for key, value in event.items()
              if key not in ("incident", "seq", "at", "actor", "name", "kind", "v", "origin", "channel")})
            for event in log]


def same_words(text, buttons=()):
    """As it would stand in either network: without the legend of reactions, quotation, marks and places."""
    if buttons:
        text = text.rsplit("\n\n" + buttons[0]["key"], 1)[0]
    text = re.sub(r"^>( |$)", "", text, flags=re.M)
    return re.sub(r" \((#[\w-]+|checkout-47)\)", "", text.replace("`!inc ", "`").replace("@", "")).strip()


class WebPlay:
    """The drill in the web channel, on a clock that is advanced by hand."""

    def __init__(self, drill):
        with tempfile.TemporaryDirectory(prefix="coxswain-drill-") as folder:
            running = program.Running("demo", "--port", "0", "--data", folder, "--clock", "manual", "--play", "none")
            try:
                self.play(drill, running)
            finally:
                running.end()

    def play(self, drill, running):
        # The clock stands within a second and moves by whole ones; minutes change where the drill's do.
        now = moment(running.quiet())
        self.started = now + datetime.timedelta(seconds=60 - now.second)
        for step in drill.steps:
            wait = self.started + datetime.timedelta(seconds=step.at) - moment(running.quiet())
            running.advance("%ds" % round(wait.total_seconds()))
            running.say(step.who, drill.moved_to(self.started, step.says))
            running.quiet()
        self.log = [event for one in running.get("/api/incidents") for event in
                    running.get("/api/incidents/%s/events" % one["id"])]
        said = [m for m in running.messages() if m["author"] == "coxswain" and m["kind"] != "card"]
        self.posts = [m["text"] for m in said if not m["private_to"]]
        self.told = [(m["private_to"], m["text"]) for m in said if m["private_to"]]


class Seen:
    """The record, sorted by what a judge asks for."""

    def __init__(self, record):
        self.record = record
        self.started = datetime.datetime.fromtimestamp(record["started"], UTC)
        self.events = record["events"]
        self.names = {e["state_key"]: e["content"].get("displayname") for e in self.events if e["type"] == "m.room.member"}
        self.messages = [e for e in self.events if e["type"] == "m.room.message" and "body" in e["content"]]
        self.of_bot = [e for e in self.messages if e["sender"] == record["bot"]]
        self.card_versions = [e for e in self.of_bot if is_card(e)]
        kinds = {row["id"]: row["kind"] for row in record["outbox"]}
        self.outbox = {kind: [row for row in record["outbox"] if row["kind"] == kind] for kind in set(kinds.values())}
        self.said = {"post": [], "tell": []}
        for event in self.of_bot:
            if not is_card(event) and number(event) in kinds:
                self.said[kinds[number(event)]].append(event)

    def after(self, event):
        return event["origin_server_ts"] / 1000 - self.record["started"]

    def cards(self):
        """What the card showed, version by version."""
        return [e["content"].get("m.new_content", e["content"])["body"] for e in self.card_versions]

    def topics(self):
        return [e["content"]["topic"] for e in self.events if e["type"] == "m.room.topic"]


def number(event):
    return int(op_of(event).rsplit(":", 1)[-1])


class Judge:
    def __init__(self, record, drill):
        self.seen, self.web, self.record = Seen(record), WebPlay(drill), record
        self.facts, self.wrong = [], []

    def require(self, condition, what):
        if not condition:
            self.wrong.append(what)

    def holds(self, check):
        before = len(self.wrong)
        found = check()
        if len(self.wrong) == before:
            self.facts.append(found)

    def judge(self):
        for check in (self.same_story, self.same_posts, self.same_private_words, self.one_commander, self.one_mitigation,
                      self.the_clock_speaks, self.cadence, self.the_end, self.outbox_stands_in_the_room, self.the_card,
                      self.who_must_act_hears_it):
            self.holds(check)
        return self.facts, self.wrong

    def compare(self, what, here, there):
        """The first difference: what follows one follows from it."""
        for one, other in zip(here, there):
            if one != other:
                return self.require(False, "%s: %r, and in the web channel %r" % (what, one, other))
        self.require(len(here) == len(there), "%s: there are %d, and in the web channel %d" % (what, len(here), len(there)))

    def same_story(self):
        ours, theirs = story(self.record["log"], self.seen.started), story(self.web.log, self.web.started)
        self.compare("events", [event[1:] for event in ours], [event[1:] for event in theirs])
        late = max(abs(here[0] - there[0]) for here, there in zip(ours, theirs))
        self.require(late <= LATE, "an event is %.1f s away from its time in the web channel" % late)
        return "%d events as in the web channel's play, none more than %.2f s away from its time there" % (len(ours), late)

    def room_words(self, kind):
        for event in self.seen.said[kind]:
            content = event["content"]
            yield words(same_words(content["body"], content["coxswain"].get("buttons", ())), self.seen.started)

    def same_posts(self):
        posts = list(self.room_words("post"))
        self.compare("posts", posts, [words(same_words(text), self.web.started) for text in self.web.posts])
        return "%d posts, their words the web channel's" % len(posts)

    def same_private_words(self):
        told = self.seen.said["tell"]
        to = [event["content"]["m.mentions"].get("user_ids", []) for event in told]
        self.require(all(len(users) == 1 for users in to), "private words are for %s" % to)
        names = [self.seen.names[users[0]] for users in to]
        here = [(name, text.removeprefix(name + ": ")) for name, text in zip(names, self.room_words("tell"))]
        there = [(user.title(), words(same_words(text), self.web.started)) for user, text in self.web.told]
        self.compare("private words", here, there)
        typed = {e["event_id"]: e["sender"] for e in self.seen.messages}
        cards = {e["event_id"] for e in self.seen.card_versions}
        under = [e["content"].get("m.relates_to", {}).get("m.in_reply_to", {}).get("event_id") for e in told]
        for event, asked in zip(told, under):
            self.require(asked in cards or [typed.get(asked)] == event["content"]["m.mentions"]["user_ids"],
                         "it stands neither under their words nor under the card: %r" % event["content"])
        unasked = sum(asked in cards for asked in under)
        return "%d private words, the web channel's to the same people, each in a thread: %d under what was typed, %d under the card" % (
            len(told), len(told) - unasked, unasked)

    def one_commander(self):
        shown = [re.search(r"^IC ([^·\n]+?) ·", card, re.M) for card in self.seen.cards()]
        self.require(all(shown), "a card names no commander")
        line = [found.group(1) for found in shown if found]
        turns = [one for at, one in enumerate(line) if at == 0 or line[at - 1] != one]
        self.require(len(set(turns)) == len(turns), "command went to and fro: %s" % turns)
        return "one commander at a time: %s" % ", then ".join(turns)

    def one_mitigation(self):
        running = [len(re.findall(r"in progress · mitigation", card)) for card in self.seen.cards()]
        in_line = [len(re.findall(r"in line · mitigation", card)) for card in self.seen.cards()]
        self.require(max(running) == 1, "%d mitigations ran at a time" % max(running))
        self.require(max(in_line) == 2, "%d mitigations were put in line" % max(in_line))
        return "never more than one mitigation in progress, two in line"

    def the_clock_speaks(self):
        alone = [e for e in self.record["log"] if e["kind"] == "update_posted" and not e["confirmed"]]
        said = [e for e in self.seen.said["post"] if "Not confirmed by the commander" in e["content"]["body"]]
        self.require(len(alone) == len(said) == 1, "%d updates without a commander are in the log, %d in the room" %
                     (len(alone), len(said)))
        return "the clock's own update at +%.1f s" % self.seen.after(said[0]) if said else ""

    def cadence(self):
        """By what stood in the room."""
        informed = [self.seen.after(e) for e in self.seen.said["post"]
                    if re.search(r"^(Next update: |No further updates)", e["content"]["body"], re.M)]
        every = self.record["incidents"][0]["update_every_s"]
        gaps = [later - earlier for earlier, later in zip(informed, informed[1:])]
        self.require(gaps and max(gaps) <= every + LATE, "the room heard nothing for %s s" % max(gaps, default=None))
        return "%d times informed, never more than %.1f s apart, where %d are promised" % (len(informed), max(gaps), every)

    def the_end(self):
        self.require([one["status"] for one in self.record["incidents"]] == ["resolved"], "it is not resolved")
        self.require(self.record["exit"] == 0, "it ended with exit code %s" % self.record["exit"])
        topics = self.seen.topics()
        self.require(topics[-1] == topics[0], "the topic is %r, it was %r" % (topics[-1], topics[0]))
        self.require(any("investigating" in t for t in topics) and any("contained" in t for t in topics), "topics: %s" % topics)
        return "resolved, and the topic is again what it was, after %d of the bot's" % (len(topics) - 2)

    def outbox_stands_in_the_room(self):
        for kind, rows in self.seen.outbox.items():
            states = {row["state"] for row in rows}
            self.require(states <= ({"sent"} if kind in ("post", "tell") else {"sent", "superseded"}), "%s: %s" % (kind, states))
        for kind, events in self.seen.said.items():
            want, there = [row["id"] for row in self.seen.outbox.get(kind, [])], [number(e) for e in events]
            self.require(sorted(there) == want, "of kind %s the outbox has %s, there stand %s" % (kind, want, there))
        posts = [number(e) for e in self.seen.said["post"]]
        self.require(posts == sorted(posts), "the posts stand out of order: %s" % posts)
        return "every post and private word of the outbox once, the posts in order"

    def the_card(self):
        originals = [e for e in self.seen.card_versions if "m.new_content" not in e["content"]]
        self.require(len(originals) == 1, "%d cards" % len(originals))
        self.require(self.record["pinned"] == [originals[0]["event_id"]], "pinned is %s" % self.record["pinned"])
        self.require("· resolved" in self.seen.cards()[-1], "the card shows at last %r" % self.seen.cards()[-1])
        return "one card, pinned, edited %d times" % (len(self.seen.card_versions) - 1)

    def who_must_act_hears_it(self):
        """A sound is made for whom the bot's texts mention, and for nobody else."""
        meant = {name: [] for name in self.record["highlighted"]}
        for event in self.seen.of_bot:
            if event["content"]["msgtype"] == "m.text":
                for user in event["content"]["m.mentions"].get("user_ids", []):
                    meant[user[1:].split(":")[0]].append(event["event_id"])
        for name, events in self.record["highlighted"].items():
            by_bot = [one for one in events if one in {e["event_id"] for e in self.seen.of_bot}]
            self.require(sorted(by_bot) == sorted(meant[name]),
                         "%s heard %s, meant for them was %s" % (name, by_bot, meant[name]))
        heard = ["%s %d" % (name, len(events)) for name, events in meant.items() if events]
        return "heard by those who must act: " + ", ".join(heard)


def judge(record, drill):
    """What holds, and what does not."""
    return Judge(record, drill).judge()
