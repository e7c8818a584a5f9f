"""Failure detection between real nodes: how soon a killed one is seen and routed around, and who is accused in vain.

Run by scripts/benchmark. TANDEM_BINARY names the node. With arguments, only these parts are measured:
kill, spin, stops, stop.
"""

import multiprocessing
import pathlib
import re
import signal
import statistics
import sys
import threading
import time

sys.path.insert(0, str(pathlib.Path(__file__).parent.parent / "Tests" / "System"))
import agents  # noqa: E402
import phones  # noqa: E402
from cluster import Cluster, wait_for  # noqa: E402

SITES = ("north", "east", "south")
POLL_SECONDS = 0.02
KILLS = 5
SPINNERS, SPIN_SECONDS = 16, 60
SHORT_STOPS, SHORT_STOP_SECONDS = 8, 4
LONG_STOP_SECONDS = 15
SETTLE_SECONDS = 20
QUEUES = {
    "support": {
        "name": "Support", "numbers": ["1000"], "requiredSkills": ["support:1"], "serviceLevelSeconds": 20,
        "ringSeconds": 30, "wrapUpSeconds": 0, "strategy": "leastHandlingTime", "priority": 0, "affinitySeconds": 0,
    }
}


def states(client):
    return {site["id"]: site["state"] for site in client.get("/api/v1/wall")["sites"]}


def all_up(cluster):
    for name in SITES:
        client = cluster.admin(name)
        wait_for(f"{name} to see all up", lambda: all(v in ("up", "self") for v in states(client).values()))


class Marks:
    """How much of each node's log there is, so that only what comes later is counted."""

    def __init__(self, cluster):
        self.cluster = cluster
        self.places = {name: site.log.stat().st_size for name, site in cluster.sites.items()}

    def accusations(self, standing, but=()):
        """How often a node came to call another one so; `but` leaves out those that were rightly accused.

        A line that only names another cause of the same standing is no further accusation.
        """
        count = 0
        for name, site in self.cluster.sites.items():
            last = {}
            with site.log.open("rb") as log:
                log.seek(self.places[name])
                for line in log.read().decode(errors="replace").splitlines():
                    change = re.search(r" peer\.(up|suspect|unreachable) .*peer=([a-z0-9-]+)", line)
                    if not change:
                        continue
                    now, peer = change.groups()
                    count += now == standing and now != last.get(peer) and peer not in but
                    last[peer] = now
        return count


def kill_once(cluster):
    """Seconds from SIGKILL at south until north's wall shows it suspect, then unreachable."""
    client = cluster.admin("north")
    times = {}
    begin = time.monotonic()
    cluster["south"].process.send_signal(signal.SIGKILL)
    while "unreachable" not in times and time.monotonic() - begin < 30:
        state = states(client)["south"]
        spent = time.monotonic() - begin
        if state in ("suspect", "unreachable"):
            times.setdefault("suspect", spent)
        if state == "unreachable":
            times.setdefault("unreachable", spent)
        time.sleep(POLL_SECONDS)
    cluster["south"].kill()
    cluster["south"].start()
    all_up(cluster)
    return times["suspect"], times.get("unreachable", float("inf"))


def reroute_once(cluster):
    """Seconds from SIGKILL of a site where a call rings until an agent elsewhere has it.

    Sue at south has handled less today than Ned at north, so the call rings at hers first.
    """
    sue = agents.Agent(cluster, "sue", "south")
    phone = sue.phone("phone-rings-long", options=("-d", "60000"))
    sue.ready()
    caller = phones.caller(cluster["north"], "1000", "caller")
    sue.wait_state("ringing")
    ned = agents.Agent(cluster, "ned", "north")
    ned_phone = ned.phone("phone-rings-long", options=("-d", "60000"))
    ned.ready()
    begin = time.monotonic()
    cluster["south"].process.send_signal(signal.SIGKILL)
    while ned.desk()["agent"]["state"] not in ("reserved", "ringing") and time.monotonic() - begin < 30:
        time.sleep(POLL_SECONDS)
    spent = time.monotonic() - begin
    for each in (caller, phone, ned_phone):
        each.stop()
    cluster["south"].kill()
    cluster["south"].start()
    all_up(cluster)
    return spent


def kills():
    with Cluster(*SITES) as cluster:
        cluster.start()
        agents.prepare(cluster, "north", {"ned": "north", "sue": "south"}, QUEUES)
        all_up(cluster)
        pairs = [kill_once(cluster) for _ in range(KILLS)]
        for what, place, wanted in (("suspect", 0, 2), ("unreachable", 1, 5)):
            times = [pair[place] for pair in pairs]
            print(f"kill -9 until {what:14} {statistics.median(times):8.2f} s (median of {KILLS}), at most "
                  f"{max(times):.2f} s; {wanted} s wanted")
        print(f"kill -9 until rerouted       {reroute_once(cluster):8.2f} s; 3 s wanted")


def report(what, marks, but=()):
    print(f"{what:46} accused in vain: {marks.accusations('unreachable', but)} unreachable, "
          f"{marks.accusations('suspect', but)} suspect", flush=True)


def spin_for_ever():
    while True:
        pass


def spin(cluster):
    """More work than processors: nodes get their turn late."""
    marks = Marks(cluster)
    spinners = [multiprocessing.Process(target=spin_for_ever, daemon=True) for _ in range(SPINNERS)]
    for spinner in spinners:
        spinner.start()
    time.sleep(SPIN_SECONDS)
    for spinner in spinners:
        spinner.kill()
        spinner.join()
    time.sleep(5)
    report(f"{SPINNERS} spinning processes for {SPIN_SECONDS} s", marks)


def pause(site, seconds):
    site.process.send_signal(signal.SIGSTOP)
    try:
        time.sleep(seconds)
    finally:
        site.process.send_signal(signal.SIGCONT)


def stops(cluster):
    """Pauses shorter than the bound: suspect is right, unreachable is not."""
    marks = Marks(cluster)
    for number in range(SHORT_STOPS):
        pause(cluster[SITES[number % len(SITES)]], SHORT_STOP_SECONDS)
        time.sleep(3)
    right = SHORT_STOPS * (len(SITES) - 1)
    print(f"{f'{SHORT_STOPS} stops of {SHORT_STOP_SECONDS} s':46} accused in vain: {marks.accusations('unreachable')} "
          f"unreachable; {marks.accusations('suspect')} times suspect, {right} of them rightly", flush=True)
    all_up(cluster)


def stop(cluster):
    """One pause beyond the bound: it alone may be accused."""
    marks = Marks(cluster)
    stopped = threading.Thread(target=pause, args=(cluster["south"], LONG_STOP_SECONDS))
    stopped.start()
    stopped.join()
    time.sleep(SETTLE_SECONDS)
    report(f"one stop of {LONG_STOP_SECONDS} s, of others", marks, but=("south",))
    print(f"  and it itself, rightly: {marks.accusations('unreachable')} unreachable")
    all_up(cluster)


def stresses(parts):
    with Cluster(*SITES) as cluster:
        cluster.start()
        all_up(cluster)
        time.sleep(5)
        for part in parts:
            part(cluster)


if __name__ == "__main__":
    wanted = sys.argv[1:] or ["kill", "spin", "stops", "stop"]
    if "kill" in wanted:
        kills()
    parts = [part for name, part in (("spin", spin), ("stops", stops), ("stop", stop)) if name in wanted]
    if parts:
        stresses(parts)
