"""Calls between phones of another make: baresip registers, rings, and sound flows from one end to the other."""

import os
import pathlib
import unittest

import agents
import baresip
from cluster import Cluster, Problem, wait_for

QUEUE = {
    "name": "Support",
    "numbers": ["1000"],
    "requiredSkills": ["support:1"],
    "serviceLevelSeconds": 20,
    "ringSeconds": 15,
    "wrapUpSeconds": 60,
    "strategy": "leastHandlingTime",
    "priority": 0,
    "affinitySeconds": 0,
}
CALLER_TONE, AGENT_TONE = 440, 1000  # Hz; neither is a multiple of the other
PHONE_PASSWORD = "tone-and-echo"


class Worker(agents.Agent):
    """An agent signed in at the desk whose phone is the test's own."""

    def __init__(self, cluster, login, site):
        self.login = login
        self.site = cluster[site]
        self.client = wait_for(f"{login}'s account at {site}", self._sign_in)


def udp_ports(pid):
    """The UDP ports that a process holds."""
    own = set()
    for entry in pathlib.Path(f"/proc/{pid}/fd").iterdir():
        try:
            target = os.readlink(entry)
        except FileNotFoundError:
            continue
        if target.startswith("socket:["):
            own.add(target[len("socket:[") : -1])
    rows = [line.split() for line in pathlib.Path(f"/proc/{pid}/net/udp").read_text().splitlines()[1:]]
    return {int(row[1].split(":")[1], 16) for row in rows if row[9] in own}


@unittest.skipUnless(baresip.INSTALLED, "needs Debian's baresip-core")
class PhoneTests(unittest.TestCase):
    """The caller dials in at north; sue works at south. Both hold a baresip."""

    @classmethod
    def setUpClass(cls):
        cls.cluster = Cluster("north", "south")
        cls.addClassCleanup(cls.cluster.close)
        cls.cluster.start()
        agents.prepare(cls.cluster, "north", {"sue": "south"}, {"support": QUEUE})
        south = cls.cluster.admin("south")
        sue = {"name": "Sue", "site": "south", "tier": "consultant", "skills": ["support:2"], "active": True}
        south.put("/api/v1/agents/sue", dict(sue, sipUser="sue", sipPassword=PHONE_PASSWORD))

    def phone(self, site, user, tone, **options):
        phone = baresip.Phone(self.cluster[site], user, tone, **options)
        self.addCleanup(phone.stop)
        return phone

    def at_work(self, **options):
        """Sue, ready, and her registered phone."""
        phone = self.phone("south", "sue", AGENT_TONE, password=PHONE_PASSWORD, **options)
        phone.wait_registered()
        sue = Worker(self.cluster, "sue", "south")
        sue.client.post("/api/v1/desk/sign-in")
        self.addCleanup(sue.sign_out)
        wait_for("sue's desk to know her phone", lambda: sue.desk()["agent"]["phone"] == "registered")
        sue.ready()
        north = self.cluster.admin("north")
        wait_for(
            "sue to be seen as ready at north",
            lambda: any(a["id"] == "sue" and a["state"] == "ready" for a in north.get("/api/v1/wall")["agents"]),
        )
        return sue, phone

    def check_talk(self, sue, phone, caller):
        """While both talk: sound comes in at both, straight from the other phone. Returns the contact's id."""
        contact = sue.wait_state("talking")["contact"]["id"]
        caller.wait("CALL_ESTABLISHED")
        phone.wait_heard(1)
        caller.wait_heard(1)
        self.assertEqual(phone.media_sources(), {caller.rtp})
        self.assertEqual(caller.media_sources(), {phone.rtp})
        for site in self.cluster.sites.values():
            self.assertEqual(udp_ports(site.process.pid), {site.sip}, f"{site.name} holds a port for media")
        return contact

    def check_sound(self, phone, caller):
        """After the call: each phone recorded only the other's tone, and the nodes changed no session description."""
        for hearer, tone, own in ((phone, CALLER_TONE, AGENT_TONE), (caller, AGENT_TONE, CALLER_TONE)):
            rate, heard = hearer.heard()
            self.assertGreaterEqual(len(heard), rate)
            middle = heard[len(heard) // 4 :][: rate // 2]
            self.assertGreater(baresip.share(rate, middle, tone), 0.9, f"{hearer.user} should hear {tone} Hz")
            self.assertLess(baresip.share(rate, middle, own), 0.01, f"{hearer.user} hears itself")
        self.assertGreaterEqual(len(phone.descriptions()), 2)
        # Port 9 discards: with it the agent's phone says, on its own leg alone, that it has no sound yet.
        said = [one for one in phone.descriptions() if "m=audio 9 " not in one]
        self.assertEqual(said, caller.descriptions())

    def check_record(self, contact, ended_by, caller):
        """Both sites hold the same record of the finished call."""
        for record in self.finished(contact):
            self.assertEqual((record["endedBy"], record["outcome"]), (ended_by, "answered"))
            self.assertEqual((record["originSite"], record["agentSite"], record["agent"]), ("north", "south", "sue"))
            self.assertEqual(record["callerNumber"], caller.user)
            self.assertGreaterEqual(record["talkMs"], 900)

    def finished(self, contact):
        """The record of a finished call, from each site."""

        def attempt(admin):
            try:
                record = admin.get(f"/api/v1/contacts/{contact}")
            except Problem as problem:
                if problem.status == 404:
                    return None
                raise
            return record if record["outcome"] else None

        for name in self.cluster.sites:
            admin = self.cluster.admin(name)
            yield wait_for(f"the finished record at {name}", lambda admin=admin: attempt(admin))

    def test_sound_flows_between_the_phones_until_the_caller_hangs_up(self):
        sue, phone = self.at_work(answer="auto")
        caller = self.phone("north", "+4930101", CALLER_TONE)
        caller.dial("1000")
        contact = self.check_talk(sue, phone, caller)
        caller.hang_up()
        phone.wait("CALL_CLOSED")
        sue.wait_state("wrapUp")
        self.check_sound(phone, caller)
        self.check_record(contact, "customer", caller)

    def test_the_phone_rings_until_the_agent_takes_the_call_and_hangs_up(self):
        sue, phone = self.at_work()
        caller = self.phone("north", "+4930102", CALLER_TONE)
        caller.dial("1000")
        phone.wait("CALL_INCOMING")
        caller.wait("CALL_RINGING")
        self.assertEqual(sue.wait_state("ringing")["contact"]["callerNumber"], "+4930102")
        phone.accept()
        contact = self.check_talk(sue, phone, caller)
        phone.hang_up()
        caller.wait("CALL_CLOSED")
        sue.wait_state("wrapUp")
        self.check_sound(phone, caller)
        self.check_record(contact, "agent", caller)

    def test_phones_on_tcp_talk_as_well(self):
        sue, phone = self.at_work(answer="auto", transport="tcp")
        caller = self.phone("north", "+4930103", CALLER_TONE, transport="tcp")
        caller.dial("1000")
        contact = self.check_talk(sue, phone, caller)
        caller.hang_up()
        phone.wait("CALL_CLOSED")
        sue.wait_state("wrapUp")
        self.check_sound(phone, caller)
        self.check_record(contact, "customer", caller)
        for end in (phone, caller):
            self.assertNotIn("\nUDP ", end.trace())

    def test_hold_and_resume_at_the_phone_reach_the_caller_and_the_desk(self):
        sue, phone = self.at_work(answer="auto")
        caller = self.phone("north", "+4930104", CALLER_TONE)
        caller.dial("1000")
        contact = self.check_talk(sue, phone, caller)
        phone.hold()
        wait_for("the call to be held", lambda: sue.desk()["contact"]["state"] == "held")
        wait_for("the caller's phone to agree", lambda: len(phone.directions()) == 4)
        phone.resume()
        wait_for("the call to go on", lambda: sue.desk()["contact"]["state"] == "talking")
        # Sound is not asked for again: after a hold this baresip plays nothing, two of them alone neither.
        wait_for("the caller's phone to agree again", lambda: len(phone.directions()) == 6)
        self.assertEqual(phone.directions(), ["sendrecv"] * 2 + ["sendonly", "recvonly"] + ["sendrecv"] * 2)
        caller.hang_up()
        phone.wait("CALL_CLOSED")
        sue.wait_state("wrapUp")
        self.check_sound(phone, caller)
        self.check_record(contact, "customer", caller)

    def test_a_caller_who_gives_up_stops_the_ringing_and_frees_the_agent(self):
        sue, phone = self.at_work()
        caller = self.phone("north", "+4930105", CALLER_TONE)
        caller.dial("1000")
        phone.wait("CALL_INCOMING")
        contact = sue.wait_state("ringing")["contact"]["id"]
        caller.hang_up()
        phone.wait("CALL_CLOSED")
        sue.wait_state("ready")
        for record in self.finished(contact):
            self.assertEqual((record["endedBy"], record["outcome"]), ("customer", "abandoned"))

    def test_a_refused_call_waits_and_comes_back_when_the_agent_is_ready(self):
        sue, phone = self.at_work()
        caller = self.phone("north", "+4930106", CALLER_TONE)
        caller.dial("1000")
        phone.wait("CALL_INCOMING")
        phone.hang_up()
        sue.wait_state("notResponding")
        north = self.cluster.admin("north")
        wait_for(
            "the caller to wait",
            lambda: [contact["state"] for contact in north.get("/api/v1/wall")["contacts"]] == ["waiting"],
        )
        sue.client.post("/api/v1/desk/state", {"state": "ready"})
        phone.wait("CALL_INCOMING", times=2)
        phone.accept()
        contact = self.check_talk(sue, phone, caller)
        phone.hang_up()
        caller.wait("CALL_CLOSED")
        sue.wait_state("wrapUp")
        self.check_sound(phone, caller)
        self.check_record(contact, "agent", caller)

    def test_a_phone_that_dies_in_a_call_ends_it_and_nobody_is_blamed(self):
        sue, phone = self.at_work(answer="auto", transport="tcp")
        caller = self.phone("north", "+4930107", CALLER_TONE)
        caller.dial("1000")
        contact = self.check_talk(sue, phone, caller)
        phone.lose()
        caller.wait("CALL_CLOSED")
        sue.wait_state("wrapUp")
        wait_for("sue's desk to miss her phone", lambda: sue.desk()["agent"]["phone"] == "unregistered")
        self.check_record(contact, "network", caller)


if __name__ == "__main__":
    unittest.main()
