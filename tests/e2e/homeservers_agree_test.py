#!/usr/bin/env python3
"""The same questions to a real Synapse and to the fake homeserver, and the same answers: what the fake shows in tests may be
believed. Run: homeservers_agree_test.py FAKE_HOMESERVER [TESTS…]"""

import json
import os
import re
import sys
import time
import unittest

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "support", "synapse"))
from fake_homeserver import FakeHomeserver
from person import quoted
from synapse import Synapse

fake_binary = None
synapse = None
people = 0

FILTER = {"presence": {"types": []}, "account_data": {"types": []},
          "room": {"include_leave": False, "account_data": {"types": []}, "ephemeral": {"types": []},
                   "state": {"lazy_load_members": True, "types": [
                       "m.room.create", "m.room.member", "m.room.name", "m.room.topic", "m.room.power_levels",
                       "m.room.tombstone", "m.room.encryption", "m.room.canonical_alias", "m.room.pinned_events"]},
                   "timeline": {"limit": 5, "types": [
                       "m.room.message", "m.reaction", "m.room.redaction", "m.room.member", "m.room.tombstone",
                       "m.room.topic", "m.room.name", "m.room.power_levels", "m.room.encryption", "m.room.encrypted"]}}}
NOTICE = {"msgtype": "m.notice", "body": "hello", "m.mentions": {}}


def setUpModule():
    global synapse
    synapse = Synapse()


def tearDownModule():
    synapse.close()


def until(look):
    end = time.monotonic() + 60
    while not look():
        assert time.monotonic() < end, "it did not come"
        time.sleep(0.02)


class Names:
    """Ids that each server makes up, by the order in which they appeared."""

    MADE_UP = re.compile(r"[!$][A-Za-z0-9_\-]{8,}(?::lab\.test)?|\bs\d+_[0-9_]+|\bt\d+-\d+_[0-9_]+")

    def __init__(self):
        self.known = {}

    def of(self, value):
        if isinstance(value, dict):
            return {self.of(k): self.of(v) for k, v in value.items()}
        if isinstance(value, list):
            return [self.of(v) for v in value]
        if isinstance(value, str):
            return self.MADE_UP.sub(lambda m: self.known.setdefault(m.group(), "<%s%d>" % (m.group()[0], len(self.known))),
                                    value)
        return value


def event_of(event):
    """What an adapter reads of an event."""
    kept = {k: event[k] for k in ("type", "sender", "state_key", "content", "event_id", "room_id", "redacts") if k in event}
    unsigned = event.get("unsigned", {})
    kept["unsigned"] = {k: unsigned[k] for k in ("transaction_id", "prev_content") if k in unsigned}
    kept["redacted"] = "redacted_because" in unsigned
    edit = unsigned.get("m.relations", {}).get("m.replace")
    kept["edit"] = edit["event_id"] if edit else None
    return kept


def sync_of(answer):
    """What an adapter reads of /sync."""
    rooms = answer.get("rooms", {})
    shown = {"join": {}, "invite": {}, "leave": {}}
    for room, it in rooms.get("join", {}).items():
        timeline = [event_of(e) for e in it["timeline"]["events"]]
        # Synapse repeats members of the timeline there.
        state = [event_of(e) for e in it["state"]["events"] if e["event_id"] not in (t["event_id"] for t in timeline)]
        shown["join"][room] = {"limited": it["timeline"]["limited"], "timeline": timeline,
                               "state": sorted(state, key=lambda e: (e["type"], e["state_key"]))}
    for room, it in rooms.get("invite", {}).items():
        shown["invite"][room] = sorted([e["type"], e["state_key"], e["sender"], e["content"].get("membership")]
                                       for e in it["invite_state"]["events"]
                                       if e["type"] in ("m.room.member", "m.room.create", "m.room.name"))
    for room, it in rooms.get("leave", {}).items():
        shown["leave"][room] = [event_of(e) for e in it["timeline"]["events"]]
    return shown


class Peer:
    """One of the two, with three people who have never been there, and what they were answered."""

    def __init__(self, server, number):
        self.server = server
        self.ana, self.bo, self.bot = (server.register("%s%d" % (name, number)) for name in ("ana", "bo", "bot"))
        self.number = number
        self.told = []

    def name(self, text):
        return "%s-%d" % (text, self.number)

    def alias(self, text):
        return "#%s:lab.test" % self.name(text)

    def ask(self, person, method, path, body=None, keep=None):
        """Remembers status and errcode, and of a good answer what `keep` makes of it; gives the answer."""
        status, answer = person.ask(method, path, body)
        good = status == 200
        if isinstance(answer, dict) and not good:
            self.told.append((status, answer.get("errcode")))
        else:
            self.told.append((status, keep(answer) if keep and good else None))
        return answer

    def note(self, value):
        self.told.append(value)

    def room(self, **words):
        """Of ana's, with bo and the bot."""
        room = self.ana.create_room(**words)
        for person in (self.bo, self.bot):
            self.ana.invite(room, person)
            person.join(room)
        return room

    def send(self, person, room, txn, content=None, kind="m.room.message"):
        return self.ask(person, "PUT", "/rooms/%s/send/%s/%s" % (quoted(room), kind, txn), content or NOTICE,
                        lambda a: a["event_id"])

    def sync(self, person, since=None, filter=FILTER, keep=True, timeout=0):
        path = "/sync?timeout=%d&set_presence=offline" % timeout
        if filter:
            path += "&filter=" + quoted(json.dumps(filter))
        if since:
            path += "&since=" + quoted(since)
        answer = self.ask(person, "GET", path, keep=sync_of if keep else None)
        return answer["next_batch"] if "next_batch" in answer else None

    def messages(self, person, room, query):
        return self.ask(person, "GET", "/rooms/%s/messages?%s" % (quoted(room), query),
                        keep=lambda a: [[event_of(e) for e in a["chunk"]], "end" in a])


class Agreement(unittest.TestCase):
    maxDiff = None

    @classmethod
    def setUpClass(cls):
        cls.fake = FakeHomeserver(fake_binary)

    @classmethod
    def tearDownClass(cls):
        cls.fake.close()

    def setUp(self):
        global people
        people += 1
        self.number = people

    def agree(self, probe):
        told = []
        for server in (synapse, self.fake):
            peer = Peer(server, self.number)
            probe(peer)
            told.append(Names().of(json.loads(json.dumps(peer.told))))
        self.assertEqual(*told, "Synapse is first, the fake second")
        self.assertTrue(told[0])

    # -- who one is

    def test_a_password_opens_a_session_on_the_device_that_is_named(self):
        def probe(peer):
            def login(**words):
                identifier = {"type": "m.id.user", "user": peer.name("bot").replace("-", "")}
                body = dict({"type": "m.login.password", "identifier": identifier, "password": peer.bot.password}, **words)
                return peer.ask(peer.bot, "POST", "/login", body, lambda a: [a["user_id"], a["device_id"], sorted(a)])
            login(device_id="BOT1")
            login(device_id="BOT1", refresh_token=True)
            login(password="wrong")
        self.agree(probe)

    def test_a_refreshed_token_works_and_the_refresh_token_is_spent(self):
        def probe(peer):
            identifier = {"type": "m.id.user", "user": peer.bot.id}
            made = peer.bot.must("POST", "/login", {"type": "m.login.password", "identifier": identifier,
                                                    "password": peer.bot.password, "refresh_token": True})
            fresh = peer.ask(peer.bot, "POST", "/refresh", {"refresh_token": made["refresh_token"]}, sorted)
            peer.bot.token = fresh["access_token"]
            peer.ask(peer.bot, "GET", "/account/whoami", keep=lambda a: a["user_id"])
            peer.ask(peer.bot, "POST", "/refresh", {"refresh_token": made["refresh_token"]})
        self.agree(probe)

    def test_a_token_is_needed_and_ends_with_its_logout(self):
        def probe(peer):
            peer.ask(peer.bot, "GET", "/account/whoami", keep=lambda a: [a["user_id"], a["is_guest"]])
            peer.ask(peer.bot, "POST", "/logout")
            peer.note(peer.bot.ask("GET", "/account/whoami")[1].get("soft_logout", False))
            peer.bot.token = None
            peer.ask(peer.bot, "GET", "/account/whoami")
        self.agree(probe)

    def test_unknown_paths_and_wrong_verbs_are_unrecognized(self):
        def probe(peer):
            peer.ask(peer.bot, "GET", "/no/such/thing")
            peer.ask(peer.bot, "POST", "/sync", {})
        self.agree(probe)

    def test_the_same_filter_has_the_same_id_and_an_unknown_one_is_refused(self):
        def probe(peer):
            path = "/user/%s/filter" % quoted(peer.bot.id)
            for _ in range(2):
                peer.ask(peer.bot, "POST", path, FILTER, lambda a: a["filter_id"])
            peer.ask(peer.bot, "GET", "/sync?timeout=0&filter=77")
            peer.ask(peer.bot, "GET", "/profile/" + quoted(peer.ana.id), keep=lambda a: a.get("displayname"))
            peer.ask(peer.bot, "GET", "/user/%s/account_data/m.direct" % quoted(peer.bot.id))
        self.agree(probe)

    # -- sending

    def test_a_transaction_id_that_comes_again_gives_the_old_event_whatever_it_says(self):
        def probe(peer):
            room, other = peer.room(), peer.room()
            first = peer.send(peer.bot, room, "t1")["event_id"]
            peer.send(peer.bot, room, "t1")
            peer.send(peer.bot, room, "t1", {"msgtype": "m.text", "body": "something else"})
            peer.send(peer.bot, room, "t1", {"m.relates_to": {"rel_type": "m.annotation", "event_id": first, "key": "x"}},
                      "m.reaction")
            peer.ask(peer.bot, "PUT", "/rooms/%s/redact/%s/t1" % (quoted(room), quoted(first)), {}, lambda a: a["event_id"])
            peer.send(peer.bot, other, "t1")
            peer.send(peer.ana, room, "t1")
            peer.note([e["content"] for e in peer.ana.events(room) if e["type"] != "m.room.member" and "state_key" not in e])
        self.agree(probe)

    def test_messages_need_their_fields_and_numbers_that_matrix_knows(self):
        def probe(peer):
            room = peer.room()
            for n, content in enumerate(({"body": "x"}, {"msgtype": "m.text"}, dict(NOTICE, weight=1.5),
                                         dict(NOTICE, weight=1.0), dict(NOTICE, weight=2 ** 53 - 1))):
                peer.send(peer.bot, room, "t%d" % n, content)
            peer.send(peer.bot, room, "m", {"membership": "join"}, "m.room.member")
            peer.send(peer.bot, room, "long", dict(NOTICE, body="x" * 66000))
        self.agree(probe)

    def test_who_is_not_there_sends_nothing(self):
        def probe(peer):
            room = peer.ana.create_room()
            peer.send(peer.bot, room, "t1")
            peer.send(peer.bot, "!nowhere:lab.test", "t2")
            peer.ask(peer.bot, "GET", "/rooms/%s/messages?dir=b" % quoted(room))
            peer.ask(peer.bot, "GET", "/rooms/%s/joined_members" % quoted(room))
        self.agree(probe)

    def test_reactions_come_once_from_each_and_need_their_event(self):
        def probe(peer):
            room = peer.room()
            target = peer.send(peer.ana, room, "t1")["event_id"]
            for person in (peer.bot, peer.bot, peer.bo):
                peer.send(person, room, "r%d" % len(peer.told),
                          {"m.relates_to": {"rel_type": "m.annotation", "event_id": target, "key": "\u2705"}}, "m.reaction")
            peer.send(peer.bot, room, "r9",
                      {"m.relates_to": {"rel_type": "m.annotation", "event_id": "$nothing", "key": "x"}}, "m.reaction")
            peer.ask(peer.bot, "GET", "/rooms/%s/relations/%s/m.annotation" % (quoted(room), quoted(target)))
        self.agree(probe)

    def test_an_edit_is_shown_with_its_original(self):
        def probe(peer):
            room = peer.room()
            target = peer.send(peer.bot, room, "t1")["event_id"]
            for n, person in enumerate((peer.bot, peer.bo)):
                fresh = dict(NOTICE, body="edited by %d" % n)
                peer.send(person, room, "e%d" % n, dict(
                    fresh, **{"m.new_content": fresh, "m.relates_to": {"rel_type": "m.replace", "event_id": target}}))
            peer.ask(peer.bo, "GET", "/rooms/%s/event/%s" % (quoted(room), quoted(target)), keep=event_of)
            peer.messages(peer.bo, room, "dir=b&limit=3")
        self.agree(probe)

    def test_threads_do_not_start_at_relations(self):
        def probe(peer):
            room = peer.room()
            root = peer.send(peer.ana, room, "t1")["event_id"]
            def in_thread(of):
                return dict(NOTICE, **{"m.relates_to": {"rel_type": "m.thread", "event_id": of, "is_falling_back": True,
                                                        "m.in_reply_to": {"event_id": of}}})
            inside = peer.send(peer.bot, room, "t2", in_thread(root))["event_id"]
            peer.send(peer.bot, room, "t3", in_thread(inside))
        self.agree(probe)

    def test_redaction_empties_what_is_ones_own_and_takes_power_over_others(self):
        def probe(peer):
            room = peer.room()
            mine = peer.send(peer.bot, room, "t1")["event_id"]
            theirs = peer.send(peer.ana, room, "t2")["event_id"]
            for n, target in enumerate((mine, theirs, "$" + 43 * "A")):
                peer.ask(peer.bot, "PUT", "/rooms/%s/redact/%s/r%d" % (quoted(room), quoted(target), n), {})
            peer.messages(peer.bo, room, "dir=b&limit=3")
        self.agree(probe)

    # -- state

    def test_state_that_says_the_same_is_the_same_event(self):
        def probe(peer):
            room = peer.room()
            for topic in ("one", "one", "two"):
                peer.ask(peer.ana, "PUT", "/rooms/%s/state/m.room.topic/" % quoted(room), {"topic": topic},
                         lambda a: a["event_id"])
            for path in ("m.room.topic/", "m.room.topic", "m.room.pinned_events/"):
                peer.ask(peer.bo, "GET", "/rooms/%s/state/%s" % (quoted(room), path), keep=lambda a: a)
            for content in ({}, {"topic": 7}):
                peer.ask(peer.ana, "PUT", "/rooms/%s/state/m.room.topic/" % quoted(room), content)
        self.agree(probe)

    def test_power_levels_are_kept(self):
        def probe(peer):
            for version in ("11", "12"):
                room = peer.room(room_version=version)
                def set_state(person, kind, content, key=""):
                    peer.ask(person, "PUT", "/rooms/%s/state/%s/%s" % (quoted(room), kind, quoted(key)), content)
                set_state(peer.bot, "m.room.topic", {"topic": "x"})
                levels = peer.ana.state(room, "m.room.power_levels")
                peer.note(sorted(levels["users"].values()))
                levels["users"][peer.bot.id] = 50
                set_state(peer.ana, "m.room.power_levels", levels)
                set_state(peer.bot, "m.room.topic", {"topic": "x"})
                set_state(peer.bot, "m.room.pinned_events", {"pinned": []})
                set_state(peer.bot, "m.room.encryption", {"algorithm": "m.megolm.v1.aes-sha2"})
                set_state(peer.bot, "m.room.power_levels", levels)
                set_state(peer.bot, "of.mine", {}, peer.ana.id)
                levels["events_default"] = 60
                set_state(peer.ana, "m.room.power_levels", levels)
                peer.send(peer.bot, room, "t1")
                peer.ask(peer.bot, "POST", "/rooms/%s/kick" % quoted(room), {"user_id": peer.ana.id})
                peer.ask(peer.bot, "POST", "/rooms/%s/kick" % quoted(room), {"user_id": peer.bo.id})
        self.agree(probe)

    # -- rooms

    def test_a_room_is_made_as_it_is_asked_for(self):
        def probe(peer):
            for version in ("11", "12"):
                words = {"preset": "private_chat", "name": "INC-42", "topic": "SEV1", "room_version": version,
                         "room_alias_name": peer.name("inc" + version), "invite": [peer.ana.id],
                         "creation_content": {"m.federate": False}, "power_level_content_override": {"invite": 50}}
                room = peer.ask(peer.bot, "POST", "/createRoom", words)["room_id"]
                peer.note(":" in room)
                peer.ask(peer.bot, "POST", "/createRoom", words)
                peer.ask(peer.bo, "GET", "/directory/room/" + quoted(peer.alias("inc" + version)), keep=lambda a: a["servers"])
                for kind in ("name", "topic", "create", "canonical_alias", "history_visibility", "join_rules", "power_levels"):
                    content = peer.bot.state(room, "m.room." + kind)
                    for beyond in ("creator", "historical", "call", "org.matrix.msc3401.call", "org.matrix.msc3401.call.member"):
                        content.pop(beyond, None)
                    peer.note([kind, content])
                peer.note([peer.bot.state(room, "m.room.member", p.id) for p in (peer.ana, peer.bot)])
        self.agree(probe)

    def test_rooms_that_cannot_be_made_are_refused(self):
        def probe(peer):
            me, other = peer.bot.id, peer.ana.id
            for words in ({"room_version": "77"}, {"preset": "strange"},
                          {"room_version": "11", "power_level_content_override": {"users": {other: 100}}},
                          {"room_version": "12", "power_level_content_override": {"users": {me: 100}}},
                          {"room_alias_name": "with:colon"}):
                peer.ask(peer.bot, "POST", "/createRoom", words)
        self.agree(probe)

    def test_people_come_and_go_as_they_may(self):
        def probe(peer):
            room = peer.ana.create_room()
            path = "/rooms/%s/" % quoted(room)
            peer.ask(peer.bot, "POST", "/join/" + quoted(room), {})
            for _ in range(2):
                peer.ask(peer.ana, "POST", path + "invite", {"user_id": peer.bot.id})
            for _ in range(2):
                peer.ask(peer.bot, "POST", "/join/" + quoted(room), {}, lambda a: a["room_id"])
            peer.ask(peer.ana, "POST", path + "invite", {"user_id": peer.bot.id})
            peer.ask(peer.ana, "POST", path + "kick", {"user_id": peer.bot.id, "reason": "enough"})
            peer.ask(peer.bot, "POST", "/join/" + quoted(room), {})
            peer.ask(peer.ana, "POST", path + "invite", {"user_id": peer.bot.id})
            peer.ask(peer.bot, "POST", path + "leave", {})
            peer.ask(peer.ana, "POST", path + "ban", {"user_id": peer.bot.id})
            peer.ask(peer.ana, "POST", path + "invite", {"user_id": peer.bot.id})
            peer.ask(peer.bot, "POST", "/join/" + quoted("#nothing:lab.test"), {})
            peer.note([[e["sender"], e["state_key"], e["content"]] for e in peer.ana.events(room) if e["type"] == "m.room.member"])
        self.agree(probe)

    def test_members_of_a_room_come_into_another_that_lets_them(self):
        def probe(peer):
            ops = peer.ana.create_room()
            peer.ana.invite(ops, peer.bot)
            peer.bot.join(ops)
            rules = {"join_rule": "restricted", "allow": [{"type": "m.room_membership", "room_id": ops}]}
            room = peer.bot.create_room(initial_state=[{"type": "m.room.join_rules", "state_key": "", "content": rules}])
            for person in (peer.ana, peer.bo):
                peer.ask(person, "POST", "/join/" + quoted(room), {}, lambda a: a["room_id"] == room)
        self.agree(probe)

    def test_aliases_point_to_one_room(self):
        def probe(peer):
            room = peer.room()
            alias = "/directory/room/" + quoted(peer.alias("war"))
            peer.ask(peer.ana, "GET", alias)
            for _ in range(2):
                peer.ask(peer.ana, "PUT", alias, {"room_id": room})
            peer.ask(peer.bo, "GET", alias, keep=lambda a: a["room_id"])
            peer.ask(peer.ana, "PUT", "/rooms/%s/state/m.room.canonical_alias/" % quoted(room), {"alias": "#other:lab.test"})
            peer.ask(peer.ana, "DELETE", alias)
            peer.ask(peer.bo, "GET", alias)
        self.agree(probe)

    def test_an_upgraded_room_points_to_its_successor(self):
        def probe(peer):
            room = peer.room(name="ops")
            since = peer.sync(peer.bot, keep=False)
            peer.ask(peer.bot, "POST", "/rooms/%s/upgrade" % quoted(room), {"new_version": "11"})
            fresh = peer.ana.must("POST", "/rooms/%s/upgrade" % quoted(room), {"new_version": "11"})["replacement_room"]
            peer.note(peer.bot.state(room, "m.room.tombstone")["replacement_room"] == fresh)
            peer.note(peer.ana.state(fresh, "m.room.create")["predecessor"]["room_id"] == room)
            peer.note(peer.ana.state(fresh, "m.room.name"))
            peer.note(peer.ana.members(fresh) == {peer.ana.id})
            status, answer = peer.bot.ask("GET", "/sync?timeout=0&since=" + quoted(since))
            events = answer["rooms"]["join"][room]["timeline"]["events"]
            peer.note([e["content"]["replacement_room"] == fresh for e in events if e["type"] == "m.room.tombstone"])
        self.agree(probe)

    # -- /sync

    def test_the_first_sync_shows_the_end_of_each_room(self):
        def probe(peer):
            room = peer.room(name="ops")
            for n in range(3):
                peer.ana.say(room, "old %d" % n)
            peer.sync(peer.bot)
            for n in range(7):
                peer.ana.say(room, "more %d" % n)
            peer.sync(peer.bot)
        self.agree(probe)

    def test_later_syncs_show_what_is_new_and_tokens_may_be_used_again(self):
        def probe(peer):
            room = peer.room()
            first = peer.sync(peer.bot, keep=False)
            peer.ana.say(room, "one")
            peer.send(peer.bot, room, "mine")
            second = peer.sync(peer.bot, first)
            peer.ana.set_state(room, "m.room.topic", {"topic": "SEV1"})
            peer.ana.set_state(room, "m.room.name", {"name": "ops"})
            third = peer.sync(peer.bot, second)
            peer.note(peer.sync(peer.bot, third) == third)
            peer.sync(peer.bot, first)
            peer.sync(peer.bot, second)
        self.agree(probe)

    def test_a_gap_is_marked_and_can_be_filled_in_both_directions(self):
        def probe(peer):
            room = peer.room()
            since = peer.sync(peer.bot, keep=False)
            for n in range(12):
                (peer.ana if n % 2 else peer.bo).say(room, "line %d" % n)
            status, answer = peer.bot.ask("GET", "/sync?timeout=0&since=%s&filter=%s" % (quoted(since), quoted(json.dumps(FILTER))))
            peer.note(sync_of(answer))
            until = answer["rooms"]["join"][room]["timeline"]["prev_batch"]
            peer.messages(peer.bot, room, "dir=f&limit=100&from=%s&to=%s" % (quoted(since), quoted(until)))
            peer.messages(peer.bot, room, "dir=b&limit=100&from=%s&to=%s" % (quoted(until), quoted(since)))
            peer.messages(peer.bot, room, "dir=f&limit=3&from=%s&to=%s" % (quoted(since), quoted(until)))
        self.agree(probe)

    def test_who_joins_is_shown_what_was_said_before(self):
        def probe(peer):
            room = peer.ana.create_room()
            since = peer.sync(peer.bot, keep=False)
            peer.ana.say(room, "!inc old")
            peer.ana.invite(room, peer.bot)
            since = peer.sync(peer.bot, since)
            peer.sync(peer.bot, since)
            peer.bot.join(room)
            peer.ana.say(room, "!inc new")
            since = peer.sync(peer.bot, since)
            peer.ana.kick(room, peer.bot)
            peer.ana.say(room, "unheard")
            peer.ana.invite(room, peer.bot)
            peer.sync(peer.bot, since)
            peer.bot.join(room)
            peer.sync(peer.bot, since)
        self.agree(probe)

    def test_an_invitation_that_is_taken_back_is_shown_as_left(self):
        def probe(peer):
            room = peer.ana.create_room()
            since = peer.sync(peer.bot, keep=False)
            peer.ana.invite(room, peer.bot)
            since = peer.sync(peer.bot, since)
            peer.ana.kick(room, peer.bot)
            peer.sync(peer.bot, since)
        self.agree(probe)

    def test_what_the_filter_hides_moves_the_token_on(self):
        def probe(peer):
            room = peer.room()
            since = peer.sync(peer.bot, keep=False)
            peer.send(peer.ana, room, "t1", {"x": "y"}, "of.no.interest")
            after = peer.sync(peer.bot, since)
            peer.note(after != since)
        self.agree(probe)

    def test_state_that_only_the_timeline_filter_hides_may_be_missed(self):
        def probe(peer):
            room = peer.room()
            since = peer.sync(peer.bot, keep=False)
            peer.ana.set_state(room, "m.room.pinned_events", {"pinned": ["$x"]})
            since = peer.sync(peer.bot, since)
            peer.ana.set_state(room, "m.room.pinned_events", {"pinned": ["$y"]})
            peer.ana.say(room, "one")
            since = peer.sync(peer.bot, since)
            peer.ana.say(room, "two")
            peer.ana.set_state(room, "m.room.pinned_events", {"pinned": ["$z"]})
            peer.sync(peer.bot, since)
        self.agree(probe)

    def test_a_token_that_is_none_is_refused(self):
        def probe(peer):
            peer.sync(peer.bot, "garbage")
            room = peer.room()
            peer.messages(peer.bot, room, "dir=f&from=garbage")
            peer.messages(peer.bot, room, "dir=x")
        self.agree(probe)

    def test_a_display_name_that_changes_is_a_join_that_is_none(self):
        def probe(peer):
            room = peer.room()
            since = peer.sync(peer.bot, keep=False)
            path = "/profile/%s/displayname" % quoted(peer.bot.id)
            peer.ask(peer.bot, "PUT", path, {"displayname": "Coxswain"})
            renamed = {"membership": "join", "displayname": "Coxswain"}
            until(lambda: peer.bo.state(room, "m.room.member", peer.bot.id) == renamed)
            peer.sync(peer.bot, since)
        self.agree(probe)


if __name__ == "__main__":
    fake_binary = os.path.abspath(sys.argv.pop(1))
    unittest.main()
