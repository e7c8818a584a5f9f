"""Calls through real nodes: SIP by sipp, the mesh over TLS, records on disk."""

import unittest

import agents
import phones
from cluster import Cluster, wait_for

QUEUES = {
    "support": {
        "name": "Support",
        "numbers": ["1000"],
        "requiredSkills": ["support:1"],
        "serviceLevelSeconds": 20,
        "ringSeconds": 5,
        "wrapUpSeconds": 30,
        "strategy": "leastHandlingTime",
        "priority": 0,
        "affinitySeconds": 0,
    }
}


class CallTests(unittest.TestCase):
    """Three sites; ann works at north, sue at south."""

    @classmethod
    def setUpClass(cls):
        cls.cluster = Cluster("north", "east", "south")
        cls.addClassCleanup(cls.cluster.close)
        cls.cluster.start()
        agents.prepare(cls.cluster, "north", {"ann": "north", "sue": "south"}, QUEUES)

    def setUp(self):
        self.working = []
        self.addCleanup(self.end_work)

    def end_work(self):
        phones.stop_all()
        for agent in self.working:
            agent.sign_out()

    def agent(self, login, site):
        agent = agents.Agent(self.cluster, login, site)
        self.working.append(agent)
        agent.ready()
        return agent

    def seen_as_ready(self, login, at):
        admin = self.cluster.admin(at)
        wait_for(
            f"{login} to be seen as ready at {at}",
            lambda: any(a["id"] == login and a["state"] == "ready" for a in admin.get("/api/v1/wall")["agents"]),
        )

    def finished_contact(self, caller_number):
        """The ticket of the call from a number, as each of the three sites has it once the call is over."""

        def found(name):
            admin = self.cluster.admin(name)

            def attempt():
                for item in admin.get("/api/v1/tickets?limit=50")["items"]:
                    for contact in item["contacts"]:
                        full = admin.get(f"/api/v1/contacts/{contact['id']}")
                        if full["callerNumber"] == caller_number and full["outcome"]:
                            return item, full
                return None

            return wait_for(f"the finished contact of {caller_number} at {name}", attempt)

        return {name: found(name) for name in self.cluster.sites}

    def test_a_call_is_answered_at_its_own_site_and_the_customer_hangs_up(self):
        ann = self.agent("ann", "north")
        phone = ann.phone()
        caller = phones.caller(self.cluster["north"], "1000", caller_number="+491")
        ann.wait_state("talking")
        caller.finish()
        phone.finish()
        ann.finish_wrap_up()
        for ticket, contact in self.finished_contact("+491").values():
            self.assertEqual(contact["endedBy"], "customer")
            self.assertEqual(contact["outcome"], "answered")
            self.assertEqual((contact["agent"], contact["agentSite"]), ("ann", "north"))
            self.assertEqual(ticket["owner"], "ann")
            self.assertGreaterEqual(contact["talkMs"], 500)

    def test_a_call_at_north_is_answered_at_south_with_the_file_shown_before_the_answer(self):
        admin = self.cluster.admin("north")
        customer = admin.post(
            "/api/v1/customers", {"name": "王芳", "phones": ["+492"], "tier": "gold", "organisation": "Alpenblick"}
        )
        south = self.cluster.admin("south")
        wait_for("the customer's file at south", lambda: agents.exists(south, f"/api/v1/customers/{customer['id']}"))
        sue = self.agent("sue", "south")
        self.seen_as_ready("sue", "north")
        phone = sue.phone("phone-rings-long", options=("-d", "3000"))
        caller = phones.caller(self.cluster["north"], "1000", caller_number="+492")

        def shown():
            # The ticket of this call is made at north and follows the offer over the mesh.
            contact = sue.desk()["contact"]
            if contact and contact["state"] == "offered" and contact["customer"] and contact["ticket"]:
                return contact
            return None

        offered = wait_for("the file and the ticket on sue's desk before she answers", shown)
        self.assertEqual(offered["customer"]["name"], "王芳")
        self.assertEqual((offered["originSite"], offered["direction"]), ("north", "inbound"))
        caller.finish()
        phone.finish()
        sue.finish_wrap_up()
        for ticket, contact in self.finished_contact("+492").values():
            self.assertEqual((contact["agent"], contact["agentSite"], contact["originSite"]), ("sue", "south", "north"))
            self.assertEqual(ticket["customer"]["id"], customer["id"])

    def test_the_agent_hangs_up_first_and_it_is_recorded(self):
        sue = self.agent("sue", "south")
        self.seen_as_ready("sue", "north")
        phone = sue.phone("phone-hangs-up")
        caller = phones.caller(self.cluster["north"], "1000", "caller-waits-for-bye", caller_number="+493")
        caller.finish()
        phone.finish()
        sue.finish_wrap_up()
        for _, contact in self.finished_contact("+493").values():
            self.assertEqual(contact["endedBy"], "agent")

    def test_the_agent_hangs_up_from_the_desk(self):
        ann = self.agent("ann", "north")
        phone = ann.phone()
        caller = phones.caller(self.cluster["north"], "1000", "caller-waits-for-bye", caller_number="+494")
        contact = ann.wait_state("talking")["contact"]["id"]
        ann.client.post("/api/v1/desk/hang-up", {"contact": contact})
        caller.finish()
        phone.finish()
        for _, contact in self.finished_contact("+494").values():
            self.assertEqual(contact["endedBy"], "agent")

    def test_a_caller_who_gives_up_is_counted_as_abandoned(self):
        phones.caller(self.cluster["north"], "1000", "caller-gives-up", caller_number="+495").finish()
        for _, contact in self.finished_contact("+495").values():
            self.assertEqual((contact["outcome"], contact["endedBy"]), ("abandoned", "customer"))

    def test_a_number_that_leads_nowhere_is_refused(self):
        phones.caller(self.cluster["north"], "4711", "caller-unknown-number", caller_number="+496").finish()

    def test_no_answer_sets_the_agent_aside_and_another_site_takes_the_caller(self):
        ann = self.agent("ann", "north")
        phone = ann.phone("phone-no-answer")
        caller = phones.caller(self.cluster["north"], "1000", caller_number="+497")
        ann.wait_state("ringing")
        sue = self.agent("sue", "south")
        other = sue.phone()
        phone.finish()
        ann.wait_state("notResponding")
        caller.finish()
        other.finish()
        for _, contact in self.finished_contact("+497").values():
            self.assertEqual((contact["agent"], contact["outcome"]), ("sue", "answered"))


class CapacityTests(unittest.TestCase):
    """Many calls through one node."""

    def test_calls_in_a_row_and_at_once_all_succeed(self):
        with Cluster("north") as cluster:
            cluster.start()
            queue = dict(QUEUES["support"], wrapUpSeconds=0)
            names = {f"agent-{index}": "north" for index in range(5)}
            agents.prepare(cluster, "north", names, {"support": queue})
            working = [agents.Agent(cluster, login, "north") for login in names]
            ringing = []
            for agent in working:
                agent.ready()
                ringing.append(agent.phone(options=("-nr",)))
            phones.caller(cluster["north"], "1000", calls=5, rate=5).finish()
            for phone in ringing:
                phone.finish()
            wall = cluster.admin("north").get("/api/v1/wall")
            self.assertEqual(wall["queues"][0]["answeredToday"], 5)


if __name__ == "__main__":
    unittest.main()
