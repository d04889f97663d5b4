"""A coxswain that serves a Slack of our own, for the tests of this folder."""

import json
import os
import signal
import subprocess

import fake_slack
import program
from fake_slack import FakeSlack
from program import Case

HERE = os.path.dirname(os.path.abspath(__file__))

# The shipped policy without the waiting that a story of a few seconds cannot do.
HASTY = {"stable_updates: 2": "stable_updates: 0", "monitor_for: 15 min": "monitor_for: 0 min",
         "observe_for: 2 min": "observe_for: 0 min", "update_every: 10 min": "update_every: 30s"}


def hasty_policy():
    with open(os.path.join(HERE, "..", "..", "config", "policy.yaml")) as file:
        policy = file.read()
    for before, after in HASTY.items():
        assert before in policy, before
        policy = policy.replace(before, after)
    return policy


def is_card(message):
    return "card" in message["metadata"]["event_payload"]


class SlackCase(Case):
    """A fake Slack, a folder of configuration that points to it, and the tokens in files."""

    app_token = fake_slack.APP_TOKEN
    bot_token = fake_slack.BOT_TOKEN

    def setUp(self):
        super().setUp()
        self.slack = self.start_slack()
        self.configure(self.slack.api_url)
        self.put_tokens(self.app_token, self.bot_token)

    def start_slack(self, port=0):
        slack = FakeSlack(program.fake_slack, port)
        self.addCleanup(slack.end, signal.SIGKILL)
        return slack

    def configure(self, api_url, **more):
        settings = {"web": {"port": 0}, "slack": {"api_url": api_url}, **more}
        self.write("config/coxswain.yaml", json.dumps(settings))
        self.write("config/policy.yaml", hasty_policy())

    def put_tokens(self, app, bot):
        for name, token in (("APP", app), ("BOT", bot)):
            path = self.write("secrets/" + name, token + "\n")
            os.chmod(path, 0o600)
            self.environment["COXSWAIN_SLACK_%s_TOKEN_FILE" % name] = path

    def arguments(self, command, *more):
        return (command, "--config", self.path("config"), *more)

    def serve(self, **options):
        return self.start(*self.arguments("serve"), **options)

    def serve_connected(self):
        running = self.serve()
        self.slack.connected()
        return running

    def say_locally(self, user, text, place=None):
        where = ("--in", place) if place else ()
        return self.run_it(*self.arguments("say", "--as", user, *where), text)

    def declare(self, title="checkout errors", channel="general", severity="1"):
        """By slash command; the name of the channel that was made for it, once its card stands there."""
        name = "inc-%d-%s" % (1 + sum(c["name"].startswith("inc-") for c in self.slack.see("channels").values()),
                              title.replace(" ", "-"))
        self.slack.command("alice", channel, "declare %s %s impact ~38%% of payments fail" % (severity, title))
        self.slack.until(lambda: self.card(name), "the card in #" + name)
        return name

    def card(self, channel):
        """The one card of the channel, or None."""
        cards = [m for m in self.slack.of_bot(channel) if is_card(m)]
        self.assertLessEqual(len(cards), 1, cards)
        return cards[0] if cards else None

    def posts(self, channel):
        """What the bot posted; the card is no post."""
        return [m for m in self.slack.of_bot(channel) if not is_card(m)]

    def posted(self, channel, part):
        """What the bot posted with these words, once it stands there."""
        def look():
            return [m for m in self.posts(channel) if part in m["text"]]
        return self.slack.until(look, "%r in #%s" % (part, channel))[0]

    def whispered(self, user, part):
        def look():
            return [text for text, _ in self.slack.whispers(user) if part in text]
        return self.slack.until(look, "%r to %s alone" % (part, user))[0]

    def told_directly(self, user):
        """What the bot wrote to that person outside of any channel."""
        return [m["text"] for c in self.slack.see("channels").values() if c["name"] == "directmessage" and user in c["members"]
                for m in c["messages"] if m.get("user") == fake_slack.BOT]

    def posts_once(self, channel):
        """No operation stands twice in the channel."""
        ops = [m["metadata"]["event_payload"]["op"] for m in self.slack.of_bot(channel)]
        self.assertEqual(len(ops), len(set(ops)), ops)
        return ops
