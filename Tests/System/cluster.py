"""A real cluster for tests: processes of the built `tandem` on loopback, in a directory of their own."""

import json
import os
import pathlib
import random
import shutil
import signal
import socket
import subprocess
import tempfile
import time
import urllib.error
import urllib.request

BINARY = os.environ.get("TANDEM_BINARY", "tandem")
ADMIN_PASSWORD = "correct horse battery staple"
DEADLINE_SECONDS = 60  # how long any condition may take on a slow, shared machine


_given = set()


def free_port(span=1):
    """The first of `span` ports that nobody uses at the moment, for TCP and UDP alike.

    Below the range that the system takes outgoing connections' ports from, so that none is taken in between.
    """
    while True:
        first = random.randrange(20_000, 32_000)
        ports = range(first, first + span)
        if _given.isdisjoint(ports) and all(_is_free(port) for port in ports):
            _given.update(ports)
            return first


def _is_free(port):
    for kind in (socket.SOCK_STREAM, socket.SOCK_DGRAM):
        with socket.socket(socket.AF_INET, kind) as probe:
            try:
                probe.bind(("127.0.0.1", port))
            except OSError:
                return False
    return True


def wait_for(what, condition, seconds=DEADLINE_SECONDS):
    """Asks `condition` until it returns something true, and returns that."""
    end = time.monotonic() + seconds
    last = None
    while time.monotonic() < end:
        try:
            value = condition()
            if value:
                return value
        except (urllib.error.URLError, ConnectionError, TimeoutError, AssertionError) as error:
            last = error
        time.sleep(0.05)
    raise AssertionError(f"waited {seconds} s in vain for {what}" + (f": {last}" if last else ""))


class Problem(Exception):
    """A refusal of the API."""

    def __init__(self, status, body):
        super().__init__(f"{status}: {body}")
        self.status = status
        self.body = body


class Client:
    """Talks to one site's API."""

    def __init__(self, base, token=None):
        self.base = base
        self.token = token

    def request(self, method, path, body=None, headers=None, raw=False):
        data = None
        headers = dict(headers or {})
        if body is not None and not raw:
            data = json.dumps(body).encode()
            headers.setdefault("Content-Type", "application/json")
        elif body is not None:
            data = body
        if self.token:
            headers["Authorization"] = f"Bearer {self.token}"
        request = urllib.request.Request(self.base + path, data=data, method=method, headers=headers)
        try:
            with urllib.request.urlopen(request, timeout=20) as answer:
                text = answer.read()
                kind = answer.headers.get("Content-Type", "")
                return json.loads(text) if "json" in kind and text else text
        except urllib.error.HTTPError as error:
            text = error.read().decode("utf-8", "replace")
            try:
                text = json.loads(text)
            except ValueError:
                pass
            raise Problem(error.code, text) from None

    def get(self, path):
        return self.request("GET", path)

    def post(self, path, body=None, **options):
        return self.request("POST", path, {} if body is None else body, **options)

    def put(self, path, body):
        return self.request("PUT", path, body)

    def patch(self, path, body, **options):
        return self.request("PATCH", path, body, **options)

    def sign_in(self, login, password):
        answer = Client(self.base).post("/api/v1/session", {"login": login, "password": password})
        return Client(self.base, answer["token"])


class Site:
    """One site's node as a process."""

    def __init__(self, cluster, name):
        self.cluster = cluster
        self.name = name
        self.http, self.mesh, self.sip = free_port(), free_port(), free_port()
        self.host = "127.0.0.1"
        self.mesh_host = "127.0.0.1"
        self.namespace = None
        self.process = None
        self.config = cluster.directory / f"{name}.yaml"
        self.log = cluster.directory / f"{name}.log"

    @property
    def url(self):
        return f"http://{self.host}:{self.http}"

    @property
    def client(self):
        return Client(self.url)

    def write_config(self, extra=""):
        """Writes the site's file; `extra` goes on in its section `sip`.

        Phones are not asked whether they are there unless `extra` says so: sipp would take the question for its call
        and end.
        """
        asked = "" if "phoneProbeSeconds" in extra else "  phoneProbeSeconds: 0\n"
        peers = "".join(
            f"    - site: {peer.name}\n      host: {peer.mesh_host}\n      port: {peer.mesh}\n      url: {peer.url}\n"
            for peer in self.cluster.sites.values()
            if peer is not self
        )
        first = "  firstAdministrator: admin\n" if self.name == self.cluster.first else ""
        self.config.write_text(
            f"site:\n  id: {self.name}\n{first}cluster:\n  id: test\ndata: data/{self.name}\n"
            f"http:\n  host: {self.host}\n  port: {self.http}\n"
            f"mesh:\n  host: {self.mesh_host}\n  port: {self.mesh}\n  authority: pki/authority.pem\n"
            f"  certificate: pki/{self.name}.pem\n  key: pki/{self.name}-key.pem\n"
            + (f"  peers:\n{peers}" if peers else "")
            + f"sip:\n  host: {self.host}\n  port: {self.sip}\n{asked}{extra}"
        )

    def start(self, wait=True):
        assert self.process is None
        prefix = ["ip", "netns", "exec", self.namespace] if self.namespace else []
        environment = dict(os.environ, TANDEM_ADMIN_PASSWORD=ADMIN_PASSWORD)
        with self.log.open("ab") as log:
            self.process = subprocess.Popen(
                prefix + [BINARY, "site", "run", "--config", str(self.config)],
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                env=environment,
            )
        if wait:
            self.wait_ready()

    def wait_ready(self):
        def ready():
            if self.process.poll() is not None:
                raise RuntimeError(f"{self.name} ended with {self.process.returncode}:\n{self.tail()}")
            return self.client.get("/healthz") is not None

        wait_for(f"{self.name} to be ready", ready)

    def stop(self):
        """Asks the node to end, and returns its exit code."""
        return self._end(signal.SIGTERM)

    def kill(self):
        """Ends the node as a power cut would."""
        return self._end(signal.SIGKILL)

    def _end(self, number):
        if self.process is None:
            return None
        if self.process.poll() is None:
            self.process.send_signal(number)
        try:
            code = self.process.wait(timeout=DEADLINE_SECONDS)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()
            raise AssertionError(f"{self.name} did not end:\n{self.tail()}") from None
        self.process = None
        return code

    def tail(self, lines=40):
        return "\n".join(self.log.read_text(errors="replace").splitlines()[-lines:])


class Cluster:
    """Sites of one authority; stops and removes all at the end."""

    def __init__(self, *names):
        self.directory = pathlib.Path(tempfile.mkdtemp(prefix="tandem-test-"))
        self.first = names[0]
        self.sites = {}
        for name in names:
            self.sites[name] = Site(self, name)
        run("pki", "init", "--cluster", "test", "--directory", str(self.directory / "pki"))
        run("pki", "issue", *names, "--directory", str(self.directory / "pki"), "--host", "127.0.0.1")

    def __getitem__(self, name):
        return self.sites[name]

    def start(self):
        for site in self.sites.values():
            site.write_config()
        for site in self.sites.values():
            site.start(wait=False)
        for site in self.sites.values():
            site.wait_ready()
        self.wait_linked()

    def wait_linked(self, names=None):
        names = names or list(self.sites)
        for name in names:
            admin = self.admin(name)
            wait_for(
                f"{name} to hear {len(names)} sites",
                lambda admin=admin: admin.get("/api/v1/wall")["completeness"]["heard"] >= len(names),
            )

    def admin(self, name):
        """The administrator's client at a site; waits until the account has arrived there."""

        def attempt():
            try:
                return self[name].client.sign_in("admin", ADMIN_PASSWORD)
            except Problem:
                return None

        return wait_for(f"the administrator's account at {name}", attempt)

    def close(self):
        for site in self.sites.values():
            site.kill()
        if not os.environ.get("TANDEM_KEEP"):
            shutil.rmtree(self.directory, ignore_errors=True)

    def __enter__(self):
        return self

    def __exit__(self, kind, error, trace):
        if kind is not None:
            for site in self.sites.values():
                if site.log.exists():
                    print(f"--- {site.name} ---\n{site.tail()}")
        self.close()


def run(*arguments, check=True, environment=None, stdin=None):
    """Runs the command line once."""
    result = subprocess.run(
        [BINARY, *arguments],
        input=stdin,
        stdin=None if stdin is not None else subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=120,
        env=dict(os.environ, **(environment or {})),
    )
    if check and result.returncode != 0:
        raise AssertionError(f"tandem {' '.join(arguments)} ended with {result.returncode}: {result.stderr}")
    return result
