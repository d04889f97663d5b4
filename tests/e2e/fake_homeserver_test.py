#!/usr/bin/env python3
"""What the fake homeserver does that no real one does: it fails when told to, and sees what clients do wrong.
Run: fake_homeserver_test.py FAKE_HOMESERVER [TESTS…]"""

import http.client
import json
import os
import socket
import sys
import threading
import time
import unittest

from fake_homeserver import FakeHomeserver
from person import quoted

fake_binary = None
CS = "/_matrix/client/v3"


class FakeCase(unittest.TestCase):
    def setUp(self):
        self.fake = FakeHomeserver(fake_binary)
        self.addCleanup(self.fake.close)
        made = self.fake.do("login", user="coxswain")
        self.token, self.bot = made["access_token"], made["user_id"]
        self.ops = next(id for id, room in self.fake.see("rooms").items() if room["name"] == "ops")

    def raw(self, method, path, body=None, **headers):
        connection = http.client.HTTPConnection("127.0.0.1", self.fake.port, timeout=10)
        self.addCleanup(connection.close)
        given = {"Authorization": "Bearer " + self.token}
        if body is not None:
            given["Content-Type"] = "application/json"
        given.update({name.replace("_", "-"): value for name, value in headers.items()})
        connection.request(method, path, body, {k: v for k, v in given.items() if v is not None})
        return connection.getresponse()

    def ask(self, method, path, body=None):
        return self.fake.ask(method, CS + path, body, self.token)

    def send(self, content=None, txn="t1", kind="m.room.message"):
        return self.ask("PUT", "/rooms/%s/send/%s/%s" % (quoted(self.ops), kind, txn),
                        content or {"msgtype": "m.notice", "body": "x", "m.mentions": {}})

    def sync(self, since=None, timeout=0):
        status, answer = self.ask("GET", "/sync?set_presence=offline&timeout=%d%s" %
                                  (timeout, "&since=" + quoted(since) if since else ""))
        return answer if status == 200 else (status, answer)

    def violations(self):
        return "\n".join(self.fake.see("violations"))


class Strict(FakeCase):
    def test_a_client_that_behaves_violates_nothing(self):
        self.assertEqual(self.send()[0], 200)
        self.sync()
        self.ask("GET", "/account/whoami")
        self.ask("POST", "/join/" + quoted("#ops:lab.test"), {})
        self.assertEqual(self.violations(), "")

    def test_what_is_wrong_is_seen(self):
        room = quoted(self.ops)
        message = "/rooms/%s/send/m.room.message/" % room
        good = {"msgtype": "m.notice", "body": "x", "m.mentions": {}}
        html = dict(good, format="org.matrix.custom.html")
        deep = "".join("<div>" for _ in range(101)) + "".join("</div>" for _ in range(101))
        wrong = [
            ("PUT", "/rooms/%s/send/m.room.message/a" % self.ops, good, "not percent-encoded"),
            ("GET", "/sync?timeout=0", None, "does not say set_presence"),
            ("GET", "/sync?timeout=0&set_presence=offline&presence=offline", None, "says presence"),
            ("GET", "/account/whoami?access_token=" + self.token, None, "gives the token in the query"),
            ("PUT", message + "b", {"msgtype": "m.notice", "body": "x"}, "has no m.mentions"),
            ("PUT", message + "c", dict(good, **{"m.mentions": {"room": False}}), "has m.mentions"),
            ("PUT", message + "d", dict(good, x=1.5), "a number that Matrix does not know"),
            ("PUT", message + "e", dict(good, x=2 ** 53), "a number that Matrix does not know"),
            ("PUT", message + "f%20g", good, "the transaction id"),
            ("PUT", message + "h" * 65, good, "the transaction id"),
            ("PUT", message + "i", dict(html, formatted_body="<script>x</script>"), "<script> is not allowed"),
            ("PUT", message + "j", dict(html, formatted_body="<b>x"), "<b> is not closed"),
            ("PUT", message + "k", dict(html, formatted_body="<b onclick=\"x\">x</b>"), "has the attribute onclick"),
            ("PUT", message + "l", dict(html, formatted_body="<a href=\"javascript:x\">x</a>"), "a link goes to"),
            ("PUT", message + "m", dict(html, formatted_body="a & b"), "a '&' stands alone"),
            ("PUT", message + "n", dict(html, formatted_body=deep), "deeper than 100"),
            ("PUT", message + "o", dict(good, format="org.matrix.custom.html"), "one of format and formatted_body"),
            ("PUT", message + "p", dict(good, **{"m.relates_to": {"rel_type": "m.replace", "event_id": "$x"}}),
             "an edit without m.new_content"),
        ]
        for verb, path, body, finding in wrong:
            with self.subTest(finding):
                self.fake.do("forget_violations")
                self.ask(verb, path, body)
                self.assertIn(finding, self.violations())

    def test_bodies_that_are_no_json_objects_are_seen_and_refused(self):
        path = CS + "/rooms/%s/send/m.room.message/" % quoted(self.ops)
        for n, (body, errcode) in enumerate(((b"[]", "M_BAD_JSON"), (b"", "M_NOT_JSON"), (b"{\"body\":\"\xff\"}", "M_NOT_JSON"),
                                             (b"{\"body\":\"\\ud800\"}", "M_UNKNOWN"))):
            with self.subTest(body):
                self.fake.do("forget_violations")
                answer = json.loads(self.raw("PUT", path + str(n), body).read())
                self.assertEqual(answer["errcode"], errcode)
                self.assertIn("no JSON object", self.violations())

    def test_a_transaction_id_that_is_used_for_something_else_is_seen(self):
        first = self.send()
        self.assertEqual(self.send(), first)
        self.assertEqual(self.violations(), "")
        self.assertEqual(self.send({"msgtype": "m.notice", "body": "y", "m.mentions": {}}), first)
        self.assertIn("was used for", self.violations())

    def test_two_polls_of_one_device_are_seen(self):
        since = self.sync()["next_batch"]
        polls = [threading.Thread(target=self.sync, args=(since, 2000)) for _ in range(2)]
        for poll in polls:
            poll.start()
        for poll in polls:
            poll.join()
        self.assertIn("polls twice", self.violations())


class Faults(FakeCase):
    def test_limits_say_when_in_each_of_their_ways(self):
        for by, has_header, has_body in (("both", True, True), ("header", True, False), ("body", False, True),
                                         ("date", True, False), ("none", False, False)):
            with self.subTest(by):
                self.fake.do("fault", kind="limited", where="whoami", by=by, retry_after_ms=1500)
                answer = self.raw("GET", CS + "/account/whoami")
                self.assertEqual((answer.status, answer.reason), (429, "Unknown Status"))
                header, body = answer.getheader("Retry-After"), json.loads(answer.read())
                self.assertEqual(header is not None, has_header)
                self.assertEqual("retry_after_ms" in body, has_body)
                self.assertEqual(by == "date", bool(header) and header.endswith("GMT"))

    def test_a_user_who_says_too_much_waits(self):
        self.fake.do("settings", messages_per_second=1000, messages_burst=2)
        told = [self.send(txn="t%d" % n)[0] for n in range(2)]
        self.assertEqual(told, [200, 200])
        self.fake.do("settings", messages_per_second=0.001, messages_burst=1)
        self.send(txn="t3")
        status, answer = self.send(txn="t4")
        self.assertEqual((status, answer["errcode"]), (429, "M_LIMIT_EXCEEDED"))
        self.fake.do("let_pass", ms=answer["retry_after_ms"])
        self.assertEqual(self.send(txn="t4")[0], 200)

    def test_a_deed_is_done_though_its_answer_is_lost(self):
        for kind, lost in (("reset", ConnectionError), ("truncated", http.client.IncompleteRead)):
            with self.subTest(kind):
                self.fake.do("fault", kind=kind, where="send", done=True)
                with self.assertRaises(lost):
                    self.send(txn=kind)
                self.assertEqual(self.send(txn=kind)[0], 200)
        said = [m for m in self.fake.see("rooms")[self.ops]["messages"] if m["sender"] == self.bot]
        self.assertEqual(len(said), 2)

    def test_a_deed_is_not_done_where_the_fault_comes_first(self):
        self.fake.do("fault", kind="status", where="send", type_of_event="m.room.message", status=502)
        answer = self.raw("PUT", CS + "/rooms/%s/send/m.room.message/t1" % quoted(self.ops), b"{}")
        self.assertEqual((answer.status, answer.getheader("Content-Type")), (502, "text/html"))
        self.assertEqual(self.fake.see("rooms")[self.ops]["messages"], [])

    def test_an_answer_can_be_larger_than_clients_like(self):
        self.fake.do("fault", kind="huge", where="sync")
        answer = self.raw("GET", CS + "/sync?timeout=0&set_presence=offline")
        self.assertEqual(answer.getheader("Transfer-Encoding"), "chunked")
        self.assertGreater(len(answer.read()), 8 << 20)

    def test_a_timeline_can_come_backwards_and_again(self):
        since = self.sync()["next_batch"]
        for text in ("one", "two"):
            self.fake.do("say", user="alice", room="ops", text=text)
        def said(answer):
            return [e["content"]["body"] for e in answer["rooms"]["join"][self.ops]["timeline"]["events"]]
        self.assertEqual(said(self.sync(since)), ["one", "two"])
        self.fake.do("fault", kind="backwards")
        self.assertEqual(said(self.sync(since)), ["two", "one"])
        since = self.sync(since)["next_batch"]
        self.fake.do("say", user="alice", room="ops", text="three")
        self.fake.do("fault", kind="repeated", events=2)
        self.assertEqual(said(self.sync(since)), ["one", "two", "three"])


class Polls(FakeCase):
    def poll(self, since):
        """In the background; its answer once it is there."""
        answers = []
        thread = threading.Thread(target=lambda: answers.append(self.sync(since, 30000)))
        thread.start()
        self.fake.wait(polling="coxswain")
        def answer():
            thread.join(10)
            return answers[0]
        return answer

    def test_a_poll_waits_for_news(self):
        answer = self.poll(self.sync()["next_batch"])
        self.fake.do("say", user="alice", room="ops", text="news")
        self.assertIn(self.ops, answer()["rooms"]["join"])

    def test_a_poll_whose_token_is_revoked_ends(self):
        answer = self.poll(self.sync()["next_batch"])
        self.fake.do("revoke", user="coxswain", soft=True)
        self.assertNotIn("rooms", answer())
        self.assertEqual(self.sync(), (401, {"errcode": "M_UNKNOWN_TOKEN", "error": "Invalid access token passed.",
                                             "soft_logout": True}))

    def test_a_poll_whose_client_hangs_up_is_over(self):
        since = self.sync()["next_batch"]
        with socket.create_connection(("127.0.0.1", self.fake.port)) as client:
            client.sendall(("GET %s/sync?set_presence=offline&timeout=60000&since=%s HTTP/1.1\r\nHost: x\r\n"
                            "Authorization: Bearer %s\r\n\r\n" % (CS, quoted(since), self.token)).encode())
            self.fake.wait(polling="coxswain")
        end = time.monotonic() + 10
        while self.fake.ask("POST", "/_control", {"do": "wait", "polling": "coxswain", "within_ms": 0})[0] == 200:
            self.assertLess(time.monotonic(), end)
            time.sleep(0.02)
        self.assertEqual(self.violations(), "")

    def test_a_server_from_a_backup_has_forgotten_and_knows_no_later_token(self):
        position = self.fake.do("position")["position"]
        self.fake.do("say", user="alice", room="ops", text="lost")
        since = self.sync()["next_batch"]
        self.fake.do("restore", position=position)
        self.assertEqual(self.fake.see("rooms")[self.ops]["messages"], [])
        answer = self.sync(since)
        self.assertEqual((answer["next_batch"], "rooms" in answer), (since, False))

    def test_it_goes_down_and_comes_up_on_the_same_port(self):
        since = self.sync()["next_batch"]
        with socket.create_connection(("127.0.0.1", self.fake.port)) as control:
            body = b"{\"do\":\"go_down\"}"
            control.sendall(b"POST /_control HTTP/1.1\r\nHost: x\r\nContent-Length: %d\r\n\r\n%s" % (len(body), body))
            try:
                while control.recv(1024):
                    pass
            except ConnectionError:
                pass
        self.assertRaises(OSError, self.sync, since)


if __name__ == "__main__":
    fake_binary = os.path.abspath(sys.argv.pop(1))
    unittest.main()
