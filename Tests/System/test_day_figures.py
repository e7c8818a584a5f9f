"""The figures of the day that all sites show: counted once, the same everywhere and after restarts."""

import unittest

import agents
import phones
from cluster import Cluster, wait_for


class DayFiguresTests(agents.Shift, unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.cluster = Cluster("north", "south")
        cls.addClassCleanup(cls.cluster.close)
        cls.cluster.start()
        counted = {
            "name": "Support", "numbers": ["1000"], "requiredSkills": ["support:1"], "serviceLevelSeconds": 3,
            "ringSeconds": 10, "wrapUpSeconds": 30, "affinitySeconds": 0, "shortAbandonSeconds": 0,
        }
        tolerant = dict(counted, name="Tolerant", numbers=["1001"], shortAbandonSeconds=60)
        queues = {"support": counted, "tolerant": tolerant}
        agents.prepare(cls.cluster, "north", {"ann": "north", "sue": "south"}, queues)

    def setUp(self):
        self.begin_shift()

    def today(self, at, queue="support"):
        queues = self.cluster.admin(at).get("/api/v1/wall")["queues"]
        return next(q for q in queues if q["id"] == queue)["today"]

    def shown(self, at, expected, queue="support"):
        """Waits until a site shows the expected fields of a queue's day; returns the whole without its ages."""

        def matches():
            today = self.today(at, queue)
            seen = {name: today[name] for name in expected}
            assert seen == expected, f"{seen} instead of {expected}"
            return today

        today = wait_for(f"the figures of {queue} at {at}", matches, seconds=20)
        self.assertTrue(all(0 <= part["ageMs"] < 10_000 and not part["stale"] for part in today["parts"]))
        for part in today["parts"]:
            del part["ageMs"]
        return today

    def test_all_sites_show_the_same_figures_of_the_day_and_still_do_after_restarts(self):
        # One answered in time at north, one answered late, one who gives up at south; one short abandon elsewhere.
        phones.caller(self.cluster["south"], "1000", "caller-gives-up", caller_number="+4931").finish()
        phones.caller(self.cluster["north"], "1001", "caller-gives-up", caller_number="+4932").finish()
        ann = self.at_work("ann", "north")
        for scenario, options in (("phone", ()), ("phone-rings-long", ("-d", "3500"))):
            phone = ann.phone(scenario, options=options)
            phones.caller(self.cluster["north"], "1000", caller_number="+4933").finish()
            phone.finish()
            ann.finish_wrap_up()
        expected = {
            "offered": 3, "answered": 2, "abandoned": 1, "shortAbandoned": 0, "other": 0, "overdue": 0,
            "serviceLevels": {"ignoreAbandons": 0.5, "negative": 1 / 3, "positive": 2 / 3, "handledOnly": 0.5},
        }
        short = {"offered": 1, "answered": 0, "abandoned": 0, "shortAbandoned": 1}
        before = self.shown("north", expected)
        self.assertEqual(
            [(p["site"], p["offered"], p["answered"], p["abandoned"]) for p in before["parts"]],
            [("north", 2, 2, 0), ("south", 1, 0, 1)],
        )
        self.assertAlmostEqual(before["abandonment"], 1 / 3)
        self.assertGreater(before["longestWaitMs"], 3500)
        self.assertGreater(before["handlingTimeMs"], before["wrapUpMs"])
        self.assertEqual(self.shown("south", expected), before)
        for name in self.cluster.sites:
            self.shown(name, short, "tolerant")
        self.end_shift()
        self.working.clear()
        for name in self.cluster.sites:
            self.cluster[name].kill()
            self.cluster[name].start()
            self.cluster.wait_linked()
            for at in self.cluster.sites:
                self.assertEqual(self.shown(at, expected), before, f"{name} was killed")
                self.shown(at, short, "tolerant")


if __name__ == "__main__":
    unittest.main()
