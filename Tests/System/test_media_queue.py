"""Queues with sound: announcements, callbacks by key, two-way speech and recordings through a real rtpengine."""

import io
import struct
import tempfile
import unittest
import wave

import agents
import relay
from floor import Floor, queue
from relay import SENTENCES, TONES
from sessions import address
from voice import strength

CALLER, AGENT, OTHER = 1_000, 1_300, 1_900  # Hz of the voices of phones


@unittest.skipUnless(relay.IS_INSTALLED, f"{relay.PROGRAM} is not installed (Debian package rtpengine-daemon)")
class MediaQueueTests(Floor, unittest.TestCase):
    """north has a relay, south has none; ann works at north, sue at south."""

    @classmethod
    def setUpClass(cls):
        cls.relay = relay.opened_for(cls)
        line = {"announceEverySeconds": 15, "language": "en", "musicOnHold": True}
        cls.open_floor(
            ["north", "south"],
            {
                "early": queue("Early", "1000", **line, announcements="early"),
                "answered": queue("Answered", "1001", **line, announcements="answered"),
                "kept": queue("Kept", "1002", **line, announcements="answered", recording="always", recordingNotice=True),
                "back": queue(
                    "Back", "1003", **line, announcements="answered",
                    overflow=[{"when": "waited", "seconds": 1, "then": "callback"}],
                ),
                "far": queue("Far", "1004", **line, announcements="answered"),
                "busy": queue(
                    "Busy", "1005", **line, announcements="answered",
                    overflow=[{"when": "waited", "seconds": 2, "then": "hangUp", "announcement": "busy"}],
                ),
                "empty": queue(
                    "Empty", "1006", **line, announcements="early",
                    overflow=[{"when": "noAgents", "then": "hangUp", "announcement": "noAgents"}],
                ),
            },
            {"ann": ("north", ["early:2", "answered:2", "kept:2", "busy:2"]), "sue": ("south", ["far:2"])},
            lambda site: cls.relay.config() if site.name == "north" else "",
        )

    def setUp(self):
        self.begin_work()

    def waits(self, number, dialled):
        line = self.caller(number, CALLER)
        return line, line.call(self.cluster["north"], dialled)

    def hears(self, line, *tones, seconds=0.3):
        for tone in tones:
            self.until(f"{line.user} to hear {tone} Hz", lambda: line.voice.hears(tone, seconds))

    def misses(self, line, *tones):
        for tone in tones:
            self.until(f"{line.user} to hear {tone} Hz no more", lambda: not line.voice.hears(tone, 0.3))

    def by_relay(self, call):
        self.assertIn(address(call.heard)[1], self.relay.ports)

    def speak(self, line, agent, tone=AGENT):
        """Each hears the other, and not itself."""
        self.hears(line, tone)
        self.hears(agent.line, CALLER)
        self.misses(line, CALLER, *TONES.values())
        self.misses(agent.line, tone, *TONES.values())

    def test_early_announcements_then_an_agent(self):
        line, call = self.waits("+49501", "1000")
        self.until("183 with a session", lambda: 183 in call.statuses and call.heard)
        self.assertEqual(call.state, "calling")
        self.by_relay(call)
        self.hears(line, TONES["welcome"])
        self.hears(line, TONES["music"])
        ann = self.at_work("ann", "north", tone=AGENT, ready="for who waits")
        phone = ann.line.next_call()
        self.until("the caller to be answered", lambda: call.state == "talking")
        self.by_relay(call)
        self.by_relay(phone)
        self.speak(line, ann)
        call.hang_up()
        self.until("her call to end", lambda: phone.state == "ended")

    def test_a_caller_who_gives_up_during_early_sound_is_abandoned(self):
        line, call = self.waits("+49502", "1000")
        self.hears(line, TONES["welcome"])
        call.hang_up()
        self.until("the call to end", lambda: call.state == "ended")
        self.assertEqual(call.status, 487)
        record = self.record("+49502")
        self.assertEqual((record["outcome"], record["endedBy"]), ("abandoned", "customer"))

    def test_answered_announcements_hold_music_and_a_second_agent(self):
        line, call = self.waits("+49503", "1001")
        self.until("the answer", lambda: call.state == "talking")
        self.by_relay(call)
        self.hears(line, TONES["welcome"], TONES["music"])
        ann = self.at_work("ann", "north", tone=AGENT, ready="for who waits")
        phone = ann.line.next_call()
        self.speak(line, ann)
        port, changes = address(call.heard), call.requests.count("INVITE")
        ann.order("hold")
        self.hears(line, TONES["music"])
        self.misses(line, AGENT)
        self.misses(ann.line, CALLER)
        ann.order("resume")
        self.speak(line, ann)
        sue = self.at_work("sue", "south", tone=OTHER)
        ann.order("transfer", agent="sue")
        self.until("her call to end", lambda: phone.state == "ended")
        sue.line.next_call()
        self.speak(line, sue, OTHER)
        # The caller's phone sent to the same port all the time.
        self.assertEqual(address(call.heard), port)
        call.hang_up()
        sue.wait_state("ready")
        self.assertEqual(changes, 0)

    def test_an_agent_of_a_site_without_a_relay(self):
        line, call = self.waits("+49504", "1004")
        self.hears(line, TONES["music"])
        sue = self.at_work("sue", "south", tone=OTHER, ready="for who waits")
        phone = sue.line.next_call()
        self.by_relay(phone)
        self.speak(line, sue, OTHER)
        phone.hang_up()
        self.until("the caller's end", lambda: call.state == "ended")

    def told(self, line):
        """The clips that a caller has heard, one after the other, music left out."""
        names = {tone: name for name, tone in {**TONES, **SENTENCES}.items()}
        return [names[tone] for tone in line.voice.melody(names) if names[tone] != "music"]

    @staticmethod
    def sentence(estimate):
        """How a wait that the wall shows is put in words: never shorter than it is."""
        if not estimate:
            return ()
        low, high = max(estimate["lowMs"] // 60_000, 1), -(-estimate["highMs"] // 60_000)
        if high <= 1:
            return ("wait-under-minute",)
        if high > 30:
            return ("wait-long",)
        if low >= high:
            return ("wait-about", f"number-{high}", "wait-minutes")
        return ("wait-between", f"number-{low}", "wait-and", f"number-{high}", "wait-minutes")

    def test_place_and_wait_are_told_as_the_wall_shows_them(self):
        ann = self.at_work("ann", "north", tone=AGENT)
        talks = self.waits("+49508", "1001")[1]
        ann.line.next_call()
        first = self.waits("+49509", "1001")[1]
        agents.waiting_contact(self.cluster, "north", "+49509")
        line, call = self.waits("+49510", "1001")
        line.voice.keeps = 60
        admin, shown = self.cluster.admin("north"), set()

        def heard():
            contact = agents.live_contact(admin, "+49510") or {}
            if contact.get("position") == 2:
                shown.add(self.sentence(contact.get("estimate")))
            # Both clips that follow something else have been heard: the sentence is complete.
            return line.voice.hears(TONES["music"], 0.3) and "position" in self.told(line)

        self.until("the place to be told, then music", heard, 30)
        told = self.told(line)
        self.assertEqual(told[:4], ["welcome", "position", "number-2", "position-end"])
        self.assertTrue(told[4:], "nothing was told of the wait")
        self.assertIn(tuple(told[4:]), shown)
        for one in (call, first, talks):
            one.hang_up()
            self.until("the call to end", lambda: one.state == "ended")

    def test_who_waits_too_long_hears_why_before_the_end(self):
        line, call = self.waits("+49511", "1005")
        line.voice.keeps = 30
        self.until("the caller to be hung up on", lambda: call.state == "ended" and call.ended_by == "them")
        self.assertEqual(self.told(line)[-1], "closing-busy")
        record = self.record("+49511")
        self.assertEqual((record["outcome"], record["endedBy"]), ("refused", "system"))

    def test_who_finds_nobody_there_hears_so_without_being_answered(self):
        line, call = self.waits("+49512", "1006")
        line.voice.keeps = 30
        self.until("the caller to be refused", lambda: call.state == "ended")
        self.assertEqual((call.status, self.told(line)), (480, ["closing-no-agents"]))
        self.assertEqual(self.record("+49512")["outcome"], "refused")

    def test_position_and_callback_by_key(self):
        line, call = self.waits("+49505", "1003")
        self.hears(line, TONES["callback-offer"])
        self.hears(line, TONES["music"])
        line.voice.press(1)
        self.hears(line, TONES["callback-confirmed"])
        self.until("the caller to be hung up on", lambda: call.state == "ended" and call.ended_by == "them")
        admin = self.cluster.admin("north")

        def callback():
            items = admin.get("/api/v1/contacts")["items"]
            return next((c for c in items if c["channel"] == "callback" and c["callerNumber"] == "+49505"), None)

        contact = self.until("the callback", callback)
        admin.post(f"/api/v1/contacts/{contact['id']}/close", {"by": "system"})

    def test_recording_with_a_pause(self):
        ann = self.at_work("ann", "north", tone=AGENT)
        line, call = self.waits("+49506", "1002")
        ann.line.next_call()
        self.speak(line, ann)
        self.until("the desk to show that it is recorded", lambda: ann.call().get("recording") == "on")
        ann.order("recording", paused=True)
        self.until("the desk to show the pause", lambda: ann.call().get("recording") == "paused")
        self.speak(line, ann)
        ann.order("recording", paused=False)
        self.until("the desk to show that it goes on", lambda: ann.call().get("recording") == "on")
        line.voice.forget()
        self.hears(line, AGENT, seconds=1)
        call.hang_up()
        ann.wait_state("ready")
        record = self.record("+49506")
        admin = self.cluster.admin("north")
        path = f"/api/v1/contacts/{record['id']}/recordings"
        item = self.until("the recording", lambda: admin.get(path)["items"])[0]
        self.assertGreater(item["seconds"], 0.5)
        self.assertGreater(max(item["peaks"]), 0.1)
        whole = admin.get(f"{path}/{item['file']}")
        part = admin.request("GET", f"{path}/{item['file']}", headers={"Range": "bytes=44-2043"})
        self.assertEqual(part, whole[44:2_044])
        self.both_channels(whole)
        agent = ann.client.get(path)["items"]
        self.assertEqual(agent[0]["file"], item["file"])
        # It is named everywhere, and lies where it was made.
        elsewhere = self.cluster.admin("south")
        self.until("south to know", lambda: elsewhere.get(path)["items"])

    def both_channels(self, data):
        """The caller on one channel and the agent on the other, each alone."""
        with wave.open(io.BytesIO(data)) as file:
            self.assertEqual(file.getnchannels(), 2)
            rate = file.getframerate()
            self.assertEqual(rate, 8_000)
            samples = struct.unpack(f"<{file.getnframes() * 2}h", file.readframes(file.getnframes()))
        left, right = samples[0::2], samples[1::2]
        self.assertGreater(strength(left, CALLER), 1_000)
        self.assertGreater(strength(right, AGENT), 1_000)
        self.assertLess(strength(left, AGENT), strength(left, CALLER) / 10)
        self.assertLess(strength(right, CALLER), strength(right, AGENT) / 10)


@unittest.skipUnless(relay.IS_INSTALLED, f"{relay.PROGRAM} is not installed (Debian package rtpengine-daemon)")
class RelayLostTests(Floor, unittest.TestCase):
    """One site whose relay is killed: calls go on without."""

    @classmethod
    def setUpClass(cls):
        cls.relay = relay.opened_for(cls)
        cls.open_floor(
            ["north"],
            {"kept": queue("Kept", "1000", announcements="answered", recording="always")},
            {"ann": ("north", ["kept:2"])},
            lambda site: cls.relay.config(),
        )

    def setUp(self):
        self.begin_work()

    def directly(self, call, phone):
        """Both phones are told each other's own address."""
        for one, other in ((call, phone), (phone, call)):
            self.until(
                f"{one.phone.user} to be told of {other.phone.user}'s own address",
                lambda: address(one.heard) == (other.phone.host, other.phone.voice_port),
            )

    def talk_without(self, number, lose):
        """A recorded talk whose relay is lost goes on between the two phones; the record says what is missing."""
        ann = self.at_work("ann", "north", tone=AGENT)
        self.until("calls by the relay", lambda: self.one_more(ann) in self.relay.ports, 30)
        ann.wait_state("ready")
        call, phone = self.connected(number, ann, "1000", tone=CALLER, after=len(ann.line.calls))
        self.assertIn(address(call.heard)[1], self.relay.ports)
        self.until("both to hear each other", lambda: call.phone.voice.hears(AGENT) and ann.line.voice.hears(CALLER))
        self.until("the desk to show that it is recorded", lambda: ann.call().get("recording") == "on")
        ann.line.voice.forget()
        self.until("a second of it", lambda: len(ann.line.voice.samples(3)) >= 8_000)
        lose()
        self.directly(call, phone)
        for line in (call.phone, ann.line):
            line.voice.forget()
        self.until("both to hear each other", lambda: call.phone.voice.hears(AGENT) and ann.line.voice.hears(CALLER))
        self.until("the desk to show that it has stopped", lambda: ann.call().get("recording") == "stopped")
        ann.order("hold")
        self.until("hold", lambda: ann.call().get("state") == "held")
        ann.order("resume")
        self.until("both to hear each other again", lambda: call.phone.voice.hears(AGENT, 0.3))
        call.hang_up()
        ann.wait_state("ready")
        record = self.record(number)
        self.assertEqual((record["outcome"], record["endedBy"]), ("answered", "customer"))
        path = f"/api/v1/contacts/{record['id']}/recordings"
        item = self.until("the recording", lambda: self.cluster.admin("north").get(path)["items"])[0]
        self.assertTrue(item["incomplete"])
        self.assertGreater(item["seconds"], 0.5)
        return ann

    def test_a_talk_outlives_its_relay(self):
        ann = self.talk_without("+49605", self.relay.kill)
        self.relay.start()
        self.until("calls by the relay again", lambda: self.one_more(ann) in self.relay.ports, 30)

    def test_a_talk_outlives_the_silence_of_its_relay(self):
        self.addCleanup(self.relay.wake)
        ann = self.talk_without("+49607", self.relay.sleep)
        self.relay.wake()
        self.until("calls by the relay again", lambda: self.one_more(ann) in self.relay.ports, 30)

    def test_a_relay_that_is_back_at_once_has_forgotten_its_calls(self):
        ann = self.talk_without("+49606", self.relay.restart)
        self.until("calls by the relay again", lambda: self.one_more(ann) in self.relay.ports, 30)

    def test_calls_before_during_and_after(self):
        ann = self.at_work("ann", "north")
        before, phone = self.connected("+49601", ann, "1000", tone=CALLER)
        self.assertIn(address(phone.heard)[1], self.relay.ports)
        waiting_line = self.caller("+49602")
        waiting = waiting_line.call(self.cluster["north"], "1000")
        self.until("the second to wait", lambda: waiting.state == "talking")
        self.relay.kill()
        # A call that comes now is joined without the relay; one that waits, and one that talks, end in good order.
        before.hang_up()
        self.until("her call to end", lambda: phone.state == "ended")
        again = ann.line.next_call(after=1)
        waiting.hang_up()
        self.until("her call to end", lambda: again.state == "ended")
        ann.wait_state("ready")
        call, phone = self.connected("+49603", ann, "1000", after=2)
        self.assertEqual(address(phone.heard), (call.phone.host, call.phone.voice_port))
        self.assertEqual(address(call.heard), (phone.phone.host, phone.phone.voice_port))
        call.hang_up()
        ann.wait_state("ready")
        self.assertEqual(self.record("+49603")["outcome"], "answered")
        self.relay.start()
        self.until("calls by the relay again", lambda: self.one_more(ann) in self.relay.ports, 30)

    def one_more(self, ann):
        """The port that ann's phone is told in another call."""
        ann.wait_state("ready")
        call, phone = self.connected("+49604", ann, "1000", after=len(ann.line.calls))
        port = address(phone.heard)[1]
        call.hang_up()
        self.until("her call to end", lambda: phone.state == "ended")
        return port


@unittest.skipUnless(relay.IS_INSTALLED, f"{relay.PROGRAM} is not installed (Debian package rtpengine-daemon)")
class TwoRelaysTests(Floor, unittest.TestCase):
    """One site with two relays, of which one is killed."""

    @classmethod
    def setUpClass(cls):
        folder = tempfile.TemporaryDirectory(prefix="tandem-relays-")
        cls.addClassCleanup(folder.cleanup)
        cls.relays = [relay.Relay(f"{folder.name}/{name}") for name in ("one", "two")]
        cls.addClassCleanup(lambda: [one.kill() for one in cls.relays])
        cls.open_floor(
            ["north"],
            {"heard": queue("Heard", "1000", announcements="answered")},
            {"ann": ("north", ["heard:2"])},
            lambda site: cls.relays[0].config(cls.relays[1]),
        )

    def setUp(self):
        self.begin_work()

    def test_talks_of_the_one_that_dies_go_on_and_new_calls_use_the_other(self):
        ann = self.at_work("ann", "north", tone=AGENT)
        line = self.caller("+49651", CALLER)
        waiting = line.call(self.cluster["north"], "1000")
        phone = ann.line.next_call()
        self.until("the caller to be answered", lambda: waiting.state == "talking")
        self.until("both to hear each other", lambda: line.voice.hears(AGENT) and ann.line.voice.hears(CALLER))
        port = address(waiting.heard)[1]
        dead, other = self.relays if port in self.relays[0].ports else self.relays[::-1]
        self.assertIn(port, dead.ports)
        dead.kill()
        self.until(
            "both to be told of each other's own address",
            lambda: address(waiting.heard)[1] == ann.line.voice_port and address(phone.heard)[1] == line.voice_port,
        )
        for one in (line, ann.line):
            one.voice.forget()
        self.until("both to hear each other", lambda: line.voice.hears(AGENT) and ann.line.voice.hears(CALLER))
        waiting.hang_up()
        ann.wait_state("ready")
        for number in ("+49652", "+49653"):
            call, phone = self.connected(number, ann, "1000", after=len(ann.line.calls))
            self.assertIn(address(phone.heard)[1], other.ports)
            call.hang_up()
            ann.wait_state("ready")


if __name__ == "__main__":
    unittest.main()
