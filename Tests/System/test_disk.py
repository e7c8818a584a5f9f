"""A real disk that is full: nothing acknowledged is lost, and work goes on when there is room again."""

import os
import subprocess
import unittest

import agents
from cluster import Cluster, Problem, wait_for


def small_disk(path, size):
    """A file system of that size at the path; False where this user may not make one."""
    if os.geteuid() != 0:
        return False
    path.mkdir(parents=True, exist_ok=True)
    mounted = subprocess.run(["mount", "-t", "tmpfs", "-o", f"size={size}", "tmpfs", str(path)], capture_output=True)
    return mounted.returncode == 0


class FullDiskTests(unittest.TestCase):
    def test_a_full_disk_refuses_writes_with_its_reason_and_takes_them_again_when_there_is_room(self):
        cluster = Cluster("north")
        self.addCleanup(cluster.close)
        disk = cluster.directory / "data"
        if not small_disk(disk, "4m"):
            self.skipTest("this user may not mount a small file system")
        self.addCleanup(subprocess.run, ["umount", "--lazy", str(disk)], check=True)
        cluster.start()
        admin = cluster.admin("north")
        filler = disk / "filler"
        filler.write_bytes(b"x" * 1_000_000)
        kept = []

        def write(number):
            body = {"name": f"Customer {number}", "title": "t" * 200, "department": "d" * 200}
            return admin.post("/api/v1/customers", body)["id"]

        with self.assertRaises(Problem) as caught:
            for number in range(5_000):
                kept.append(write(number))
        self.assertIn(caught.exception.status, (503, 507))
        self.assertIn("full", str(caught.exception.body).lower())
        self.assertGreater(len(kept), 10)
        cluster["north"].client.get("/healthz")
        self.assertEqual(admin.get(f"/api/v1/customers/{kept[0]}")["name"], "Customer 0")

        filler.unlink()

        def taken():
            try:
                return write(9_999)
            except Problem:
                return None

        kept.append(wait_for("writes to be taken again", taken))
        cluster["north"].stop()
        cluster["north"].start()
        admin = cluster.admin("north")
        for key in kept:
            self.assertIsNotNone(agents.exists(admin, f"/api/v1/customers/{key}"), key)


if __name__ == "__main__":
    unittest.main()
