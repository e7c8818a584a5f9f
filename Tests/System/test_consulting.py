"""Agents who ask somebody beside a call, by desk and by phone; two sites and a carrier."""

import unittest

from cluster import Problem
from sipcall import IS_BUSY, RINGS
from test_call_handling import HandlingCase


class ConsultingTests(HandlingCase):
    """ann at north has a customer and asks sue at south, or somebody outside."""

    def consulting(self, number, target=None, after=0):
        """ann's customer waits while she asks somebody: their calls at the phones of all three."""
        ann, sue = self.at_work("ann", "north"), self.at_work("sue", "south")
        caller, phone = self.connected(number, ann, "1000")
        ann.order("consult", **(target or {"agent": "sue"}))
        asked = self.outside_call() if target else sue.line.next_call(after=after)
        self.talk(phone, asked)
        self.silent(caller)
        self.until("the desk to show it", lambda: ann.consult_state() == "talking")
        return ann, sue, caller, phone, asked

    def test_consult_swap_and_complete_across_sites(self):
        ann, sue, caller, phone, asked = self.consulting("+49401")
        ann.order("swap")
        self.talk(caller, phone)
        self.silent(asked)
        self.assertEqual(ann.call()["consult"]["active"], "customer")
        ann.order("swap")
        self.talk(phone, asked)
        self.silent(caller)
        self.assertEqual(ann.call()["consult"]["active"], "consult")
        ann.order("complete-transfer")
        self.talk(caller, asked)
        self.over(phone)
        self.until("ann to be free", lambda: ann.desk()["contact"] is None)
        self.until("sue to have the customer", lambda: sue.desk()["contact"]["callerNumber"] == "+49401")
        # She can do all with the call that she has adopted.
        sue.order("hold")
        self.silent(caller, asked)
        sue.order("resume")
        self.talk(caller, asked)
        caller.hang_up()
        self.nobody_is_left(ann, sue)
        record = self.record("+49401")
        self.assertEqual((record["agent"], record["agentSite"], record["endedBy"]), ("sue", "south", "customer"))

    def test_who_has_adopted_a_customer_passes_on_and_hangs_up(self):
        ann, sue, caller, phone, asked = self.consulting("+49402")
        ann.order("complete-transfer")
        self.talk(caller, asked)
        ann.wait_state("ready")
        self.until("sue to have the customer", lambda: sue.desk()["contact"]["callerNumber"] == "+49402")
        sue.order("transfer", agent="ann")
        again = ann.line.next_call(after=1)
        self.talk(caller, again)
        self.over(phone, asked)
        again.hang_up()
        self.nobody_is_left(ann, sue)
        record = self.record("+49402")
        self.assertEqual((record["agent"], record["endedBy"]), ("ann", "agent"))

    def test_a_consultation_that_is_ended_gives_the_customer_back(self):
        ann, sue, caller, phone, asked = self.consulting("+49403")
        ann.order("end-consult")
        self.over(asked)
        self.talk(caller, phone)
        self.until("sue to be free", lambda: sue.desk()["contact"] is None)
        phone.hang_up()
        self.nobody_is_left(ann, sue)

    def test_who_is_asked_hangs_up_and_the_customer_is_still_there(self):
        ann, sue, caller, phone, asked = self.consulting("+49404")
        asked.hang_up()
        self.until("the consultation to be over", lambda: ann.consult_state() in (None, "failed"))
        self.assertEqual((caller.state, phone.state), ("talking", "talking"))
        ann.order("resume")
        self.talk(caller, phone)

    def test_who_is_asked_does_not_answer_and_the_customer_is_still_there(self):
        ann, sue = self.at_work("ann", "north"), self.at_work("sue", "south")
        caller, phone = self.connected("+49405", ann, "1000")
        sue.line.manner = RINGS
        ann.order("consult", agent="sue")
        asked = sue.line.next_call("ringing")
        self.until("the desk to show that it rings", lambda: ann.consult_state() == "ringing")
        with self.assertRaises(Problem) as refused:
            ann.order("complete-transfer")
        self.assertEqual(refused.exception.status, 409)
        self.over(asked)
        self.until("the desk to say so", lambda: ann.consult_state() == "failed")
        ann.order("resume")
        self.talk(caller, phone)

    def test_a_consultation_outside_is_completed(self):
        ann, _, caller, phone, asked = self.consulting("+49406", {"number": "+4989600"})
        self.assertEqual(asked.caller.lstrip("+"), "4930100")
        ann.order("complete-transfer")
        self.talk(caller, asked)
        self.over(phone)
        ann.wait_state("ready")
        asked.hang_up()
        self.nobody_is_left(ann)
        self.assertIsNotNone(self.record("+49406")["endedBy"])

    def test_a_number_that_is_busy_cannot_be_asked(self):
        ann = self.at_work("ann", "north")
        caller, phone = self.connected("+49407", ann, "1000")
        self.carrier.manner = IS_BUSY
        ann.order("consult", number="+4989601")
        self.until("the desk to say so", lambda: ann.consult_state() == "failed")
        ann.order("resume")
        self.talk(caller, phone)

    def test_caller_hangs_up_while_somebody_is_asked(self):
        ann, sue, caller, phone, asked = self.consulting("+49408")
        caller.hang_up()
        self.until("the customer's contact to end", lambda: self.record("+49408")["endedBy"] == "customer")
        # Who was asked may still be spoken with; one of them hangs up.
        phone.hang_up()
        self.nobody_is_left(ann, sue)

    def test_caller_hangs_up_while_the_phone_of_who_is_asked_rings(self):
        ann, sue = self.at_work("ann", "north"), self.at_work("sue", "south")
        caller, phone = self.connected("+49409", ann, "1000")
        sue.line.manner = RINGS
        ann.order("consult", agent="sue")
        sue.line.next_call("ringing")
        caller.hang_up()
        self.assertEqual(self.record("+49409")["endedBy"], "customer")
        phone.hang_up()
        self.nobody_is_left(ann, sue)

    def test_the_agent_hangs_up_while_she_asks(self):
        ann, sue, caller, phone, asked = self.consulting("+49410")
        phone.hang_up()
        self.nobody_is_left(ann, sue)
        self.assertEqual(self.record("+49410")["endedBy"], "agent")

    def test_attended_transfer_by_the_phone(self):
        ann, sue = self.at_work("ann", "north"), self.at_work("sue", "south")
        caller, phone = self.connected("+49411", ann, "1000")
        phone.hold()
        self.until("the caller to be on hold", lambda: direction_is_off(caller))
        second = ann.line.call(ann.site, "sue")
        asked = sue.line.next_call()
        self.talk(second, asked)
        self.assertIn(401, second.statuses)
        phone.refer("sue", replaces=second)
        self.talk(caller, asked)
        self.over(phone, second)
        self.assertIn("REFER 202", phone.requests)
        caller.hang_up()
        self.nobody_is_left(ann, sue)
        self.assertEqual(self.record("+49411")["agent"], "sue")


def direction_is_off(call):
    return "a=sendonly" in call.heard or "a=inactive" in call.heard


if __name__ == "__main__":
    unittest.main()
