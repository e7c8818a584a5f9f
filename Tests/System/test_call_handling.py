"""What agents do with calls, by desk and by phone: hold, pass on, ask somebody, call out; two sites and a carrier."""

import unittest

from cluster import Problem
from floor import Floor, queue
from sessions import address, direction
from sipcall import ANSWERS, IS_BUSY, RINGS


class HandlingCase(Floor, unittest.TestCase):
    """ann and bob at north, sue at south; callers of 1000 get ann, callers of 2000 sue, nobody gets bob."""

    @classmethod
    def setUpClass(cls):
        cls.open_floor(
            ["north", "south"],
            {"support": queue("Support", "1000"), "sales": queue("Sales", "2000")},
            {"ann": ("north", ["support:2"]), "bob": ("north", ["stock:1"]), "sue": ("south", ["sales:2"])},
        )

    def setUp(self):
        self.begin_work()
        self.carrier.manner = ANSWERS

    def talk(self, one, other):
        """Both hear each other: each was last told the other's address, both ways."""

        def joined():
            self.assertEqual((one.state, other.state), ("talking", "talking"))
            self.assertEqual(direction(one.heard), "sendrecv")
            self.assertEqual(direction(other.heard), "sendrecv")
            self.assertEqual(address(one.heard), (other.phone.host, other.phone.voice_port))
            self.assertEqual(address(other.heard), (one.phone.host, one.phone.voice_port))
            return True

        self.until(f"{one.phone.user} and {other.phone.user} to hear each other", joined)

    def silent(self, *calls):
        for call in calls:
            self.until(f"{call.phone.user} to be on hold", lambda: direction(call.heard) == "inactive")

    def over(self, *calls):
        for call in calls:
            self.until(f"{call.phone.user}'s call to end", lambda: call.state == "ended")

    def nobody_is_left(self, *people):
        """No phone has a call any more, and no desk."""
        for line in [*self.lines, self.carrier, *(agent.line for agent in people)]:
            for call in line.calls:
                self.over(call)
        for agent in people:
            self.until(f"{agent.login}'s desk to be empty", lambda: agent.desk()["contact"] is None)


class PassingTests(HandlingCase):
    """Hold, and passing on at once."""

    def test_hold_and_resume_from_the_desk(self):
        ann = self.at_work("ann", "north")
        caller, phone = self.connected("+49301", ann, "1000")
        self.talk(caller, phone)
        ann.order("hold")
        self.silent(caller, phone)
        self.until("the desk to show it", lambda: ann.call().get("state") == "held")
        ann.order("resume")
        self.talk(caller, phone)
        self.until("the desk to show it", lambda: ann.call().get("state") == "talking")
        caller.hang_up()
        self.nobody_is_left(ann)
        self.assertEqual(self.record("+49301")["endedBy"], "customer")

    def test_hold_across_sites(self):
        sue = self.at_work("sue", "south")
        caller, phone = self.connected("+49302", sue, "2000")
        sue.order("hold")
        self.silent(caller, phone)
        sue.order("resume")
        self.talk(caller, phone)
        phone.hang_up()
        self.nobody_is_left(sue)
        self.assertEqual(self.record("+49302")["endedBy"], "agent")

    def test_hold_by_the_agents_phone(self):
        ann = self.at_work("ann", "north")
        caller, phone = self.connected("+49303", ann, "1000")
        phone.hold()
        self.until("the caller to hear of it", lambda: direction(caller.heard) == "sendonly")
        self.until("the desk to show it", lambda: ann.call().get("state") == "held")
        phone.resume()
        self.talk(caller, phone)

    def test_a_caller_without_an_offer_is_joined(self):
        ann = self.at_work("ann", "north")
        call = self.caller("+49304").call(self.cluster["north"], "1000", offers=False)
        self.talk(call, ann.line.next_call())

    def test_blind_transfer_to_an_agent_of_the_other_site(self):
        ann, sue = self.at_work("ann", "north"), self.at_work("sue", "south")
        caller, phone = self.connected("+49305", ann, "1000")
        ann.order("transfer", agent="sue")
        self.talk(caller, sue.line.next_call())
        self.over(phone)
        self.until("ann to be free", lambda: ann.desk()["contact"] is None)
        sue.wait_state("talking")
        caller.hang_up()
        self.nobody_is_left(ann, sue)
        record = self.record("+49305")
        self.assertEqual((record["agent"], record["agentSite"]), ("sue", "south"))
        self.assertEqual((record["endedBy"], record["outcome"]), ("customer", "answered"))

    def test_blind_transfer_to_a_queue(self):
        ann, sue = self.at_work("ann", "north"), self.at_work("sue", "south")
        caller, phone = self.connected("+49306", ann, "1000")
        ann.order("transfer", queue="sales")
        self.talk(caller, sue.line.next_call())
        self.over(phone)
        sue.line.calls[0].hang_up()
        self.nobody_is_left(ann, sue)
        record = self.record("+49306")
        self.assertEqual((record["agent"], record["queue"], record["endedBy"]), ("sue", "sales", "agent"))

    def test_blind_transfer_to_a_number(self):
        ann = self.at_work("ann", "north")
        caller, phone = self.connected("+49307", ann, "1000")
        ann.order("transfer", number="+4989555")
        outside = self.outside_call()
        self.assertEqual(outside.dialled.lstrip("+"), "4989555")
        self.talk(caller, outside)
        self.over(phone)
        ann.wait_state("ready")
        caller.hang_up()
        self.nobody_is_left(ann)
        self.assertEqual(self.record("+49307")["endedBy"], "customer")

    def test_transfer_to_a_number_that_is_busy_leaves_the_customer_first_in_the_queue(self):
        ann = self.at_work("ann", "north")
        caller, phone = self.connected("+49308", ann, "1000")
        self.carrier.manner = IS_BUSY
        ann.order("transfer", number="+4989556")
        self.over(phone)
        self.talk(caller, ann.line.next_call(after=1))
        caller.hang_up()
        self.nobody_is_left(ann)

    def test_transfer_to_somebody_who_cannot_is_refused_and_nothing_changes(self):
        ann, sue = self.at_work("ann", "north"), self.at_work("sue", "south")
        self.connected("+49309", sue, "2000")
        caller, phone = self.connected("+49310", ann, "1000")
        said = len(caller.requests), len(phone.requests)
        for target in [{"agent": "sue"}, {"agent": "bob"}]:
            with self.assertRaises(Problem) as refused:
                ann.order("transfer", **target)
            self.assertEqual(refused.exception.status, 409)
        with self.assertRaises(Problem) as refused:
            ann.order("transfer", queue="nowhere")
        self.assertIn(refused.exception.status, (404, 409))
        self.talk(caller, phone)
        self.assertEqual(said, (len(caller.requests), len(phone.requests)))

    def test_transfer_to_an_agent_who_does_not_answer_keeps_the_customer(self):
        ann, sue = self.at_work("ann", "north"), self.at_work("sue", "south")
        caller, phone = self.connected("+49311", ann, "1000")
        sue.line.manner = RINGS
        ann.order("transfer", agent="sue")
        self.over(phone, sue.line.next_call("ringing"))
        # First in the queue again, and ann is free.
        again = ann.line.next_call(after=1)
        self.talk(caller, again)
        self.assertEqual([method for method in caller.requests if method == "BYE"], [])

    def test_transfer_by_refer_of_the_phone(self):
        ann, sue = self.at_work("ann", "north"), self.at_work("sue", "south")
        caller, phone = self.connected("+49312", ann, "1000")
        phone.refer("sue")
        self.talk(caller, sue.line.next_call())
        self.over(phone)
        self.assertIn("REFER 202", phone.requests)
        self.assertIn("200", phone.notified[-1])
        self.assertEqual(phone.ended_by, "them")

    def test_refer_to_a_number_and_to_nobody(self):
        ann = self.at_work("ann", "north")
        caller, phone = self.connected("+49313", ann, "1000")
        phone.refer("nobody")
        self.until("the refusal", lambda: "REFER 404" in phone.requests)
        self.talk(caller, phone)
        phone.refer("+4989557")
        self.talk(caller, self.outside_call())
        self.over(phone)

    def test_a_caller_cannot_refer(self):
        ann = self.at_work("ann", "north")
        caller, phone = self.connected("+49314", ann, "1000")
        caller.refer("sue")
        self.until("the refusal", lambda: any(r in caller.requests for r in ("REFER 403", "REFER 603", "REFER 405")))
        self.talk(caller, phone)

    def test_digits_from_the_desk_reach_the_caller(self):
        ann = self.at_work("ann", "north")
        caller, _ = self.connected("+49315", ann, "1000")
        ann.order("digits", digits="42#")
        self.until("three digits", lambda: len(caller.infos) == 3)
        self.assertEqual([info.split()[0] for info in caller.infos], ["Signal=4", "Signal=2", "Signal=#"])

    def test_caller_hangs_up_on_hold_and_while_the_next_phone_rings(self):
        ann, sue = self.at_work("ann", "north"), self.at_work("sue", "south")
        caller, phone = self.connected("+49316", ann, "1000")
        ann.order("hold")
        self.silent(phone)
        caller.hang_up()
        self.nobody_is_left(ann, sue)
        self.assertEqual(self.record("+49316")["endedBy"], "customer")
        ann.wait_state("ready")
        sue.line.manner = RINGS
        caller, _ = self.connected("+49317", ann, "1000", after=1)
        ann.order("transfer", agent="sue")
        sue.line.next_call("ringing")
        caller.hang_up()
        self.nobody_is_left(ann, sue)
        self.assertEqual(self.record("+49317")["endedBy"], "customer")
        self.carrier.manner = RINGS
        ann.wait_state("ready")
        caller, _ = self.connected("+49318", ann, "1000", after=2)
        ann.order("transfer", number="+4989558")
        self.outside_call("ringing")
        caller.hang_up()
        self.nobody_is_left(ann, sue)


if __name__ == "__main__":
    unittest.main()
