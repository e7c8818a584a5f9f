"""Many short calls leave neither legs nor transactions behind, and no more memory than caches take."""

import pathlib
import re
import unittest
import urllib.request

import agents
import phones
from cluster import Cluster, wait_for

QUEUE = {
    "name": "Support", "numbers": ["1000"], "requiredSkills": [], "serviceLevelSeconds": 20, "ringSeconds": 10,
    "wrapUpSeconds": 0, "strategy": "longestIdle", "priority": 0, "affinitySeconds": 0,
}
AT_ONCE = {'<pause milliseconds="500"/>': ""}
TALK = {'<pause milliseconds="800"/>': '<pause milliseconds="20"/>'}
CALLS, RATE = 300, 40
# A call's contact and ticket stay in the cache of documents, which is full after some thousands of calls; with what the
# database and the figures of the day keep that was 11 KiB a call. `Benchmarks/telephone.py` runs beyond that point.
KIB_A_CALL = 20.0


class ManyCallsTests(unittest.TestCase):
    def gauge(self, name):
        with urllib.request.urlopen(f"{self.site.url}/metrics", timeout=10) as answer:
            return float(re.search(rf"^{name} (\S+)$", answer.read().decode(), re.MULTILINE)[1])

    def memory_kib(self):
        text = pathlib.Path(f"/proc/{self.site.process.pid}/smaps_rollup").read_text()
        return int(re.search(r"^Pss:\s+(\d+) kB", text, re.MULTILINE)[1])

    def calls(self):
        """A round of calls; afterwards SIP has forgotten them, and what memory the node has."""
        phones.caller(self.site, "1000", calls=CALLS, rate=RATE, instead=TALK).finish()
        wait_for("the last leg to end", lambda: self.gauge("tandem_sip_legs") == 0)
        wait_for("the last transaction to be forgotten", lambda: self.gauge("tandem_sip_transactions") == 0)
        return self.memory_kib()

    def test_short_calls_leave_no_leg_no_transaction_and_little_memory(self):
        with Cluster("north") as cluster:
            cluster.start()
            self.site = cluster["north"]
            names = {f"agent-{index}": "north" for index in range(10)}
            agents.prepare(cluster, "north", names, {"support": QUEUE})
            seats = [agents.Agent(cluster, login, "north") for login in names]
            for seat in seats:
                seat.ready()
                seat.phone(calls=CALLS * 2, instead=AT_ONCE, options=("-timeout", "600"))
            self.addCleanup(phones.stop_all)
            first = self.calls()
            self.assertLess((self.calls() - first) / CALLS, KIB_A_CALL, "KiB of memory a call")
            wall = cluster.admin("north").get("/api/v1/wall")
            self.assertEqual(wall["queues"][0]["answeredToday"], CALLS * 2)


if __name__ == "__main__":
    unittest.main()
