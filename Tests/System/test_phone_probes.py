"""A phone that vanishes without a word is noticed: its agent gets no calls until it is back."""

import unittest

from floor import Floor, queue


class PhoneProbeTests(Floor, unittest.TestCase):
    """One site that asks phones every second whether they are there."""

    @classmethod
    def setUpClass(cls):
        cls.open_floor(
            ["north"],
            {"support": queue("Support", "1000")},
            {"ann": ("north", ["support:2"])},
            probe_seconds=1,
        )

    def setUp(self):
        self.begin_work()

    def test_the_agent_of_a_phone_that_vanished_gets_calls_again_when_it_is_back(self):
        ann = self.at_work("ann", "north")
        ann.line.has_vanished = True
        ann.wait_state("notResponding")
        caller = self.caller("+49301")
        waiting = caller.call(ann.site, "1000")
        self.until("the caller to wait", lambda: 182 in waiting.statuses)

        ann.line.has_vanished = False
        ann.line.register(ann.site)
        ann.client.post("/api/v1/desk/state", {"state": "ready"})
        ann.line.next_call()
        self.until("the caller to be answered", lambda: waiting.state == "talking")


if __name__ == "__main__":
    unittest.main()
