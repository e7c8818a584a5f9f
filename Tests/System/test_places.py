"""Places in the queue over the loss of a site."""

import unittest

import agents
import phones
from cluster import Cluster, wait_for

QUEUES = {
    "support": {
        "name": "Support", "numbers": ["1000"], "requiredSkills": ["support:1"], "serviceLevelSeconds": 20,
        "ringSeconds": 10, "wrapUpSeconds": 30, "affinitySeconds": 0,
    }
}


class PlaceTests(agents.Shift, unittest.TestCase):
    def setUp(self):
        self.cluster = Cluster("north", "east", "south")
        self.addCleanup(self.cluster.close)
        self.cluster.start()
        agents.prepare(self.cluster, "north", {"sue": "south"}, QUEUES)
        self.begin_shift()

    def call(self, at, number):
        return phones.caller(self.cluster[at], "1000", caller_number=number)

    def lost(self, site, at):
        admin = self.cluster.admin(at)

        def state():
            return next(s["state"] for s in admin.get("/api/v1/wall")["sites"] if s["id"] == site)

        wait_for(f"{site} to be given up at {at}", lambda: state() == "unreachable")

    def presented(self, at, number):
        """The contact that a caller has at a site, whatever others have of this caller."""
        admin = self.cluster.admin(at)

        def found():
            contacts = admin.get("/api/v1/wall")["contacts"]
            return next((c["id"] for c in contacts if (c["callerNumber"], c["site"]) == (number, at)), None)

        return wait_for(f"{number} at {at}", found)

    def record(self, at, contact):
        admin = self.cluster.admin(at)

        def found():
            record = agents.exists(admin, f"/api/v1/contacts/{contact}")
            return record if record and record["outcome"] else None

        return wait_for(f"the record of {contact} at {at}", found)

    def nobody_is_on_the_line(self):
        for name in self.cluster.sites:
            admin = self.cluster.admin(name)
            wait_for(f"no contact at {name}", lambda: not admin.get("/api/v1/wall")["contacts"])

    def tickets_of(self, at, number):
        """The contacts on each ticket that has one from this number."""
        admin = self.cluster.admin(at)
        lists = [[c["id"] for c in t["contacts"]] for t in admin.get("/api/v1/tickets?limit=50")["items"]]
        return [
            ids for ids in lists if number in [admin.get(f"/api/v1/contacts/{i}")["callerNumber"] for i in ids]
        ]

    def test_a_caller_whose_site_is_killed_keeps_the_place_and_the_ticket_at_another_site(self):
        first_call = self.call("north", "+4911")
        old = agents.waiting_contact(self.cluster, "south", "+4911")["id"]
        ticket = wait_for("the ticket at south", lambda: self.tickets_of("south", "+4911"))
        later = self.call("south", "+4912")
        agents.waiting_contact(self.cluster, "south", "+4912")
        self.cluster["north"].kill()
        first_call.stop()
        self.lost("north", "south")
        again = self.call("south", "+4911")
        new = self.presented("south", "+4911")
        sue = agents.Agent(self.cluster, "sue", "south")
        self.working.append(sue)
        phone = sue.phone()
        sue.client.post("/api/v1/desk/state", {"state": "ready"})
        self.assertEqual(sue.wait_state("talking")["contact"]["id"], new, "the earlier arrival first")
        again.finish()
        phone.finish()
        phone = sue.phone()
        sue.finish_wrap_up(then="talking")
        later.finish()
        phone.finish()
        self.cluster["north"].start()
        self.cluster.wait_linked()
        self.nobody_is_on_the_line()
        for name in self.cluster.sites:
            before, after = self.record(name, old), self.record(name, new)
            self.assertEqual((before["outcome"], before["agent"]), ("siteLost", None))
            self.assertEqual((after["outcome"], after["agent"]), ("answered", "sue"))
            self.assertEqual(after["ticket"], before["ticket"])
            self.assertEqual(after["queuedAt"], before["queuedAt"])
            self.assertGreater(after["startedAt"], before["startedAt"])
            self.assertGreater(after["waitMs"], 2000, "the time at the lost site counts")
            admin = self.cluster.admin(name)
            wait_for(f"one ticket with both at {name}", lambda: self.tickets_of(name, "+4911") == [[*ticket[0], new]])
            wait_for(f"the figures at {name}", lambda: self.figures(admin) == (3, 2, 1))

    def figures(self, admin):
        today = admin.get("/api/v1/wall")["queues"][0]["today"]
        return today["offered"], today["answered"], today["other"]

    def test_when_the_site_was_only_cut_off_the_caller_is_served_once(self):
        def cut(is_cut):
            for peer in ("east", "south"):
                self.cluster.admin("north").post(f"/api/v1/site/links/{peer}", {"cut": is_cut})

        first_call = phones.caller_sent_away(self.cluster["north"], "1000", 410, caller_number="+4921")
        old = agents.waiting_contact(self.cluster, "south", "+4921")["id"]
        wait_for("the ticket at south", lambda: self.tickets_of("south", "+4921"))
        cut(True)
        self.lost("north", "south")
        again = self.call("south", "+4921")
        new = self.presented("south", "+4921")
        cut(False)
        first_call.finish()
        sue = agents.Agent(self.cluster, "sue", "south")
        self.working.append(sue)
        phone = sue.phone()
        sue.client.post("/api/v1/desk/state", {"state": "ready"})
        again.finish()
        phone.finish()
        self.nobody_is_on_the_line()
        for name in self.cluster.sites:
            self.assertEqual(self.record(name, old)["outcome"], "moved")
            after = self.record(name, new)
            self.assertEqual((after["outcome"], after["agent"]), ("answered", "sue"))
            self.assertEqual(after["ticket"], self.record(name, old)["ticket"])
            admin = self.cluster.admin(name)
            wait_for(f"the figures at {name}", lambda: self.figures(admin) == (2, 1, 1))


if __name__ == "__main__":
    unittest.main()
