"""Records for the mock sites: people, tickets and agents such as a working day brings."""

import copy
import time


def stamp(ago=0.0):
    """An ISO-8601 UTC time with milliseconds, so many seconds ago."""
    at = time.time() - ago
    return time.strftime("%Y-%m-%dT%H:%M:%S", time.gmtime(at)) + f".{int(at * 1000) % 1000:03d}Z"


DAY = 86_400

SITES = [("north", "North"), ("east", "East"), ("south", "South")]

QUEUES = [("support", "Technical support"), ("billing", "Billing"), ("sales", "Sales"), ("key", "Key accounts 大客户")]

AGENTS = [
    ("lin", "Lin Mei 林梅", "north", "notReady", "signedIn"), ("anna", "Anna Keller", "north", "talking", None),
    ("wu", "Wu Jianhua 吴建华", "north", "ready", None), ("omar", "Omar Haddad", "north", "notReady", "lunch"),
    ("chen", "Chen Li 陳麗", "east", "talking", None), ("julia", "Julia Brandt", "east", "ready", None),
    ("huang", "Huang Tao 黄涛", "east", "wrapUp", None), ("priya", "Priya Nair", "east", "ready", None),
    ("zhao", "Zhao Min 赵敏", "east", "notReady", "training"), ("luis", "Luis Ortega", "south", "ringing", None),
    ("he", "He Yun 何云", "south", "ready", None), ("tom", "Tom Fraser", "south", "notResponding", "noAnswer"),
    ("ye", "Ye Qing 叶青", "south", "held", None), ("sara", "Sara Lindqvist", "south", "ready", None),
]


def note(text, by, site, ago):
    return {"text": text, "by": by, "site": site, "at": stamp(ago)}


def customers():
    rows = [
        ("c1", "陈晓明", "闽江保险福建分公司", "服务规划室", "主管", ["+8659187654321", "+8613905910001"], "gold", "zh-Hans"),
        ("c2", "林淑華", "榕城數碼製作", "資訊部", "資訊管理員", ["+8659183330042"], "silver", "zh-Hant"),
        ("c3", "Maria Fischer", "Hanse Logistik GmbH", "IT operations", "Head of IT", ["+494035550170"], "platinum", "en"),
        ("c4", "Zhang Wei 张伟", "家安电器维修", "售后", "技师", ["+8659188001122"], "standard", "zh-Hans"),
        ("c5", "David Okafor", None, None, None, ["+442079460123"], "standard", "en"),
    ]
    made = {}
    for key, name, organisation, department, title, phones, tier, language in rows:
        made[key] = {
            "id": key, "name": name, "organisation": organisation, "department": department, "title": title, "phones": phones,
            "emails": [f"{key}@example.org"], "tier": tier, "language": language, "notes": [], "conflicts": 0,
            "updatedAt": stamp(3 * DAY), "version": "1",
        }
    made["c1"]["notes"] = [
        note("去年主办客服节活动，熟悉我们的产品；喜欢先听结论。", "lin", "north", 40 * DAY),
        note("新版本升级前请先电话通知。", "anna", "north", 6 * DAY),
    ]
    return made


def ticket(key, number, customer, subject, state, severity, owner, ago, **more):
    base = {
        "id": key, "number": number, "customer": customer, "subject": subject, "description": "", "category": "technical",
        "severity": severity, "state": state, "owner": owner, "queue": "support", "site": "north", "channel": "voice",
        "product": "Gateway 4", "raisedAt": stamp(ago), "dueAt": stamp(ago - 2 * DAY), "resolvedAt": None, "notes": [],
        "contacts": [], "attachments": [], "tags": [], "version": "1",
    }
    base.update(more)
    return base


def tickets(people):
    def who(key):
        return {"id": key, "name": people[key]["name"]}

    def call(key, agent, ago, ended, wait, talk):
        return {"id": key, "agent": agent, "startedAt": stamp(ago), "endedBy": ended, "waitMs": wait, "talkMs": talk, "outcome": "answered"}

    rows = [
        ticket("t1", "NORTH-1042-7", who("c1"), "报表导出后中文显示为乱码", "open", 2, "lin", 1.2 * DAY,
               description="升级到 4.2 后，从报表页导出的 CSV 用 Excel 打开时中文为乱码。网页上显示正常。", dueAt=stamp(-0.6 * DAY),
               notes=[note("客户已按自检清单确认：浏览器导出正常，仅 Excel 打开时乱码。", "lin", "north", 1.1 * DAY),
                      note("研发确认缺少 UTF-8 BOM，补丁随 4.2.1 发布。", "chen", "east", 0.3 * DAY)],
               contacts=[call("north-7-101", "lin", 1.2 * DAY, "customer", 8_000, 412_000), call("east-3-77", "chen", 0.3 * DAY, "agent", 21_000, 188_000)]),
        ticket("t2", "NORTH-0987-3", who("c1"), "客服节活动账号无法登录", "resolved", 3, "anna", 16 * DAY, category="account", resolvedAt=stamp(15 * DAY)),
        ticket("t3", "EAST-0455-1", who("c1"), "续约发票抬头更改", "closed", 4, "zhao", 41 * DAY, category="billing", queue="billing", site="east", resolvedAt=stamp(40 * DAY)),
        ticket("t4", "NORTH-1050-0", who("c3"), "Gateway drops registrations every night at 02:00", "pendingOther", 1, "lin", 2 * DAY, dueAt=stamp(3600), product="Gateway 4"),
        ticket("t5", "NORTH-1051-8", who("c2"), "掃描件上傳後無法預覽", "pendingCustomer", 3, "lin", 0.5 * DAY),
        ticket("t6", "NORTH-1053-4", who("c5"), "Self-install kit: no light on port 2", "new", 3, "lin", 0.1 * DAY, product="Starter kit"),
    ]
    return {one["id"]: one for one in rows}


def conflicts():
    return [
        {"id": "k1", "document": {"type": "customer", "key": "c1", "title": "陈晓明"}, "field": "title",
         "lost": {"value": "服务规划经理", "by": "chen", "site": "east", "at": stamp(5000)}, "won": {"value": "主管", "by": "lin", "site": "north", "at": stamp(4000)}},
        {"id": "k2", "document": {"type": "customer", "key": "c1", "title": "陈晓明"}, "field": "department",
         "lost": {"value": "柜面管理室", "by": "ye", "site": "south", "at": stamp(5200)}, "won": {"value": "服务规划室", "by": "lin", "site": "north", "at": stamp(4000)}},
    ]


def summary(one):
    names = ("id", "number", "subject", "state", "severity", "owner", "raisedAt")
    return {**{name: copy.deepcopy(one[name]) for name in names}, "merged": len(one.get("mergedFrom", []))}


def figures(n, sites):
    """What a day came to for the n-th queue: its sum, each site's part [(site, age, stale)], the estimate and its error."""
    if n == 3:
        levels = dict.fromkeys(("ignoreAbandons", "negative", "positive", "handledOnly"))
        today = {"offered": 0, "answered": 0, "abandoned": 0, "shortAbandoned": 0, "other": 0, "overdue": 0, "serviceLevels": levels, "speedOfAnswerMs": None, "handlingTimeMs": None,
                 "wrapUpMs": None, "abandonment": None, "longestWaitMs": 0, "parts": []}
        return {"today": today, "estimate": None, "estimateErrors": {"count": 0, "meanAbsoluteMs": None, "biasMs": None, "shareInside": None}}
    answered, abandoned, overdue, left = 214 - 47 * n, 9 - 2 * n, 1 if n == 0 else 0, 2
    in_time, everybody = answered - 20 - 9 * n, answered + abandoned + overdue
    levels = {"ignoreAbandons": in_time / (everybody - left), "negative": in_time / everybody, "positive": (in_time + left) / everybody, "handledOnly": in_time / answered}
    parts = [{"site": site, "ageMs": age, "stale": stale, "offered": answered // 3 + 4, "answered": answered // 3, "abandoned": abandoned // 3, "serviceLevel": 0.9 - 0.05 * k}
             for k, (site, age, stale) in enumerate(sites[:3 if n != 2 else 2])]
    today = {"offered": answered + abandoned + 6 + n + 3, "answered": answered, "abandoned": abandoned, "shortAbandoned": 6, "other": n, "overdue": overdue, "serviceLevels": levels,
             "speedOfAnswerMs": 14_200 + 3_100 * n, "handlingTimeMs": 312_000 + 40_000 * n, "wrapUpMs": 41_000, "abandonment": abandoned / (answered + abandoned), "longestWaitMs": 188_000, "parts": parts}
    return {"today": today, "estimate": {"lowMs": 15_000 * n, "highMs": 80_000 + 15_000 * n},
            "estimateErrors": {"count": 42 - n, "meanAbsoluteMs": 11_400, "biasMs": 3_200 - 3_200 * n, "shareInside": 0.83}}


def groups(agents, key):
    """Agents counted by what `key` says of each."""
    made = []
    for name in sorted({key(one) for one in agents}):
        states = [one["state"] for one in agents if key(one) == name]
        busy = sum(1 for one in states if one in ("ringing", "talking", "held", "wrapUp"))
        made.append({"name": name, "agents": len(states), "agentsReady": states.count("ready"), "agentsBusy": busy, "agentsNotReady": len(states) - states.count("ready") - busy,
                     "contacts": 12 * len(states), "handlingMs": 3_600_000 * len(states), "idleMs": 1_200_000 * len(states), "occupancy": 0.75})
    return made


def explanation(contact):
    """Why a contact is where it is: one that nobody fits, one that was offered after a wait; None for others."""
    sites = [{"site": "north", "state": "self", "ageMs": 0, "agents": 4, "fit": 0}, {"site": "east", "state": "up", "ageMs": 35, "agents": 5, "fit": 0},
             {"site": "south", "state": "unreachable", "ageMs": 42_000, "agents": 5, "fit": 0}]
    seen = [("wu", "north", "lacksSkill: german:2"), ("anna", "north", "notFree: talking"), ("julia", "east", "noCapacity: 80 of 100 taken"), ("he", "south", "siteUnreachable"),
            ("priya", "east", "refusedLately"), ("luis", "south", "wrongTier: consultant")]
    waits = {"at": stamp(60), "site": "north", "result": "waits", "rule": "nobodyFits", "agent": None, "agentSite": None, "demand": "skills german:2; tiers intermediate to senior; step 1 after 60 s", "omitted": 0,
             "candidates": [{"agent": agent, "site": site, "chosen": False, "reason": reason, "handlingTodayMs": 1_900_000, "idleMs": 75_000} for agent, site, reason in seen],
             "nearest": ["wu at north lacks german:2", "luis at south lacks german:2, another tier than consultant"], "sites": sites}
    chosen = [("chen", "east", "chosen: leastHandlingTime", True), ("julia", "east", "behind: leastHandlingTime", False)]
    offers = {**waits, "at": stamp(5), "result": "offers", "rule": "leastHandlingTime", "agent": "chen", "agentSite": "east", "demand": "no skill; tiers intermediate to senior", "nearest": [], "omitted": 3,
              "candidates": [{"agent": agent, "site": site, "chosen": won, "reason": reason, "handlingTodayMs": 800_000, "idleMs": 12_000} for agent, site, reason, won in chosen]}
    return {"north-7-301": {"contact": contact, "decisions": [waits]}, "north-7-300": {"contact": contact, "decisions": [offers, waits]}}.get(contact)
