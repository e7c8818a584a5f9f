"""What the sites of the stand-in share: people, agents, queues, contacts, tickets, and what happens to them."""

import threading
import time

import mock_data as data
import mock_rules
from mock_calls import Calls, Refused, line

#: Login to role, agent and name.
ACCOUNTS = {"lin": ("agent", "lin", "Lin Mei 林梅"), "may": ("supervisor", "lin", "May Lin"), "sue": ("supervisor", None, "Sue Archer"), "root": ("administrator", None, "Root Admin")}


class Cluster(Calls):
    """The state that all mock sites share: records, one agent's desk, the wall."""

    def __init__(self):
        super().__init__()
        self.lock = threading.RLock()
        self.streams = []
        self.urls = {}
        self.people = data.customers()
        self.tickets = data.tickets(self.people)
        self.overwritten = []
        self.rules = mock_rules.Rules()
        self.merges = set()
        self.files, self.coming = {}, 0
        self.signed_in = None
        self.lost = None
        self.cut = set()
        self.busy = False
        self.contact = None
        self.texts = []
        self.break_ahead = None
        self.calls = 0
        self.extensions = 0
        self.agent = {"state": "loggedOut", "reason": None, "since": data.stamp(), "stateExpiresAt": None, "phone": "registered"}

    # What the desk does.

    def become(self, state, reason=None, expires=None):
        self.agent.update(state=state, reason=reason, since=data.stamp(), stateExpiresAt=expires)
        self.tell()

    def ring(self, customer, number, queue_name="support", site="east"):
        """A caller reaches this agent; `customer` None is an unknown caller."""
        with self.lock:
            self.calls += 1
            self.contact = {"id": f"north-7-{200 + self.calls}", "queue": queue_name, "callerNumber": number, "customer": customer,
                            "state": "offered", "since": data.stamp(), "originSite": site}
            self.become("ringing", expires=data.stamp(-20))

    # Contacts of text, in `texts`; several at once, each for 20 of the agent's capacity.

    def write(self, customer, title, channel="chat", queue_name="support", site="east", who="", seconds=30):
        """Somebody writes and is offered to this agent."""
        with self.lock:
            self.calls += 1
            made = {"id": f"{site}-7-{200 + self.calls}", "queue": queue_name, "callerNumber": who, "customer": customer, "channel": channel, "title": title, "taken": False,
                    "state": "offered", "since": data.stamp(), "stateExpiresAt": data.stamp(-seconds), "originSite": site}
            self.texts.append(made)
            self.become(self.engaged("ringing"))
            return made

    def engaged(self, otherwise="ready"):
        """The agent's state with the contacts that there are."""
        states = [one["state"] for one in self.texts + ([self.contact] if self.contact else [])]
        return next((name for state, name in (("talking", "talking"), ("offered", "ringing"), ("wrapUp", "wrapUp")) if state in states), otherwise)

    def move(self, contact, state, seconds=None):
        contact.update(state=state, taken=False, since=data.stamp(), stateExpiresAt=None if seconds is None else data.stamp(-seconds))
        self.become(self.engaged(), expires=contact["stateExpiresAt"])

    def drop(self, contact):
        self.texts.remove(contact)
        self.become(self.engaged())

    def text(self, key):
        return next((one for one in self.texts if one["id"] == key), None) or self.missing(key)

    def order(self, key, action, body):
        """What the desk asks about one contact of text."""
        one = self.text(key)
        wanted = {"accept": "offered", "decline": "offered", "finish": "talking", "wrap-up": "wrapUp"}[action]
        if one["state"] != wanted:
            raise Refused(409, "The contact is not in that state.")
        match action:
            case "accept":
                self.move(one, "talking")
            case "finish":
                self.move(one, "wrapUp", 30)
            case "wrap-up" if body["action"] == "extend":
                self.move(one, "wrapUp", 60)
            case _:
                self.drop(one)

    def answer(self):
        self.contact.update(state="talking", since=data.stamp(), call=line())
        self.become("talking")

    def end(self):
        self.contact.update(state="wrapUp", since=data.stamp(), call=None)
        self.become("wrapUp", expires=data.stamp(-30))

    def finish(self):
        self.contact = None
        self.become("ready")

    def scene(self, name):
        with self.lock:
            self.lost, self.contact, self.busy, self.texts, self.break_ahead = None, None, False, [], None
            if name == "idle":
                self.become("notReady", "break")
            elif name == "ready":
                self.become("ready")
            elif name in ("offered", "talking", "wrapup"):
                self.ring("c1", "+8659187654321")
                if name != "offered":
                    self.answer()
                if name == "wrapup":
                    self.end()
            elif name == "unknown":
                self.ring(None, "+8657155550199")
                self.answer()
            elif name == "chats":
                self.move(self.write("c2", "掃描件上傳後無法預覽"), "talking")
                self.move(self.write("c3", "Invoice of October", channel="email", queue_name="billing", site="north"), "talking")
                self.write(None, "No light on port 2", who="d.okafor@example.org")
            elif name in ("lost", "busy"):
                self.lost = ("south", time.time() - 42) if name == "lost" else None
                self.busy = True
                self.become("ready")
            else:
                raise Refused(404, f"there is no scene {name}")

    # What pages show.

    def desk(self, site):
        contacts = [self.on_desk(one, site) for one in ([self.contact] if self.contact else []) + self.texts]
        ranks = ("talking", "held", "offered", "wrapUp")
        taken = min(100, sum(100 if one["channel"] in ("voice", "callback") else 20 for one in contacts))
        breaks = [{"key": one["id"], **{name: one[name] for name in ("name", "nameHans", "nameHant", "paid", "longestMinutes")}}
                  for one in sorted(self.rules.tables["break-reasons"].values(), key=lambda one: one["order"]) if one["active"]]
        agent = {"id": "lin", "name": ACCOUNTS["lin"][2], "site": self.signed_in or "north", **self.agent, "occupied": taken, "breakAhead": self.break_ahead,
                 "answersOn": self.answers_on, "isOpen": taken < 100 and self.agent["state"] not in ("loggedOut", "notReady", "notResponding") and not self.break_ahead}
        return {"agent": agent, "contact": min(contacts, key=lambda one: ranks.index(one["state"]), default=None), "contacts": contacts,
                "breaks": breaks, "breakReasons": [one["key"] for one in breaks], "supervision": self.supervision}

    def on_desk(self, contact, site):
        customer = self.shown(self.people, contact["customer"]) if contact["customer"] else None
        mine = self.tickets_of(customer["id"]) if customer else []
        return {"channel": "voice", "title": "", "taken": False, "stateExpiresAt": None, "call": None, **contact, "direction": "inbound",
                "queue": {"id": contact["queue"], "name": dict(data.QUEUES)[contact["queue"]]}, "agentSite": self.signed_in or site, "ticket": None, "customer": customer,
                "latestTicket": mine[0] if mine else None, "history": [data.summary(one) for one in mine]}

    def wall(self, site):
        lost = self.lost[0] if self.lost else None
        age = int((time.time() - self.lost[1]) * 1000) if self.lost else 0
        rows, agents, contacts = [], [], self.contacts()
        for key, name, place, state, reason in data.AGENTS:
            if key == "lin":
                place, state, reason = self.signed_in or "north", self.agent["state"], self.agent["reason"]
            stale = place == lost
            agents.append({"id": key, "name": name, "site": place, "state": "unreachable" if stale else state, "reason": reason,
                           "since": self.agent["since"] if key == "lin" else data.stamp(60 + 37 * len(key) + 11 * len(agents)), "queueContact": None,
                           "contact": next((one["id"] for one in contacts if one["agent"] == key), None), "ageMs": age if stale else 40, "stale": stale, "handlingTodayMs": 1_000_000 + 311_000 * len(agents)})
        for key, name in data.SITES:
            here = [one for one in agents if one["site"] == key]
            count = lambda *states: sum(1 for one in here if one["state"] in states)
            rows.append({"id": key, "name": name, "state": "self" if key == site else "unreachable" if key == lost else "up",
                         "ageMs": age if key == lost else 0 if key == site else 35, "waiting": sum(1 for one in contacts if one["site"] == key and one["state"] == "waiting"),
                         "agentsReady": count("ready"), "agentsBusy": count("ringing", "talking", "held", "wrapUp", "reserved"),
                         "agentsNotReady": count("notReady", "notResponding"), "url": self.urls.get(key, "http://127.0.0.1:9")})
        return {"asOf": data.stamp(), "servedBy": site, "sites": rows, "links": self.links(lost), "queues": self.queues(contacts, site, lost, age), "agents": agents,
                "contacts": contacts, "breaks": self.desk(site)["breaks"], "teams": data.groups(agents, lambda one: "Escalation" if one["id"] in ("anna", "chen", "he") else "First line"),
                "staff": data.groups(agents, lambda one: one["site"]), "completeness": {"heard": 2 if lost else 3, "of": 3}}

    def links(self, lost):
        rows = []
        for a, b in (("east", "north"), ("north", "south"), ("east", "south")):
            down = lost in (a, b) or frozenset((a, b)) in self.cut
            for x, y in ((a, b), (b, a)):
                rows.append({"from": x, "to": y, "state": "unknown" if x == lost else "down" if down else "up", "rttMs": None if down else 2.4, "since": data.stamp(42 if down else 7200)})
        return rows

    def queues(self, contacts, site, lost, age):
        rows = []
        for n, (key, name) in enumerate(data.QUEUES):
            waiting = [one["since"] for one in contacts if one["queue"] == key and one["state"] == "waiting"]
            rows.append({"id": key, "name": name, "waiting": len(waiting), "longestWaitMs": 0, "longestSince": min(waiting, default=None), "agentsReady": 4 - n % 3,
                         "agentsBusy": 3 - n % 2, "answeredToday": 214 - 47 * n, "abandonedToday": 9 - 2 * n, "serviceLevel": None if n == 3 else 0.91 - 0.06 * n,
                         **data.figures(n, [(one, 0 if one == site else age if one == lost else 40, one == lost) for one, _ in data.SITES])})
        return rows

    def contacts(self):
        rows = []
        if self.busy:
            made = [("north-7-301", "support", "north", "+8613900002222", None, "waiting", 74), ("east-3-88", "support", "east", "+8613905910001", "陈晓明", "waiting", 31),
                    ("south-2-15", "billing", "south", "+494035550170", "Maria Fischer", "waiting", 12), ("south-2-14", "sales", "south", "+442079460123", "David Okafor", "offered", 5),
                    ("north-7-300", "support", "north", "+8659183330042", "林淑華", "talking", 301)]
            agents = {"offered": ("luis", "south"), "talking": ("chen", "east")}
            for key, queue_name, site, number, name, state, ago in made:
                agent, place = agents.get(state, (None, None))
                rows.append({"id": key, "queue": queue_name, "site": site, "callerNumber": number, "customerName": name, "state": state, "since": data.stamp(ago), "agent": agent, "agentSite": place,
                             "channel": "chat" if queue_name == "billing" else "voice", "callbackOffered": queue_name == "support"})
        for mine in ([self.contact] if self.contact else []) + self.texts:
            customer = self.people.get(mine["customer"])
            rows.append({**{name: mine[name] for name in ("id", "queue", "callerNumber", "state", "since")}, "site": mine["originSite"], "channel": mine.get("channel", "voice"),
                         "callbackOffered": False, "customerName": customer["name"] if customer else None, "agent": "lin", "agentSite": self.signed_in})
        for key, _ in data.QUEUES:
            waiting = sorted((one for one in rows if one["queue"] == key and one["state"] == "waiting"), key=lambda one: one["since"])
            for n, one in enumerate(waiting):
                one.update(position=n + 1, estimate={"lowMs": 20_000 * n, "highMs": 45_000 * (n + 1)})
        return [{"position": None, "estimate": None, **one} for one in rows]

    def tell(self, kinds=("desk", "wall")):
        for stream in list(self.streams):
            for kind in kinds:
                stream.put(kind)

    # Records.

    def patch(self, table, key, change, seen):
        record = table[self.members(table, key)[0]]
        if seen and seen != record["version"]:
            raise Refused(412, "The record has changed since you read it.")
        for name, value in change.items():
            record[name] = value
        self.touch(record)
        return self.shown(table, key)

    def members(self, table, key):
        """The keys of the records that count as one with this, the one that is shown first."""
        found = [key if key in table else self.missing(key)]
        for one in found:
            found += [other for pair in self.merges if one in pair for other in pair if other not in found]
        return sorted(found)

    def shown(self, table, key):
        """A record as people see it: the root with what was merged into it."""
        root, *others = (table[one] for one in self.members(table, key))
        merged = {**root, "root": root["id"], "mergedFrom": []}
        if not others:
            return merged
        name = "number" if "number" in root else "name"
        fields = ("id", "number", "subject", "state") if name == "number" else ("id", "name", "organisation", "phones", "emails")
        merged["mergedFrom"] = [{field: one[field] for field in fields} for one in others]
        for list_name, time_name in (("notes", "at"), ("contacts", "startedAt")):
            if list_name in root:
                entries = [{**entry, "of": {"id": one["id"], "name": one[name]}} for one in (root, *others) for entry in one[list_name]]
                merged[list_name] = sorted(entries, key=lambda entry: entry[time_name])
        return merged

    def roots(self, table):
        """All records as people see them, each class once."""
        return [self.shown(table, key) for key in list(table) if self.members(table, key)[0] == key]

    def tickets_of(self, customer):
        """The tickets of a customer and of the files that count as one with it, newest first."""
        files = self.members(self.people, customer)
        mine = [one for one in self.roots(self.tickets) if any((self.tickets[key]["customer"] or {}).get("id") in files for key in self.members(self.tickets, one["id"]))]
        return sorted(mine, key=lambda one: one["raisedAt"], reverse=True)

    def merge(self, table, key, other, part):
        """Makes two count as one, or undoes it."""
        pair = frozenset((key, other))
        if part and pair not in self.merges:
            raise Refused(409, "These two are not merged.")
        if not part and (other in self.members(table, key) or other not in table):
            raise Refused(409, "These two are merged already.")
        self.merges = self.merges - {pair} if part else self.merges | {pair}
        self.touch(table[min(pair)])
        return self.shown(table, key)

    def touch(self, record):
        record["version"] = str(int(record["version"]) + 1)
        if "updatedAt" in record:
            record["updatedAt"] = data.stamp()
        self.tell(("desk",))

    def missing(self, key):
        raise Refused(404, f"There is no {key}.")

    def raise_conflicts(self):
        """Two overwritten values on the first customer's file, as after a partition."""
        with self.lock:
            self.overwritten = data.conflicts()
            self.people["c1"]["conflicts"] = len(self.overwritten)
            self.touch(self.people["c1"])
