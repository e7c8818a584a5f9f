"""Agents of a test cluster: account, desk and phone in one."""

import phones
from cluster import Problem, free_port, wait_for

PASSWORD = "an agent's password"


def prepare(cluster, at, agents, queues):
    """Makes queues ({name: {…}}) and agents ({login: site}) through one site's API and waits until all have them."""
    admin = cluster.admin(at)
    for name, queue in queues.items():
        admin.put(f"/api/v1/queues/{name}", queue)
    for login, site in agents.items():
        admin.put(
            f"/api/v1/agents/{login}",
            {
                "name": login.capitalize(),
                "site": site,
                "tier": "consultant",
                "skills": ["support:2"],
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


def exists(client, path):
    try:
        return client.get(path)
    except Problem as problem:
        if problem.status == 404:
            return None
        raise


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

    def finish_wrap_up(self):
        self.wait_state("wrapUp")
        self.client.post("/api/v1/desk/wrap-up", {"action": "finish"})
        self.wait_state("ready")

    def phone(self, scenario="phone", **options):
        return phones.phone(self.site, self.login, self.port, scenario, **options)

    def desk(self):
        return self.client.get("/api/v1/desk")

    def wait_state(self, *states):
        return wait_for(
            f"{self.login} to be {' or '.join(states)}",
            lambda: (lambda desk: desk if desk["agent"]["state"] in states else None)(self.desk()),
        )

    def sign_out(self):
        """Ends what is left of a call, then the shift."""
        contact = self.desk()["contact"]
        if contact and contact["state"] in ("talking", "held"):
            self.client.post("/api/v1/desk/hang-up", {"contact": contact["id"]})
            self.wait_state("wrapUp")
        if self.desk()["agent"]["state"] == "wrapUp":
            self.client.post("/api/v1/desk/wrap-up", {"action": "finish"})
        self.client.post("/api/v1/desk/sign-out")
