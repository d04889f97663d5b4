"""The real binary for the tests of this folder: runs it, waits for it, talks to its API, ends it."""

import http.client
import json
import os
import re
import select
import signal
import socket
import subprocess
import tempfile
import time
import unittest
import urllib.parse

LONGEST = 60.0  # seconds for anything; a busy machine is slow, a hanging test is wrong

binary = None


class Running:
    """A coxswain that serves. Ended by its own process id."""

    def __init__(self, *arguments, stderr=None, **options):
        self.log = tempfile.TemporaryFile() if stderr is None else stderr
        self.process = subprocess.Popen([binary, *arguments], stdout=subprocess.PIPE, stderr=self.log, **options)
        self.address = self.first_line()
        port = re.search(r"http://(?:127\.0\.0\.1|localhost|\[::1\]|0\.0\.0\.0):(\d+)/", self.address)
        if not port:
            self.end()
            raise AssertionError("it does not start: %r, %s" % (self.address, self.errors()))
        self.port = int(port.group(1))
        self.keys = 0

    def first_line(self):
        line, end = b"", time.monotonic() + LONGEST
        while not line.endswith(b"\n"):
            ready, _, _ = select.select([self.process.stdout], [], [], max(0.0, end - time.monotonic()))
            piece = os.read(self.process.stdout.fileno(), 1024) if ready else b""
            if not piece:
                break
            line += piece
        return line.decode()

    def errors(self):
        self.log.seek(0)
        return self.log.read().decode(errors="replace")

    def ask(self, method, path, body=None, headers=None, raw=None):
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=LONGEST)
        try:
            data = raw if raw is not None else json.dumps(body).encode() if body is not None else None
            given = {"Content-Type": "application/json"} if data is not None else {}
            given.update(headers or {})
            try:
                connection.request(method, path, data, given)
            except (BrokenPipeError, ConnectionResetError):
                return None, None  # the answer came before the end of the question
            answer = connection.getresponse()
            text = answer.read()
            is_json = (answer.getheader("Content-Type") or "").startswith("application/json")
            return answer.status, json.loads(text) if is_json and text else text.decode()
        finally:
            connection.close()

    def get(self, path):
        status, answer = self.ask("GET", path)
        if status != 200:
            raise AssertionError("GET %s answers %d: %s" % (path, status, answer))
        return answer

    def say(self, user, text, channel="ops", key=None):
        self.keys += 1
        body = {"user": user, "text": text, "key": key or "k%d-%d" % (self.process.pid, self.keys)}
        status, answer = self.ask("POST", "/api/channels/%s/messages" % urllib.parse.quote(channel), body)
        if status != 202:
            raise AssertionError("%r is answered %d: %s" % (text, status, answer))
        return answer["id"]

    def advance(self, span):
        status, answer = self.ask("POST", "/api/clock", {"advance": span})
        if status != 200:
            raise AssertionError("advancing is answered %d: %s" % (status, answer))
        return answer["now"]

    def quiet(self):
        """Everything said before is done and shown: only with a manual clock."""
        return self.advance("0s")

    def messages(self, channel="ops"):
        return self.get("/api/channels/" + urllib.parse.quote(channel))["messages"]

    def texts(self, channel="ops"):
        return [message["text"] for message in self.messages(channel)]

    def topic(self, channel="ops"):
        return self.get("/api/channels/" + urllib.parse.quote(channel))["topic"]

    def end(self, by=signal.SIGTERM):
        if self.process.poll() is None:
            self.process.send_signal(by)
        code = self.process.wait(LONGEST)
        self.process.stdout.close()
        return code

    def close(self):
        """At the end of a test, whatever became of it."""
        self.end(signal.SIGKILL)
        self.log.close()


class Watcher:
    """Reads what the WebSocket pushes: text frames from the server, nothing masked, nothing in parts."""

    def __init__(self, port, channel):
        self.socket = socket.create_connection(("127.0.0.1", port), LONGEST)
        self.stream = self.socket.makefile("rwb")
        self.stream.write(b"GET /ws HTTP/1.1\r\nHost: localhost\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n"
                          b"Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n")
        self.stream.flush()
        while self.stream.readline() not in (b"\r\n", b""):
            pass
        self.send({"type": "subscribe", "channel": channel})

    def send(self, frame):
        text = json.dumps(frame).encode()
        assert len(text) < 126  # masked with zeros: as it is
        self.stream.write(bytes([0x81, 0x80 | len(text), 0, 0, 0, 0]) + text)
        self.stream.flush()

    def next(self, kind):
        """The next frame of that type."""
        while True:
            size = self.stream.read(2)[1]
            if size >= 126:
                size = int.from_bytes(self.stream.read(2 if size == 126 else 8), "big")
            frame = json.loads(self.stream.read(size))
            if frame["type"] == kind:
                return frame

    def close(self):
        self.stream.close()
        self.socket.close()


class Case(unittest.TestCase):
    """A test with a folder of its own, and with nothing running once it is over."""

    maxDiff = None

    def setUp(self):
        folder = tempfile.TemporaryDirectory(prefix="coxswain-cli-", ignore_cleanup_errors=True)
        self.addCleanup(folder.cleanup)
        self.folder = folder.name
        self.environment = {k: v for k, v in os.environ.items() if not k.startswith("COXSWAIN_")}

    def path(self, *parts):
        return os.path.join(self.folder, *parts)

    def write(self, name, content):
        path = self.path(name)
        os.makedirs(os.path.dirname(path), exist_ok=True)
        with open(path, "wb") as file:
            file.write(content if isinstance(content, bytes) else content.encode())
        return path

    def run_it(self, *arguments, **options):
        options.setdefault("env", self.environment)
        options.setdefault("stdout", subprocess.PIPE)
        return subprocess.run([binary, *arguments], stderr=subprocess.PIPE, text=True, errors="replace",
                              timeout=LONGEST, cwd=self.folder, stdin=subprocess.DEVNULL, **options)

    def start(self, *arguments, **options):
        options.setdefault("env", self.environment)
        running = Running(*arguments, cwd=self.folder, **options)
        self.addCleanup(running.close)
        return running

    def demo(self, *arguments, data="data"):
        clock = () if "--clock-rate" in arguments else ("--clock", "manual")
        return self.start("demo", "--port", "0", "--data", self.path(data), *clock, *arguments)

    def wait_for(self, condition, what):
        end = time.monotonic() + LONGEST
        while not condition():
            self.assertLess(time.monotonic(), end, what + " did not happen")
            time.sleep(0.02)

    def ends_with(self, done, code, *parts):
        """The exit code, and what standard error says: lines of ours, and what to do."""
        self.assertEqual(done.returncode, code, done.stderr)
        lines = done.stderr.splitlines()
        self.assertTrue(lines, "nothing is said on standard error")
        for line in lines:
            self.assertTrue(line.startswith("coxswain: ") or line.startswith("  "), line)
        self.assertIn(";", done.stderr, "it is not said what to do")
        for part in parts:
            self.assertIn(part, done.stderr)
