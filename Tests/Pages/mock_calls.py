"""Calls of the stand-in: what is done with the call in hand, whom it can be passed to, supervision, recordings."""

import io
import math
import re
import struct
import wave

import mock_data as data

NUMBER = re.compile(r"^\+?[0-9]{1,31}$")
PLAIN = {"hold", "resume", "swap", "complete-transfer", "end-consult", "conference"}


class Refused(Exception):
    """An answer that is not success."""

    def __init__(self, status, detail, **more):
        super().__init__(detail)
        self.status, self.more = status, more


def line(recording="on"):
    """What is known of a call that has just been answered."""
    return {"state": "talking", "consult": None, "conference": False, "recording": recording, "supervisedBy": []}


class Calls:
    """The part of the cluster that is about calls; `refuse` makes the next order fail with its words, `done` holds what was asked."""

    def __init__(self):
        self.refuse = None
        self.done = []
        self.supervision = None
        self.answers_on = "phone"
        self.recordings = {}
        self.heard = []
        #: An event for which the answer to an order waits; what the order does is told before.
        self.slow = None
        #: A site out of reach, {"site", "since"}.
        self.away = None
        #: After how many bytes the next recordings end; events that hold them, there or before the half; from where each was asked for.
        self.cuts, self.gates, self.asked_from = [], [], []

    def call_order(self, key, action, body):
        """An order about the call in hand; the stand-in's other parties always answer."""
        self.done.append((action, body))
        if self.refuse:
            words, self.refuse = self.refuse, None
            raise Refused(409, words)
        call = (self.contact or {}).get("call")
        if not call or self.contact["id"] != key:
            raise Refused(409, "This call has already ended.")
        if action in PLAIN and body:
            raise Refused(422, "unknown field")
        match action:
            case "hold" | "resume":
                self.line(state="held" if action == "hold" else "talking")
            case "transfer":
                self.target(body)
                self.end()
            case "consult":
                self.line(state="held", consult={"contact": "north-7-900", "target": self.target(body), "state": "ringing", "active": "consult"})
            case "swap":
                self.consult(active="customer" if call["consult"]["active"] == "consult" else "consult")
            case "conference":
                self.line(conference=True, state="talking")
            case "complete-transfer":
                self.end()
            case "end-consult":
                self.line(consult=None, conference=False, state="talking")
            case "digits":
                if not re.fullmatch(r"[0-9*#A-D]{1,32}", body["digits"]):
                    raise Refused(422, "no digits")
            case "recording":
                self.line(recording="paused" if body["paused"] else "on")
            case _:
                raise Refused(404, "There is no such resource.")

    def line(self, **facts):
        """Changes what is known of the call in hand."""
        with self.lock:
            self.contact["call"] = {**self.contact["call"], **facts}
            if "state" in facts:
                self.contact["state"] = facts["state"]
                self.agent["state"] = facts["state"]
            self.tell()

    def consult(self, **facts):
        self.line(consult={**self.contact["call"]["consult"], **facts})

    def target(self, body):
        """Who is meant, for people."""
        if len(body) != 1:
            raise Refused(422, "exactly one of agent, queue and number must be given")
        (kind, value), = body.items()
        names = {"agent": {one[0]: one[1] for one in data.AGENTS}, "queue": dict(data.QUEUES)}.get(kind)
        if kind == "number" and NUMBER.match(value):
            return value
        return (names or {}).get(value) or self.missing(value)

    def targets(self, q, site):
        """Agents and queues whose names hold each word."""
        fits = lambda *names: all(any(word in name.lower() for name in names) for word in q.lower().split())
        wall = self.wall(site)
        agents = [{**{name: one[name] for name in ("id", "name", "state", "since", "ageMs", "stale", "site")}, "team": "Escalation" if one["id"] == "chen" else None}
                  for one in wall["agents"] if one["id"] != "lin" and fits(one["name"], one["id"])]
        queues = [{"id": one["id"], "name": one["name"], "waiting": one["waiting"], "open": one["id"] != "sales"} for one in wall["queues"] if fits(one["name"], one["id"])]
        rank = lambda one: (0 if one["state"] == "ready" and not one["stale"] else 2 if one["stale"] else 1, one["name"])
        return {"agents": sorted(agents, key=rank)[:20], "queues": queues[:20]}

    def dial(self, body):
        """The agent's own phone rings, then the number; here both answer at once."""
        self.done.append(("dial", body))
        if self.refuse:
            words, self.refuse = self.refuse, None
            raise Refused(409, words)
        if not NUMBER.match(body["number"]):
            raise Refused(422, "no number")
        with self.lock:
            self.ring(body.get("customer"), body["number"], site="north")
            self.answer()

    def supervise(self, role, body):
        self.done.append(("supervise", body))
        if role == "agent":
            raise Refused(403, "This takes the role administrator or supervisor.")
        if self.refuse:
            words, self.refuse = self.refuse, None
            raise Refused(409, words)
        self.supervision = {"contact": body["contact"], "agentName": "Chen Li 陳麗", "mode": body["mode"], "joined": True}
        self.tell()

    def stop_supervising(self):
        self.supervision = None
        self.tell()

    # Recordings.

    def record(self, contact, seconds=12.0, site="north"):
        """Gives a contact a recording: two tones one after the other."""
        peaks = [round(0.15 + 0.75 * abs(math.sin(n / 7)) * (0.4 + 0.6 * abs(math.sin(n / 43))), 3) for n in range(300)]
        made = {"file": f"{len(self.recordings.get(contact, [])) + 1}.wav", "startedAt": data.stamp(86_400), "seconds": seconds, "peaks": peaks,
                "site": site, "standing": "here" if site == "north" else "elsewhere", "awaySince": None}
        self.recordings.setdefault(contact, []).append(made)

    def recording(self, login, role, agent, contact, rest):
        """The list, or one file as WAV; for those who may."""
        handled = next((one.get("agents", [one["agent"]]) for ticket in self.tickets.values() for one in ticket["contacts"] if one["id"] == contact), [])
        if role == "agent" and agent not in handled:
            raise Refused(403, "Recordings are for the agents who took part in the call, and for supervisors.")
        found = self.recordings.get(contact, [])
        is_away = lambda one: self.away is not None and one["site"] == self.away["site"]
        if not rest:
            return {"items": [{**one, "standing": "away", "awaySince": self.away["since"], "peaks": []} if is_away(one) else one for one in found]}
        one = next((one for one in found if one["file"] == rest[0]), None)
        if one is None:
            raise Refused(404, "The recording is not kept any more.")
        if is_away(one):
            raise Refused(503, "The recording lies at a site that cannot be reached.", away=self.away)
        self.heard.append((login, contact, rest[0]))
        return tone(one["seconds"])


def tone(seconds, rate=8_000):
    held = io.BytesIO()
    with wave.open(held, "wb") as file:
        file.setparams((1, 2, rate, 0, "NONE", ""))
        file.writeframes(b"".join(struct.pack("<h", int(6_000 * math.sin(n * (0.2 if n // rate % 2 else 0.3)))) for n in range(int(seconds * rate))))
    return held.getvalue()
