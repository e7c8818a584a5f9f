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
import re
import socket
import threading
import urllib.parse
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import mock_data as data
from mock_cluster import ACCOUNTS, Cluster, Refused

PAGES = pathlib.Path(__file__).resolve().parents[2] / "Sources" / "WebAPI" / "Pages"
TYPES = {".html": "text/html; charset=utf-8", ".js": "text/javascript; charset=utf-8", ".css": "text/css; charset=utf-8", ".svg": "image/svg+xml"}
KEEP_ALIVE = 10


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
            return self.send(refused.status, {"type": "about:blank", "title": "Refused", "status": refused.status, "detail": str(refused), **refused.more}, "application/problem+json")

    def page(self, path):
        name = {"/": "index.html", "/desk": "desk.html", "/wall": "wall.html", "/rules": "rules.html"}.get(path, path.lstrip("/"))
        file = (PAGES / name).resolve()
        if PAGES not in file.parents or not file.is_file():
            raise Refused(404, "There is no such page.")
        others = " ".join(self.cluster.urls.values())
        policy = ("default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; media-src 'self' blob:; font-src 'self'; base-uri 'none'; form-action 'self'; "
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
        if "/recordings/" in path:
            return self.sound(path.strip("/").split("/"), token)
        with self.cluster.lock:
            answer = self.answer(path.strip("/").split("/"), query, body, token)
        if self.command == "POST" and self.cluster.slow:
            self.cluster.slow.wait(KEEP_ALIVE)
        return self.send(*answer)

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
            case ["desk", "targets"]:
                return 200, cluster.targets(query.get("q", ""), self.server.name)
            case ["desk", "supervision"]:
                cluster.supervise(ACCOUNTS[login][0], body)
                return 200, cluster.desk(self.server.name)
            case ["desk", *rest]:
                return self.desk(rest, body)
            case ["contacts", key, "recordings", *rest]:
                return 200, cluster.recording(login, *ACCOUNTS[login][:2], key, rest)
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

    def sound(self, path, login):
        """A recording, or what of it was asked for; the stand-in's cluster says where it ends or waits."""
        cluster = self.cluster
        with cluster.lock:
            content = cluster.recording(login, *ACCOUNTS[login][:2], path[1], path[3:])
            cut, gate = (one.pop(0) if one else None for one in (cluster.cuts, cluster.gates))
        asked = re.fullmatch(r"bytes=(\d+)-", self.headers.get("Range") or "")
        start = int(asked.group(1)) if asked else 0
        cluster.asked_from.append(start)
        self.send_response(206 if asked else 200)
        for name, value in {"Content-Type": "audio/wav", "Content-Length": str(len(content) - start), "Cache-Control": "no-store", **self.cors()}.items():
            self.send_header(name, value)
        self.end_headers()
        part = content[start:] if cut is None else content[start:start + cut]
        held = len(part) * 9 // 20 if gate and cut is None else len(part)
        self.wfile.write(part[:held])
        if gate:
            gate.wait(KEEP_ALIVE)
            self.wfile.write(part[held:])
        if cut is not None:
            self.close_connection = True

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
            return self.on_its_way()
        return 200, cluster.files[rest[0]]

    def on_its_way(self):
        self.cluster.coming -= 1
        return 503, {"type": "about:blank", "title": "Not available now", "status": 503, "detail": "on its way", "progress": {"bytes": 3, "of": 12}}

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
            case ["calls"]:
                cluster.dial(body)
            case ["supervision", "leave"]:
                cluster.stop_supervising()
            case ["contacts", key, "accept"] if cluster.contact and cluster.contact["id"] == key:
                cluster.answer()
            case ["contacts", key, ("accept" | "decline" | "finish" | "wrap-up") as action]:
                cluster.order(key, action, body)
            case ["contacts", key, action]:
                cluster.call_order(key, action, body)
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
            return self.reply(status, content, {"Content-Type": "application/octet-stream" if kind == "application/json" else kind})
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
