"""Calls of more than two through `tandem mixer`: who hears whom, by the tones that phones say; two sites."""

import subprocess
import unittest

import agents
import cluster
from cluster import Problem, free_port
from floor import Floor, queue

CUSTOMER, FIRST, SECOND = 500, 800, 1_300  # Hz


class MixingTests(Floor, unittest.TestCase):
    """ann at north has a customer; sue at south is asked, joins, or supervises. Both sites have a mixer."""

    @classmethod
    def setUpClass(cls):
        cls.mixers = {}
        cls.addClassCleanup(cls.stop_mixers)
        cls.open_floor(
            ["north", "south"],
            {"support": queue("Support", "1000"), "sales": queue("Sales", "2000")},
            {"ann": ("north", ["support:2"]), "sue": ("south", ["sales:2"])},
            cls.start_mixer,
        )
        cls.cluster.admin("south").put("/api/v1/agents/sue", {"role": "supervisor"})

    @classmethod
    def start_mixer(cls, site):
        """Starts a site's mixer; what the site's file says of it."""
        port, media = free_port(), free_port(60)
        with (cls.cluster.directory / f"{site.name}-mixer.log").open("ab") as log:
            cls.mixers[site.name] = subprocess.Popen(
                [cluster.BINARY, "mixer", "--listen", f"127.0.0.1:{port}", "--ports", f"{media}-{media + 59}"],
                stdin=subprocess.DEVNULL, stdout=log, stderr=log,
            )
        return f"media:\n  mixer:\n    host: 127.0.0.1\n    port: {port}\n"

    @classmethod
    def stop_mixers(cls):
        for mixer in cls.mixers.values():
            mixer.kill()
            mixer.wait()

    def setUp(self):
        self.begin_work()

    def start(self, number, supervises=False):
        self.ann = self.at_work("ann", "north", tone=FIRST)
        self.sue = self.at_work("sue", "south", tone=SECOND)
        self.call, self.phone = self.connected(number, self.ann, "1000", tone=CUSTOMER)
        self.customer = self.call.phone
        self.hear({self.customer: [FIRST], self.ann.line: [CUSTOMER]})

    def hear(self, who):
        """Each phone hears these tones and no others."""
        for line, tones in who.items():

            def right():
                heard = [tone for tone in (CUSTOMER, FIRST, SECOND) if line.voice.hears(tone, 0.3)]
                self.assertEqual(heard, sorted(tones))
                return True

            self.until(f"{line.user} to hear {tones}", right)

    def supervise(self, mode):
        contact = agents.live_contact(self.cluster.admin("south"), self.customer.user)["id"]
        self.sue.client.post("/api/v1/desk/supervision", {"contact": contact, "mode": mode})

    def all_over(self):
        for line in [self.customer, self.ann.line, self.sue.line]:
            for call in line.calls:
                self.until(f"{line.user}'s call to end", lambda: call.state == "ended")
        for agent in (self.ann, self.sue):
            agent.wait_state("ready")

    def test_a_conference_of_three_and_who_leaves_it(self):
        self.start("+49701")
        self.ann.order("consult", agent="sue")
        asked = self.sue.line.next_call()
        self.hear({self.ann.line: [SECOND], self.sue.line: [FIRST], self.customer: []})
        self.ann.order("conference")
        self.hear(
            {
                self.ann.line: [CUSTOMER, SECOND],
                self.sue.line: [CUSTOMER, FIRST],
                self.customer: [FIRST, SECOND],
            }
        )
        self.until("the desk to show it", lambda: self.ann.call().get("conference"))
        asked.hang_up()
        self.hear({self.ann.line: [CUSTOMER], self.customer: [FIRST]})
        self.call.hang_up()
        self.all_over()
        self.assertEqual(self.record("+49701")["endedBy"], "customer")

    def test_the_agent_leaves_a_conference_and_the_others_talk_on(self):
        self.start("+49702")
        self.ann.order("consult", agent="sue")
        self.sue.line.next_call()
        self.hear({self.ann.line: [SECOND], self.sue.line: [FIRST]})
        self.ann.order("conference")
        self.hear({self.customer: [FIRST, SECOND]})
        self.phone.hang_up()
        self.hear({self.customer: [SECOND], self.sue.line: [CUSTOMER]})
        self.call.hang_up()
        self.all_over()

    def test_listen_whisper_and_barge_in(self):
        self.start("+49703")
        self.supervise("listen")
        supervisor = self.sue.line.next_call()
        both = {self.sue.line: [CUSTOMER, FIRST]}
        self.hear({**both, self.ann.line: [CUSTOMER], self.customer: [FIRST]})
        self.until("ann's desk to show it", lambda: self.ann.call().get("supervisedBy"))
        self.supervise("whisper")
        self.hear({**both, self.ann.line: [CUSTOMER, SECOND], self.customer: [FIRST]})
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


if __name__ == "__main__":
    unittest.main()
