"""Callers and agents' phones for tests: sipp runs the scenarios of the folder beside this file."""

import pathlib
import subprocess
import tempfile

from cluster import DEADLINE_SECONDS, free_port

SCENARIOS = pathlib.Path(__file__).parent / "sipp"
_running = set()


class Sipp:
    """One run of sipp; its exit code is the verdict.

    `instead` ({old: new}) changes texts of the scenario for which sipp knows no keyword, such as a status.
    """

    def __init__(self, scenario, site, port=None, calls=1, rate=1, keys=None, instead=None, options=()):
        self.port = port or free_port()
        self.directory = tempfile.TemporaryDirectory(prefix="tandem-sipp-")
        path = SCENARIOS / f"{scenario}.xml"
        if instead:
            text = path.read_text()
            for old, new in instead.items():
                assert old in text, f"{path} has no {old}"
                text = text.replace(old, new)
            path = pathlib.Path(self.directory.name, path.name)
            path.write_text(text)
        command = [
            "sipp", f"{site.host}:{site.sip}",
            "-sf", str(path),
            "-i", site.host, "-p", str(self.port),
            "-m", str(calls), "-r", str(rate), "-nostdin",
            "-trace_err", "-error_file", f"{self.directory.name}/errors.log",
            "-timeout", str(DEADLINE_SECONDS), "-timeout_error",
            *options,
        ]
        for key, value in (keys or {}).items():
            command += ["-key", key, value]
        self.process = subprocess.Popen(
            command,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            cwd=self.directory.name,
            text=True,
        )
        _running.add(self)

    def finish(self):
        """Waits for the end; fails with sipp's own words unless every call went as the scenario says."""
        output, _ = self.process.communicate(timeout=DEADLINE_SECONDS * 2)
        _running.discard(self)
        errors = pathlib.Path(self.directory.name, "errors.log")
        detail = errors.read_text() if errors.exists() else ""
        self.directory.cleanup()
        assert self.process.returncode == 0, f"sipp ended with {self.process.returncode}\n{detail}\n{output[-5000:]}"

    def stop(self):
        if self.process.poll() is None:
            self.process.kill()
            self.process.communicate()
        self.directory.cleanup()
        _running.discard(self)


def stop_all():
    """Ends what a failed test left running, so that its calls do not reach the agents of the next one."""
    for sipp in list(_running):
        sipp.stop()


def register(site, user, password, port):
    """Registers a phone at a site; the same port then takes its calls."""
    Sipp("register", site, port=port, keys={"user": user}, options=("-au", user, "-ap", password)).finish()


def caller(site, number, scenario="caller", caller_number="+49301234567", **options):
    """A caller who dials a number at a site."""
    return Sipp(scenario, site, keys={"number": number, "caller": caller_number}, **options)


def caller_sent_away(site, number, status, **options):
    """A caller who is refused with a status, at once or after a wait."""
    return caller(site, number, "caller-unknown-number", instead={'"404"': f'"{status}"'}, **options)


def phone(site, user, port, scenario="phone", **options):
    """An agent's phone that takes calls on the port it registered with."""
    return Sipp(scenario, site, port=port, keys={"user": user}, **options)
