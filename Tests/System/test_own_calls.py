"""Calls that agents make: from the desk, and dialled on their own phones; two sites and a carrier."""

import unittest

import agents
from cluster import Problem, wait_for
from sipcall import IS_BUSY, RINGS
from sipphone import SIPPhone
from test_call_handling import HandlingCase


class OwnCallTests(HandlingCase):
    """ann and bob work at north, sue at south."""

    def placed_by(self, agent, count=1, at="north"):
        """The records of the finished calls that show an agent, as a site has them."""
        admin = self.cluster.admin(at)

        def found():
            items = admin.get("/api/v1/tickets?limit=50")["items"]
            contacts = [contact for item in items for contact in item["contacts"]]
            mine = [c for c in contacts if c["agent"] == agent and c["outcome"]]
            return mine if len(mine) >= count else None

        return wait_for(f"{count} records of {agent}", found)

    def test_a_call_from_the_desk_rings_the_own_phone_first(self):
        ann = self.at_work("ann", "north")
        ann.line.manner = self.carrier.manner = RINGS
        ann.client.post("/api/v1/desk/calls", {"number": "+49895001"})
        phone = ann.line.next_call("ringing")
        self.assertEqual(len(self.carrier.calls), self.taken)
        phone.answer()
        outside = self.outside_call("ringing")
        self.assertEqual(outside.dialled.lstrip("+"), "49895001")
        self.assertEqual(outside.caller.lstrip("+"), "4930100")
        outside.answer()
        self.talk(phone, outside)
        self.assertEqual(ann.wait_state("talking")["contact"]["direction"], "outbound")
        ann.order("hold")
        self.silent(phone, outside)
        ann.order("resume")
        self.talk(phone, outside)
        outside.hang_up()
        self.nobody_is_left(ann)
        record = self.record("+49895001")
        self.assertEqual((record["agent"], record["endedBy"], record["outcome"]), ("ann", "customer", "answered"))

    def test_a_call_from_the_desk_to_a_busy_number_says_so(self):
        ann = self.at_work("ann", "north")
        self.carrier.manner = IS_BUSY
        ann.client.post("/api/v1/desk/calls", {"number": "+49895002"})
        self.nobody_is_left(ann)
        self.assertEqual(self.record("+49895002")["outcome"], "notReached")
        ann.wait_state("ready")

    def test_the_agent_gives_up_while_the_number_rings(self):
        ann = self.at_work("ann", "north")
        self.carrier.manner = RINGS
        ann.client.post("/api/v1/desk/calls", {"number": "+49895003"})
        phone = ann.line.next_call()
        outside = self.outside_call("ringing")
        phone.hang_up()
        self.over(outside)
        self.nobody_is_left(ann)
        self.assertEqual(self.record("+49895003")["endedBy"], "agent")

    def test_the_own_phone_is_not_answered_and_nobody_is_called(self):
        ann = self.at_work("ann", "north")
        ann.line.manner = RINGS
        ann.client.post("/api/v1/desk/calls", {"number": "+49895004"})
        self.nobody_is_left(ann)
        self.assertEqual(len(self.carrier.calls), self.taken)

    def test_a_call_of_the_own_number_passes_on_to_a_colleague(self):
        ann, sue = self.at_work("ann", "north"), self.at_work("sue", "south")
        ann.client.post("/api/v1/desk/calls", {"number": "+49895005"})
        outside = self.outside_call()
        phone = ann.line.next_call()
        self.talk(phone, outside)
        ann.wait_state("talking")
        ann.order("transfer", agent="sue")
        self.talk(outside, sue.line.next_call())
        self.over(phone)
        outside.hang_up()
        self.nobody_is_left(ann, sue)

    def test_dialled_on_the_own_phone_to_a_colleague_of_the_other_site(self):
        ann, sue = self.at_work("ann", "north"), self.at_work("sue", "south")
        call = ann.line.call(ann.site, "sue")
        self.talk(call, sue.line.next_call())
        self.assertIn(401, call.statuses)
        call.hang_up()
        self.nobody_is_left(ann, sue)

    def test_dialled_on_the_own_phone_to_the_outside(self):
        ann = self.at_work("ann", "north")
        call = ann.line.call(ann.site, "+49895006")
        outside = self.outside_call()
        self.assertEqual(outside.dialled.lstrip("+"), "49895006")
        self.assertEqual(outside.caller.lstrip("+"), "4930100")
        self.talk(call, outside)
        outside.hang_up()
        self.nobody_is_left(ann)
        self.assertEqual(call.ended_by, "them")
        self.assertEqual(self.record("ann")["outcome"], "answered")

    def test_dialled_on_the_own_phone_to_a_queue_and_given_up(self):
        ann, sue = self.at_work("ann", "north"), self.at_work("sue", "south")
        call = ann.line.call(ann.site, "2000")
        self.talk(call, sue.line.next_call())
        sue.line.calls[0].hang_up()
        self.nobody_is_left(ann, sue)
        sue.line.manner = RINGS
        call = ann.line.call(ann.site, "sue")
        ringing = sue.line.next_call("ringing", after=1)
        call.hang_up()
        self.over(call, ringing)
        self.nobody_is_left(ann, sue)

    def test_nobody_is_put_through_to_an_agent_who_talks_on_a_call_that_she_dialled(self):
        ann = self.at_work("ann", "north")
        call = ann.line.call(ann.site, "+49895008")
        self.talk(call, self.outside_call())
        self.assertEqual(ann.wait_state("talking")["contact"]["callerNumber"], "+49895008")
        waiting = self.caller("+49308")
        caller = waiting.call(self.cluster["north"], "1000")
        contact = agents.waiting_contact(self.cluster, "south", "+49308")
        self.assertEqual((contact["state"], len(ann.line.calls)), ("waiting", 1))
        call.hang_up()
        self.talk(caller, ann.line.next_call(after=1))
        caller.hang_up()
        self.nobody_is_left(ann)
        ann.wait_state("ready")

    def test_a_call_dialled_on_a_break_leaves_the_break_as_it_was(self):
        ann = self.at_work("ann", "north")
        ann.not_ready("lunch")
        ann.wait_state("notReady")
        call = ann.line.call(ann.site, "+49895009")
        self.talk(call, self.outside_call())
        ann.wait_state("talking")
        call.hang_up()
        self.nobody_is_left(ann)
        ann.wait_state("notReady")

    def test_numbers_that_nobody_has_and_colleagues_who_are_away(self):
        ann = self.at_work("ann", "north")
        call = ann.line.call(ann.site, "nobody")
        self.over(call)
        self.assertEqual(call.status, 404)
        call = ann.line.call(ann.site, "bob")
        self.over(call)
        self.assertIn(call.status, (480, 486))
        self.nobody_is_left(ann)

    def test_a_wrong_password_calls_nobody(self):
        ann = self.at_work("ann", "north")
        thief = SIPPhone("ann", "wrong")
        self.lines.append(thief)
        call = thief.call(ann.site, "+49895007")
        self.over(call)
        self.assertIn(call.status, (401, 403))
        self.assertEqual(len(self.carrier.calls), self.taken)

    def test_calls_are_refused_while_there_is_no_phone(self):
        ann = self.at_work("ann", "north", ready=False)
        for body in [{"number": "12a"}, {}]:
            with self.assertRaises(Problem) as refused:
                ann.client.post("/api/v1/desk/calls", body)
            self.assertEqual(refused.exception.status, 422)


if __name__ == "__main__":
    unittest.main()
