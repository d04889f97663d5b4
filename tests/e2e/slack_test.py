#!/usr/bin/env python3
"""Incidents in Slack with the real binary: python3 tests/e2e/slack_test.py COXSWAIN FAKE_SLACK [unittest's arguments]"""

import http.server
import os
import re
import signal
import socket
import ssl
import subprocess
import sys
import threading
import unittest

import program
from fake_slack import ALICE, BOB, BOT
from slack_house import SlackCase

# Whatever notifies somebody in Slack's markup. <!date…> does not.
MENTION = re.compile(r"<(?:@[^>]+|!(?!date)[^>]+)>")


def buttons(message):
    """What a message offers, by label."""
    elements = [e for block in message.get("blocks", []) for e in block.get("elements", []) if e["type"] == "button"]
    return [e["text"]["text"] for e in elements]


def kinds(message):
    return [block["type"] for block in message.get("blocks", [])]


def strings(node):
    """Every string anywhere in a JSON value."""
    if isinstance(node, str):
        yield node
    elif isinstance(node, dict):
        for value in node.values():
            yield from strings(value)
    elif isinstance(node, list):
        for value in node:
            yield from strings(value)


class Story(SlackCase):
    def test_of_a_sev_1_from_declare_to_resolve(self):
        self.serve_connected()
        room = self.declare()
        channel = self.slack.channel(room)
        self.assertEqual(set(channel["members"]), {ALICE, BOT})
        alert = self.posted(room, "SEV-1 checkout errors declared by alice")
        self.assertIn("~38% of payments fail", alert["text"])
        self.assertEqual((kinds(alert), buttons(alert)), (["section", "actions"], ["Take command", "Status"]))
        card = self.card(room)
        self.assertEqual(kinds(card), ["header", "section", "section", "section", "context", "actions"])
        self.slack.until(lambda: self.slack.channel(room)["pins"] == [card["ts"]], "the pin of the card")
        link = self.posted("general", "Incident #INC-1")
        self.assertIn("<#" + channel["id"] + ">", link["text"])
        topic = "SEV-1 checkout errors · investigating | IC alice (acting) · Comms — · Ops — · Scribe — | #INC-1"
        self.slack.until(lambda: self.slack.channel(room)["topic"] == topic, "the topic")
        self.slack.do("join", channel=room, user="bob")

        # A button, a message with ! and a press by the one who was asked.
        self.slack.press("alice", room, "cox.0:ic", ts=alert["ts"])
        self.posted(room, "alice is Incident Commander")
        self.slack.say("alice", room, "!comms <@%s>" % BOB)
        self.assertIn("<@%s>, alice asks you to be Communications Lead" % BOB, self.posted(room, "asks you to be")["text"])
        self.slack.press("bob", room, "cox.0:accept")
        self.assertIn("Does not investigate", self.whispered(BOB, "Communications Lead:"))

        # In a thread, and by a mention.
        thread = self.slack.say("alice", room, "the gateway hangs")["ts"]
        self.slack.say("bob", room, "!act restart gateway <@%s> eta 5m" % BOB, thread_ts=thread)
        self.slack.say("alice", room, "<@%s> hypothesis release 4.12 raised time-outs suspected" % BOT)
        self.posted(room, "Hypothesis: release 4.12 raised time-outs")

        # Answers and refusals for one: nobody else reads them, and the channel does not either.
        self.slack.command("bob", room, "status")
        self.whispered(BOB, "SEV-1 checkout errors")
        self.slack.say("bob", room, "!sev 5")
        self.assertIn("You typed", self.whispered(BOB, "!sev 5"))
        self.assertEqual([text for text, _ in self.slack.whispers(ALICE) if "sev 5" in text or "4.12" in text], [])
        self.assertEqual([m["text"] for m in self.slack.of_bot(room) if "You typed" in m["text"]], [])

        # The form of an update, from the card.
        self.slack.press("alice", room, "cox.open.update")
        form = self.slack.until(lambda: [v for v in self.slack.see("views").values() if v["open"]], "the form")[0]
        self.assertEqual(form["user"], ALICE)
        self.slack.submit("alice", {"headline": "Errors fall", "impact": "~10% of payments fail"})
        update = self.posted(room, "~10% of payments fail")
        self.assertIn("Errors fall", update["text"])
        self.assertEqual([v for v in self.slack.see("views").values() if v["open"]], [])

        # Silence never happens: the clock posts by itself.
        unconfirmed = self.posted(room, "Not confirmed by the commander")
        self.assertIn("SEV-1 checkout errors", unconfirmed["text"])

        self.slack.say("bob", room, "!done A1 because it answers again")
        self.slack.say("alice", room, "!contained payments flow again")
        self.slack.command("alice", room, "resolve cause release 4.12")
        self.posted(room, "resolved")
        self.slack.until(lambda: "resolved" in self.card(room)["text"], "the card of a resolved incident")
        last = self.card(room)
        self.assertEqual(last["ts"], card["ts"])
        self.assertGreater(last["edits"], 5)
        self.assertIn("IC alice · Comms bob", last["text"])
        self.assertEqual(self.slack.channel(room)["pins"], [card["ts"]])
        self.posts_once(room)

    def test_by_the_declare_form_from_home(self):
        self.serve_connected()
        self.slack.do("open_home", user="alice")
        home = self.slack.until(lambda: [v for v in self.slack.see("views").values()
                                         if v["user"] == ALICE and v["view"]["type"] == "home"], "the home")[0]
        declare = [e["action_id"] for b in home["view"]["blocks"] for e in b.get("elements", []) + [b.get("accessory")]
                   if e and e["type"] == "button"]
        self.slack.do("press_in_view", user="alice", button=declare[0], type="home")
        self.slack.until(lambda: [v for v in self.slack.see("views").values()
                                  if v["view"]["type"] == "modal" and v["open"]], "the form")
        self.slack.submit("alice", {"title": "search is slow", "severity": "2"}, type="modal")
        self.slack.until(lambda: self.card("inc-1-search-is-slow"), "the card")


class Mentions(SlackCase):
    def test_S24_hostile_words_notify_nobody(self):
        self.serve_connected()
        evil = "<!channel> <!here|x> <@%s> <!subteam^S1> &lt;!everyone&gt; &amp;lt;!here&amp;gt; <#C0OPS0001> @everyone" % BOB
        self.slack.command("alice", "general", "declare 1 %s impact %s" % (evil, evil))
        room = self.slack.until(lambda: [c["name"] for c in self.slack.see("channels").values()
                                         if c["name"].startswith("inc-1")], "the channel")[0]
        self.slack.until(lambda: self.card(room), "the card")
        self.slack.say("alice", room, "!hypothesis " + evil)
        self.slack.say("alice", room, "!note " + evil)
        self.posted(room, "Hypothesis:")
        self.slack.press("alice", room, "cox.open.update")
        self.slack.until(lambda: [v for v in self.slack.see("views").values() if v["open"]], "the form")
        self.slack.submit("alice", {"headline": evil, "need": evil})
        self.posted(room, "Decision needed: ")
        self.slack.command("alice", room, "status")
        self.whispered(ALICE, "SEV-1")
        self.slack.until(lambda: self.slack.channel(room)["topic"], "the topic")
        # Whatever the bot sent, each string of it.
        for call in self.slack.calls():
            if not call["method"].startswith(("chat.", "conversations.set", "response_url")):
                continue
            for text in (part for value in call["args"].values() for part in strings(value)):
                self.assertEqual(MENTION.findall(text), [], (call["method"], text))
        self.assertTrue(self.slack.calls("chat.postMessage"))


class CheckOnline(SlackCase):
    def check(self):
        return self.run_it(*self.arguments("check", "--online"))

    def granted(self, *without, more=()):
        needed = [scope for scope in self.slack.see("settings")["scopes"] if scope not in without]
        self.slack.set(scopes=sorted(set(needed) | {"pins:read"} | set(more)))

    def test_finds_good_tokens_and_all_rights(self):
        self.granted()
        done = self.check()
        self.assertEqual((done.returncode, done.stderr), (0, ""))
        self.assertIn("coxswain in acme", done.stdout)
        self.assertIn("Socket Mode opens", done.stdout)

    def test_says_which_feature_a_missing_right_costs(self):
        self.granted("pins:write", "reactions:read")
        done = self.check()
        self.assertEqual(done.returncode, 78, done.stdout)
        self.assertRegex(done.stdout, "pins:write is missing: the card is not pinned")
        self.assertRegex(done.stdout, "reactions:read is missing: an emoji does not put")

    def test_says_that_a_token_is_refused(self):
        for app, bot, words in ((self.app_token, "xoxb-other", "the bot token is refused"),
                                ("xapp-other", self.bot_token, "the app-level token does not open Socket Mode")):
            with self.subTest(words):
                self.put_tokens(app, bot)
                done = self.check()
                self.assertEqual(done.returncode, 78, done.stdout)
                self.assertIn(words, done.stdout)
                self.assertNotIn("xoxb-other", done.stdout + done.stderr)
                self.assertNotIn("xapp-other", done.stdout + done.stderr)

    def test_says_that_slack_is_not_reached(self):
        self.slack.end()
        done = self.check()
        self.assertEqual(done.returncode, 69, done.stdout)
        self.assertIn("slack: not reached", done.stdout)

    def test_says_which_token_is_missing(self):
        del self.environment["COXSWAIN_SLACK_APP_TOKEN_FILE"]
        self.ends_with(self.check(), 78, "COXSWAIN_SLACK_APP_TOKEN", "xapp-")


class Secrets(SlackCase):
    app_token = "xapp-1-A0FAKE001-1-canarycanaryapp"
    bot_token = "xoxb-1-canarycanarybot"

    def test_S06_S08_stand_nowhere_but_in_their_files(self):
        self.slack.set(app_token=self.app_token, bot_token=self.bot_token)
        self.configure(self.slack.api_url, log={"level": "trace"})
        with open(self.path("stderr"), "w+b") as log:
            running = self.serve(stderr=log)
            self.slack.connected()
            room = self.declare()
            self.slack.command("alice", room, "status")
            self.slack.press("alice", room, "cox.0:ic")
            self.slack.do("disconnect", reason="refresh_requested")
            self.slack.until(lambda: self.slack.see("summary")["connections_ever"] >= 2, "the second connection")
            self.whispered(ALICE, "SEV-1")
            self.slack.fault("error", "chat.postMessage", error="invalid_blocks", count=1)
            self.slack.say("alice", room, "!hypothesis said when Slack refuses")
            self.posted(room, "said when Slack refuses")
            self.assertEqual(self.slack.see("summary")["faults_left"], 0)
            with open("/proc/%d/cmdline" % running.process.pid, "rb") as file:
                seen = {"cmdline": file.read()}
            for path in ("/api/incidents", "/api/channels", "/api/channels/ops", "/api/incidents/INC-1",
                         "/api/incidents/INC-1/events", "/api/people", "/api/commands", "/metrics", "/readyz", "/healthz",
                         "/api/nix"):
                seen[path] = str(running.ask("GET", path)[1]).encode()
            # The database while it is open: the log beside it too.
            seen.update(self.files())
            self.assertEqual(running.end(), 0)
            seen.update(("after the end: " + name, content) for name, content in self.files().items())
        self.assertTrue(any(name.endswith("coxswain.db-wal") for name in seen), sorted(seen))
        for name, content in seen.items():
            for canary in (b"canarycanary", b"ticket=", b"/commands/T0", b"/actions/T0", b"response_url"):
                self.assertNotIn(canary, content, name)

    def files(self):
        found = {}
        for folder, _, names in os.walk(self.folder):
            for name in names:
                path = os.path.join(folder, name)
                if "/secrets/" in path or not os.path.isfile(path):
                    continue
                with open(path, "rb") as file:
                    found[os.path.relpath(path, self.folder)] = file.read()
        return found


def free_port():
    with socket.create_server(("127.0.0.1", 0)) as listening:
        return listening.getsockname()[1]


class Absent(SlackCase):
    def test_F45_F113_slack_is_not_there_at_the_start(self):
        self.slack.end()
        running = self.serve()
        status, answer = running.ask("GET", "/readyz")
        self.assertIn("slack: not connected", str(answer))
        running.say("ana", "/declare here 2 search is slow")
        self.wait_for(lambda: any("search is slow" in text for text in running.texts()), "the alert")
        done = self.say_locally("bo", "ic me", "ops")
        self.assertEqual(done.returncode, 0, done.stderr)
        self.slack = self.start_slack(self.slack.port)
        self.slack.connected()
        self.wait_for(lambda: "slack" not in str(running.ask("GET", "/readyz")[1]), "being ready")
        room = self.declare()  # the second of this house
        self.assertEqual(room, "inc-2-checkout-errors")

    def declare(self, **words):
        self.slack.command("alice", "general", "declare 1 checkout errors")
        self.slack.until(lambda: self.card("inc-2-checkout-errors"), "the card")
        return "inc-2-checkout-errors"

    def test_F45_what_was_due_meanwhile_is_posted_once_slack_is_there(self):
        running = self.serve_connected()
        room = super().declare()
        before = self.posts_once(room)
        world = self.slack.channel(room)
        # Away, not ended: the world must still be there when it comes back.
        self.slack.fault("status", "*", status=503, body="<html>", count=-1)
        self.slack.do("reset_socket")
        self.wait_for(lambda: "slack: not connected" in str(running.ask("GET", "/readyz")[1]), "noticing")
        done = self.say_locally("alice", "hypothesis a cable was cut", room)
        self.assertEqual(done.returncode, 0, done.stderr)
        self.assertIn("Hypothesis: a cable was cut", done.stdout)
        self.slack.do("clear_faults")
        self.posted(room, "a cable was cut")
        self.slack.until(lambda: "a cable was cut" in self.card(room)["text"], "the card")
        self.assertEqual(self.posts_once(room)[:len(before)], before)
        self.assertEqual(self.slack.channel(room)["id"], world["id"])

    def test_F47_a_bad_certificate_is_named_and_harms_nobody_else(self):
        key, certificate = self.path("key.pem"), self.path("certificate.pem")
        subprocess.run(["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-keyout", key,
                        "-out", certificate, "-subj", "/CN=localhost", "-addext", "subjectAltName=IP:127.0.0.1"],
                       check=True, stderr=subprocess.DEVNULL)
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(certificate, key)
        server = QuietServer(("127.0.0.1", 0), http.server.BaseHTTPRequestHandler)
        server.socket = context.wrap_socket(server.socket, server_side=True)
        threading.Thread(target=server.serve_forever, daemon=True).start()
        self.addCleanup(server.server_close)
        self.addCleanup(server.shutdown)
        self.configure("https://127.0.0.1:%d/api/" % server.server_address[1])
        running = self.serve()
        self.wait_for(lambda: re.search("slack: not reached yet .*certificate", running.errors()), "the warning")
        running.say("ana", "/declare here 2 search is slow")
        self.wait_for(lambda: any("search is slow" in text for text in running.texts()), "the alert")
        self.assertEqual(running.end(), 0)


class QuietServer(http.server.ThreadingHTTPServer):
    def handle_error(self, request, client_address):
        pass  # a handshake that fails is what the test is about


class Tokens(SlackCase):
    def test_F68_F111_a_replaced_token_is_taken_without_a_restart(self):
        running = self.serve_connected()
        room = self.declare()
        self.slack.do("revoke_tokens")
        running_texts = lambda: "\n".join(running.texts())
        done = self.say_locally("alice", "update errors still at 38%", room)
        self.assertEqual(done.returncode, 0, done.stderr)
        self.wait_for(lambda: "errors still at 38%" in running_texts(), "the update in #ops")
        self.assertIn("#%s cannot be reached" % room, running_texts())
        self.assertIn("the bot token is refused", str(running.ask("GET", "/readyz")[1]))
        self.slack.set(bot_token="xoxb-2-fake", app_token="xapp-2-fake")
        self.put_tokens("xapp-2-fake", "xoxb-2-fake")
        self.wait_for(lambda: "slack: new tokens are in use" in running.errors(), "taking the new token")
        self.slack.connected()
        self.wait_for(lambda: "refused" not in str(running.ask("GET", "/readyz")[1]), "being ready again")
        self.slack.say("alice", room, "!update errors are gone")
        self.posted(room, "errors are gone")


class Restart(SlackCase):
    def test_goes_on_without_posting_anything_twice(self):
        running = self.serve_connected()
        room = self.declare()
        card = self.card(room)
        alert = self.posted(room, "declared by alice")
        self.assertEqual(running.end(), 0)
        missed = self.slack.do("say", user="alice", channel=room, text="!hypothesis said while nobody listened")
        running = self.serve_connected()
        self.slack.wait(acked=missed["envelopes"])
        self.slack.say("alice", room, "!impact all payments fail")
        self.posted(room, "all payments fail")
        self.posted(room, "said while nobody listened")
        self.slack.until(lambda: "all payments fail" in self.card(room)["text"], "the card")
        self.assertEqual(self.card(room)["ts"], card["ts"])
        self.assertGreater(self.card(room)["edits"], card["edits"])
        self.assertEqual([m["ts"] for m in self.slack.of_bot(room) if "declared by alice" in m["text"]], [alert["ts"]])
        self.posts_once(room)
        self.assertEqual(len([c for c in self.slack.see("channels").values() if c["name"].startswith("inc-")]), 1)

    def test_pins_the_card_when_a_former_life_ended_before_its_pin(self):
        running = self.serve_connected()
        self.slack.fault("hold", "pins.add")
        room = self.declare()
        self.slack.until(lambda: self.slack.see("summary")["faults_left"] == 0, "the pin that is not answered")
        running.end(signal.SIGKILL)
        self.assertEqual(self.slack.channel(room)["pins"], [])
        self.serve_connected()
        self.slack.say("alice", room, "!impact all payments fail")
        self.slack.until(lambda: self.slack.channel(room)["pins"] == [self.card(room)["ts"]], "the pin of the card")

    def test_F13_ends_in_order_with_commands_in_flight(self):
        running = self.serve_connected()
        room = self.declare()
        self.slack.set(redeliver_after_ms=[0] + [500] * 100)
        self.slack.fault("hold", "chat.postMessage", count=-1)
        said = [self.slack.do("say", user="alice", channel=room, text="!hypothesis number %d." % n) for n in range(8)]
        self.assertEqual(running.end(), 0)
        self.slack.do("clear_faults")
        self.serve_connected()
        self.slack.wait(acked=[e for answer in said for e in answer["envelopes"]])
        self.posted(room, "number 7.")
        self.assertEqual([sum("number %d." % n in m["text"] for m in self.posts(room)) for n in range(8)], [1] * 8)


class Lost(SlackCase):
    def test_F63_a_channel_made_without_an_answer_is_taken_though_somebody_spoke_in_it(self):
        self.serve_connected()
        self.slack.fault("reset", "conversations.create", done=True)
        self.slack.fault("status", "conversations.list", status=503, body="", count=-1)
        self.slack.command("alice", "general", "declare 1 checkout errors")
        room = "inc-1-checkout-errors"
        self.slack.until(lambda: self.slack.channel(room), "the channel")
        self.slack.command("alice", room, "status")
        self.slack.until(lambda: self.slack.calls("conversations.list"), "the question whether it is there")
        self.slack.do("clear_faults")
        self.slack.until(lambda: self.card(room), "the card in the first channel")
        self.assertEqual([c["name"] for c in self.slack.see("channels").values() if c["name"].startswith("inc-")], [room])


class Moved(SlackCase):
    def test_F70_an_incident_whose_channel_was_archived_goes_on_in_another(self):
        running = self.serve_connected()
        room = self.declare()
        self.slack.say("alice", room, "!comms <@%s>" % BOB)
        self.posted(room, "asks you to be Communications Lead")
        self.slack.do("archive", channel=room)
        self.wait_for(lambda: "`move INC-1 here because …`" in running.errors(), "the word to the operator")
        # Where people may read it, what cannot be said in the channel says how to go on.
        done = self.say_locally("alice", "hypothesis a full disk", room)
        self.assertEqual(done.returncode, 0, done.stderr)
        self.assertIn("`/inc move INC-1 here because …`", self.posted("general", "a full disk")["text"])

        self.slack.command("bob", "general", "move INC-1 here because somebody archived #" + room)
        alert = self.posted("general", "SEV-1 checkout errors goes on here, moved from #%s by bob" % room)
        self.assertIn("~38% of payments fail", alert["text"])
        self.assertIn("<@%s>" % ALICE, alert["text"])
        card = self.slack.until(lambda: self.card("general"), "the card")
        self.assertIn("a full disk", card["text"])
        self.slack.until(lambda: self.slack.channel("general")["pins"] == [card["ts"]], "the pin of the card")
        topic = "SEV-1 checkout errors · investigating | IC alice (acting) · Comms bob? · Ops — · Scribe — | #INC-1"
        self.slack.until(lambda: self.slack.channel("general")["topic"] == topic, "the topic")
        # Whoever had a part in it and looks for the channel finds word in their messages.
        for user in (ALICE, BOB):
            self.slack.until(lambda: any("INC-1 checkout errors is commanded in" in text
                                         for text in self.told_directly(user)), "a word to " + user)

        self.slack.command("bob", "general", "accept")
        self.posted("general", "bob is Communications Lead")
        before = self.posts_once("general")
        self.assertEqual(running.end(), 0)
        self.serve_connected()
        self.slack.command("alice", "general", "cancel because it was a probe")
        self.posted("general", "is cancelled")
        self.assertEqual(self.posts_once("general")[:len(before)], before)
        self.slack.until(lambda: self.slack.channel("general")["topic"] != topic, "the topic of before")


class Say(SlackCase):
    def test_reaches_the_channel_of_an_open_incident_by_name_or_id(self):
        self.serve_connected()
        room = self.declare()
        self.slack.do("join", channel=room, user="bob")
        self.slack.say("alice", room, "!comms <@%s>" % BOB)
        done = self.say_locally("alice", "ic me", room)
        self.assertEqual(done.returncode, 0, done.stderr)
        self.assertIn("alice is Incident Commander", done.stdout)
        self.posted(room, "alice is Incident Commander")
        done = self.say_locally("slack:T0FAKE001:" + ALICE, "impact ~5% of payments fail",
                                "slack:T0FAKE001:" + self.slack.channel(room)["id"])
        self.assertEqual(done.returncode, 0, done.stderr)
        self.posted(room, "~5% of payments fail")
        done = self.say_locally(BOB, "hypothesis a full disk", "#" + room)
        self.assertEqual(done.returncode, 0, done.stderr)
        self.posted(room, "a full disk")

    def test_names_what_it_does_not_know(self):
        self.serve_connected()
        room = self.declare()
        self.ends_with(self.say_locally("alice", "ic me", "inc-9-nothing"), 64, "no channel #inc-9-nothing")
        self.ends_with(self.say_locally("nobody", "ic me", room), 64, 'nobody in #%s (slack) is known as "nobody"' % room)


if __name__ == "__main__":
    program.binary, program.fake_slack = (os.path.abspath(path) for path in sys.argv[1:3])
    del sys.argv[1:3]
    unittest.main(verbosity=2)
