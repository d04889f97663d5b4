"""A relay between a bot and its homeserver that changes nothing. It notes when the bot had been given each command and when
the bot's answer to it had come out: what lies between the two is the bot's own time. It runs in a process of its own."""

import asyncio
import json
import re
import subprocess
import sys
import time

EVENT = re.compile(rb'"event_id":"(\$[^"]+)"')
ANSWERED = re.compile(rb'"m\.in_reply_to":\{"event_id":"(\$[^"]+)"')


class Wire:
    """What a bot is to talk to instead of its homeserver."""

    def __init__(self, port):
        self.process = subprocess.Popen([sys.executable, __file__, str(port)], stdin=subprocess.PIPE, stdout=subprocess.PIPE)
        self.url = "http://127.0.0.1:%d" % int(self.process.stdout.readline())

    def end(self):
        """The seconds that each command spent in the bot, by the command's event."""
        noted = json.loads(self.process.communicate()[0])
        return {event: noted["answered"][event] - at for event, at in noted["given"].items() if event in noted["answered"]}


class Notes:
    def __init__(self):
        self.given, self.answered = {}, {}


class Talk:
    """One connection: a request, its answer, the next request. Each is there when the last of it has come through."""

    def __init__(self, notes):
        self.notes = notes
        self.request, self.asked_at = b"", 0.0
        self.answer, self.told_at = b"", 0.0

    def asks(self, data):
        if self.answer:
            self.note()
        self.request, self.asked_at = self.request + data, time.perf_counter()

    def is_told(self, data):
        self.answer, self.told_at = self.answer + data, time.perf_counter()

    def note(self):
        line = self.request.split(b"\r\n", 1)[0]
        if line.startswith(b"GET ") and b"/sync?" in line:
            for event in EVENT.findall(self.answer):
                self.notes.given.setdefault(event.decode(), self.told_at)
        if line.startswith(b"PUT "):
            for event in ANSWERED.findall(self.request):
                self.notes.answered.setdefault(event.decode(), self.asked_at)
        self.request = self.answer = b""


async def pour(reader, writer, before=lambda data: None, after=lambda data: None):
    try:
        while data := await reader.read(1 << 20):
            before(data)
            writer.write(data)
            after(data)
            await writer.drain()
    except ConnectionError:
        pass
    writer.close()


async def relay(port):
    notes = Notes()

    async def talk(from_bot, to_bot):
        from_server, to_server = await asyncio.open_connection("127.0.0.1", port)
        one = Talk(notes)
        await asyncio.gather(pour(from_bot, to_server, before=one.asks), pour(from_server, to_bot, after=one.is_told))
        one.note()

    server = await asyncio.start_server(talk, "127.0.0.1", 0)
    print(server.sockets[0].getsockname()[1], flush=True)
    await asyncio.to_thread(sys.stdin.read)
    server.close()
    await asyncio.sleep(0.1)  # what was under way when the bot hung up
    print(json.dumps({"given": notes.given, "answered": notes.answered}))


if __name__ == "__main__":
    asyncio.run(relay(int(sys.argv[1])))
