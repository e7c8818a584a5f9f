"""Phones of other makes with a real cluster: what each of them can do, as a table. Run by scripts/interop."""

import sys
import time

import agents
import baresip
import linphone
import phones
from cluster import Cluster, wait_for

QUEUE = {
    "name": "Support", "numbers": ["1000"], "requiredSkills": ["support:1"], "serviceLevelSeconds": 20,
    "ringSeconds": 20, "wrapUpSeconds": 0, "affinitySeconds": 0,
}
PHONE_PASSWORD = "tone-and-echo"
STEPS = ("registers", "rings", "talks", "holds", "resumes", "transfers", "hangs up")


class Worker(agents.Agent):
    """An agent at the desk whose phone is of another make."""

    def __init__(self, cluster, login, site):
        self.login = login
        self.site = cluster[site]
        self.client = wait_for(f"{login}'s account at {site}", self._sign_in)


class BaresipDesk(baresip.Phone):
    """baresip as an agent's phone."""

    def __init__(self, site, user, password, transport):
        super().__init__(site, user, 1000, password=password, transport=transport)

    def wait_rings(self):
        self.wait("CALL_INCOMING")

    def transfer(self, number):
        self.command("transfer", f"sip:{number}@{self.site.host}:{self.site.sip}")


MAKES = {
    "baresip": (baresip.INSTALLED, BaresipDesk),
    "linphone": (linphone.INSTALLED, linphone.Linphone),
}


class Trial:
    """One phone's call from the queue, step by step."""

    def __init__(self, cluster, make, transport, number):
        self.cluster, self.number = cluster, number
        self.phone = MAKES[make][1](cluster["south"], "sue", PHONE_PASSWORD, transport)
        self.sue = Worker(cluster, "sue", "south")
        self.caller = None

    def run(self):
        """The outcome of each step; after a failure nothing more is tried, unless only the transfer went wrong."""
        outcomes = {}
        for step in STEPS:
            try:
                outcomes[step] = getattr(self, step.replace(" ", "_"))() or "yes"
            except (AssertionError, RuntimeError, agents.Problem) as error:
                outcomes[step] = "NO"
                print(f"{self.number} {step}: {error}", file=sys.stderr)
                if step != "transfers":
                    break
        return outcomes

    def registers(self):
        self.phone.wait_registered()
        self.sue.client.post("/api/v1/desk/sign-in")
        wait_for("the desk to know the phone", lambda: self.sue.desk()["agent"]["phone"] == "registered")
        self.sue.ready()

    def rings(self):
        self.caller = baresip.Phone(self.cluster["north"], self.number, 440)
        self.caller.dial("1000")
        self.phone.wait_rings()

    def talks(self):
        self.phone.accept()
        self.contact = self.sue.wait_state("talking")["contact"]["id"]
        self.caller.wait("CALL_ESTABLISHED")
        self.caller.wait_heard(1)

    def wait_contact(self, state):
        wait_for(f"the desk to show {state}", lambda: (self.sue.desk()["contact"] or {}).get("state") == state, 20)

    def holds(self):
        self.phone.hold()
        self.wait_contact("held")

    def resumes(self):
        self.phone.resume()
        self.wait_contact("talking")  # sound is not asked for again: after a hold baresip plays nothing

    def transfers(self):
        """To a queue where nobody else works: the caller waits again, and comes back."""
        self.phone.transfer("1001")
        admin = self.cluster.admin("north")

        def waits():
            contacts = admin.get("/api/v1/wall")["contacts"]
            return any(c["callerNumber"] == self.number and c["state"] == "waiting" for c in contacts)

        try:
            wait_for("the caller to wait in the other queue", waits, 10)
        except AssertionError:
            if (self.sue.desk()["contact"] or {}).get("id") == self.contact:
                return "refused"
            raise
        return "yes"

    def hangs_up(self):
        """The phone, or the caller when the phone has given the call away."""
        if self.sue.desk()["contact"]:
            self.phone.hang_up()
        else:
            self.caller.hang_up()
        self.caller.wait("CALL_CLOSED")
        admin = self.cluster.admin("north")
        wait_for("the end of the call", lambda: not admin.get("/api/v1/wall")["contacts"], 20)

    def close(self):
        for phone in (self.caller, self.phone):
            if phone:
                phone.stop()
        phones.stop_all()
        wait_for("the end of the call", lambda: not self.cluster.admin("north").get("/api/v1/wall")["contacts"], 20)
        try:
            self.sue.sign_out()
        except agents.Problem as problem:
            print(f"sign-out: {problem}", file=sys.stderr)


def main():
    transports = sys.argv[1:] or ["udp", "tcp"]
    rows = []
    with Cluster("north", "south") as cluster:
        cluster.start()
        other = {**QUEUE, "name": "Sales", "numbers": ["1001"], "requiredSkills": ["sales:1"]}
        agents.prepare(cluster, "north", {"sue": "south"}, {"support": QUEUE, "sales": other})
        sue = {"name": "Sue", "site": "south", "tier": "consultant", "skills": ["support:2"], "active": True}
        cluster.admin("south").put("/api/v1/agents/sue", {**sue, "sipUser": "sue", "sipPassword": PHONE_PASSWORD})
        for make, (is_installed, _) in MAKES.items():
            for transport in transports:
                if not is_installed:
                    rows.append((make, transport, {"registers": "not installed"}))
                    continue
                trial = Trial(cluster, make, transport, f"49{len(rows):03}")
                try:
                    rows.append((make, transport, trial.run()))
                finally:
                    trial.close()
                time.sleep(1)  # a phone that has just left takes its registration with it
    widths = [max(len(step), 7) for step in STEPS]
    print("phone".ljust(10) + "way".ljust(6) + "  ".join(s.ljust(w) for s, w in zip(STEPS, widths)))
    for make, transport, outcomes in rows:
        cells = (outcomes.get(step, "-").ljust(width) for step, width in zip(STEPS, widths))
        print(make.ljust(10) + transport.ljust(6) + "  ".join(cells))
    return 1 if any("NO" in outcomes.values() for _, _, outcomes in rows) else 0


if __name__ == "__main__":
    sys.exit(main())
