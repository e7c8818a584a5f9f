"""Agents of a test cluster: account, desk and phone in one."""

import phones
from cluster import Problem, free_port, wait_for

PASSWORD = "an agent's password"


def prepare(cluster, at, agents, queues, skills=None):
    """Makes queues ({name: {…}}) and agents ({login: site}) through one site's API and waits until all have them.

    `skills` ({login: […]}) names those of agents who have others than the usual one.
    """
    admin = cluster.admin(at)
    for name, queue in queues.items():
        put_rule(admin, f"/api/v1/queues/{name}", queue)
    for login, site in agents.items():
        admin.put(
            f"/api/v1/agents/{login}",
            {
                "name": login.capitalize(),
                "site": site,
                "tier": "consultant",
                "skills": (skills or {}).get(login, ["support:2"]),
                "sipUser": login,
                "sipPassword": PASSWORD,
                "password": PASSWORD,
                "active": True,
            },
        )
    for name in cluster.sites:
        admin = cluster.admin(name)
        for queue in queues:
            wait_for(f"queue {queue} at {name}", lambda: queue in [q["id"] for q in admin.get("/api/v1/queues")["items"]])
        for login in agents:
            wait_for(f"agent {login} at {name}", lambda: exists(admin, f"/api/v1/agents/{login}"))


def put_rule(admin, path, body):
    """Writes a rule as soon as all sites have told each other, a moment after the start, that they know such rules."""

    def attempt():
        try:
            return admin.put(path, body)
        except Problem as problem:
            if problem.status == 503:
                return None
            raise

    return wait_for(f"{path} to be taken", attempt)


def exists(client, path):
    try:
        return client.get(path)
    except Problem as problem:
        if problem.status == 404:
            return None
        raise


def live_contact(admin, caller_number):
    """The live contact of a number as a site's wall shows it; None when there is none."""
    return next((c for c in admin.get("/api/v1/wall")["contacts"] if c["callerNumber"] == caller_number), None)


def waiting_contact(cluster, at, caller_number):
    """The contact of a number, as soon as a site sees it wait."""
    admin = cluster.admin(at)

    def found():
        contact = live_contact(admin, caller_number)
        return contact if contact and contact["state"] == "waiting" else None

    return wait_for(f"{caller_number} to be seen waiting at {at}", found)


def finished_contact(cluster, at, caller_number, other_than=None):
    """The ticket and the record of the latest call from a number, once that call is over as a site knows it.

    `other_than` is the id of a contact that is not meant.
    """
    admin = cluster.admin(at)

    def found():
        for item in admin.get("/api/v1/tickets?limit=50")["items"]:
            for contact in (one for one in item["contacts"] if one["id"] != other_than):
                full = admin.get(f"/api/v1/contacts/{contact['id']}")
                if full["callerNumber"] == caller_number:
                    return (item, full) if full["outcome"] else None
        return None

    return wait_for(f"the finished contact of {caller_number} at {at}", found)


def wait_seen(cluster, at, login, state="ready"):
    """Waits until a site sees an agent in a state."""
    admin = cluster.admin(at)
    wait_for(
        f"{login} to be seen as {state} at {at}",
        lambda: any(a["id"] == login and a["state"] == state for a in admin.get("/api/v1/wall")["agents"]),
    )


class Agent:
    """An agent at work: signed in at a site, with a registered phone."""

    def __init__(self, cluster, login, site):
        self.login = login
        self.site = cluster[site]
        self.port = free_port()
        self.client = wait_for(f"{login}'s account at {site}", lambda: self._sign_in())
        phones.register(self.site, login, PASSWORD, self.port)
        self.client.post("/api/v1/desk/sign-in")

    def _sign_in(self):
        try:
            return self.site.client.sign_in(self.login, PASSWORD)
        except Problem:
            return None

    def ready(self):
        self.client.post("/api/v1/desk/state", {"state": "ready"})
        self.wait_state("ready")

    def not_ready(self, reason="break"):
        self.client.post("/api/v1/desk/state", {"state": "notReady", "reason": reason})

    def finish_wrap_up(self, then="ready"):
        """Ends the paperwork; `then` is what the agent does next, `talking` when a caller has waited for it."""
        self.wait_state("wrapUp")
        self.client.post("/api/v1/desk/wrap-up", {"action": "finish"})
        self.wait_state(then)

    def phone(self, scenario="phone", **options):
        return phones.phone(self.site, self.login, self.port, scenario, **options)

    def desk(self):
        return self.client.get("/api/v1/desk")

    def wait_state(self, *states):
        def reached():
            desk = self.desk()
            assert desk["agent"]["state"] in states, f"the desk says {desk['agent']['state']}"
            return desk

        return wait_for(f"{self.login} to be {' or '.join(states)}", reached)

    def sign_out(self):
        """Ends what is left of a call, then the shift."""
        contact = self.desk()["contact"]
        if contact and contact["state"] in ("talking", "held"):
            self.client.post("/api/v1/desk/hang-up", {"contact": contact["id"]})
            self.wait_state("wrapUp")
        if self.desk()["agent"]["state"] == "wrapUp":
            self.client.post("/api/v1/desk/wrap-up", {"action": "finish"})
        self.client.post("/api/v1/desk/sign-out")


class Shift:
    """Part of a test case: its agents are at work until the end of the test. `cluster` is the test's."""

    def begin_shift(self):
        self.working = []
        self.addCleanup(self.end_shift)

    def end_shift(self):
        phones.stop_all()
        for agent in self.working:
            agent.sign_out()

    def at_work(self, login, site, ready=True):
        """An agent who is signed in, and seen as ready by every site unless told otherwise."""
        agent = Agent(self.cluster, login, site)
        self.working.append(agent)
        if ready:
            agent.ready()
            for name in self.cluster.sites:
                wait_seen(self.cluster, name, login)
        return agent
