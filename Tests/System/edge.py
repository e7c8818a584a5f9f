"""The edge of cluster-config/kamailio as a process in front of some of a test cluster's sites."""

import pathlib
import shutil
import subprocess

from cluster import free_port, wait_for

CONFIG = pathlib.Path(__file__).parents[2] / "cluster-config" / "kamailio" / "kamailio.cfg"
INSTALLED = shutil.which("kamailio", path="/usr/sbin:/usr/bin") is not None


class Edge:
    """Kamailio with the sites' ports of this test; callers take it for a site.

    `values` are those of the file's first block.
    """

    def __init__(self, cluster, *sites, folder="edge", **values):
        self.directory = cluster.directory / folder
        self.directory.mkdir()
        self.host, self.sip = "127.0.0.1", free_port()
        listed = "".join(f"1 sip:{cluster[name].host}:{cluster[name].sip}\n" for name in sites)
        (self.directory / "dispatcher.list").write_text(listed)
        (self.directory / "carriers.list").write_text("1 127.0.0.1 32 0 loopback\n")
        values = {
            "EDGE_UDP": f"udp:{self.host}:{self.sip}",
            "EDGE_TCP": f"tcp:{self.host}:{self.sip}",
            "EDGE_SELF": f'"sip:{self.host}:{self.sip};transport=udp"',
            "SITES_FILE": f'"{self.directory}/dispatcher.list"',
            "CARRIERS_FILE": f'"{self.directory}/carriers.list"',
            **values,
        }
        command = ["kamailio", "-f", str(CONFIG), "-DD", "-E", "-e", "-m", "64", "-M", "8", "-Y", str(self.directory)]
        for name, value in values.items():
            command += ["-A", f"{name}={value}"]
        self.log = self.directory / "edge.log"
        with self.log.open("wb") as log:
            self.process = subprocess.Popen(
                command, stdin=subprocess.DEVNULL, stdout=log, stderr=log, cwd=self.directory,
                env={"PATH": "/usr/sbin:/usr/bin:/sbin:/bin"},
            )

    def said(self, text):
        """Whether it has logged a text."""
        return text in self.log.read_text(errors="replace")

    def wait_said(self, text, times=1, seconds=30):
        def condition():
            if self.process.poll() is not None:
                raise RuntimeError(f"the edge ended: {self.tail()}")
            return self.log.read_text(errors="replace").count(text) >= times

        try:
            wait_for(f"'{text}' of the edge", condition, seconds)
        except AssertionError as error:
            raise AssertionError(f"{error}\n{self.tail()}") from None

    def tail(self, lines=40):
        return "\n".join(self.log.read_text(errors="replace").splitlines()[-lines:])

    def stop(self):
        if self.process.poll() is None:
            self.process.terminate()
            try:
                self.process.wait(timeout=10)
            except subprocess.TimeoutExpired:
                self.process.kill()
                self.process.wait()
