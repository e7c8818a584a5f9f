"""Queues, calendars and break reasons for the mock sites, with the few refusals that pages must show."""

import mock_data as data

NO_QUEUE = {"relaxation": [], "tiers": None, "serviceLevelSeconds": None, "serviceLevelPercent": None, "shortAbandonSeconds": None, "ringSeconds": None, "wrapUpSeconds": None,
            "strategy": "leastHandlingTime", "priority": 0, "affinitySeconds": None, "chatCost": None, "emailCost": None, "portalCost": None, "maxWaiting": None, "overflow": [],
            "calendar": None, "siteCalendars": [], "closedAction": None, "numbers": [], "requiredSkills": [], "announcements": None, "language": None, "musicOnHold": None,
            "announceEverySeconds": None, "recording": None, "recordingNotice": None}
DAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
KINDS = {"queues": "queue", "calendars": "calendar", "break-reasons": "breakReason"}


def finding(code, key, field, message, severity="warning", kind="queue", **names):
    return {"code": code, "severity": severity, "subject": {"type": kind, "key": key, "title": None}, "field": field, "message": message, "names": {kind: key, **names}}


class Rules:
    """The records, as all mock sites have them."""

    def __init__(self):
        changed = {"by": "sue", "site": "east", "at": data.stamp(3_600)}
        step = {"when": "waited", "seconds": 60, "count": None, "then": "siteFirst", "queue": None, "sites": ["east"], "announcement": None}
        self.tables = {"queues": {}, "calendars": {}, "break-reasons": {}}
        for key, name in data.QUEUES:
            self.tables["queues"][key] = {**NO_QUEUE, "id": key, "name": name, "changed": changed, "version": "1"}
        self.tables["queues"]["billing"].update(
            numbers=["4000"], requiredSkills=["billing:2"], overflow=[step, {**step, "when": "noAgents", "seconds": None, "then": "message", "sites": None}], calendar="office",
            relaxation=[{"afterSeconds": 60, "requiredSkills": ["billing:1"], "tiers": "consultant..senior"}], tiers="critical/gold=senior", serviceLevelPercent=80, serviceLevelSeconds=20)
        self.tables["calendars"]["office"] = {
            "id": "office", "name": "Office hours", "zone": "Europe/Berlin", "hours": {day: ["08:00-12:00", "13:00-17:00"] if n < 5 else [] for n, day in enumerate(DAYS)},
            "holidays": [{"date": "*-12-25", "name": "Christmas 圣诞节", "hours": []}], "emergency": None, "state": "open", "stateReason": None, "changesAt": data.stamp(-7_200),
            "changed": changed, "version": "1"}
        for n, (key, name, hans) in enumerate((("break", "Break", "休息"), ("lunch", "Lunch", "午餐"), ("training", "Training", "培训"))):
            self.tables["break-reasons"][key] = {"id": key, "name": name, "nameHans": hans, "nameHant": None, "paid": key != "lunch", "longestMinutes": None, "active": True,
                                                 "order": 10 * n + 10, "changed": None, "version": None}
        self.findings = [finding("noFittingAgent", "billing", "requiredSkills", "No agent has all.", agent="Anna Keller", gaps="billing:2")]

    def put(self, kind, key, body, version, login):
        """What a site does with a change: (status, content)."""
        table = self.tables[kind]
        one = table.get(key)
        if one and version is not None and version != (one["version"] or ""):
            return 412, {"title": "Changed in between", "status": 412, "detail": "Somebody changed this since you read it.", "currentVersion": one["version"]}
        wrong = [f"overflow[{n}].queue" for n, step in enumerate(body.get("overflow") or []) if step["then"] == "queue" and step["queue"] not in self.tables["queues"]]
        if "zone" in body and body["zone"] not in ("Europe/Berlin", "Asia/Shanghai", "UTC"):
            wrong.append("zone")
        if wrong:
            return 422, {"title": "Some fields cannot be taken", "status": 422, "detail": f"{wrong[0]}: is not there", "errors": [{"field": name, "message": "There is no such thing."} for name in wrong]}
        made = {**({**NO_QUEUE} if kind == "queues" else {"hours": {day: [] for day in DAYS}, "holidays": [], "emergency": None, "state": "afterHours", "stateReason": None, "changesAt": None}
                   if kind == "calendars" else {"nameHans": None, "nameHant": None, "longestMinutes": None, "active": True, "paid": True, "order": 100}), "id": key} if one is None else one
        made.update(body, changed={"by": login, "site": "north", "at": data.stamp()}, version=str(int(made.get("version") or 0) + 1))
        table[key] = made
        return (200 if one else 201), {**made, "receipt": {"acknowledged": "local", "conflict": False}, "warnings": [each for each in self.findings if each["subject"]["key"] == key]}
