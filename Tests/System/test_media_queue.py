"""Queues with sound: announcements, callbacks by key, two-way speech and recordings through a real rtpengine."""

import io
import struct
import tempfile
import unittest
import wave

import relay
from floor import Floor, queue
from relay import TONES
from sessions import address
from voice import strength

CALLER, AGENT, OTHER = 1_000, 1_300, 1_900  # Hz of the voices of phones


@unittest.skipUnless(relay.IS_INSTALLED, f"{relay.PROGRAM} is not installed (Debian package rtpengine-daemon)")
class MediaQueueTests(Floor, unittest.TestCase):
    """north has a relay, south has none; ann works at north, sue at south."""

    @classmethod
    def setUpClass(cls):
        folder = tempfile.TemporaryDirectory(prefix="tandem-relay-")
        cls.addClassCleanup(folder.cleanup)
        cls.relay = relay.Relay(folder.name + "/r")
        cls.addClassCleanup(lambda: cls.relay.kill())
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
            },
            {"ann": ("north", ["early:2", "answered:2", "kept:2"]), "sue": ("south", ["far:2"])},
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
        self.hears(line, AGENT, seconds=0.5)
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
        folder = tempfile.TemporaryDirectory(prefix="tandem-relay-")
        cls.addClassCleanup(folder.cleanup)
        cls.relay = relay.Relay(folder.name + "/r")
        cls.addClassCleanup(lambda: cls.relay.kill())
        cls.open_floor(
            ["north"],
            {"kept": queue("Kept", "1000", announcements="answered", recording="always")},
            {"ann": ("north", ["kept:2"])},
            lambda site: cls.relay.config(),
        )

    def setUp(self):
        self.begin_work()

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
        self.until(
            "calls by the relay again",
            lambda: self.one_more(ann) in self.relay.ports,
            30,
        )

    def one_more(self, ann):
        """The port that ann's phone is told in another call."""
        ann.wait_state("ready")
        call, phone = self.connected("+49604", ann, "1000", after=len(ann.line.calls))
        port = address(phone.heard)[1]
        call.hang_up()
        self.until("her call to end", lambda: phone.state == "ended")
        return port


if __name__ == "__main__":
    unittest.main()
