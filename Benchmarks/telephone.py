"""Calls through one node beside Kamailio as a stateful proxy: the same sipp, the same machine, the same run.

Three ways from a caller (sipp) to a phone that answers at once (sipp):
- `proxy`: Kamailio, stateful, Record-Route, one worker;
- `stack`: the SIP stack alone between two sides, `TandemBenchmarks --back-to-back`: what Kamailio is fairly set beside;
- `site`: a whole site: queue, routing, agents' desks, contact and ticket on disk.

TANDEM_BINARY names the node and TANDEM_BENCHMARKS the benchmarks. `--quick` only shows that all can be measured;
`--no-day` leaves out the long run of short calls; names of ways leave out the others.
"""

import concurrent.futures
import csv
import os
import pathlib
import subprocess
import sys
import tempfile
import time

sys.path.insert(0, str(pathlib.Path(__file__).parent.parent / "Tests" / "System"))
import agents  # noqa: E402
import phones  # noqa: E402
from cluster import Cluster, free_port, wait_for  # noqa: E402

QUICK = "--quick" in sys.argv
FIRST_RATE, RATE_STEPS = (5, (4,)) if QUICK else (100, (2, 1.1))
RATE_MAX = 20 if QUICK else 20_000
SECONDS_A_RATE = 2 if QUICK else 10
# What is left of an overload, transactions and calls given up, is over when SIP's 32 s are.
SETTLING_SECONDS = 1 if QUICK else 35
AGENTS = 8 if QUICK else 80  # calls take milliseconds, so these are never all busy
HELD = 20 if QUICK else 8_000
DAY_SECONDS, DAY_ROUNDS = (2, 2) if QUICK else (30, 6)
HOST = "127.0.0.1"
BENCHMARKS = os.environ.get("TANDEM_BENCHMARKS", "TandemBenchmarks")
QUEUE = {
    "name": "Load", "numbers": ["1000"], "requiredSkills": [], "serviceLevelSeconds": 20, "ringSeconds": 10,
    "wrapUpSeconds": 0, "strategy": "longestIdle", "priority": 0, "affinitySeconds": 0,
}
PROXY = """#!KAMAILIO
listen=udp:{host}:{port}
children=1
auto_aliases=no
log_stderror=no
mpath="/usr/lib/x86_64-linux-gnu/kamailio/modules/"
loadmodule "tm.so"
loadmodule "sl.so"
loadmodule "rr.so"
loadmodule "pv.so"
loadmodule "textops.so"
loadmodule "siputils.so"
request_route {{
    if (has_totag()) {{
        loose_route();
        t_relay();
        exit;
    }}
    if (is_method("CANCEL")) {{
        t_relay();
        exit;
    }}
    record_route();
    $du = "sip:{host}:{target}";
    t_relay();
}}
"""
SDP = """
      Content-Type: application/sdp
      Content-Length: [len]

      v=0
      o=x 1 1 IN IP4 [local_ip]
      s=-
      c=IN IP4 [local_ip]
      t=0 0
      m=audio 40000 RTP/AVP 8
"""


NO_BODY = "\n      Content-Length: 0\n\n"


def request(method, number, uri="[next_url]", tag="[peer_tag_param]", body=NO_BODY, routes="[routes]"):
    return f"""
      {method} {uri} SIP/2.0
      Via: SIP/2.0/[transport] [local_ip]:[local_port];branch=[branch];rport
      {routes}
      From: <sip:+49[call_number]@[local_ip]:[local_port]>;tag=[pid]c[call_number]
      To: <sip:1000@[remote_ip]:[remote_port]>{tag}
      Call-ID: [call_id]
      CSeq: {number} {method}
      Contact: <sip:caller@[local_ip]:[local_port]>
      Max-Forwards: 70{body}"""


def caller_scenario(talk_ms):
    first = request("INVITE", 1, "sip:1000@[remote_ip]:[remote_port]", "", SDP, "").replace("\n      \n", "\n")
    return f"""<?xml version="1.0" encoding="UTF-8"?>
<scenario name="calls, talks, hangs up">
  <send retrans="500" start_rtd="1"><![CDATA[{first}]]></send>
  <recv response="100" optional="true"/>
  <recv response="180" optional="true"/>
  <recv response="182" optional="true"/>
  <recv response="183" optional="true"/>
  <recv response="200" rrs="true" rtd="1"/>
  <send><![CDATA[{request("ACK", 1)}]]></send>
  <pause milliseconds="{talk_ms}"/>
  <send retrans="500"><![CDATA[{request("BYE", 2)}]]></send>
  <recv response="200"/>
</scenario>
"""


def answer(status, body=NO_BODY, tag=";tag=p[pid]x[call_number]"):
    return f"""
      SIP/2.0 {status}
      [last_Via:]
      [last_Record-Route:]
      [last_From:]
      [last_To:]{tag}
      [last_Call-ID:]
      [last_CSeq:]
      Contact: <sip:phone@[local_ip]:[local_port]>{body}"""


PHONE = f"""<?xml version="1.0" encoding="UTF-8"?>
<scenario name="rings, answers, waits for the end">
  <recv request="INVITE"/>
  <send><![CDATA[{answer("180 Ringing")}]]></send>
  <send retrans="500"><![CDATA[{answer("200 OK", SDP)}]]></send>
  <recv request="ACK"/>
  <recv request="BYE"/>
  <send><![CDATA[{answer("200 OK", tag="")}]]></send>
</scenario>
"""
# A caller who waits in the queue, hears 182 from time to time, and gives up.
WAITER = (pathlib.Path(phones.SCENARIOS) / "caller-gives-up.xml").read_text()


class Way:
    """One way from caller to phone. `port` takes the calls; `processes` are whose time and memory count."""

    name = ""

    def __init__(self, directory):
        self.directory = directory
        self.port, self.phone_port = free_port(), free_port()
        self.phone = None

    def start_phone(self):
        path = self.directory / "phone.xml"
        path.write_text(PHONE)
        with (self.directory / f"{self.name}-phone.log").open("wb") as log:
            self.phone = subprocess.Popen(
                ["sipp", "-sf", str(path), "-i", HOST, "-p", str(self.phone_port), "-nostdin", "-buff_size", "8388608"],
                stdout=log, stderr=log, stdin=subprocess.DEVNULL,
            )

    def stop_phone(self):
        if self.phone:
            self.phone.kill()
            self.phone.wait()

    def stop(self):
        self.stop_phone()

    def renew(self):
        """Forgets an overload: sipp's calls that got nowhere would repeat themselves into what is measured next."""
        self.stop()
        self.start()

    def processes(self):
        raise NotImplementedError

    def cpu_seconds(self):
        ticks = 0
        for process in self.processes():
            fields = pathlib.Path(f"/proc/{process}/stat").read_text().rsplit(")", 1)[1].split()
            ticks += int(fields[11]) + int(fields[12])
        return ticks / os.sysconf("SC_CLK_TCK")

    def memory_kib(self):
        total = 0
        for process in self.processes():
            for line in pathlib.Path(f"/proc/{process}/smaps_rollup").read_text().splitlines():
                if line.startswith("Pss:"):
                    total += int(line.split()[1])
        return total


class Direct(Way):
    """Nothing between: what the two sipps themselves take."""

    name = "direct"

    def __init__(self, directory):
        super().__init__(directory)
        self.port = self.phone_port
        self.start()

    def start(self):
        self.start_phone()

    def processes(self):
        return []


class Proxy(Way):
    name = "proxy"

    def __init__(self, directory):
        super().__init__(directory)
        self.config = directory / "proxy.cfg"
        self.config.write_text(PROXY.format(host=HOST, port=self.port, target=self.phone_port))
        self.start()

    def start(self):
        with (self.directory / "proxy.log").open("wb") as log:
            self.process = subprocess.Popen(
                ["kamailio", "-f", str(self.config), "-DD", "-E", "-m", "1024", "-M", "64", "-Y", str(self.directory)],
                stdout=log, stderr=log, stdin=subprocess.DEVNULL,
                env={"PATH": "/usr/sbin:/usr/bin:/sbin:/bin"},
            )
        time.sleep(2)
        self.start_phone()

    def processes(self):
        path = pathlib.Path(f"/proc/{self.process.pid}/task/{self.process.pid}/children")
        return [self.process.pid, *path.read_text().split()]

    def stop(self):
        self.process.terminate()
        self.process.wait()
        super().stop()


class Stack(Way):
    name = "stack"

    def __init__(self, directory):
        super().__init__(directory)
        self.start()

    def start(self):
        with (self.directory / "stack.log").open("wb") as log:
            self.process = subprocess.Popen(
                [BENCHMARKS, "--back-to-back", str(self.port), str(self.phone_port)],
                stdout=log, stderr=log, stdin=subprocess.DEVNULL,
            )
        time.sleep(1)
        self.start_phone()

    def processes(self):
        return [self.process.pid]

    def stop(self):
        self.process.terminate()
        self.process.wait()
        super().stop()


class WholeSite(Way):
    name = "site"

    def __init__(self, directory):
        super().__init__(directory)
        self.cluster = Cluster("north")
        self.cluster.start()
        self.site = self.cluster["north"]
        self.port = self.site.sip
        names = {f"a{index}": "north" for index in range(AGENTS)}
        waiting = {**QUEUE, "name": "Waiting", "numbers": ["1001"], "requiredSkills": ["nobody:1"]}
        agents.prepare(self.cluster, "north", names, {"load": QUEUE, "waiting": waiting})
        with concurrent.futures.ThreadPoolExecutor(4) as pool:
            seats = list(pool.map(self.sign_in, names))
        self.seats = seats
        self.register()
        for seat in seats:
            seat.client.post("/api/v1/desk/sign-in")
            seat.ready()
        self.start_phone()

    def register(self):
        """All phones share a port, and register from it one by one."""
        for seat in self.seats:
            phones.register(self.site, seat.login, agents.PASSWORD, self.phone_port)

    def renew(self):
        """The calls end as they can; then every phone, silent meanwhile, is there and every agent ready again."""
        self.stop_phone()
        time.sleep(SETTLING_SECONDS)
        self.register()
        self.start_phone()
        admin = self.cluster.admin("north")
        wait_for("the last calls to end", lambda: not admin.get("/api/v1/wall")["contacts"], 300)
        for seat in self.seats:
            seat.ready()

    def sign_in(self, name):
        agent = agents.Agent.__new__(agents.Agent)
        agent.login, agent.site, agent.port = name, self.site, self.phone_port
        agent.client = self.site.client.sign_in(name, agents.PASSWORD)
        return agent

    def processes(self):
        return [self.site.process.pid]

    def stop(self):
        super().stop()
        self.cluster.close()


class Load:
    """One run of callers against a way."""

    def __init__(self, way, rate, calls, talk_ms=0, scenario=None, at_once=0, keys=(), hold_seconds=0):
        self.within = 30 + hold_seconds + calls // rate
        self.folder = tempfile.TemporaryDirectory(prefix="tandem-load-")
        path = pathlib.Path(self.folder.name, "caller.xml")
        path.write_text(scenario or caller_scenario(talk_ms))
        command = [
            "sipp", f"{HOST}:{way.port}", "-sf", str(path), "-i", HOST, "-p", str(free_port()), "-nostdin",
            "-r", str(rate), "-m", str(calls), "-l", str(at_once or max(1_000, rate * 20)), "-trace_rtt",
            "-rtt_freq", "1", "-buff_size", "8388608", *keys,
        ]
        self.process = subprocess.Popen(
            command, cwd=self.folder.name, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
            stdin=subprocess.DEVNULL,
        )

    def finish(self):
        """Whether none failed, and the delays of 200 OK in ms, sorted."""
        try:
            code = self.process.wait(self.within)
        except subprocess.TimeoutExpired:  # calls that never end keep sipp from ending
            self.process.kill()
            code = self.process.wait()
        delays = []
        for path in pathlib.Path(self.folder.name).glob("*_rtt.csv"):
            with path.open() as file:
                for row in csv.reader(file, delimiter=";"):
                    try:
                        delays.append(float(row[1]))
                    except (ValueError, IndexError):
                        continue
        self.folder.cleanup()
        return code == 0, sorted(delays)


def share(values, part):
    return values[min(len(values) - 1, int(len(values) * part))] if values else float("nan")


def carries(way, rate):
    """Whether none of the calls of some seconds at a rate failed, and what a call took of the processor."""
    calls = int(rate * SECONDS_A_RATE)
    before = way.cpu_seconds()
    began = time.monotonic()
    good, _ = Load(way, int(rate), calls).finish()
    seconds = time.monotonic() - began
    # sipp falls behind its own rate before calls fail; what was not offered was not carried.
    kept_up = seconds <= SECONDS_A_RATE * 1.5 + 3
    return good and kept_up, (way.cpu_seconds() - before) / calls


def best_rate(way):
    """The highest rate of which no call failed, with what a call took of the processor.

    A coarse ladder up to the first rate that is too high, then a finer one from the last that was not.
    """
    best, cost = 0, 0.0
    for step in RATE_STEPS:
        rate = best * step if best else FIRST_RATE
        while rate <= RATE_MAX:
            good, a_call = carries(way, rate)
            if not good:
                way.renew()
                break
            best, cost = int(rate), a_call
            rate *= step
    return best, cost


def held(way):
    """What each of many calls at once takes, in KiB: calls that talk, or at a whole site that wait in the queue."""
    before = way.memory_kib()
    hold_ms = 3_000 if QUICK else 60_000
    rate = max(1, HELD // (2 if QUICK else 30))
    if isinstance(way, WholeSite):
        scenario = WAITER.replace('<pause milliseconds="700"/>', f'<pause milliseconds="{hold_ms}"/>')
        # What the site says of places while they listen is not to end the pause.
        load = Load(way, rate, HELD, scenario=scenario, at_once=HELD + 1, hold_seconds=hold_ms // 1000,
                    keys=("-pause_msg_ign", "-key", "number", "1001", "-key", "caller", "anonymous"))
    else:
        load = Load(way, rate, HELD, hold_ms, at_once=HELD + 1, hold_seconds=hold_ms // 1000)
    time.sleep(HELD / rate + (0.5 if QUICK else 5))
    most = way.memory_kib()
    good, _ = load.finish()
    return (most - before) / HELD, good


def day(way, rate):
    """Short calls without pause: memory in MiB after the first round and after the last."""
    memory = []
    for _ in range(DAY_ROUNDS):
        Load(way, rate, rate * DAY_SECONDS).finish()
        time.sleep(SETTLING_SECONDS)  # finished transactions are kept for 32 s
        memory.append(way.memory_kib() / 1_024)
    return memory[0], memory[-1], rate * DAY_SECONDS * DAY_ROUNDS


def measure(kind, directory, peers_rate):
    """`peers_rate` is the proxy's highest rate where it was measured before: delays are also taken at half of that."""
    way = kind(directory)
    try:
        wait_for(f"a call by way of {way.name}", lambda: Load(way, 1, 1).finish()[0], 60)
        rate, cost = best_rate(way)
        print(f"{way.name:6} highest rate, none failed        {rate:8d} calls/s, "
              f"{cost * 1e6:7.0f} µs of processor a call")
        half = max(1, rate // 2)
        for tested in sorted({half, max(1, peers_rate // 2) if peers_rate else half}):
            good, delays = Load(way, tested, tested * SECONDS_A_RATE).finish()
            print(f"{way.name:6} 200 OK at {tested:5d} calls/s          {share(delays, 0.5):8.1f} ms p50, "
                  f"{share(delays, 0.99):.1f} ms p99{'' if good else ' (some failed)'}")
        if not isinstance(way, (Direct, Proxy)):
            if isinstance(way, WholeSite):
                # A new one: the old one's memory, full of what the rates left, has room for these calls.
                way.stop()
                way = kind(directory)
            size, good = held(way)
            what = "waiting in the queue" if isinstance(way, WholeSite) else "in talk"
            print(f"{way.name:6} {HELD} calls at once, {what}  {size:8.1f} KiB a call"
                  f"{'' if good else ' (some failed)'}")
            if "--no-day" in sys.argv:
                return rate
            first, last, count = day(way, half)
            print(f"{way.name:6} memory over {count} short calls     {first:8.1f} MiB early, {last:.1f} MiB late")
        return rate
    finally:
        way.stop()


def main():
    names = [argument for argument in sys.argv[1:] if not argument.startswith("--")]
    rates = {}
    for kind in (Direct, Proxy, Stack, WholeSite):
        if names and kind.name not in names:
            continue
        with tempfile.TemporaryDirectory(prefix="tandem-telephone-") as directory:
            rates[kind.name] = measure(kind, pathlib.Path(directory), rates.get("proxy"))
    if rates.get("proxy"):
        for name in ("stack", "site"):
            if name in rates:
                print(f"{name:6} against the proxy               {rates[name] / rates['proxy']:8.2f} × its rate")


if __name__ == "__main__":
    main()
