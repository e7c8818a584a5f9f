"""Figures of whole nodes: start-up, memory, travel of an edit, calls a second. Run by scripts/benchmark."""

import concurrent.futures
import pathlib
import statistics
import subprocess
import sys
import tempfile
import threading
import time

sys.path.insert(0, str(pathlib.Path(__file__).parent.parent / "Tests" / "System"))
import agents  # noqa: E402
import phones  # noqa: E402
from cluster import Cluster, free_port  # noqa: E402

AGENTS = 30
SECONDS_A_RATE = 5
ONE_PORT = threading.Lock()  # the phones of all agents share a port, and register from it one by one
PYTHON = "/usr/bin/python3"


def memory_mib(site):
    for line in pathlib.Path(f"/proc/{site.process.pid}/status").read_text().splitlines():
        if line.startswith("VmRSS:"):
            return int(line.split()[1]) / 1024
    raise RuntimeError("no VmRSS")


def start_up():
    with Cluster("north") as cluster:
        cluster["north"].write_config()
        times, peer = [], []
        for _ in range(5):
            begin = time.monotonic()
            cluster["north"].start()
            times.append((time.monotonic() - begin) * 1000)
            peer.append(timed(lambda: subprocess.run([PYTHON, "-c", "import http.server"], check=True)))
            memory = memory_mib(cluster["north"])
            cluster["north"].stop()
        print(f"start-up until healthy              {statistics.median(times):8.0f} ms (median of 5); "
              f"an empty Python web server loads in {statistics.median(peer):.0f} ms")
        print(f"resident memory, idle node          {memory:8.0f} MiB")


def timed(act):
    """Milliseconds that `act` takes."""
    begin = time.monotonic()
    act()
    return (time.monotonic() - begin) * 1000


def travel():
    """From the answer to an edit at north to its sight at south, polling without pause."""
    with Cluster("north", "south") as cluster:
        cluster.start()
        north, south = cluster.admin("north"), cluster.admin("south")
        bare = statistics.median(timed(lambda: north.get("/healthz")) for _ in range(100))
        times = []
        for number in range(100):
            begin = time.monotonic()
            key = north.post("/api/v1/customers", {"name": f"Traveller {number}"})["id"]
            acknowledged = time.monotonic()
            while not agents.exists(south, f"/api/v1/customers/{key}"):
                pass
            times.append(((acknowledged - begin) * 1000, (time.monotonic() - acknowledged) * 1000))
        writes, travels = ([pair[i] for pair in times] for i in (0, 1))
        print(f"edit over HTTP until durable        {statistics.median(writes):8.1f} ms (median of 100), "
              f"{statistics.median(writes) / bare:.1f} × an empty request ({bare:.1f} ms)")
        print(f"edit at north until seen at south   {statistics.median(travels):8.1f} ms (median), "
              f"{sorted(travels)[94]:.1f} ms (95 %)")


def take_seat(site, name, port):
    """Signs an agent in, its phone on a port that all agents share, and makes it ready."""
    agent = agents.Agent.__new__(agents.Agent)
    agent.login, agent.site, agent.port = name, site, port
    agent.client = site.client.sign_in(name, agents.PASSWORD)
    with ONE_PORT:
        phones.register(site, name, agents.PASSWORD, port)
    agent.client.post("/api/v1/desk/sign-in")
    agent.ready()


def calls():
    """The highest rate of one-second calls through one node of which none failed."""
    with Cluster("north") as cluster:
        cluster.start()
        site = cluster["north"]
        queue = {"name": "Load", "numbers": ["1000"], "requiredSkills": [], "serviceLevelSeconds": 20,
                 "ringSeconds": 10, "wrapUpSeconds": 0, "strategy": "longestIdle", "priority": 0, "affinitySeconds": 0}
        names = {f"a{index}": "north" for index in range(AGENTS)}
        agents.prepare(cluster, "north", names, {"load": queue})
        port = free_port()
        with concurrent.futures.ThreadPoolExecutor(8) as pool:
            list(pool.map(lambda name: take_seat(site, name, port), names))
        with tempfile.TemporaryFile() as output:
            answering = subprocess.Popen(
                ["sipp", f"{site.host}:{site.sip}", "-sf", str(phones.SCENARIOS / "phone.xml"), "-i", site.host,
                 "-p", str(port), "-key", "user", "phone", "-nostdin"], stdout=output, stderr=output)
            best = 0
            try:
                for rate in (5, 10, 15, 20, 25):
                    try:
                        phones.caller(site, "1000", calls=rate * SECONDS_A_RATE, rate=rate).finish()
                    except AssertionError as failure:
                        print(f"  {rate} calls a second: {str(failure).splitlines()[0]}")
                        break
                    best = rate
                    print(f"  {rate} calls a second for {SECONDS_A_RATE} s: all answered")
            finally:
                answering.kill()
                answering.wait()
        print(f"calls a second, none failed         {best:8d} ({AGENTS} agents, calls of 1.3 s, "
              f"{memory_mib(site):.0f} MiB afterwards)")


if __name__ == "__main__":
    start_up()
    travel()
    calls()
