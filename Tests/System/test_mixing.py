"""Calls of more than two through `tandem mixer`: who hears whom, by the tones that phones say; two sites.

Once with phones that talk directly, once with a customer whose media passes a relay that records; with a mixer that dies.
"""

import io
import struct
import subprocess
import unittest
import wave

import agents
import cluster
import relay
from cluster import Problem, free_port
from floor import Floor, queue
from sessions import address
from voice import strength

CUSTOMER, FIRST, SECOND = 500, 800, 1_300  # Hz


class Mixer:
    """A site's `tandem mixer`, which can be killed and started again at the same port."""

    def __init__(self, log):
        self.port, self.media, self.log = free_port(), free_port(60), log
        self.process = None
        self.start()

    def start(self):
        with self.log.open("ab") as log:
            self.process = subprocess.Popen(
                [
                    cluster.BINARY, "mixer", "--listen", f"127.0.0.1:{self.port}",
                    "--ports", f"{self.media}-{self.media + 59}",
                ],
                stdin=subprocess.DEVNULL, stdout=log, stderr=log,
            )

    def config(self):
        """What the section `media` of a site's file says of it."""
        return f"  mixer:\n    host: 127.0.0.1\n    port: {self.port}\n"

    def kill(self):
        if self.process:
            self.process.kill()
            self.process.wait()
            self.process = None


class MixedFloor(Floor):
    """ann at north has a customer; sue at south is asked, joins, or supervises. Both sites have a mixer."""

    @classmethod
    def open_mixed_floor(cls, support, media):
        """Starts sites; `support` is ann's queue, `media` begins the section of that name of a site's file."""
        cls.mixers = {}
        cls.addClassCleanup(lambda: [mixer.kill() for mixer in cls.mixers.values()])

        def extra(site):
            cls.mixers[site.name] = Mixer(cls.cluster.directory / f"{site.name}-mixer.log")
            return media(site) + cls.mixers[site.name].config()

        cls.open_floor(
            ["north", "south"],
            {"support": support, "sales": queue("Sales", "2000")},
            {"ann": ("north", ["support:2"]), "sue": ("south", ["sales:2"])},
            extra,
        )
        cls.cluster.admin("south").put("/api/v1/agents/sue", {"role": "supervisor"})

    def setUp(self):
        self.begin_work()

    def start(self, number):
        self.ann = self.at_work("ann", "north", tone=FIRST)
        self.sue = self.at_work("sue", "south", tone=SECOND)
        self.call, self.phone = self.connected(number, self.ann, "1000", tone=CUSTOMER)
        self.customer = self.call.phone
        self.hear({self.customer: [FIRST], self.ann.line: [CUSTOMER]})

    def hear(self, who, seconds=15):
        """Each phone hears these tones and no others."""
        for line, tones in who.items():

            def right():
                heard = [tone for tone in (CUSTOMER, FIRST, SECOND) if line.voice.hears(tone, 0.3)]
                self.assertEqual(heard, sorted(tones))
                return True

            self.until(f"{line.user} to hear {tones}", right, seconds)

    def confer(self):
        """Sue is asked and comes in; her call."""
        self.ann.order("consult", agent="sue")
        asked = self.sue.line.next_call()
        self.hear({self.ann.line: [SECOND], self.sue.line: [FIRST]})
        self.ann.order("conference")
        self.all_three()
        return asked

    def all_three(self, seconds=15):
        self.hear(
            {
                self.ann.line: [CUSTOMER, SECOND],
                self.sue.line: [CUSTOMER, FIRST],
                self.customer: [FIRST, SECOND],
            },
            seconds,
        )

    def lose_the_mixer_under_a_supervisor(self, number):
        """She is let go, and customer and agent hear each other."""
        self.start(number)
        self.supervise("barge")
        supervisor = self.sue.line.next_call()
        self.hear({self.ann.line: [CUSTOMER, SECOND], self.customer: [FIRST, SECOND]})
        self.mixers["north"].kill()
        self.addCleanup(self.mixers["north"].start)
        self.hear({self.ann.line: [CUSTOMER], self.customer: [FIRST]})
        self.until("her call to end", lambda: supervisor.state == "ended")

    def supervise(self, mode):
        contact = agents.live_contact(self.cluster.admin("south"), self.customer.user)["id"]
        self.sue.client.post("/api/v1/desk/supervision", {"contact": contact, "mode": mode})

    def listen_whisper_barge(self):
        """Each in its turn, and who hears whom."""
        self.supervise("listen")
        supervisor = self.sue.line.next_call()
        both = {self.sue.line: [CUSTOMER, FIRST]}
        self.hear({**both, self.ann.line: [CUSTOMER], self.customer: [FIRST]})
        self.until("ann's desk to show it", lambda: self.ann.call().get("supervisedBy"))
        self.supervise("whisper")
        self.hear({**both, self.ann.line: [CUSTOMER, SECOND], self.customer: [FIRST]})
        return supervisor, both

    def all_over(self):
        for line in [self.customer, self.ann.line, self.sue.line]:
            for call in line.calls:
                self.until(f"{line.user}'s call to end", lambda: call.state == "ended")
        for agent in (self.ann, self.sue):
            agent.wait_state("ready")


class MixingTests(MixedFloor, unittest.TestCase):
    """All phones talk directly, or with the mixer."""

    @classmethod
    def setUpClass(cls):
        cls.open_mixed_floor(queue("Support", "1000"), lambda site: "media:\n")

    def test_a_conference_of_three_and_who_leaves_it(self):
        self.start("+49701")
        asked = self.confer()
        self.until("the desk to show it", lambda: self.ann.call().get("conference"))
        asked.hang_up()
        self.hear({self.ann.line: [CUSTOMER], self.customer: [FIRST]})
        self.call.hang_up()
        self.all_over()
        record = self.record("+49701")
        self.assertEqual((record["endedBy"], record["agents"]), ("customer", ["ann", "sue"]))

    def test_the_agent_leaves_a_conference_and_the_others_talk_on(self):
        self.start("+49702")
        self.confer()
        self.phone.hang_up()
        self.hear({self.customer: [SECOND], self.sue.line: [CUSTOMER]})
        self.call.hang_up()
        self.all_over()

    def test_listen_whisper_and_barge_in(self):
        self.start("+49703")
        supervisor, both = self.listen_whisper_barge()
        self.supervise("barge")
        self.hear({**both, self.ann.line: [CUSTOMER, SECOND], self.customer: [FIRST, SECOND]})
        self.supervise("listen")
        self.hear({**both, self.ann.line: [CUSTOMER], self.customer: [FIRST]})
        self.sue.client.post("/api/v1/desk/supervision/leave")
        self.until("her call to end", lambda: supervisor.state == "ended")
        self.hear({self.ann.line: [CUSTOMER], self.customer: [FIRST]})
        self.call.hang_up()
        self.all_over()

    def test_the_customer_hangs_up_and_the_supervisor_is_free(self):
        self.start("+49704")
        self.supervise("listen")
        self.sue.line.next_call()
        self.hear({self.sue.line: [CUSTOMER, FIRST]})
        self.call.hang_up()
        self.all_over()

    def test_agents_may_not_supervise(self):
        self.start("+49705")
        contact = self.ann.desk()["contact"]["id"]
        with self.assertRaises(Problem) as refused:
            self.ann.client.post("/api/v1/desk/supervision", {"contact": contact, "mode": "listen"})
        self.assertEqual(refused.exception.status, 403)

    def test_the_mixer_dies_under_a_supervisor_and_the_two_talk_on(self):
        self.lose_the_mixer_under_a_supervisor("+49706")
        self.until("ann's desk to show it", lambda: not self.ann.call().get("supervisedBy"))
        self.assertEqual(address(self.call.heard), (self.ann.line.host, self.ann.line.voice_port))
        # Hold and resume work as in any other call.
        self.ann.order("hold")
        self.hear({self.ann.line: [], self.customer: []})
        self.ann.order("resume")
        self.hear({self.ann.line: [CUSTOMER], self.customer: [FIRST]})
        self.call.hang_up()
        self.all_over()

    def test_a_conference_is_made_anew_in_a_mixer_that_was_started_again(self):
        self.start("+49707")
        asked = self.confer()
        mixer = self.mixers["north"]
        for pause in (False, True):  # started again before anybody noticed, and after the two were joined directly
            mixer.kill()
            if pause:
                self.hear({self.ann.line: [CUSTOMER], self.customer: [FIRST], self.sue.line: []})
            for line in (self.ann.line, self.sue.line, self.customer):
                line.voice.forget()
            mixer.start()
            self.all_three()
        self.assertEqual(asked.state, "talking")
        self.assertTrue(self.ann.call().get("conference"))
        self.call.hang_up()
        self.all_over()

    def test_without_its_mixer_a_conference_shrinks_to_two(self):
        self.start("+49708")
        asked = self.confer()
        self.mixers["north"].kill()
        self.addCleanup(self.mixers["north"].start)
        self.hear({self.ann.line: [CUSTOMER], self.customer: [FIRST], self.sue.line: []})
        self.until("the third to be let go", lambda: asked.state == "ended", 30)
        self.until("the desk to show it", lambda: not self.ann.call().get("conference"))
        self.hear({self.ann.line: [CUSTOMER], self.customer: [FIRST]})
        self.sue.wait_state("ready")
        self.call.hang_up()
        self.all_over()


@unittest.skipUnless(relay.IS_INSTALLED, f"{relay.PROGRAM} is not installed (Debian package rtpengine-daemon)")
class AnchoredMixingTests(MixedFloor, unittest.TestCase):
    """The customer's media passes north's relay, which records it; the mixer is the relay's other side."""

    @classmethod
    def setUpClass(cls):
        cls.relay = relay.opened_for(cls)
        cls.open_mixed_floor(
            queue("Support", "1000", announcements="answered", recording="always"),
            lambda site: cls.relay.config() if site.name == "north" else "media:\n",
        )

    def recorded(self, number):
        """The samples of the customer and of whomever the customer heard."""
        path = f"/api/v1/contacts/{self.record(number)['id']}/recordings"
        admin = self.cluster.admin("north")
        item = self.until("the recording", lambda: admin.get(path)["items"])[0]
        with wave.open(io.BytesIO(admin.get(f"{path}/{item['file']}"))) as file:
            samples = struct.unpack(f"<{file.getnframes() * 2}h", file.readframes(file.getnframes()))
        return samples[0::2], samples[1::2]

    @staticmethod
    def tones(samples):
        """The tones that are somewhere in a recording for a tenth of a second on end.

        No longer: where a packet came late the tone begins anew, and over such a seam it seems weak.
        """
        parts = [samples[start : start + 800] for start in range(0, len(samples) - 799, 400)]
        heard = [tone for tone in (CUSTOMER, FIRST, SECOND) if any(strength(part, tone) > 1_000 for part in parts)]
        for tone in {CUSTOMER, FIRST, SECOND} - set(heard):
            assert strength(samples, tone) < 100, f"{tone} Hz is neither there nor absent"
        return heard

    def test_a_conference_is_recorded_as_the_customer_hears_it(self):
        self.start("+49711")
        self.confer()
        self.assertIn(address(self.call.heard)[1], self.relay.ports)
        self.assertEqual(self.ann.call().get("recording"), "on")
        for line in (self.ann.line, self.sue.line, self.customer):
            line.voice.forget()
        self.all_three()
        self.until("the customer to have heard both for a second", lambda: self.customer.voice.hears(SECOND, 1))
        self.call.hang_up()
        self.all_over()
        self.assertEqual(self.record("+49711")["agents"], ["ann", "sue"])
        left, right = self.recorded("+49711")
        self.assertEqual(self.tones(left), [CUSTOMER])
        self.assertEqual(self.tones(right), [FIRST, SECOND])

    def test_a_supervisor_is_recorded_only_when_the_customer_hears_her(self):
        self.start("+49712")
        supervisor, both = self.listen_whisper_barge()
        self.call.hang_up()
        self.all_over()
        left, right = self.recorded("+49712")
        self.assertEqual(self.tones(left), [CUSTOMER])
        self.assertEqual(self.tones(right), [FIRST])
        self.assertEqual(supervisor.state, "ended")

    def test_the_mixer_dies_and_the_two_talk_on_through_the_relay(self):
        self.lose_the_mixer_under_a_supervisor("+49713")
        self.assertIn(address(self.call.heard)[1], self.relay.ports)
        self.assertEqual(self.ann.call().get("recording"), "on")
        self.call.hang_up()
        self.all_over()

    def test_the_relay_dies_and_the_room_stays(self):
        self.start("+49714")
        self.confer()
        self.relay.restart()
        for line in (self.ann.line, self.sue.line, self.customer):
            line.voice.forget()
        self.all_three()
        self.assertNotIn(address(self.call.heard)[1], self.relay.ports)
        self.until("the desk to show that it is not recorded", lambda: self.ann.call().get("recording") == "stopped")
        self.call.hang_up()
        self.all_over()


if __name__ == "__main__":
    unittest.main()
