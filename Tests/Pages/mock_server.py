"""A stand-in for a cluster of sites, so that the pages can be built and tested without a node.

    /usr/bin/python3 Tests/Pages/mock_server.py [--port 8081]

serves north and east (south is listed but never answers) and says how to sign in. `POST /mock/scene {"name": "offered"}` changes what
happens: idle, ready, offered, talking, wrapup, unknown, chats (two in hand, one offered), lost (one site of the picture), busy.
"""

import argparse
import hashlib
import json
import pathlib
import queue
import socket
import threading
import time
import urllib.parse
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import mock_data as data
import mock_rules

PAGES = pathlib.Path(__file__).resolve().parents[2] / "Sources" / "WebAPI" / "Pages"
TYPES = {".html": "text/html; charset=utf-8", ".js": "text/javascript; charset=utf-8", ".css": "text/css; charset=utf-8", ".svg": "image/svg+xml"}
ACCOUNTS = {"lin": ("agent", "lin", "Lin Mei 林梅"), "may": ("supervisor", "lin", "May Lin"), "sue": ("supervisor", None, "Sue Archer"), "root": ("administrator", None, "Root Admin")}
KEEP_ALIVE = 10


class Refused(Exception):
    """An answer that is not success."""

    def __init__(self, status, detail):
        super().__init__(detail)
        self.status = status


class Cluster:
    """The state that all mock sites share: records, one agent's desk, the wall."""

    def __init__(self):
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
        self.contact.update(state="talking", since=data.stamp())
        self.become("talking")

    def end(self):
        self.contact.update(state="wrapUp", since=data.stamp())
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
        ranks = ("talking", "offered", "wrapUp")
        taken = min(100, sum(100 if one["channel"] in ("voice", "callback") else 20 for one in contacts))
        breaks = [{"key": one["id"], **{name: one[name] for name in ("name", "nameHans", "nameHant", "paid", "longestMinutes")}}
                  for one in sorted(self.rules.tables["break-reasons"].values(), key=lambda one: one["order"]) if one["active"]]
        agent = {"id": "lin", "name": ACCOUNTS["lin"][2], "site": self.signed_in or "north", **self.agent, "occupied": taken, "breakAhead": self.break_ahead,
                 "isOpen": taken < 100 and self.agent["state"] not in ("loggedOut", "notReady", "notResponding") and not self.break_ahead}
        return {"agent": agent, "contact": min(contacts, key=lambda one: ranks.index(one["state"]), default=None), "contacts": contacts,
                "breaks": breaks, "breakReasons": [one["key"] for one in breaks]}

    def on_desk(self, contact, site):
        customer = self.shown(self.people, contact["customer"]) if contact["customer"] else None
        mine = self.tickets_of(customer["id"]) if customer else []
        return {"channel": "voice", "title": "", "taken": False, "stateExpiresAt": None, **contact, "direction": "inbound",
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
                           "contact": None, "ageMs": age if stale else 40, "stale": stale, "handlingTodayMs": 1_000_000 + 311_000 * len(agents)})
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


class Site(ThreadingHTTPServer):
    """One site's HTTP server. `lose()` ends it at once, with all its streams."""

    daemon_threads = True
    allow_reuse_address = True

    def __init__(self, cluster, name, port=0):
        super().__init__(("127.0.0.1", port), Handler)
        self.cluster, self.name = cluster, name
        self.sockets = set()
        self.is_lost = threading.Event()
        self.url = f"http://127.0.0.1:{self.server_address[1]}"
        cluster.urls[name] = self.url
        threading.Thread(target=self.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True).start()

    def get_request(self):
        connection, address = super().get_request()
        self.sockets.add(connection)
        return connection, address

    def lose(self):
        self.is_lost.set()
        self.shutdown()
        self.server_close()
        for one in list(self.sockets):
            try:
                one.shutdown(socket.SHUT_RDWR)
            except OSError:
                pass

    def handle_error(self, request, client_address):
        """A browser that goes away is no news."""


class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def log_message(self, *_):
        """Quiet."""

    @property
    def cluster(self):
        return self.server.cluster

    def do_GET(self):
        self.serve()

    do_POST = do_PATCH = do_PUT = do_GET

    def do_OPTIONS(self):
        self.reply(204, b"", {"Access-Control-Allow-Methods": "GET, POST, PATCH, PUT", "Access-Control-Allow-Headers": "authorization, content-type, if-match, last-event-id"})

    def serve(self):
        url = urllib.parse.urlsplit(self.path)
        size = int(self.headers.get("Content-Length") or 0)
        sent = self.rfile.read(size) if size else b""
        body = sent if url.path.endswith("/attachments") else json.loads(sent or b"null") if size else {}
        try:
            if url.path == "/mock/scene":
                self.cluster.scene(body["name"])
                return self.send(200, {})
            if not url.path.startswith("/api/"):
                return self.page(url.path)
            return self.api(url.path.removeprefix("/api/v1"), dict(urllib.parse.parse_qsl(url.query)), body)
        except Refused as refused:
            return self.send(refused.status, {"type": "about:blank", "title": "Refused", "status": refused.status, "detail": str(refused)}, "application/problem+json")

    def page(self, path):
        name = {"/": "index.html", "/desk": "desk.html", "/wall": "wall.html", "/rules": "rules.html"}.get(path, path.lstrip("/"))
        file = (PAGES / name).resolve()
        if PAGES not in file.parents or not file.is_file():
            raise Refused(404, "There is no such page.")
        others = " ".join(self.cluster.urls.values())
        policy = ("default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; font-src 'self'; base-uri 'none'; form-action 'self'; "
                  f"frame-ancestors 'none'; connect-src 'self' {others} http://127.0.0.1:9")
        self.reply(200, file.read_bytes(), {"Content-Type": TYPES[file.suffix], "Content-Security-Policy": policy, "X-Content-Type-Options": "nosniff"})

    def api(self, path, query, body):
        token = (self.headers.get("Authorization") or "").removeprefix("Bearer ")
        if path == "/session" and self.command == "POST":
            return self.sign_in(body)
        if token not in ACCOUNTS:
            raise Refused(401, "Sign in first.")
        if path == "/events":
            return self.stream(token)
        with self.cluster.lock:
            return self.send(*self.answer(path.strip("/").split("/"), query, body, token))

    def sign_in(self, body):
        login = body.get("login")
        if login not in ACCOUNTS or body.get("password") != "secret":
            raise Refused(401, "Login or password is not right.")
        role, agent, name = ACCOUNTS[login]
        sites = [{"id": key, "name": label, "url": self.cluster.urls.get(key, "http://127.0.0.1:9")} for key, label in data.SITES]
        self.send(201, {"token": login, "expiresAt": data.stamp(-12 * 3600), "account": {"login": login, "name": name, "role": role, "agent": agent}, "site": self.server.name, "sites": sites})

    def answer(self, path, query, body, login):
        cluster, post = self.cluster, self.command == "POST"
        match path:
            case ["wall"]:
                return 200, cluster.wall(self.server.name)
            case ["desk", *rest]:
                return self.desk(rest, body)
            case ["customers"] if post:
                key = f"c{len(cluster.people) + 1}"
                cluster.people[key] = {"id": key, "name": "", "organisation": None, "department": None, "title": None, "phones": [], "emails": [], "tier": "standard",
                                       "language": None, "notes": [], "conflicts": 0, "updatedAt": data.stamp(), "version": "1", **body}
                return 201, cluster.people[key]
            case ["customers"]:
                found = [one for one in cluster.roots(cluster.people) if query.get("q", "").lower() in json.dumps(one, ensure_ascii=False).lower()]
                return 200, {"items": found, "next": None}
            case ["tickets"] if post:
                key = f"t{len(cluster.tickets) + 1}"
                who = cluster.people.get(body.get("customer"))
                made = data.ticket(key, f"NORTH-11{len(cluster.tickets)}-2", {"id": who["id"], "name": who["name"]} if who else None, body.get("subject", ""), "open", body.get("severity", 3), login, 0)
                made.update({name: value for name, value in body.items() if name in ("description", "category", "product")})
                cluster.tickets[key] = made
                cluster.tell(("desk",))
                return 201, made
            case ["tickets"]:
                return 200, {"items": self.found(query), "next": None}
            case [("customers" | "tickets") as kind, key, *rest]:
                return self.record(cluster.people if kind == "customers" else cluster.tickets, key, rest, body, login)
            case [("queues" | "calendars" | "break-reasons") as kind, key]:
                version = self.headers.get("If-Match")
                return cluster.rules.put(kind, key, body, version and version.strip('"'), login)
            case [("queues" | "calendars" | "break-reasons") as kind]:
                return 200, {"items": sorted(cluster.rules.tables[kind].values(), key=lambda one: (one.get("order", 0), one["id"]))}
            case ["contacts", key, "explanation"]:
                if ACCOUNTS[login][0] == "agent":
                    raise Refused(403, "This takes the role administrator or supervisor.")
                return 200, data.explanation(key) or cluster.missing(key)
            case ["routing", "checks"]:
                return 200, {"items": cluster.rules.findings}
            case ["sites"]:
                return 200, {"items": [{"id": key, "name": name} for key, name in data.SITES]}
            case ["agents"]:
                return 200, {"items": [{"id": key, "name": name, "active": True, "skills": ["billing:1", "german:2"]} for key, name, *_ in data.AGENTS]}
            case ["conflicts"]:
                return 200, {"items": cluster.overwritten}
            case ["conflicts", key, _]:
                cluster.overwritten = [one for one in cluster.overwritten if one["id"] != key]
                cluster.people["c1"]["conflicts"] = len(cluster.overwritten)
                cluster.touch(cluster.people["c1"])
                return 204, None
            case ["site", "links", peer]:
                pair = frozenset((self.server.name, peer))
                cluster.cut = cluster.cut | {pair} if body["cut"] else cluster.cut - {pair}
                cluster.tell(("wall",))
                return 200, {}
        raise Refused(404, "There is no such resource.")

    def found(self, query):
        cluster = self.cluster
        rows = [one for one in (cluster.tickets_of(query["customer"]) if "customer" in query else cluster.roots(cluster.tickets))
                if ("owner" not in query or one["owner"] == query["owner"])
                and query.get("q", "").lower() in (one["number"] + one["subject"] + json.dumps(one["mergedFrom"])).lower()]
        return sorted(rows, key=lambda one: one["raisedAt"], reverse=True)

    def record(self, table, key, rest, body, login):
        cluster = self.cluster
        if self.command == "PATCH":
            return 200, cluster.patch(table, key, body, (self.headers.get("If-Match") or "").strip('"'))
        root = cluster.members(table, key)[0]
        if rest == ["notes"]:
            table[root]["notes"].append(data.note(body["text"], login, self.server.name, 0))
            cluster.touch(table[root])
            return 201, cluster.shown(table, key)
        if rest and rest[0] == "attachments":
            return self.file(table[root], rest[1:], body, login)
        if rest in (["merge"], ["unmerge"]):
            if table is cluster.people and ACCOUNTS[login][0] == "agent":
                raise Refused(403, "This takes the role administrator or supervisor.")
            return 200, cluster.merge(table, key, body["other"], part=rest == ["unmerge"])
        return 200, cluster.shown(table, key)

    def file(self, ticket, rest, body, login):
        """Files: `cluster.files` holds what was sent, `cluster.coming` how often a content is still on its way."""
        cluster = self.cluster
        if not rest:
            name = dict(urllib.parse.parse_qsl(urllib.parse.urlsplit(self.path).query))["name"]
            key = hashlib.sha256(body).hexdigest()
            cluster.files[key] = body
            ticket["attachments"].append({"id": key, "name": name, "mediaType": self.headers["Content-Type"], "size": len(body), "by": login,
                                          "site": self.server.name, "at": data.stamp(), "of": None})
            cluster.touch(ticket)
            return 201, cluster.shown(cluster.tickets, ticket["id"])
        if cluster.coming > 0:
            cluster.coming -= 1
            return 503, {"type": "about:blank", "title": "Not available now", "status": 503, "detail": "on its way", "progress": {"bytes": 3, "of": 12}}
        return 200, cluster.files[rest[0]]

    def desk(self, path, body):
        cluster, agent = self.cluster, self.cluster.agent
        match path:
            case ["sign-in"]:
                if cluster.signed_in != self.server.name or agent["state"] == "loggedOut":
                    cluster.signed_in = self.server.name
                    cluster.become("notReady", "signedIn")
            case ["sign-out"]:
                cluster.signed_in = None
                cluster.become("loggedOut")
            case ["state"]:
                if cluster.texts:
                    cluster.break_ahead = body.get("reason")
                    cluster.tell()
                else:
                    cluster.become(body["state"], body.get("reason"))
            case ["contacts", key, action]:
                cluster.order(key, action, body)
            case ["hang-up"]:
                if not cluster.contact or cluster.contact["id"] != body["contact"]:
                    raise Refused(409, "This call has already ended.")
                cluster.end()
            case ["wrap-up"]:
                if body["action"] == "finish":
                    cluster.finish()
                else:
                    cluster.become("wrapUp", expires=data.stamp(-60))
            case ["link-customer"]:
                cluster.contact["customer"] = body["customer"]
                cluster.tell()
        return 200, cluster.desk(self.server.name)

    def stream(self, login):
        events = queue.Queue()
        cluster, site = self.cluster, self.server.name
        kinds = ["wall"] + (["desk"] if ACCOUNTS[login][1] else [])
        self.send_response(200)
        for name, value in {"Content-Type": "text/event-stream", "Cache-Control": "no-store", "Connection": "close", **self.cors()}.items():
            self.send_header(name, value)
        self.end_headers()
        self.close_connection = True
        for kind in kinds:
            events.put(kind)
        cluster.streams.append(events)
        number = 0
        try:
            while not self.server.is_lost.is_set():
                try:
                    kind = events.get(timeout=KEEP_ALIVE)
                except queue.Empty:
                    self.wfile.write(b": keep-alive\n\n")
                    continue
                if kind not in kinds:
                    continue
                number += 1
                with cluster.lock:
                    content = json.dumps(cluster.desk(site) if kind == "desk" else cluster.wall(site), ensure_ascii=False)
                self.wfile.write(f"event: {kind}\nid: 1-{number}\ndata: {content}\n\n".encode())
                self.wfile.flush()
        except OSError:
            pass
        finally:
            cluster.streams.remove(events)

    # Answers.

    def cors(self):
        origin = self.headers.get("Origin")
        return {"Access-Control-Allow-Origin": origin, "Access-Control-Expose-Headers": "ETag", "Vary": "Origin"} if origin in self.cluster.urls.values() else {}

    def send(self, status, content, kind="application/json"):
        if isinstance(content, bytes):
            return self.reply(status, content, {"Content-Type": "application/octet-stream"})
        more = {"ETag": f'"{content["version"]}"'} if isinstance(content, dict) and "version" in content else {}
        self.reply(status, b"" if content is None else json.dumps(content, ensure_ascii=False).encode(), {"Content-Type": kind, **more})

    def reply(self, status, content, headers):
        self.send_response(status)
        for name, value in {**headers, **self.cors(), "Cache-Control": "no-store", "Content-Length": str(len(content))}.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(content)


def main():
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--port", type=int, default=8081)
    port = options.parse_args().port
    cluster = Cluster()
    sites = [Site(cluster, name, port + n) for n, name in enumerate(("north", "east"))]
    cluster.busy = True
    print(f"open {sites[0].url}/ and sign in as lin (agent), sue (supervisor) or root (administrator), password secret", flush=True)
    threading.Event().wait()


if __name__ == "__main__":
    main()
