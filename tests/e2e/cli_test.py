#!/usr/bin/env python3
"""The command line as its users meet it: python3 tests/e2e/cli_test.py BINARY [unittest's own arguments]"""

import contextlib
import json
import os
import re
import shutil
import signal
import socket
import sqlite3
import subprocess
import sys
import unittest

import program
from program import Case

HERE = os.path.dirname(os.path.abspath(__file__))
CONFIG = os.path.join(HERE, "..", "..", "config")


def shipped(name):
    with open(os.path.join(CONFIG, name)) as file:
        return file.read()


def content(path):
    with open(path, "rb") as file:
        return file.read()


def public(messages):
    """What the bot said to everybody."""
    return [m for m in messages if m["author"] == "coxswain" and m["kind"] not in ("private", "card", "page")]


class Usage(Case):
    def test_names_the_command_that_was_meant(self):
        self.ends_with(self.run_it("chekc"), 64, '"chekc"', 'did you mean "check"?', "`coxswain help`")
        self.ends_with(self.run_it("frobnicate"), 64, '"frobnicate"', "`coxswain help`")
        self.ends_with(self.run_it(), 64, "name a command", "`coxswain help`")
        self.ends_with(self.run_it("migrate", "--from", "a", "--to", "b"), 64, "not there yet")

    def test_says_what_is_wrong_with_an_option_and_where_to_look(self):
        for arguments, parts in [
                (["demo", "--port", "99999"], ['"99999" is not a port']),
                (["demo", "--port", "-1"], ["--port"]),
                (["demo", "--port", "http"], ['"http" is not a port']),
                (["demo", "--clock", "manual", "--clock-rate", "5"], ["--clock-rate", "--clock", "`coxswain help demo`"]),
                (["demo", "--clock", "fast"], ['"fast"', "manual"]),
                (["demo", "--clock-rate", "0"], ['"0" is not a rate']),
                (["demo", "--clock-rate", "nan"], ['"nan" is not a rate']),
                (["demo", "--nix"], ["--nix", "`coxswain help demo`"]),
                (["demo", "--port", "0", "--play", "nix"], ['"nix"', "checkout-47", "none"]),
                (["demo", "--log", "xml"], ['"xml"', "text or json"]),
                (["export"], ["INCIDENT"]),
                (["export", "the-last-one"], ['"the-last-one"', "INC-42"]),
                (["export", "1", "--format", "pdf"], ['"pdf"', "md or log"]),
                (["say", "ic me"], ["--as"]),
                (["say", "--as", "ana"], ["TEXT"]),
                (["replay"], ["FILE"]),
                (["--nix"], ['"--nix"', "a command comes first"]),
                (["demo", "extra"], ["extra", "`coxswain help demo`"]),
                (["demo", "--data", ""], ["--data", "empty"]),
                (["check", "--config", ""], ["--config", "empty"]),
                (["replay", ""], ["FILE", "empty"]),
                (["help", "nix"], ['"nix"'])]:
            with self.subTest(arguments):
                self.ends_with(self.run_it(*arguments), 64, *parts)

    def test_help_and_version_end_well(self):
        done = self.run_it("help")
        self.assertEqual((done.returncode, done.stderr), (0, ""))
        for command in ("demo", "serve", "check", "replay", "export", "say", "version"):
            self.assertRegex(done.stdout, r"(?m)^  %s " % command)
        self.assertIn("Exit codes", done.stdout)
        self.assertEqual(self.run_it("--help").stdout, done.stdout)
        one = self.run_it("help", "demo")
        self.assertEqual(one.returncode, 0)
        self.assertIn("--clock-rate", one.stdout)
        version = self.run_it("version")
        self.assertEqual(version.returncode, 0)
        self.assertRegex(version.stdout, r"^coxswain \d+\.\d+\.\d+\n$")

    def test_S02_no_option_variable_or_setting_weakens_tls(self):
        commands = re.findall(r"(?m)^  ([a-z]+) ", self.run_it("help").stdout)
        options = {option for command in commands for option in re.findall(r"--[a-z-]+", self.run_it("help", command).stdout)}
        variables = {name.decode() for name in re.findall(rb"COXSWAIN_[A-Z_]+", content(program.binary))}

        def known(before):
            self.write("config/coxswain.yaml", before + "an_unlikely_name_for_a_setting: yes\n")
            said = self.run_it("check", "--config", self.path("config")).stderr
            return set(re.findall(r'"([a-z_]+)"', "".join(re.findall(r"known (?:is|are) (.*)", said))))
        sections = known("")
        settings = sections.union(*(known(section + ":\n  ") for section in sections))
        # That the search found them.
        self.assertIn("--config", options)
        self.assertIn("COXSWAIN_SLACK_BOT_TOKEN", variables)
        self.assertLessEqual({"web", "slack", "proxy", "extra_ca", "port"}, settings)
        names = (options | variables | settings) - {"extra_ca"}  # it only adds trust
        weaker = re.compile("insecure|unsafe|verif|skip|trust|tls|ssl|cert|_ca\\b|peer", re.I)
        self.assertEqual([name for name in sorted(names) if weaker.search(name)], [])

    def test_says_when_its_output_cannot_be_written(self):
        with open("/dev/full", "w") as full:
            self.ends_with(self.run_it("version", stdout=full), 70, "standard output")


class Check(Case):
    def check(self, **files):
        for name, text in files.items():
            self.write("config/" + name.replace("__", "."), text)
        os.makedirs(self.path("config"), exist_ok=True)
        return self.run_it("check", "--config", self.path("config"))

    def test_finds_nothing_wrong_with_what_ships(self):
        for done in (self.run_it("check"), self.run_it("check", "--config", os.path.join(CONFIG, "examples", "p1-p3")),
                     self.check(policy__yaml=shipped("policy.yaml"), coxswain__yaml=shipped("coxswain.yaml"))):
            self.assertEqual((done.returncode, done.stderr), (0, ""))
            self.assertIn("is good", done.stdout)

    def test_names_file_line_and_column_of_every_mistake_at_once(self):
        policy = shipped("policy.yaml").replace("triage: 2", "triage: 9").replace("update_every: 15 min", "update_every: soon")
        done = self.check(policy__yaml=policy, coxswain__yaml="web:\n  prot: 80\n  port: 123456\n")
        self.assertEqual(done.returncode, 78)
        places = re.findall(r"(?m)^coxswain: \S*?(\w+\.yaml):(\d+):(\d+): .*;", done.stderr)
        self.assertEqual(len(places), len(done.stderr.splitlines()), done.stderr)
        self.assertGreaterEqual(len(places), 4, done.stderr)
        triage = 1 + policy[:policy.index("triage: 9")].count("\n")
        self.assertIn(("policy.yaml", str(triage), "9"), places)
        self.assertIn(("coxswain.yaml", "2", "3"), places)
        self.assertIn('did you mean "port"?', done.stderr)

    def test_warns_of_a_severity_that_only_adjectives_tell_and_takes_it(self):
        policy = re.sub(r"(label: SEV-4\n.*\n    definition: ).*\n    examples:\n(      - .*\n)+",
                        r"\1A serious outage.\n", shipped("policy.yaml"))
        done = self.check(policy__yaml=policy)
        self.assertEqual(done.returncode, 0, done.stderr)
        line = 1 + policy[:policy.index("A serious outage.")].count("\n")
        self.assertRegex(done.stderr, r"^coxswain: \S*policy\.yaml:%d:17: warning: .*; .*\n$" % line)
        self.assertIn("is good", done.stdout)

    def test_does_not_follow_an_alias_bomb(self):
        lines = ["a0: &a0 [x, x, x, x, x, x, x, x, x]"]
        lines += ["a%d: &a%d [%s]" % (i, i, ", ".join(["*a%d" % (i - 1)] * 9)) for i in range(1, 12)]
        self.ends_with(self.check(policy__yaml="\n".join(lines)), 78, "policy.yaml:")

    def test_refuses_a_file_that_is_too_long_to_be_a_policy(self):
        self.ends_with(self.check(policy__yaml=shipped("policy.yaml") + "# long\n" * (1 << 18)), 78, "policy.yaml")

    def test_refuses_what_is_not_yaml_and_what_is_not_text(self):
        self.ends_with(self.check(policy__yaml="severities: [1, {"), 78, "policy.yaml:1:")
        self.ends_with(self.check(policy__yaml=b"\xff\xfe\x00\x01"), 78, "policy.yaml")

    def test_says_that_the_folder_is_missing_or_is_a_file(self):
        self.ends_with(self.run_it("check", "--config", self.path("nix")), 78, "no such folder")
        self.ends_with(self.run_it("check", "--config", self.write("file", "")), 78, "not a folder")

    def test_names_the_line_of_a_bad_template(self):
        done = self.check(**{"templates/update__mustache": "good\n{{#lines}}\nnever closed\n"})
        self.ends_with(done, 78, "update.mustache:")
        self.assertRegex(done.stderr, r"update\.mustache:\d+:\d+: ")

    def test_names_a_mistake_in_a_drill(self):
        done = self.check(**{"drills/small__yaml": "name: small\nsteps:\n  - {at: soon, who: ana, says: hi}\n"})
        self.assertEqual(done.returncode, 78)
        self.assertRegex(done.stderr, r"small\.yaml:3:\d+: ")

    def test_serve_does_not_start_with_what_check_refuses(self):
        self.check(policy__yaml="nonsense: 1\n")
        self.ends_with(self.run_it("serve", "--config", self.path("config")), 78, "policy.yaml:1:1", '"nonsense"')


class Database(Case):
    """What stands where the database should be."""

    def made(self):
        running = self.demo()
        running.say("ana", "/declare here 1 checkout errors")
        self.assertEqual(running.end(), 0)
        return self.path("data", "coxswain.db")

    def start_refused(self, code, *parts, **options):
        done = self.run_it("demo", "--port", "0", "--play", "none", "--data", self.path("data"), **options)
        self.assertEqual(done.stdout, "")
        self.ends_with(done, code, *parts)

    def test_of_a_newer_version_is_left_alone(self):
        database = self.made()
        connection = sqlite3.connect(database)
        connection.execute("pragma user_version = 999")
        connection.close()
        before = content(database)
        self.start_refused(78, "coxswain.db", "999", "newer")
        self.assertEqual(content(database), before)

    def test_in_use_by_another_process_is_left_to_it(self):
        running = self.demo()
        self.start_refused(75, "coxswain.db", "another process")
        running.say("ana", "/declare here 1 checkout errors")
        self.assertEqual(running.end(), 0)

    def test_that_is_damaged_is_kept_byte_for_byte(self):
        database = self.made()
        with open(database, "r+b") as file:
            file.seek(2048)
            file.write(b"\xa5" * (os.path.getsize(database) - 2048))
        before = content(database)
        self.start_refused(65, "coxswain.db", "damaged")
        self.assertEqual(content(database), before)
        self.ends_with(self.run_it("export", "1", "--data", self.path("data")), 65, "damaged")
        self.assertEqual(content(database), before)

    def test_that_is_cut_short_is_kept_byte_for_byte(self):
        database = self.made()
        with open(database, "r+b") as file:
            file.truncate(os.path.getsize(database) // 2)
        before = content(database)
        self.start_refused(65, "coxswain.db")
        self.assertEqual(content(database), before)

    def test_that_is_something_else_is_left_alone(self):
        path = self.write("data/coxswain.db", "a letter to my mother\n" * 100)
        before = content(path)
        self.start_refused(65, "not a coxswain database")
        self.assertEqual(content(path), before)
        os.remove(path)
        connection = sqlite3.connect(path)
        connection.execute("create table recipes (name text)")
        connection.close()
        before = content(path)
        self.start_refused(65, "another program")
        self.assertEqual(content(path), before)

    def test_whose_place_is_a_folder_or_whose_folder_is_a_file(self):
        os.makedirs(self.path("data", "coxswain.db"))
        self.start_refused(78, "is a folder")
        shutil.rmtree(self.path("data"))
        self.write("data", "")
        self.start_refused(78, "data folder", "--data")

    def test_that_may_not_be_written(self):
        database = self.made()
        options = {}
        if os.geteuid() == 0:
            # Root may write everything: somebody else tries, where the program can be reached by everybody.
            options = {"user": 65534, "group": 65534, "extra_groups": []}
            os.chmod(self.folder, 0o755)
            if subprocess.run(["true"], cwd=self.folder, **options).returncode != 0 or not self.reachable(options):
                self.skipTest("this is root, and nobody else can run " + program.binary)
        os.chmod(database, 0o444)
        os.chmod(self.path("data"), 0o555)
        before = content(database)
        try:
            self.start_refused(77, "coxswain.db", **options)
            self.assertEqual(content(database), before)
            os.remove(database)
            self.start_refused(77, "coxswain.db", **options)
        finally:
            os.chmod(self.path("data"), 0o755)

    def reachable(self, options):
        try:
            return subprocess.run([program.binary, "version"], stdout=subprocess.DEVNULL, **options).returncode == 0
        except OSError:
            return False


class Demo(Case):
    def test_says_that_its_port_is_taken(self):
        with socket.create_server(("127.0.0.1", 0)) as taken:
            port = str(taken.getsockname()[1])
            done = self.run_it("demo", "--port", port, "--play", "none", "--data", self.path("data"))
            self.ends_with(done, 69, port)

    def test_opens_an_incident_here_and_in_a_channel_of_its_own(self):
        bot = self.demo()
        bot.say("ana", "/declare 1 checkout errors impact ~38% of payments fail")
        bot.say("bo", "/declare here 2 search is slow")
        bot.quiet()
        channels = {channel["id"]: channel for channel in bot.get("/api/channels")}
        self.assertEqual(set(channels), {"ops", "inc-1-checkout-errors"})
        self.assertEqual(channels["ops"]["incident"], "INC-2")
        self.assertEqual(channels["inc-1-checkout-errors"]["incident"], "INC-1")
        self.assertIn("SEV-1 checkout errors", channels["inc-1-checkout-errors"]["topic"])
        self.assertIn("Incident #INC-1 is in #inc-1-checkout-errors.", bot.texts())
        incident = bot.get("/api/incidents/INC-1")
        self.assertEqual((incident["commander"], incident["impact"]), ("ana", "~38% of payments fail"))
        self.assertEqual({i["id"] for i in bot.get("/api/incidents")}, {"INC-1", "INC-2"})
        kinds = [event["kind"] for event in bot.get("/api/incidents/INC-1/events")]
        self.assertEqual(kinds[0], "declared")

    def test_takes_the_same_key_once(self):
        bot = self.demo()
        first = bot.say("ana", "/declare here 1 checkout errors", key="the-key")
        self.assertEqual(bot.say("ana", "/declare here 1 checkout errors", key="the-key"), first)
        bot.quiet()
        self.assertEqual(bot.texts().count("/declare here 1 checkout errors"), 1)
        self.assertEqual(len(bot.get("/api/incidents")), 1)

    def test_shows_draft_and_update_each_at_its_own_moment(self):
        bot = self.demo()
        bot.say("ana", "/declare here 1 checkout errors")
        opened = bot.get("/api/incidents/1")["opened_at"]
        bot.advance("45m")
        events = bot.get("/api/incidents/1/events")
        at = lambda kind: [minutes_between(opened, e["at"]) for e in events if e["kind"] == kind]
        self.assertEqual(at("update_posted"), [10.0, 20.0, 30.0, 40.0])
        self.assertEqual(at("draft_shown"), [8.0, 18.0, 28.0, 38.0])
        drafts = [m for m in bot.messages() if m["private_to"] and any("update" in b["id"] for b in m["buttons"])]
        self.assertTrue(drafts)
        self.assertEqual({m["private_to"] for m in drafts}, {"ana"})

    def test_presses_buttons_and_keeps_what_is_private(self):
        bot = self.demo()
        bot.say("ana", "/declare here 1 checkout errors")
        bot.say("ana", "/comms @sara")
        bot.quiet()
        asked = [m for m in bot.messages() if any(b["label"] == "Accept" for b in m["buttons"])][-1]
        button = [b["id"] for b in asked["buttons"] if b["label"] == "Accept"][0]
        body = {"user": "sara", "message": asked["id"], "button": button, "key": "press-1"}
        for _ in range(2):
            status, answer = bot.ask("POST", "/api/channels/ops/press", body)
            self.assertEqual(status, 202, answer)
        bot.quiet()
        roles = {role["role"]: role for role in bot.get("/api/incidents/1")["roles"]}
        self.assertEqual(roles["comms"]["holder"]["id"], "sara")
        kinds = [event["kind"] for event in bot.get("/api/incidents/1/events")]
        self.assertEqual(kinds.count("role_taken"), 1)
        bot.say("bo", "/status")
        bot.quiet()
        self.assertEqual(bot.messages()[-1]["private_to"], "bo")

    def test_keeps_the_link_of_the_call(self):
        bot = self.demo()
        bot.say("ana", "/declare here 1 checkout errors")
        self.assertIsNone(bot.get("/api/incidents/1")["call"])
        bot.say("bo", "/call https://meet.example.org/inc_1")
        bot.quiet()
        self.assertEqual(bot.get("/api/incidents/1")["call"], "https://meet.example.org/inc_1")
        card = [message for message in bot.messages() if message["kind"] == "card"][-1]
        self.assertIn("\nCall: https://meet.example.org/inc_1\n", card["text"])
        self.assertEqual(bot.end(), 0)
        report = self.run_it("export", "INC-1", "--data", self.path("data"), "--format", "md")
        self.assertIn("\n- Call: <https://meet.example.org/inc_1>\n", report.stdout)

    def test_pushes_a_change_that_no_card_shows(self):
        bot = self.demo()
        watcher = program.Watcher(bot.port, "ops")
        self.addCleanup(watcher.close)
        bot.say("ana", "/declare here 1 checkout errors")
        self.assertIsNone(watcher.next("incident")["incident"]["started_at"])
        bot.say("ana", "/started 10m ago")
        pushed = watcher.next("incident")["incident"]
        self.assertIsNotNone(pushed["started_at"])
        self.assertEqual(pushed, bot.get("/api/incidents/1"))

    def test_answers_those_who_watch_it(self):
        bot = self.demo()
        self.assertEqual(bot.get("/healthz"), {"status": "ok"})
        self.assertEqual(bot.get("/readyz"), {"ready": True, "reasons": []})
        bot.say("ana", "/declare here 1 checkout errors")
        metrics = bot.get("/metrics")
        self.assertIn("\ncoxswain_commands_total 1\n", metrics)
        self.assertIn("\ncoxswain_incidents_open 1\n", metrics)
        for line in metrics.splitlines():
            self.assertRegex(line, r"^(# (HELP|TYPE) coxswain_\w+ .+|coxswain_\w+ [0-9.e+]+)$")

    def test_goes_on_where_it_was(self):
        for end, code in ((signal.SIGTERM, 0), (signal.SIGINT, 0), (signal.SIGKILL, -9)):
            with self.subTest(end):
                data = "data%d" % end
                bot = self.demo(data=data)
                bot.say("ana", "/declare 1 checkout errors")
                bot.quiet()
                channel = "inc-1-checkout-errors"
                bot.say("ana", "/mitigate roll back @ana eta 10m", channel)
                now = bot.advance("9m")
                before = {path: bot.get(path) for path in ("/api/channels", "/api/channels/ops", "/api/channels/" + channel,
                                                           "/api/incidents", "/api/incidents/1/events")}
                self.assertEqual(bot.end(end), code)
                bot = self.demo(data=data)
                for path, was in before.items():
                    self.assertEqual(bot.get(path), was)
                self.assertGreaterEqual(bot.get("/api/clock")["now"], before["/api/incidents/1/events"][-1]["at"])
                self.assertLess(minutes_between(now, bot.get("/api/clock")["now"]), 1)
                bot.advance("12m")
                kinds = [event["kind"] for event in bot.get("/api/incidents/1/events")]
                self.assertIn("update_posted", kinds)
                self.assertEqual(bot.end(), 0)

    def test_remembers_what_was_closed_long_before_it_was_started(self):
        bot = self.demo()
        bot.say("ana", "/declare here 1 checkout errors")
        bot.say("ana", "/note the cache is cold")
        bot.say("ana", "/cancel because the probe was broken")
        bot.quiet()
        self.assertEqual(bot.end(), 0)
        with contextlib.closing(sqlite3.connect(self.path("data", "coxswain.db"))) as database, database:
            database.execute("update incidents set closed_at = '2020-01-01T00:00:00.000Z'")
        bot = self.demo()
        self.assertEqual(bot.get("/api/incidents"), [])
        bot.say("bo", "/timeline")
        bot.quiet()
        self.assertIn("the cache is cold", bot.texts()[-1])
        bot.say("bo", "/reopen because errors are back")
        bot.quiet()
        self.assertEqual(bot.get("/api/incidents/1")["status"], "investigating")

    def test_lets_a_clock_run_at_its_rate(self):
        bot = self.demo("--clock-rate", "600", "--play", "none")
        bot.say("ana", "/declare here 1 checkout errors")
        posted = lambda: [e for e in bot.get("/api/incidents/1/events") if e["kind"] == "update_posted"]
        self.wait_for(lambda: len(posted()) >= 2, "an update at 600 times the speed")
        status, answer = bot.ask("POST", "/api/clock", {"advance": "10m"})
        self.assertEqual((status, answer["error"]["code"]), (409, "clock-runs"))

    def test_plays_a_drill_on_a_clock_by_hand_when_asked(self):
        bot = self.demo("--play", "checkout-47")
        bot.advance("50m")
        incident = bot.get("/api/incidents/1")
        self.assertEqual(incident["status"], "resolved")
        self.assertEqual(incident["channel"], "checkout-47")

    def test_does_not_end_with_those_who_read_its_log(self):
        reading, writing = os.pipe()
        os.close(reading)
        with os.fdopen(writing, "wb", 0) as log:
            data = self.path("x" * 120)  # a warning is written
            bot = self.start("demo", "--port", "0", "--clock", "manual", "--data", data, stderr=log)
            self.assertEqual(bot.get("/healthz"), {"status": "ok"})
            self.assertEqual(bot.end(), 0)

    def test_keeps_nothing_where_no_folder_is_named(self):
        self.environment["TMPDIR"] = self.folder
        bot = self.start("demo", "--port", "0", "--play", "none")
        self.assertEqual(len(os.listdir(self.folder)), 1)
        self.assertEqual(bot.end(), 0)
        self.assertEqual(os.listdir(self.folder), [])


class Say(Case):
    def say(self, *arguments, data="data"):
        return self.run_it("say", "--data", self.path(data), *arguments)

    def test_reaches_the_running_bot(self):
        bot = self.demo()
        done = self.say("--as", "ana", "declare here 1 checkout errors")
        self.assertEqual((done.returncode, done.stderr), (0, ""))
        self.assertIn("#ops: ", done.stdout)
        self.assertIn("SEV-1 checkout errors declared by", done.stdout)
        self.assertIn("#ops topic: SEV-1 checkout errors", done.stdout)
        bot.quiet()
        self.assertEqual(bot.get("/api/incidents/1")["commander"], "ana")

    def test_prints_what_only_the_speaker_is_told(self):
        self.demo()
        done = self.say("--as", "ana", "help", "mitigate")
        self.assertEqual(done.returncode, 0)
        self.assertRegex(done.stdout, r"(?m)^to [Aa]na: ")
        self.assertIn("What makes sense now", self.say("--as", "ana", "").stdout)

    def test_ends_with_77_when_it_is_refused(self):
        self.demo()
        for text in ("done A7", "frobnicate the server", "resolve", "x" * 5000):
            with self.subTest(text[:30]):
                done = self.say("--as", "ana", text)
                self.assertEqual(done.returncode, 77, done.stderr)
                self.assertIn("to ", done.stdout)

    def test_says_that_nobody_is_there(self):
        self.ends_with(self.say("--as", "ana", "status"), 69, "no coxswain runs")
        self.demo().end(signal.SIGKILL)
        self.ends_with(self.say("--as", "ana", "status"), 69, "no coxswain runs")

    def test_says_when_the_name_of_the_folder_is_too_long_to_be_reached(self):
        bot = self.demo(data="x" * 120)
        self.ends_with(self.say("--as", "ana", "status", data="x" * 120), 69, "too long", "shorter")
        self.assertIn("coxswain say will not reach this process", bot.errors())
        self.assertEqual(bot.get("/healthz"), {"status": "ok"})

    def test_goes_to_the_only_open_incident_unless_told_otherwise(self):
        bot = self.demo()
        self.say("--as", "ana", "declare 1 checkout errors")
        bot.quiet()
        done = self.say("--as", "ana", "impact everybody")
        self.assertEqual(done.returncode, 0, done.stdout + done.stderr)
        self.assertEqual(bot.get("/api/incidents/1")["impact"], "everybody")
        self.assertEqual(self.say("--as", "ana", "--in", "ops", "impact nobody").returncode, 77)
        self.assertEqual(self.say("--as", "ana", "--in", "#inc-1-checkout-errors", "impact half").returncode, 0)

    def test_names_what_is_wrong_with_speaker_or_place(self):
        self.demo()
        self.ends_with(self.say("--as", "ana", "--in", "nix", "status"), 64, "#nix", "--in")
        self.ends_with(self.say("--as", "ana", "--in", "nix", "declare here 1 trouble"), 64, "#nix")
        for name in ("", "two words", "coxswain", "x" * 80):
            self.ends_with(self.say("--as", name, "status"), 64, "--as")
        self.ends_with(self.say("--as", "ana", "x" * 70000), 64, "longer")


def minutes_between(a, b):
    seconds = lambda text: sum(float(n) * f for n, f in zip(text[11:23].split(":"), (3600, 60, 1)))
    return round(((seconds(b) - seconds(a)) % 86400) / 60, 3)


class Logs(Case):
    def incident(self):
        """Runs one, and gives the bot and every topic that its channel had."""
        bot = self.demo()
        channel, topics = "inc-1-checkout-errors", []

        def seen():
            bot.quiet()
            topic = bot.topic(channel)
            if topic and (not topics or topics[-1] != topic):
                topics.append(topic)

        bot.say("ana", "/declare 1 checkout errors impact ~38% of payments *fail* <b>")
        seen()
        for user, text in [
                ("bo", "/ic me"), ("ana", "/accept"), ("bo", "/comms @sara"), ("sara", "/accept"), ("bo", "/ops ameer"),
                ("bo", "hello there"), ("bo", "/hyp release 4.12 raised time-outs suspected"),
                ("bo", "/mitigate roll back 4.12 @ameer eta 10m"), ("ameer", "/accept"), ("cy", "/mitigate flip it @cy eta 5m"),
                ("bo", "/need roll back or not by 23:59"), ("bo", "/decide roll back because it fits"),
                ("bo", "/sev 2"), ("bo", "/sev 2 because fewer people"), ("bo", "/update headline: on it"),
                (None, "31m"), ("ameer", "/done A1 errors are gone"), (None, "5m"), ("cy", "/drop A2 because not needed"),
                ("bo", "/contained checks are green"), (None, "20m"), ("bo", "/resolve! done because it is late"),
                ("bo", "/reopen because it is back"), (None, "12m")]:
            bot.advance(text) if user is None else bot.say(user, text, channel)
            seen()
        return bot, channel, topics

    def test_replay_to_the_same_posts_topics_and_state(self):
        bot, channel, topics = self.incident()
        exported = self.run_it("export", "INC-1", "--format", "log", "--data", self.path("data"))
        self.assertEqual(exported.returncode, 0, exported.stderr)
        replayed = self.run_it("replay", self.write("inc-1.jsonl", exported.stdout))
        self.assertEqual((replayed.returncode, replayed.stderr), (0, ""))
        *shown, state = replayed.stdout.rstrip("\n").split("\n")
        self.assertEqual(json.loads(state), bot.get("/api/incidents/INC-1"))

        told = "\n".join(shown)
        entries = re.split(r"\n(?=\d\d:\d\d )", told)
        for place in (channel, "ops"):
            there = ["%s #%s: %s" % (m["at"][11:16], place, m["text"].replace("\n", "\n    "))
                     for m in public(bot.messages(place))]
            self.assertGreaterEqual(len(there), 1)
            self.assertEqual([e for e in entries if e[6:].startswith("#%s: " % place)], there)
        again = [e[6:].split(" topic: ", 1)[1] for e in entries if e[6:].startswith("#%s topic: " % channel)]
        self.assertEqual([t for t in again if t != "put back"], topics)

    def test_export_the_same_from_a_running_and_a_closed_bot(self):
        bot, _, _ = self.incident()
        events = bot.get("/api/incidents/1/events")
        export = lambda form: self.run_it("export", "1", "--format", form, "--data", self.path("data"))
        running = {form: export(form) for form in ("md", "log")}
        self.assertEqual(bot.end(), 0)
        before = content(self.path("data", "coxswain.db"))
        for form, was in running.items():
            self.assertEqual((was.returncode, was.stderr), (0, ""))
            closed = export(form)
            self.assertEqual((closed.returncode, closed.stderr), (0, ""))
            self.assertEqual(closed.stdout, was.stdout)
        self.assertEqual(content(self.path("data", "coxswain.db")), before)
        self.assertEqual([json.loads(line) for line in running["log"].stdout.splitlines()], events)
        for event in events:
            self.assertLessEqual({"incident", "seq", "at", "actor", "kind", "v"}, set(event))
        self.assertIn("checkout errors", running["md"].stdout)

    def test_export_what_a_killed_bot_left(self):
        bot = self.demo()
        bot.say("ana", "/declare here 1 checkout errors")
        bot.quiet()
        bot.end(signal.SIGKILL)
        done = self.run_it("export", "1", "--format", "log", "--data", self.path("data"))
        self.assertEqual(done.returncode, 0, done.stderr)
        self.assertIn('"declared"', done.stdout)

    def test_say_that_there_is_no_such_incident(self):
        bot = self.demo()
        for _ in range(2):
            self.ends_with(self.run_it("export", "7", "--data", self.path("data")), 65, "INC-7")
            bot.end()
        self.ends_with(self.run_it("export", "7", "--data", self.path("nix")), 78, "nix")

    def test_are_refused_where_they_cannot_be_right(self):
        bot = self.demo()
        for text in ("/declare here 1 checkout errors", "/impact half", "/note the cache is cold", "/need a decision"):
            bot.say("ana", text)
        log = self.run_it("export", "1", "--format", "log", "--data", self.path("data")).stdout.splitlines()
        last = json.loads(log[-1])
        for wrong, line, word in [
                (log[:-1] + [json.dumps({**last, "kind": "frobnicated"})], len(log), "frobnicated"),
                (log[:-1] + [json.dumps({**last, "v": 99})], len(log), "99"),
                (log[:1] + log[2:], 2, "expected event 2"),
                (log[1:], 1, "expected event 1"),
                (log + [log[-1]], len(log) + 1, "expected event"),
                (log[:1] + ["not json"] + log[1:], 2, ""),
                (log[:1] + ["", "[]"], 3, ""),
                (log[:1] + ['{"incident":"INC-1"'], 2, ""),
                (log[:1] + ["\xff\xfe"], 2, "")]:
            with self.subTest(word=word, line=line):
                path = self.write("wrong.jsonl", "\n".join(wrong).encode("latin-1") + b"\n")
                done = self.run_it("replay", path)
                self.ends_with(done, 65, "wrong.jsonl:%d:" % line, word)
        self.ends_with(self.run_it("replay", self.write("empty", "")), 65, "no event")
        self.ends_with(self.run_it("replay", self.path("nix")), 65, "nix")
        self.ends_with(self.run_it("replay", self.folder), 65, "file")

    def test_need_the_policy_that_names_their_severity(self):
        self.demo().say("ana", "/declare here 1 checkout errors")
        log = self.run_it("export", "1", "--format", "log", "--data", self.path("data")).stdout
        path = self.write("other.jsonl", log.replace('"severity":"1"', '"severity":"catastrophe"'))
        self.ends_with(self.run_it("replay", path), 78, "other.jsonl:1:", "catastrophe", "--config")


class Serve(Case):
    def configured(self, settings="", **files):
        self.write("config/coxswain.yaml", "web: {port: 0}\ndata: data\n" + settings)
        for name, text in files.items():
            self.write("config/" + name.replace("__", "."), text)
        return "serve", "--config", self.path("config")

    def test_runs_what_its_folder_says(self):
        bot = self.start(*self.configured())
        bot.say("ana", "/declare here 1 checkout errors")
        self.assertTrue(os.path.exists(self.path("config", "data", "coxswain.db")))
        done = self.run_it("say", "--config", self.path("config"), "--as", "ana", "impact half")
        self.assertEqual(done.returncode, 0, done.stderr)
        self.assertEqual(bot.end(), 0)
        done = self.run_it("export", "1", "--config", self.path("config"))
        self.assertEqual(done.returncode, 0, done.stderr)

    def test_does_not_start_with_a_policy_that_forgot_a_severity_in_use(self):
        bot = self.start(*self.configured())
        bot.say("ana", "/declare here 1 checkout errors")
        self.assertEqual(bot.end(), 0)
        policy = re.sub(r"(?s)  - key: 1\n.*?(?=  - key: 2\n)", "", shipped("policy.yaml"), 1)
        self.assertNotEqual(policy, shipped("policy.yaml"))
        self.configured(policy__yaml=policy)
        self.assertEqual(self.run_it("check", "--config", self.path("config")).returncode, 0)
        self.ends_with(self.run_it("serve", "--config", self.path("config")), 78, "INC-1", '"1"')

    def test_wants_a_token_before_others_can_reach_it(self):
        arguments = self.configured()
        self.write("config/coxswain.yaml", "web: {port: 0, address: 0.0.0.0}\ndata: data\n")
        self.ends_with(self.run_it(*arguments), 78, "coxswain.yaml:1:", "COXSWAIN_WEB_TOKEN")

    def test_keeps_those_out_who_lack_the_token(self):
        token = self.write("token", "a-long-enough-secret-0123456789abcdef\n")
        os.chmod(token, 0o600)
        self.environment["COXSWAIN_WEB_TOKEN_FILE"] = token
        bot = self.start(*self.configured())
        self.assertEqual(bot.ask("GET", "/api/channels")[0], 401)
        good = {"Authorization": "Bearer a-long-enough-secret-0123456789abcdef"}
        self.assertEqual(bot.ask("GET", "/api/channels", headers=good)[0], 200)
        self.assertEqual(bot.ask("GET", "/healthz")[0], 200)
        self.assertNotIn("a-long-enough", bot.errors())

    def test_writes_its_log_as_json(self):
        self.environment["COXSWAIN_WEB_TOKEN"] = "a-long-enough-secret-0123456789abcdef"
        bot = self.start(*self.configured(), "--log", "json")
        self.assertEqual(bot.end(), 0)
        lines = bot.errors().splitlines()
        self.assertTrue(lines)
        for line in lines:
            self.assertLessEqual({"at", "level", "message"}, set(json.loads(line)))


class Api(Case):
    def setUp(self):
        super().setUp()
        self.bot = self.demo()
        self.bot.say("ana", "/declare here 1 checkout errors")
        self.bot.quiet()

    def state(self):
        return [self.bot.get(p) for p in ("/api/channels", "/api/channels/ops", "/api/incidents", "/api/incidents/1/events")]

    def test_refuses_what_is_wrong_and_changes_nothing(self):
        before = self.state()
        say, press, clock = "/api/channels/ops/messages", "/api/channels/ops/press", "/api/clock"
        good = {"user": "ana", "text": "hello", "key": "k"}
        for method, path, options, want in [
                ("POST", say, {"raw": b"not json"}, 400),
                ("POST", say, {"raw": b""}, 400),
                ("POST", say, {"raw": b"[1,2]"}, 400),
                ("POST", say, {"raw": b"[" * 60000}, 400),
                ("POST", say, {"raw": b'{"user":"ana","text":"\xff\xfe","key":"k"}'}, 400),
                ("POST", say, {"body": good, "headers": {"Content-Type": "text/plain"}}, 415),
                ("POST", say, {"body": {"user": "ana", "text": "hello"}}, 400),
                ("POST", say, {"body": {**good, "text": 7}}, 400),
                ("POST", say, {"body": {**good, "text": ""}}, 400),
                ("POST", say, {"body": {**good, "text": " \n "}}, 400),
                ("POST", say, {"body": {**good, "text": "x" * 20000}}, 413),
                ("POST", say, {"body": {**good, "text": "x" * 100000}}, 413),
                ("POST", say, {"body": {**good, "user": ""}}, 400),
                ("POST", say, {"body": {**good, "user": "coxswain"}}, 400),
                ("POST", say, {"body": {**good, "user": "a b"}}, 400),
                ("POST", say, {"body": {**good, "key": ""}}, 400),
                ("POST", say, {"body": {**good, "key": "x" * 129}}, 400),
                ("POST", say, {"body": {**good, "key": "two words"}}, 400),
                ("POST", "/api/channels/nix/messages", {"body": good}, 404),
                ("GET", "/api/channels/nix", {}, 404),
                ("GET", "/api/channels/ops?after=x", {}, 400),
                ("GET", "/api/incidents/9", {}, 404),
                ("GET", "/api/incidents/nix", {}, 404),
                ("GET", "/api/incidents/9/events", {}, 404),
                ("GET", "/api/nix", {}, 404),
                ("DELETE", say, {}, 405),
                ("GET", say, {}, 405),
                ("PUT", "/api/channels", {"body": {}}, 405),
                ("POST", press, {"body": {"user": "ana", "message": "m1", "button": "nix", "key": "k"}}, 404),
                ("POST", press, {"body": {"user": "ana", "message": "m999", "button": "ic me", "key": "k"}}, 404),
                ("POST", press, {"body": {"user": "ana", "message": "x", "button": "ic me", "key": "k"}}, None),
                ("POST", clock, {"body": {"advance": "soon"}}, 400),
                ("POST", clock, {"body": {"advance": "-5m"}}, 400),
                ("POST", clock, {"body": {}}, 400),
                ("GET", "/api/channels", {"headers": {"Host": "evil.example"}}, 403),
                ("POST", say, {"body": good, "headers": {"Origin": "http://evil.example"}}, 403)]:
            with self.subTest(method=method, path=path, options=str(options)[:60]):
                status, answer = self.bot.ask(method, path, **options)
                if want is None:
                    self.assertIn(status, (400, 404))
                else:
                    self.assertEqual(status, want, answer)
                self.assertEqual(set(answer), {"error"})
                self.assertEqual(set(answer["error"]), {"code", "message", "hint"})
                for word in answer["error"].values():
                    self.assertTrue(word)
        self.assertEqual(self.state(), before)

    def test_takes_no_body_of_any_size(self):
        before = self.state()
        status, answer = self.bot.ask("POST", "/api/channels/ops/messages", raw=b"x" * (8 << 20))
        self.assertIn(status, (413, None))
        self.assertEqual(self.state(), before)

    def test_shows_text_as_text(self):
        self.bot.say("ana", "<script>alert(1)</script> \u202e \U0001f525 & done")
        self.bot.quiet()
        message = self.bot.messages()[-1]
        self.assertIn("<script>", message["text"])
        self.assertNotIn("<script", message["html"])
        self.assertIn("\U0001f525", message["text"])


if __name__ == "__main__":
    if len(sys.argv) < 2 or not os.access(sys.argv[1], os.X_OK):
        print("cli_test.py: name the program to test: python3 tests/e2e/cli_test.py build/release/bot/coxswain",
              file=sys.stderr)
        sys.exit(64)
    program.binary = os.path.abspath(sys.argv.pop(1))
    unittest.main(verbosity=2)
