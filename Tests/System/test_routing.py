"""Rules of queues at work between real nodes: overflow, hours, relaxation, patience, explanations, refusals."""

import json
import unittest

import agents
import phones
from cluster import ADMIN_PASSWORD, Cluster, Problem, run, wait_for

ENVIRONMENT = {"TANDEM_PASSWORD": ADMIN_PASSWORD}
DAYS = ["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"]
USUAL = {"serviceLevelSeconds": 20, "ringSeconds": 10, "wrapUpSeconds": 30, "affinitySeconds": 0}
QUEUES = {
    "back": {"numbers": ["2001"], "requiredSkills": ["back:1"]},
    "front": {
        "numbers": ["2000"],
        "requiredSkills": ["front:1"],
        "overflow": [{"when": "waited", "seconds": 2, "then": "queue", "queue": "back"}],
    },
    "shop": {"numbers": ["3000"], "requiredSkills": ["shop:1"]},
    "expert": {
        "numbers": ["4000"],
        "requiredSkills": ["expert:3"],
        "relaxation": [{"afterSeconds": 3, "requiredSkills": ["expert:1"]}],
    },
    "home": {"numbers": ["5000"], "requiredSkills": ["home:1"], "affinitySeconds": 4},
    "rare": {"numbers": ["6000"], "requiredSkills": ["expert:5"]},
}
SKILLS = {"bea": ["back:1"], "sam": ["shop:1"], "rex": ["expert:1"], "hal": ["home:2"], "ida": ["home:2"]}


class RulesAtWorkTests(agents.Shift, unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.cluster = Cluster("north", "south")
        cls.addClassCleanup(cls.cluster.close)
        cls.cluster.start()
        queues = {name: {"name": name.capitalize(), **USUAL, **rules} for name, rules in QUEUES.items()}
        sites = {"bea": "south", "sam": "south", "rex": "south", "hal": "north", "ida": "south"}
        agents.prepare(cls.cluster, "north", sites, queues, SKILLS)

    def setUp(self):
        self.begin_shift()

    def call(self, at, number, caller_number, scenario="caller", **options):
        return phones.caller(self.cluster[at], number, scenario, caller_number=caller_number, **options)

    def finished(self, caller_number):
        """The record of the latest call from a number, the same at every site."""
        found = [agents.finished_contact(self.cluster, name, caller_number)[1] for name in self.cluster.sites]
        self.assertEqual(found[0], found[1])
        return found[0]

    def explanation(self, at, contact):
        return self.cluster.admin(at).get(f"/api/v1/contacts/{contact}/explanation")["decisions"]

    def test_a_caller_who_waits_too_long_goes_on_in_another_queue_with_the_time_waited(self):
        bea = self.at_work("bea", "south")
        phone = bea.phone()
        caller = self.call("north", "2000", "+4921")
        caller.finish()
        phone.finish()
        contact = self.finished("+4921")
        self.assertEqual((contact["queue"], contact["agent"], contact["outcome"]), ("back", "bea", "answered"))
        self.assertGreaterEqual(contact["waitMs"], 2000)
        for name in self.cluster.sites:
            queues = {queue["id"]: queue["today"] for queue in self.cluster.admin(name).get("/api/v1/wall")["queues"]}
            self.assertEqual(queues["front"]["offered"], 0, "counted once, where it went")

    def shop_is(self, state):
        for name in self.cluster.sites:
            admin = self.cluster.admin(name)
            wait_for(f"the shop to be {state} at {name}", lambda: admin.get("/api/v1/calendars/shop")["state"] == state)

    def test_a_queue_closed_at_one_site_is_closed_at_the_other_and_its_callers_leave_a_message(self):
        north = self.cluster.admin("north")
        hours = {day: ["00:00-24:00"] for day in DAYS}
        north.put("/api/v1/calendars/shop", {"name": "Shop", "zone": "Europe/Berlin", "hours": hours})
        self.shop_is("open")
        north.put("/api/v1/queues/shop", {"calendar": "shop", "closedAction": {"then": "message"}})
        north.put("/api/v1/calendars/shop", {"emergency": {"open": False, "reason": "Water in the cellar"}})
        self.shop_is("emergency")
        south = self.cluster.admin("south")
        wait_for("the queue's calendar at south", lambda: south.get("/api/v1/queues/shop")["calendar"] == "shop")
        sam = self.at_work("sam", "south")
        phones.caller_sent_away(self.cluster["south"], "3000", 480, caller_number="+4931").finish()
        ticket, contact = agents.finished_contact(self.cluster, "north", "+4931")
        self.assertEqual((contact["outcome"], contact["endedBy"]), ("message", "system"))
        self.assertEqual((ticket["state"], [c["id"] for c in ticket["contacts"]]), ("new", [contact["id"]]))
        north.put("/api/v1/calendars/shop", {"emergency": None})
        self.shop_is("open")
        phone = sam.phone()
        self.call("south", "3000", "+4932").finish()
        phone.finish()
        self.assertEqual(self.finished("+4932")["outcome"], "answered")

    def test_an_agent_with_less_skill_gets_the_call_only_once_the_demand_has_relaxed(self):
        rex = self.at_work("rex", "south")
        phone = rex.phone()
        caller = self.call("north", "4000", "+4941")
        waiting = agents.waiting_contact(self.cluster, "north", "+4941")
        now = self.explanation("north", waiting["id"])[0]
        self.assertEqual([(c["agent"], c["reason"]) for c in now["candidates"]], [("rex", "lacksSkill: expert:3")])
        caller.finish()
        phone.finish()
        contact = self.finished("+4941")
        self.assertEqual(contact["agent"], "rex")
        self.assertGreaterEqual(contact["waitMs"], 3000)
        self.assertIn("step 1 after 3 s", self.explanation("south", contact["id"])[0]["demand"])

    def customer(self, number):
        made = self.cluster.admin("north").post("/api/v1/customers", {"name": "Ada Regular", "phones": [number]})
        for name in self.cluster.sites:
            admin = self.cluster.admin(name)
            wait_for(f"the file at {name}", lambda: agents.exists(admin, f"/api/v1/customers/{made['id']}"))

    def call_and_finish(self, agent, caller_number):
        phone = agent.phone()
        self.call("north", "5000", caller_number).finish()
        phone.finish()
        agent.wait_state("wrapUp")

    def test_a_caller_waits_for_the_last_agent_for_a_while_and_then_takes_another(self):
        self.customer("+4951000")
        hal = self.at_work("hal", "north")
        self.call_and_finish(hal, "+4951000")
        self.assertEqual(self.finished("+4951000")["agent"], "hal")
        ida = self.at_work("ida", "south")
        phone = ida.phone()
        caller = self.call("north", "5000", "+4951000")
        waiting = agents.waiting_contact(self.cluster, "north", "+4951000")
        self.assertEqual(self.explanation("north", waiting["id"])[0]["rule"], "awaitsLastAgent")
        ida.wait_state("talking")
        caller.finish()
        phone.finish()
        ida.wait_state("wrapUp")
        contact = wait_for("the second call's record", lambda: self.record(waiting["id"]))
        self.assertEqual(contact["agent"], "ida")
        self.assertGreaterEqual(contact["waitMs"], 4000)

    def test_the_last_agent_who_is_free_again_in_time_gets_the_caller_though_another_was_free(self):
        self.customer("+4952000")
        hal = self.at_work("hal", "north")
        self.call_and_finish(hal, "+4952000")
        self.finished("+4952000")
        self.at_work("ida", "south")
        phone = hal.phone()
        caller = self.call("north", "5000", "+4952000")
        waiting = agents.waiting_contact(self.cluster, "north", "+4952000")
        hal.finish_wrap_up(then="talking")
        caller.finish()
        phone.finish()
        self.assertEqual(wait_for("the second call's record", lambda: self.record(waiting["id"]))["agent"], "hal")

    def record(self, contact):
        record = self.cluster.admin("north").get(f"/api/v1/contacts/{contact}")
        return record if record["outcome"] else None

    def test_a_waiting_contact_tells_why_at_every_site_and_who_comes_nearest(self):
        self.at_work("rex", "south")
        self.call("north", "6000", "+4961")
        contact = agents.waiting_contact(self.cluster, "south", "+4961")["id"]
        for name in self.cluster.sites:
            now = self.explanation(name, contact)[0]
            self.assertEqual((now["result"], now["rule"], now["agent"]), ("waits", "nobodyFits", None))
            self.assertEqual([(c["agent"], c["reason"]) for c in now["candidates"]], [("rex", "lacksSkill: expert:5")])
            self.assertEqual(now["nearest"], ["rex at south lacks expert:5"])
            self.assertEqual([(s["site"], s["fit"]) for s in now["sites"]], [("north", 0), ("south", 0)])
            self.assertEqual([s["state"] for s in now["sites"] if s["site"] == name], ["self"])
            for site in now["sites"]:
                self.assertLess(site["ageMs"], 5000)
        self.assertIn("contact.impossible", self.cluster["north"].tail())

    def test_an_answered_contact_is_explained_from_its_record_after_a_restart(self):
        bea = self.at_work("bea", "south")
        phone = bea.phone()
        self.call("north", "2001", "+4971").finish()
        phone.finish()
        contact = self.finished("+4971")["id"]
        before = self.explanation("north", contact)
        self.cluster["north"].kill()
        self.cluster["north"].start()
        self.cluster.wait_linked()
        agents.put_rule(self.cluster.admin("north"), "/api/v1/queues/back", {"maxWaiting": 90})
        for name in self.cluster.sites:
            self.assertEqual(self.explanation(name, contact), before)
        chosen = before[0]
        self.assertEqual((chosen["result"], chosen["agent"], chosen["agentSite"]), ("offers", "bea", "south"))
        self.assertEqual([c["agent"] for c in chosen["candidates"] if c["chosen"]], ["bea"])
        self.assertEqual([s["site"] for s in chosen["sites"]], ["north", "south"])
        ask = ["explain", contact, "--url", self.cluster["south"].url]
        self.assertIn("goes to bea at south", run(*ask, environment=ENVIRONMENT).stdout)
        told = json.loads(run(*ask, "--json", environment=ENVIRONMENT).stdout)
        self.assertEqual((told["contact"], told["decisions"]), (contact, before))

    def test_an_unknown_contact_is_not_explained(self):
        with self.assertRaises(Problem) as caught:
            self.explanation("north", "north-1-999999")
        self.assertEqual(caught.exception.status, 404)
        ask = ["explain", "north-1-999999", "--url", self.cluster["north"].url]
        refused = run(*ask, check=False, environment=ENVIRONMENT)
        self.assertEqual(refused.returncode, 1, refused.stdout)
        self.assertIn("No decision about this contact", refused.stderr)

    def test_an_agent_who_signs_in_at_another_site_is_there_alone(self):
        self.at_work("hal", "north")
        self.working.clear()
        self.at_work("hal", "south")
        for name in self.cluster.sites:
            admin = self.cluster.admin(name)

            def places():
                return [(a["site"], a["state"]) for a in admin.get("/api/v1/wall")["agents"] if a["id"] == "hal"]

            wait_for(f"hal to be at south alone, as seen at {name}", lambda: places() == [("south", "ready")])

    def test_a_hang_up_for_a_contact_that_is_over_is_refused_and_changes_nothing(self):
        bea = self.at_work("bea", "south")
        phone = bea.phone()
        self.call("north", "2001", "+4981").finish()
        phone.finish()
        contact = self.finished("+4981")
        bea.finish_wrap_up()
        with self.assertRaises(Problem) as caught:
            bea.client.post("/api/v1/desk/hang-up", {"contact": contact["id"]})
        self.assertIn(caught.exception.status, (404, 409))
        self.assertEqual(bea.desk()["agent"]["state"], "ready")
        self.assertEqual(self.finished("+4981")["talkMs"], contact["talkMs"])


class RefusedRulesTests(unittest.TestCase):
    """What cannot work is refused with its field and changes nothing."""

    @classmethod
    def setUpClass(cls):
        cls.cluster = Cluster("north", "south")
        cls.addClassCleanup(cls.cluster.close)
        cls.cluster.start()
        cls.admin = cls.cluster.admin("north")
        for name in cls.cluster.sites:
            agents.put_rule(cls.cluster.admin(name), f"/api/v1/queues/first-{name}", {"name": "First", "maxWaiting": 9})

    def refused(self, path, body, field, words):
        before = agents.exists(self.admin, path)
        with self.assertRaises(Problem) as caught:
            self.admin.put(path, body)
        self.assertEqual(caught.exception.status, 422)
        errors = caught.exception.body["errors"]
        self.assertEqual([error["field"] for error in errors], [field], errors)
        self.assertIn(words, errors[0]["message"])
        self.assertEqual(agents.exists(self.admin, path), before)

    def overflow_to(self, queue):
        return {"overflow": [{"when": "waited", "seconds": 10, "then": "queue", "queue": queue}]}

    def test_a_skill_that_nobody_has_is_told_when_it_is_demanded(self):
        made = self.admin.put("/api/v1/queues/circus", {"name": "Circus", "requiredSkills": ["juggling:3"]})
        (warning,) = made["warnings"]
        self.assertEqual((warning["severity"], warning["field"]), ("warning", "requiredSkills"))
        self.assertIn(warning["code"], ("unknownSkill", "noAgents"))
        listed = self.admin.get("/api/v1/routing/checks")["items"]
        self.assertIn("circus", [item["subject"]["key"] for item in listed])

    def test_queues_that_would_overflow_in_a_ring_are_refused_with_the_ring(self):
        for name, target in [("ring-c", None), ("ring-b", "ring-c"), ("ring-a", "ring-b")]:
            body = self.overflow_to(target) if target else {}
            self.admin.put(f"/api/v1/queues/{name}", {"name": name, **body})
        path = "/api/v1/queues/ring-c"
        self.refused(path, self.overflow_to("ring-a"), "overflow", "ring-a → ring-b → ring-c → ring-a")
        self.refused(path, self.overflow_to("ring-c"), "overflow", "ring-c")
        self.refused(path, self.overflow_to("nowhere"), "overflow[0].queue", "no queue nowhere")

    def test_a_ring_made_at_two_sites_at_once_is_told_at_both(self):
        south = self.cluster.admin("south")
        for name in ("tick", "tock"):
            self.admin.put(f"/api/v1/queues/{name}", {"name": name})
            wait_for(f"{name} at south", lambda: agents.exists(south, f"/api/v1/queues/{name}"))
        self.admin.post("/api/v1/site/links/south", {"cut": True})
        try:
            self.admin.put("/api/v1/queues/tick", self.overflow_to("tock"))
            south.put("/api/v1/queues/tock", self.overflow_to("tick"))
        finally:
            self.admin.post("/api/v1/site/links/south", {"cut": False})
        for name in self.cluster.sites:
            admin = self.cluster.admin(name)

            def told():
                found = admin.get("/api/v1/routing/checks")["items"]
                return [item["names"]["path"] for item in found if item["code"] == "overflowCycle"]

            wait_for(f"the ring to be told at {name}", lambda: told() == ["tick → tock → tick"])
        self.admin.put("/api/v1/queues/tick", {"overflow": None})

    def test_hours_that_overlap_are_refused(self):
        hours = {"monday": ["08:00-12:00", "11:00-15:00"]}
        body = {"name": "Clumsy", "zone": "Europe/Berlin", "hours": hours}
        self.refused("/api/v1/calendars/clumsy", body, "hours.monday", "11:00")

    def test_a_contact_that_takes_nothing_of_an_agent_is_refused(self):
        self.refused("/api/v1/queues/chat", {"name": "Chat", "chatCost": 0}, "chatCost", "1")
        self.refused("/api/v1/queues/chat", {"name": "Chat", "chatCost": 101}, "chatCost", "100")


if __name__ == "__main__":
    unittest.main()
