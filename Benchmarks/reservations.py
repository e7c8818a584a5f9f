"""The time of a reservation at another site: from the choice of the agent until her site's promise has come back.

Run by scripts/benchmark. Both ends are lines of the log of the contact's site, so no other clock has a part in it.
On loopback, and over a relay that delays every octet.
"""

import asyncio
import datetime
import pathlib
import re
import statistics
import sys
import threading

sys.path.insert(0, str(pathlib.Path(__file__).parent.parent / "Tests" / "System"))
import agents  # noqa: E402
import phones  # noqa: E402
from cluster import Cluster, free_port  # noqa: E402

CALLS = 20
DELAY_MS = 10  # each way
QUEUES = {
    "support": {
        "name": "Support", "numbers": ["1000"], "requiredSkills": ["support:1"], "serviceLevelSeconds": 20,
        "ringSeconds": 30, "wrapUpSeconds": 0, "strategy": "leastHandlingTime", "priority": 0, "affinitySeconds": 0,
    }
}


def stamps(site, event):
    """When the site's log first told of an event, by contact."""
    seen = {}
    for line in site.log.read_text(errors="replace").splitlines():
        if f" {event} " in line:
            contact = re.search(r" contact=(\S+)", line).group(1)
            seen.setdefault(contact, datetime.datetime.fromisoformat(line.split(" ", 1)[0].replace("Z", "+00:00")))
    return seen


def measure(cluster, what, prepare=lambda cluster: None):
    """Calls at north that are answered at south; prints the time of their reservations."""
    for site in cluster.sites.values():
        site.write_config("log:\n  level: debug\n")
    prepare(cluster)
    for site in cluster.sites.values():
        site.start()
    cluster.wait_linked()
    agents.prepare(cluster, "north", {"sue": "south"}, QUEUES)
    sue = agents.Agent(cluster, "sue", "south")
    sue.ready()
    phone = sue.phone(calls=CALLS)
    trips = []
    for number in range(CALLS):
        agents.wait_seen(cluster, "north", "sue")
        phones.caller(cluster["north"], "1000", caller_number=f"+4930{number:04}").finish()
        sue.wait_state("ready")
        trips += [peer["rttMs"] for peer in cluster.admin("north").get("/api/v1/site/status")["peers"]]
    phone.finish()
    decided, offered = (stamps(cluster["north"], event) for event in ("contact.decided", "contact.offered"))
    times = sorted((offered[one] - at).total_seconds() * 1000 for one, at in decided.items() if one in offered)
    print(f"{what:28} {statistics.median(times):6.1f} ms (median of {len(times)}), {times[-2]:.0f} ms (95 %); "
          f"the link's round trip {statistics.median(trips):.0f} ms; one round trip + 1 ms wanted", flush=True)


class Relay:
    """Passes on what comes for a site's mesh port, each octet `DELAY_MS` later, as a long cable does."""

    def __init__(self, site):
        self.loop = asyncio.new_event_loop()
        self.target = site.mesh_host, site.mesh
        self.port = free_port()
        ready = threading.Event()
        threading.Thread(target=self._run, args=(ready,), daemon=True).start()
        ready.wait()

    def _run(self, ready):
        asyncio.set_event_loop(self.loop)
        self.loop.run_until_complete(asyncio.start_server(self._connect, "127.0.0.1", self.port))
        ready.set()
        self.loop.run_forever()

    async def _connect(self, reader, writer):
        try:
            far_reader, far_writer = await asyncio.open_connection(*self.target)
        except OSError:
            return writer.close()
        await asyncio.gather(self._pass_on(reader, far_writer), self._pass_on(far_reader, writer))

    async def _pass_on(self, reader, writer):
        try:
            while chunk := await reader.read(65_536):
                self.loop.call_later(DELAY_MS / 1000, writer.write, chunk)
        except OSError:
            pass
        self.loop.call_later(DELAY_MS / 1000, writer.close)


def lengthen(cluster):
    """Has every site reach the others over a relay."""
    relays = {name: Relay(site) for name, site in cluster.sites.items()}
    for site in cluster.sites.values():
        text = site.config.read_text()
        for name, relay in relays.items():
            if name != site.name:
                text = text.replace(f"port: {cluster[name].mesh}\n", f"port: {relay.port}\n")
        site.config.write_text(text)


if __name__ == "__main__":
    with Cluster("north", "south") as near:
        measure(near, "reserved over loopback")
    with Cluster("north", "south") as far:
        measure(far, f"reserved over {2 * DELAY_MS} ms", lengthen)
