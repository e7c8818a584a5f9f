"""The edge in front of the sites: what becomes of calls when a site dies before, while and after they are answered."""

import pathlib
import socket
import time
import unittest

import agents
import baresip
import edge
import phones
from cluster import Cluster, wait_for

QUEUES = {
    "support": {
        "name": "Support", "numbers": ["1000"], "requiredSkills": ["support:1"], "serviceLevelSeconds": 20,
        "ringSeconds": 10, "wrapUpSeconds": 30, "affinitySeconds": 0,
    }
}
# The edge answers the CANCEL itself, so the end of the INVITE may come first.
EITHER_ORDER = {'<recv response="200"/>': '<recv response="200" optional="true"/>'}
# A caller who gives up once the call has come to wait a second time, which is at the other site.
WHEN_PRESENTED_AGAIN = {
    '<recv response="182"/>': '<recv response="182"><action><exec command="touch waiting"/></action></recv>',
    '<pause milliseconds="700"/>': '<recv response="180" optional="true"/><recv response="182"/>',
    "[branch-5]": "[branch-6]",
    "[branch-10]": "[branch-11]",
}
PHONE_PASSWORD = "tone-and-echo"


@unittest.skipUnless(edge.INSTALLED, "needs Debian's kamailio")
class EdgeTests(agents.Shift, unittest.TestCase):
    """The edge knows north and east; the agent sue works at south, so that she outlives either of them."""

    def setUp(self):
        self.cluster = Cluster("north", "east", "south")
        self.addCleanup(self.cluster.close)
        self.cluster.start()
        agents.prepare(self.cluster, "north", {"sue": "south"}, QUEUES)
        self.edge = edge.Edge(self.cluster, "north", "east")
        self.addCleanup(self.edge.stop)
        wait_for("the edge to answer", lambda: phones_reach(self.edge))
        self.begin_shift()

    def call(self, number, scenario="caller", **options):
        return phones.caller(self.edge, "1000", scenario, caller_number=number, **options)

    def site_of(self, number, unlike=None):
        """The live contact of a number and the site that has it, as south sees it."""
        admin = self.cluster.admin("south")

        def found():
            contacts = [c for c in admin.get("/api/v1/wall")["contacts"] if c["callerNumber"] == number]
            return next((c for c in contacts if c["site"] != unlike), None)

        try:
            return wait_for(f"{number} at a site other than {unlike}", found)
        except AssertionError as error:
            raise AssertionError(f"{error}\n{self.edge.tail()}") from None

    def revive(self, site):
        self.cluster[site].start()
        self.cluster.wait_linked()
        self.edge.wait_said(f"{self.cluster[site].sip} is up")
        for name in self.cluster.sites:
            admin = self.cluster.admin(name)
            wait_for(f"no contact at {name}", lambda: not admin.get("/api/v1/wall")["contacts"])

    def serve(self, sue, caller):
        """Sue's phone takes one call, which the caller ends."""
        phone = sue.phone()
        sue.client.post("/api/v1/desk/state", {"state": "ready"})
        contact = sue.wait_state("talking")["contact"]["id"]
        caller.finish()
        phone.finish()
        return contact

    def test_a_call_passes_the_edge_both_ways(self):
        sue = self.at_work("sue", "south")
        phone = sue.phone()
        self.call("+4931").finish()
        phone.finish()
        sue.finish_wrap_up()
        phone = sue.phone("phone-hangs-up")
        self.call("+4931", "caller-waits-for-bye").finish()
        phone.finish()

    def test_a_site_that_is_dead_before_the_call_takes_none_of_it(self):
        self.call("+4941", "caller-gives-up", instead=EITHER_ORDER).finish()
        # Whom she reached stands in the record; the call itself is over too soon to be watched.
        site = agents.finished_contact(self.cluster, "south", "+4941")[1]["originSite"]
        self.cluster[site].kill()
        began = time.monotonic()
        again = self.call("+4941")
        self.assertNotEqual(self.site_of("+4941", unlike=site)["site"], site)
        print(f"taken by another site {time.monotonic() - began:.1f} s after the call, its own site being dead")
        self.serve(self.at_work("sue", "south", ready=False), again)

    def test_a_caller_whose_site_is_killed_waits_on_at_another_in_the_same_place(self):
        waiting = self.call("+4951")
        old = self.site_of("+4951")
        later = phones.caller(self.cluster["south"], "1000", caller_number="+4952")
        self.site_of("+4952")
        self.cluster[old["site"]].kill()
        killed = time.monotonic()
        new = self.site_of("+4951", unlike=old["site"])
        seconds = time.monotonic() - killed
        print(f"presented at another site {seconds:.1f} s after the death of its own")
        self.assertLess(seconds, 15, "about 3 s on a machine of its own")
        sue = self.at_work("sue", "south", ready=False)
        self.assertEqual(self.serve(sue, waiting), new["id"], "the earlier arrival first")
        phone = sue.phone()
        sue.finish_wrap_up(then="talking")
        later.finish()
        phone.finish()

    def test_a_site_that_is_started_anew_before_it_is_missed_gets_its_callers_back_in_their_places(self):
        # The probes are to miss nothing: what is shown here is what the answer of the new process sets off.
        patient = edge.Edge(self.cluster, "north", "east", folder="patient", PROBES_LOST=60)
        self.addCleanup(patient.stop)
        wait_for("the edge to answer", lambda: phones_reach(patient))
        waiting = phones.caller(patient, "1000", caller_number="+4981")
        old = self.site_of("+4981")
        later = phones.caller(self.cluster["south"], "1000", caller_number="+4982")
        self.site_of("+4982")
        self.cluster[old["site"]].kill()
        self.cluster[old["site"]].start()
        started = time.monotonic()
        patient.wait_said(f"site {self.cluster[old['site']].host}:{self.cluster[old['site']].sip} has been started anew; 1")
        admin = self.cluster.admin("south")

        def back():
            contacts = admin.get("/api/v1/wall")["contacts"]
            return next((c for c in contacts if c["callerNumber"] == "+4981" and c["id"] != old["id"]), None)

        new = wait_for("the caller to be back", back)
        print(f"presented again {time.monotonic() - started:.1f} s after the new start of its site")
        self.assertLess(time.monotonic() - started, 15, "about 2 s on a machine of its own")
        self.assertFalse(patient.said("is down"))
        sue = self.at_work("sue", "south", ready=False)
        self.assertEqual(self.serve(sue, waiting), new["id"], "the earlier arrival first")
        phone = sue.phone()
        sue.finish_wrap_up(then="talking")
        later.finish()
        phone.finish()

    def test_a_caller_gives_up_after_the_site_died(self):
        waiting = self.call("+4961", "caller-gives-up", instead={**EITHER_ORDER, **WHEN_PRESENTED_AGAIN})
        old = self.site_of("+4961")
        wait_for("the caller to hear that she waits", pathlib.Path(waiting.directory.name, "waiting").exists)
        self.cluster[old["site"]].kill()
        waiting.finish()
        _, record = agents.finished_contact(self.cluster, "south", "+4961", other_than=old["id"])
        self.assertNotEqual(record["originSite"], old["site"])
        self.assertEqual((record["outcome"], record["endedBy"]), ("abandoned", "customer"))

    @unittest.skipUnless(baresip.INSTALLED, "needs Debian's baresip-core")
    def test_a_talk_outlives_the_node_that_set_it_up(self):
        south = self.cluster.admin("south")
        own = {"name": "Sue", "site": "south", "tier": "consultant", "skills": ["support:2"], "active": True}
        secrets = {"sipPassword": PHONE_PASSWORD, "password": agents.PASSWORD}
        south.put("/api/v1/agents/sue", {**own, "sipUser": "sue", **secrets})
        phone = baresip.Phone(self.cluster["south"], "sue", 1000, password=PHONE_PASSWORD, answer="auto")
        self.addCleanup(phone.stop)
        phone.wait_registered()
        sue = BareAgent(self.cluster, "sue", "south")
        self.working.append(sue)
        sue.client.post("/api/v1/desk/sign-in")
        wait_for("sue's desk to know her phone", lambda: sue.desk()["agent"]["phone"] == "registered")
        sue.ready()
        caller = baresip.Phone(self.edge, "4971", 440)
        self.addCleanup(caller.stop)
        caller.dial("1000")
        caller.wait("CALL_ESTABLISHED")
        phone.wait("CALL_ESTABLISHED")
        old = self.site_of("4971")
        phone.wait_heard(0.5)
        self.cluster[old["site"]].kill()
        self.edge.wait_said(f"{self.cluster[old['site']].sip} is down")
        phone.wait_heard(2)
        caller.wait_heard(2)
        began = time.monotonic()
        caller.hang_up()
        caller.wait("CALL_CLOSED")
        self.assertNotIn("CALL_CLOSED", [event.get("type") for event in phone.events], "the phone hangs up for itself")
        phone.hang_up()
        phone.wait("CALL_CLOSED")
        print(f"both hung up within {time.monotonic() - began:.1f} s")
        sue.wait_state("wrapUp")
        self.revive(old["site"])
        for name in self.cluster.sites:
            admin = self.cluster.admin(name)
            wait_for(
                f"the record at {name}",
                lambda: (agents.exists(admin, f"/api/v1/contacts/{old['id']}") or {}).get("outcome"),
            )
            self.assertEqual(admin.get(f"/api/v1/contacts/{old['id']}")["outcome"], "siteLost")


class BareAgent(agents.Agent):
    """An agent whose phone is the test's own."""

    def __init__(self, cluster, login, site):
        self.login = login
        self.site = cluster[site]
        self.client = wait_for(f"{login}'s account at {site}", self._sign_in)


def phones_reach(place):
    """Whether something answers OPTIONS there."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as own:
        own.settimeout(0.5)
        own.bind((place.host, 0))
        port = own.getsockname()[1]
        text = (
            f"OPTIONS sip:{place.host}:{place.sip} SIP/2.0\r\n"
            f"Via: SIP/2.0/UDP {place.host}:{port};branch=z9hG4bK{port};rport\r\n"
            f"From: <sip:a@b>;tag=1\r\nTo: <sip:a@b>\r\nCall-ID: {port}\r\nCSeq: 1 OPTIONS\r\nMax-Forwards: 10\r\n"
            "Content-Length: 0\r\n\r\n"
        )
        own.sendto(text.encode(), (place.host, place.sip))
        return own.recv(4096).startswith(b"SIP/2.0 200")


if __name__ == "__main__":
    unittest.main()
