"""A call centre with phones that tests work by hand, and a carrier that is one of them."""

import agents
import phones
from agents import PASSWORD
from cluster import Cluster, Problem, wait_for
from sipphone import SIPPhone
from voice import Voice

OUTSIDE = "127.0.0.2"  # the carrier's address, and that of everybody who calls through it


def trunk_config(port, probe_seconds):
    """What a site's file says of the carrier and of how often phones are asked; it follows the section `sip`."""
    return (
        f"  phoneProbeSeconds: {probe_seconds}\n"
        f"  trunks:\n    - name: carrier\n      host: {OUTSIDE}\n      port: {port}\n"
        f"      sources: [{OUTSIDE}/32]\n      probeSeconds: 0\n"
        'outbound:\n  trunk: carrier\n  callerNumber: "+4930100"\n'
    )


def queue(name, number, **changes):
    return {
        "name": name,
        "numbers": [number],
        "requiredSkills": [f"{name.lower()}:1"],
        "serviceLevelSeconds": 20,
        "ringSeconds": 5,
        "wrapUpSeconds": 0,
        "strategy": "longestIdle",
        "priority": 0,
        "affinitySeconds": 0,
        **changes,
    }


class FloorAgent(agents.Agent):
    """An agent whose phone is a `SIPPhone`."""

    def __init__(self, cluster, login, site, voice=None):
        self.login, self.site = login, cluster[site]
        self.client = wait_for(f"{login}'s account at {site}", self._sign_in)
        self.line = SIPPhone(login, PASSWORD, voice=voice)
        self.line.register(self.site)
        self.client.post("/api/v1/desk/sign-in")

    def order(self, what, contact=None, **body):
        """Does something with the call on the desk."""
        contact = contact or self.desk()["contact"]["id"]
        return self.client.post(f"/api/v1/desk/contacts/{contact}/{what}", body or None)

    def call(self):
        """What the desk says of the call in hand."""
        contact = self.desk()["contact"]
        return (contact["call"] or {}) if contact else {}

    def consult_state(self):
        return (self.call().get("consult") or {}).get("state")


class Floor:
    """Part of a test case: the cluster, its carrier, and agents and callers that are gone after each test."""

    @classmethod
    def open_floor(cls, names, queues, people, extra=None, probe_seconds=0):
        """Starts sites; `people` is {login: (site, [skills])}, `extra` gives text for a site's file."""
        cls.cluster = Cluster(*names)
        cls.addClassCleanup(cls.cluster.close)
        cls.carrier = SIPPhone("carrier", host=OUTSIDE)
        cls.addClassCleanup(cls.carrier.close)
        for site in cls.cluster.sites.values():
            site.write_config(trunk_config(cls.carrier.port, probe_seconds) + (extra(site) if extra else ""))
            site.start(wait=False)
        for site in cls.cluster.sites.values():
            site.wait_ready()
        cls.cluster.wait_linked()
        sites = {login: site for login, (site, _) in people.items()}
        skills = {login: known for login, (_, known) in people.items()}
        agents.prepare(cls.cluster, names[0], sites, queues, skills)

    def begin_work(self):
        self.working, self.lines = [], []
        self.taken = len(self.carrier.calls)
        self.addCleanup(self.end_work)

    def end_work(self):
        phones.stop_all()
        for line in self.lines:
            line.close()
        for call in self.carrier.calls:
            call.hang_up()
        for agent in self.working:
            try:
                agent.sign_out()
            except Problem:
                pass  # what went wrong is in the test's own words
            agent.line.close()
        for line in [*self.lines, *(agent.line for agent in self.working), self.carrier]:
            line.check()

    def at_work(self, login, site, ready=True, tone=None):
        """An agent at work, seen as ready everywhere, or given at once to somebody who waits for her."""
        agent = FloorAgent(self.cluster, login, site, Voice(tone) if tone else None)
        self.working.append(agent)
        if ready == "for who waits":
            agent.client.post("/api/v1/desk/state", {"state": "ready"})
        elif ready:
            agent.ready()
            for name in self.cluster.sites:
                agents.wait_seen(self.cluster, name, login)
        return agent

    def caller(self, number, tone=None):
        """The phone of somebody outside."""
        line = SIPPhone(number, host=OUTSIDE, voice=Voice(tone, OUTSIDE) if tone else None)
        self.lines.append(line)
        return line

    def connected(self, number, agent, dialled, site="north", tone=None, after=0):
        """A caller who talks with an agent: the call at both phones."""
        line = self.caller(number, tone)
        call = line.call(self.cluster[site], dialled)
        theirs = agent.line.next_call(after=after)
        self.until("the caller to be answered", lambda: call.state == "talking")
        agent.wait_state("talking")
        return call, theirs

    def until(self, what, condition, seconds=15):
        return wait_for(what, condition, seconds)

    def outside_call(self, state="talking", after=0):
        """A call that the carrier got in this test."""
        return self.carrier.next_call(state, self.taken + after)

    def record(self, number, at="north"):
        """The record of the contact of a number, once it is over."""
        return agents.finished_contact(self.cluster, at, number)[1]
