"""The program fake_slack for tests: started, told what people do, looked at. Its words: tests/support/fake_slack/README.md"""

import http.client
import json
import os
import re
import select
import signal
import subprocess
import time

LONGEST = 60.0  # seconds for anything

BOT = "U0COXBOT1"
ALICE = "U0ALICE01"
BOB = "U0BOB0001"
APP_TOKEN = "xapp-1-A0FAKE001-1-fake"
BOT_TOKEN = "xoxb-1-fake"


class FakeSlack:
    """Ended by its own process id."""

    def __init__(self, binary, port=0):
        self.process = subprocess.Popen([binary, "--port", str(port)], stdout=subprocess.PIPE)
        ready, _, _ = select.select([self.process.stdout], [], [], LONGEST)
        line = os.read(self.process.stdout.fileno(), 1024).decode() if ready else ""
        found = re.search(r"http://127\.0\.0\.1:(\d+)/", line)
        if not found:
            self.end()
            raise AssertionError("the fake Slack does not start: %r" % line)
        self.port = int(found.group(1))
        self.api_url = "http://127.0.0.1:%d/api/" % self.port

    def ask(self, method, path, body=None):
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=LONGEST)
        try:
            connection.request(method, path, None if body is None else json.dumps(body))
            return json.loads(connection.getresponse().read())
        finally:
            connection.close()

    def do(self, act, **words):
        answer = self.ask("POST", "/_control", dict(words, do=act))
        if not answer["ok"]:
            raise AssertionError("%s %s: %s" % (act, words, answer["error"]))
        return answer

    def see(self, part):
        return self.ask("GET", "/_state?part=" + part)[part]

    def set(self, **settings):
        return self.do("settings", **settings)

    def wait(self, **words):
        """For what the fake can wait for itself; without it the test fails."""
        return self.do("wait", within_ms=int(1000 * LONGEST), **words)

    def and_acked(self, answer):
        """What was done is acknowledged."""
        if answer["envelopes"]:
            self.wait(acked=answer["envelopes"])
        return answer

    def connected(self):
        self.wait(connections=1)

    def command(self, user, channel, text, command="/inc"):
        return self.and_acked(self.do("command", user=user, channel=channel, text=text, command=command))

    def say(self, user, channel, text, **more):
        return self.and_acked(self.do("say", user=user, channel=channel, text=text, **more))

    def press(self, user, channel, button, **more):
        """Once it is there to be pressed: posts come one a second."""
        def pressed():
            words = dict(more, do="press", user=user, channel=channel, button=button)
            answer = self.ask("POST", "/_control", words)
            return answer if answer["ok"] else None
        return self.and_acked(self.until(pressed, "something to press: " + button))

    def submit(self, user, values, **more):
        return self.and_acked(self.do("submit", user=user, values=values, **more))

    def fault(self, kind, where="*", **how):
        return self.do("fault", kind=kind, where=where, **how)

    def channel(self, name):
        """By its name or id; None: there is none."""
        for channel in self.see("channels").values():
            if name in (channel["id"], channel["name"]):
                return channel
        return None

    def messages(self, name):
        channel = self.channel(name)
        return channel["messages"] if channel else []

    def of_bot(self, name):
        """What the bot posted there, without what Slack says for it about topics and pins."""
        return [m for m in self.messages(name) if m.get("user") == BOT and not m.get("subtype")]

    def whispers(self, user):
        """What only that person was told: text and channel."""
        return [(e["body"].get("text", ""), e["channel"]) for e in self.see("ephemerals") if e["user"] == user]

    def calls(self, method=None):
        return [c for c in self.see("calls") if method in (None, c["method"])]

    def until(self, look, what):
        """The first answer that is true."""
        end = time.monotonic() + LONGEST
        while True:
            answer = look()
            if answer:
                return answer
            if time.monotonic() > end:
                raise AssertionError("%s did not happen\n%s" % (what, self.shown()))
            time.sleep(0.02)

    def shown(self):
        """What stands where, for a failure."""
        lines = []
        for channel in self.see("channels").values():
            lines.append("#%(name)s (%(id)s), topic %(topic)r, pins %(pins)s" % channel)
            lines += ["  %s %s: %r" % (m["ts"], m.get("user"), m.get("text")) for m in channel["messages"]]
        for one in self.see("ephemerals"):
            lines.append("to %s alone, in %s: %r" % (one["user"], one["channel"], one["body"].get("text")))
        return "\n".join(lines)

    def end(self, by=signal.SIGTERM):
        if self.process.poll() is None:
            self.process.send_signal(by)
        self.process.wait(LONGEST)
        self.process.stdout.close()
