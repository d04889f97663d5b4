"""A room that was recorded, as Markdown that people read: who said what when, what was edited, set and pinned."""

import datetime
import difflib

from matrix_house import is_card, op_of


class Transcript:
    def __init__(self, record):
        self.record, self.lines = record, []
        self.events = {e["event_id"]: e for e in record["events"]}
        self.names = {e["state_key"]: e["content"].get("displayname", e["state_key"])
                      for e in record["events"] if e["type"] == "m.room.member"}
        self.rung = {}
        for name, events in record["highlighted"].items():
            for event in events:
                self.rung.setdefault(event, []).append(name.title())
        self.buttons = {}
        for event in record["events"]:
            if event["type"] == "m.reaction":
                self.buttons.setdefault(event["content"]["m.relates_to"]["event_id"], []).append(event)
        self.card = ""

    def written(self, facts, wrong):
        started = datetime.datetime.fromtimestamp(self.record["started"], datetime.timezone.utc)
        head = ["# %s in a room of Matrix" % self.record["drill"], "",
                "Played on the real clock from %s UTC on, at speed %g." % (started.strftime("%Y-%m-%d %H:%M:%S"), self.record["speed"]), ""]
        head += ["- " + line for line in self.figures()]
        head += ["- holds: " + fact for fact in facts] + ["- **WRONG**: " + one for one in wrong] + [""]
        for event in self.record["events"]:
            self.show(event)
        return "\n".join(head + self.lines) + "\n"

    def figures(self):
        own = [e for e in self.record["events"] if e["sender"] == self.record["bot"]]
        messages = [e for e in own if e["type"] == "m.room.message"]
        of = {kind: [row["state"] for row in self.record["outbox"] if row["kind"] == kind]
              for kind in dict.fromkeys(row["kind"] for row in self.record["outbox"])}
        yield "outbox: " + "; ".join("%d of kind %s, %s" % (len(states), kind, ", ".join(
            "%d %s" % (states.count(state), state) for state in dict.fromkeys(states))) for kind, states in of.items())
        yield "of the bot in the room: %d messages, %d edits of the card, %d topics, %d reactions" % (
            sum("m.new_content" not in e["content"] for e in messages), sum("m.new_content" in e["content"] for e in messages),
            sum(e["type"] == "m.room.topic" for e in own), sum(e["type"] == "m.reaction" for e in own))

    def show(self, event):
        content, kind = event["content"], event["type"]
        who = self.names.get(event["sender"], event["sender"])
        if kind == "m.room.message" and "m.new_content" in content:
            self.edited(event, content["m.new_content"]["body"])
        elif kind == "m.room.message" and event["sender"] == self.record["bot"]:
            self.said_by_bot(event, who)
        elif kind == "m.room.message":
            self.put(event, "**%s** %s" % (who, "`%s`" % content["body"] if content["body"].startswith("!") else content["body"]))
        elif kind == "m.room.topic":
            self.put(event, "*topic by %s:* %s" % (who, content["topic"]))
        elif kind == "m.room.pinned_events":
            self.put(event, "*pinned by %s:* %s" % (who, ", ".join(self.called(one) for one in content["pinned"]) or "nothing"))
        elif kind == "m.room.member":
            self.put(event, "*%s: %s*" % (self.names[event["state_key"]], content["membership"]))

    def said_by_bot(self, event, who):
        content = event["content"]
        notes = [content["msgtype"], "op " + op_of(event).rsplit(":", 1)[-1]] if op_of(event) else [content["msgtype"]]
        if is_card(event):
            notes.append("the card")
            self.card = content["body"]
        relation = content.get("m.relates_to", {})
        if "m.in_reply_to" in relation:
            under = "in a thread under" if relation.get("rel_type") == "m.thread" else "in answer to"
            notes.append("%s %s" % (under, self.called(relation["m.in_reply_to"]["event_id"])))
        if event["event_id"] in self.rung:
            notes.append("highlighted for " + ", ".join(self.rung[event["event_id"]]))
        reactions = [e["content"]["m.relates_to"]["key"] for e in self.buttons.get(event["event_id"], [])]
        if reactions:
            notes.append("reactions " + " ".join(reactions))
        self.put(event, "**%s** (%s)" % (who, "; ".join(notes)), *("> " + line for line in content["body"].split("\n")))

    def edited(self, event, body):
        """The lines that are others now."""
        changes = [line for line in difflib.ndiff(self.card.split("\n"), body.split("\n")) if line[:2] in ("- ", "+ ") and line[2:]]
        self.card = body
        self.put(event, "*card edited*", *(["```diff", *changes, "```"] if changes else ["(the same words)"]))

    def called(self, event_id):
        event = self.events.get(event_id)
        if event is None:
            return event_id
        if is_card(event):
            return "the card"
        return "%s's `%s`" % (self.names[event["sender"]], event["content"].get("body", "")[:60])

    def put(self, event, *lines):
        at = datetime.datetime.fromtimestamp(event["origin_server_ts"] / 1000, datetime.timezone.utc)
        self.lines += ["`%s` %s" % (at.strftime("%H:%M:%S"), lines[0]), *lines[1:], ""]
