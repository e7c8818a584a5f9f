"""Network namespaces: sites as hosts of their own, with a link between them that can be pulled."""

import ctypes
import os
import subprocess

CLONE_NEWNET = 0x40000000
libc = ctypes.CDLL(None, use_errno=True)


def available():
    """Whether this user may make namespaces here."""
    if os.geteuid() != 0:
        return False
    name = f"tandem-probe-{os.getpid()}"
    if subprocess.run(["ip", "netns", "add", name], capture_output=True).returncode != 0:
        return False
    ip("netns", "del", name)
    return True


def ip(*arguments):
    subprocess.run(["ip", *arguments], check=True, capture_output=True, text=True)


class TwoHosts:
    """Two hosts with a cable between them, and a third place from which both can be asked.

    The calling thread moves to the third place, so that its own connections start there.
    """

    def __init__(self):
        mark = os.getpid()
        self.control = f"tandem-{mark}-c"
        self.names = [f"tandem-{mark}-1", f"tandem-{mark}-2"]
        self.home = None

    def __enter__(self):
        for name in [self.control, *self.names]:
            ip("netns", "add", name)
            ip("-n", name, "link", "set", "lo", "up")
        one, two = self.names
        ip("link", "add", "cable", "netns", one, "type", "veth", "peer", "name", "cable", "netns", two)
        for index, name in enumerate(self.names, 1):
            ip("-n", name, "addr", "add", f"10.77.1.{index}/24", "dev", "cable")
            ip("-n", name, "link", "set", "cable", "up")
            ip("link", "add", "control", "netns", name, "type", "veth", "peer", "name", f"to{index}",
               "netns", self.control)
            ip("-n", name, "addr", "add", f"10.77.{index + 1}.1/24", "dev", "control")
            ip("-n", name, "link", "set", "control", "up")
            ip("-n", self.control, "addr", "add", f"10.77.{index + 1}.254/24", "dev", f"to{index}")
            ip("-n", self.control, "link", "set", f"to{index}", "up")
        self.home = os.open("/proc/self/ns/net", os.O_RDONLY)
        self._move(f"/run/netns/{self.control}")
        return self

    def __exit__(self, kind, error, trace):
        if libc.setns(self.home, CLONE_NEWNET) != 0:
            raise OSError(ctypes.get_errno(), "cannot leave the namespace")
        os.close(self.home)
        for name in [*self.names, self.control]:
            ip("netns", "del", name)

    def place(self, site, index):
        """Puts a site on the host of that number, 1 or 2."""
        site.namespace = self.names[index - 1]
        site.host = f"10.77.{index + 1}.1"
        site.mesh_host = f"10.77.1.{index}"

    def cable(self, connected):
        """Pulls the cable, or plugs it in."""
        ip("-n", self.names[0], "link", "set", "cable", "up" if connected else "down")

    @staticmethod
    def _move(path):
        target = os.open(path, os.O_RDONLY)
        try:
            if libc.setns(target, CLONE_NEWNET) != 0:
                raise OSError(ctypes.get_errno(), f"cannot enter {path}")
        finally:
            os.close(target)
