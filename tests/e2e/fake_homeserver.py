"""The program fake_homeserver for tests: started, told what people do, looked at. Its words:
tests/support/fake_homeserver/README.md"""

import http.client
import json
import os
import re
import select
import signal
import subprocess
import sys
import urllib.parse

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "support", "synapse"))
from person import Person, Refused

LONGEST = 60.0  # seconds for anything


class FakeHomeserver:
    """Ended by its own process id."""

    server_name = "lab.test"

    def __init__(self, binary, port=0):
        self.process = subprocess.Popen([binary, "--port", str(port)], stdout=subprocess.PIPE)
        ready, _, _ = select.select([self.process.stdout], [], [], LONGEST)
        line = os.read(self.process.stdout.fileno(), 1024).decode() if ready else ""
        found = re.search(r"http://127\.0\.0\.1:(\d+)/", line)
        if not found:
            self.close()
            raise AssertionError("the fake homeserver does not start: %r" % line)
        self.port = int(found.group(1))
        self.url = "http://127.0.0.1:%d" % self.port

    def ask(self, method, path, body=None, token=None):
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=LONGEST)
        try:
            headers = {"Authorization": "Bearer " + token} if token else {}
            data = None
            if body is not None:
                data, headers["Content-Type"] = json.dumps(body), "application/json"
            connection.request(method, path, data, headers)
            answer = connection.getresponse()
            text = answer.read()
            return answer.status, json.loads(text) if text.startswith((b"{", b"[")) else text.decode()
        finally:
            connection.close()

    def must(self, method, path, body=None, token=None):
        status, answer = self.ask(method, path, body, token)
        if status != 200:
            raise Refused("%s %s" % (method, path), status, answer)
        return answer

    def do(self, act, **words):
        return self.must("POST", "/_control", dict(words, do=act))

    def see(self, part):
        return self.must("GET", "/_state?part=" + urllib.parse.quote(part))[part]

    def wait(self, **words):
        return self.do("wait", within_ms=int(1000 * LONGEST), **words)

    def register(self, name):
        self.do("add_user", name=name)
        made = self.do("login", user=name)
        return Person(self, made["user_id"], made["access_token"], made["device_id"], "aye")

    def close(self, by=signal.SIGTERM):
        if self.process.poll() is None:
            self.process.send_signal(by)
        self.process.wait(LONGEST)
        self.process.stdout.close()
