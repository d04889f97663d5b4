#!/usr/bin/env python3
"""Incidents in Matrix with the real binary on a real Synapse: python3 tests/e2e/matrix_test.py COXSWAIN [unittest's arguments]"""

import os
import re
import signal
import sys
import tempfile
import unittest

import program
from matrix_house import PASSWORD, MatrixCase
from person import Person, quoted
from synapse import NO_LIMITS, Synapse

ROOT = os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "..")


def pill(person, name):
    return '<a href="https://matrix.to/#/%s">%s</a>' % (person.id, name)


class Story(MatrixCase):
    def test_of_a_sev_1_from_declare_to_resolve(self):
        self.serve_connected()
        room = self.declare()
        ana, bo = (self.name_of(p) for p in (self.ana, self.bo))
        alert = self.posted(room, "SEV-1 checkout errors declared by " + ana)
        self.assertIn("~38% of payments fail", alert["content"]["body"])
        self.assertIsNone(self.ana.state(room, "m.room.encryption"))
        self.assertEqual(self.ana.state(room, "m.room.create").get("m.federate"), False)
        card = self.card(room)
        self.until(lambda: (self.ana.state(room, "m.room.pinned_events") or {}).get("pinned") == [card["event_id"]], "the pin")
        self.posted(self.ops, "INC-1")
        self.until(lambda: self.topic(room) == "SEV-1 checkout errors · investigating | IC %s (acting) · Comms — · Ops — · "
                                               "Scribe — | #INC-1" % ana, "the topic")
        # Who is in the room where it was declared comes in without being asked.
        self.bo.join(room)

        # A reaction, a message with ! and a press by the one who was asked.
        self.press(self.ana, room, alert, "ic me")
        self.posted(room, ana + " is Incident Commander")
        self.ana.say(room, "!comms " + bo, format="org.matrix.custom.html", formatted_body="!comms " + pill(self.bo, bo),
                     **{"m.mentions": {"user_ids": [self.bo.id]}})
        asked = self.posted(room, "asks you to be Communications Lead")
        self.assertEqual(asked["content"]["msgtype"], "m.text")
        self.assertEqual(asked["content"]["m.mentions"], {"user_ids": [self.bo.id]})
        self.press(self.bo, room, asked, "accept comms")
        self.posted(room, "Does not investigate")

        # In a thread, and by a mention.
        thread = self.ana.say(room, "the gateway hangs")
        self.bo.say(room, "!act restart gateway %s eta 5m" % self.bo.id,
                    **{"m.relates_to": {"rel_type": "m.thread", "event_id": thread}})
        self.ana.say(room, "%s: hypothesis release 4.12 raised time-outs" % self.bot.id)
        self.posted(room, "release 4.12 raised time-outs")

        # What one person asked for stands under what they typed.
        question = self.bo.say(room, "!sev 5")
        refusal = self.posted(room, "You typed")
        self.assertEqual(refusal["content"]["m.relates_to"]["m.in_reply_to"]["event_id"], question)
        self.assertEqual(refusal["content"]["msgtype"], "m.text", "it must be noticed")
        self.assertEqual(refusal["content"]["m.mentions"], {"user_ids": [self.bo.id]})

        # Silence never happens: the clock posts by itself.
        self.posted(room, "Not confirmed by the commander")

        self.bo.say(room, "!done A1 because it answers again")
        self.ana.say(room, "!contained payments flow again")
        self.ana.say(room, "!resolve cause release 4.12")
        self.card_shows(room, "resolved")
        self.card_shows(room, "IC %s · Comms %s" % (ana, bo))
        self.assertEqual(self.card(room)["event_id"], card["event_id"])
        self.posts_once(room)
        for message in self.of_bot(room):
            self.assertIn("m.mentions", message["content"])

    def name_of(self, person):
        return person.id[1:].split(":")[0]


class Restart(MatrixCase):
    def test_goes_on_without_saying_anything_twice(self):
        running = self.serve_connected()
        room = self.declare()
        card = self.card(room)
        self.assertEqual(running.end(), 0)
        self.ana.say(room, "!hypothesis said while nobody listened")
        running = self.serve_connected()
        self.ana.say(room, "!impact all payments fail")
        self.posted(room, "said while nobody listened")
        self.card_shows(room, "all payments fail")
        self.assertEqual(self.card(room)["event_id"], card["event_id"])
        self.posts_once(room)

    def test_F84_goes_on_when_synapse_is_killed_and_comes_back(self):
        self.serve_connected()
        room = self.declare()
        self.synapse.restart(signal.SIGKILL)
        self.ana.say(room, "!hypothesis said after Synapse came back")
        self.posted(room, "said after Synapse came back")
        self.posts_once(room)

    def test_S12_logs_in_once_and_keeps_its_device(self):
        for _ in range(3):
            running = self.serve_connected()
            self.assertEqual(running.end(), 0)
        devices = [d["device_id"] for d in self.bot.must("GET", "/devices")["devices"]]
        self.assertEqual(sorted(devices), sorted([self.bot.device_id, "COXSWAIN"]))


class Limits(MatrixCase):
    limits = dict(NO_LIMITS, rc_message={"per_second": 3, "burst_count": 3})

    def test_F87_synapse_asks_for_patience_and_gets_it(self):
        running = self.serve_connected()
        room = self.declare()
        self.until(lambda: 'coxswain_effects_waiting 0' in running.get("/metrics"), "everything said")
        said = []
        for number in range(6):
            said.append("number %d." % number)
            self.until(lambda: self.ana.ask("PUT", "/rooms/%s/send/m.room.message/n%d" % (quoted(room), number), {
                "msgtype": "m.text", "body": "!hypothesis " + said[-1] + " suspected", "m.mentions": {}})[0] == 200, "her own limit")
        self.posted(room, said[-1])
        bodies = [m["content"]["body"] for m in self.of_bot(room)]
        self.assertEqual([sum(part in body for body in bodies) for part in said], [1] * 6)
        self.posts_once(room)


class Service(MatrixCase):
    """As an application service: no password, and no limits."""

    limits = {}
    TOKEN = "canary-as-token"

    @classmethod
    def start_synapse(cls):
        with open(os.path.join(ROOT, "deploy", "matrix", "registration.yaml")) as file:
            registration = file.read()
        for before, after in (("CHANGE-ME-TOO", "canary-hs-token"), ("CHANGE-ME", cls.TOKEN), ("example", "lab"), ("org", "test")):
            assert before in registration, before
            registration = registration.replace(before, after)
        folder = tempfile.TemporaryDirectory()
        cls.addClassCleanup(folder.cleanup)
        path = os.path.join(folder.name, "registration.yaml")
        with open(path, "w") as file:
            file.write(registration)
        return Synapse(cls.limits, {"app_service_config_files": [path]})

    def make_bot(self):
        self.synapse.must("POST", "/_matrix/client/v3/register", {
            "type": "m.login.application_service", "username": "coxswain", "inhibit_login": True}, self.TOKEN)
        made = self.synapse.must("POST", "/_matrix/client/v3/login", {
            "type": "m.login.application_service", "identifier": {"type": "m.id.user", "user": "coxswain"}}, self.TOKEN)
        return Person(self.synapse, made["user_id"], made["access_token"], made["device_id"], None)

    def test_declares_with_the_registration_that_is_shipped(self):
        del self.environment["COXSWAIN_MATRIX_PASSWORD_FILE"]
        self.put_secret("AS_TOKEN", self.TOKEN)
        done = self.run_it(*self.arguments("check", "--online"))
        self.assertEqual((done.returncode, done.stderr), (0, ""), done.stdout)
        self.assertIn("the bot is %s\n" % self.bot.id, done.stdout)
        self.assertIn("it is in 1 room\n", done.stdout)
        running = self.serve_connected()
        room = self.declare()
        self.posted(room, "SEV-1 checkout errors")
        self.assertNotIn(self.TOKEN, running.errors())


class CheckOnline(MatrixCase):
    def check(self):
        return self.run_it(*self.arguments("check", "--online"))

    def test_finds_a_good_account(self):
        done = self.check()
        self.assertEqual((done.returncode, done.stderr), (0, ""), done.stdout)
        self.assertIn(self.bot.id, done.stdout)

    def test_says_that_the_password_is_refused_and_does_not_show_it(self):
        self.put_secret("PASSWORD", "another-canary")
        done = self.check()
        self.assertEqual(done.returncode, 78, done.stdout)
        self.assertNotIn("another-canary", done.stdout + done.stderr)


class Secrets(MatrixCase):
    def test_S06_stand_nowhere_but_where_they_belong(self):
        self.configure(log={"level": "trace"})
        with open(self.path("stderr"), "w+b") as log:
            running = self.serve_connected(stderr=log)
            self.declare()
            seen = {path: str(running.ask("GET", path)[1]).encode() for path in (
                "/api/incidents", "/api/channels", "/api/incidents/INC-1/events", "/api/people", "/metrics", "/readyz")}
            self.assertEqual(running.end(), 0)
            log.seek(0)
            seen["stderr"] = log.read()
        for name, content in seen.items():
            self.assertNotIn(PASSWORD.encode(), content, name)
            self.assertIsNone(re.search(rb"syt_\w+", content), name)
            self.assertIsNone(re.search(rb"Bearer", content), name)


if __name__ == "__main__":
    program.binary = os.path.abspath(sys.argv.pop(1))
    unittest.main(verbosity=2)
