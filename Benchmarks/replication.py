"""Figures of records between real nodes over TLS: healing a cut with a backlog, acknowledgements.

Run by scripts/benchmark. TANDEM_BENCHMARKS names the built TandemBenchmarks, which writes a backlog into the records of
a stopped site: over HTTP, 100,000 ops would take minutes.
"""

import http.client
import json
import os
import pathlib
import subprocess
import sys
import tempfile
import time
import urllib.parse

sys.path.insert(0, str(pathlib.Path(__file__).parent.parent / "Tests" / "System"))
from cluster import Cluster  # noqa: E402

BENCHMARKS = os.environ.get("TANDEM_BENCHMARKS", "TandemBenchmarks")
CUSTOMERS = 10_000
BACKLOGS = {5_000: 0.5, 100_000: 3.0}  # ops, and the seconds within which the sites should agree again
EDITS_A_LEVEL = 300
LEVELS = {"local": 1.0, "one": 2.0, "majority": 3.0}  # and the milliseconds wanted at the median
POLL_SECONDS = 0.02
HEAL_SECONDS_MAX = 180


class Connection:
    """One connection to a site that stays open, so that only the request itself is measured."""

    def __init__(self, client):
        self.token = client.token
        self.link = http.client.HTTPConnection(urllib.parse.urlsplit(client.base).netloc, timeout=30)

    def ask(self, method, path, body=None):
        """What the site answers, its header fields, and the milliseconds it took."""
        headers = {"Authorization": f"Bearer {self.token}", "Content-Type": "application/json"}
        data = None if body is None else json.dumps(body).encode()
        begin = time.monotonic()
        self.link.request(method, path, data, headers)
        answer = self.link.getresponse()
        text = answer.read()
        spent = (time.monotonic() - begin) * 1000
        if answer.status >= 300:
            raise AssertionError(f"{method} {path}: {answer.status} {text[:200]}")
        return text, answer.headers, spent


def origins(connection):
    return json.loads(connection.ask("GET", "/api/v1/site/status")[0])["records"]["origins"]


def make_backlog(cluster, site, kind, count):
    """Lets a stopped site wake up with so many ops more, none of which any other site has."""
    path = cluster.directory / "data" / site / "site.sqlite"
    begin = time.monotonic()
    subprocess.run([BENCHMARKS, "--backlog", kind, str(count), str(path), "test", site], check=True)
    return time.monotonic() - begin


def heal(cluster, kind, count):
    """Seconds from joining the link until north's vector covers south's, and until the link was seen up."""
    north = cluster.admin("north")
    north.post("/api/v1/site/links/south", {"cut": True})
    cluster["south"].stop()
    made = make_backlog(cluster, "south", kind, count)
    cluster["south"].start()
    there = origins(Connection(cluster.admin("south")))
    here = Connection(north)
    own = max((key for key in there if key.startswith("south.")), key=lambda key: there[key])
    before = origins(here).get(own, 0)
    assert there[own] - before >= count, f"north has {before} of {there[own]} ops already"
    time.sleep(1)  # so that the start of south is not measured along
    linked = None
    begin = time.monotonic()
    here.ask("POST", "/api/v1/site/links/south", {"cut": False})
    while time.monotonic() - begin < HEAL_SECONDS_MAX:
        status = json.loads(here.ask("GET", "/api/v1/site/status")[0])
        spent = time.monotonic() - begin
        if linked is None and any(p["site"] == "south" and p["link"] == "up" for p in status["peers"]):
            linked = spent
        if status["records"]["origins"].get(own, 0) >= there[own]:
            return spent, linked or spent, made
        time.sleep(POLL_SECONDS)
    raise AssertionError(f"{count} {kind} had not arrived after {HEAL_SECONDS_MAX} s")


def healing():
    with Cluster("north", "south") as cluster:
        cluster.start()
        cluster.admin("south")
        spent, _, _ = heal(cluster, "customers", CUSTOMERS)
        print(f"healed with {CUSTOMERS:7,} new customers  {spent:8.2f} s, {CUSTOMERS / spent:,.0f} ops a second")
        for count, wanted in BACKLOGS.items():
            spent, linked, made = heal(cluster, "edits", count)
            print(f"healed with {count:7,} edits          {spent:8.2f} s, {count / spent:,.0f} ops a second; "
                  f"link up after {linked:.2f} s; {spent / wanted:.1f} × the {wanted:g} s wanted; "
                  f"written there in {made:.1f} s")


def percentiles(values):
    ordered = sorted(values)
    return ordered[len(ordered) // 2], ordered[len(ordered) * 95 // 100]


def synced_write(file):
    """Milliseconds of a write of 4 KiB with its sync: what the disk takes of each level."""
    begin = time.monotonic()
    os.write(file.fileno(), bytes(4_096))
    os.fdatasync(file.fileno())
    return (time.monotonic() - begin) * 1000


def acknowledgements():
    """Edits at each level in turn, with an empty request and a synced write between, so that all bear the same load."""
    with Cluster("north", "east", "south") as cluster, tempfile.TemporaryFile(dir=cluster.directory) as file:
        cluster.start()
        north = Connection(cluster.admin("north"))
        key = json.loads(north.ask("POST", "/api/v1/customers", {"name": "Clara Becker"})[0])["id"]
        empty, disk, missed = [], [], 0
        times = {level: [] for level in LEVELS}
        for number in range(EDITS_A_LEVEL + 20):
            for level, spent in times.items():
                path = f"/api/v1/customers/{key}?acknowledgement={level}&patienceMs=20000"
                _, headers, took = north.ask("PATCH", path, {"title": f"{level} {number}"})
                missed += headers["Tandem-Acknowledged"] != level
                spent.append(took)
            empty.append(north.ask("GET", "/healthz")[2])
            disk.append(synced_write(file))
        bare = percentiles(empty[20:])
        print("empty request                       {:8.2f} ms, 95 %: {:.2f} ms".format(*bare))
        print("write and sync 4 KiB                {:8.2f} ms, 95 %: {:.2f} ms".format(*percentiles(disk[20:])))
        for level, wanted in LEVELS.items():
            middle, most = percentiles(times[level][20:])
            print(f"edit acknowledged by {level:15}{middle:8.2f} ms, 95 %: {most:.2f} ms; "
                  f"{middle / bare[0]:.1f} × the empty request, {middle / wanted:.1f} × the {wanted:g} ms wanted")
        if missed:
            print(f"  {missed} of {len(LEVELS) * (EDITS_A_LEVEL + 20)} did not reach their level")


if __name__ == "__main__":
    healing()
    acknowledgements()
