"""Files on tickets between real nodes: fetched from wherever they are, also when the site that gives them dies."""

import hashlib
import os
import threading
import unittest
import urllib.parse

import agents
from cluster import Cluster, Problem, wait_for


class AttachmentTests(unittest.TestCase):
    def setUp(self):
        self.cluster = Cluster("north", "east", "south")
        self.addCleanup(self.cluster.close)
        self.cluster.start()
        ticket = self.cluster.admin("north").post("/api/v1/tickets", {"subject": "See the files"})
        self.path = f"/api/v1/tickets/{ticket['id']}"

    def attach(self, site, content, name):
        admin = self.cluster.admin(site)
        made = admin.request(
            "POST",
            f"{self.path}/attachments?name={urllib.parse.quote(name)}",
            content,
            {"Content-Type": "application/octet-stream"},
            raw=True,
        )
        key = hashlib.sha256(content).hexdigest()
        self.assertIn((key, name), [(one["id"], one["name"]) for one in made["attachments"]])
        return key

    def listed(self, site, key):
        admin = self.cluster.admin(site)

        def there():
            ticket = agents.exists(admin, self.path)
            return ticket and any(one["id"] == key for one in ticket["attachments"])

        wait_for(f"the file's name at {site}", there)
        return admin

    def download(self, admin, key, seconds=60):
        def come():
            try:
                return admin.get(f"{self.path}/attachments/{key}")
            except Problem as problem:
                if problem.status != 503:
                    raise
                return None

        return wait_for("the file", come, seconds)

    def cut(self, one, other, cut):
        self.cluster.admin(one).post(f"/api/v1/site/links/{other}", {"cut": cut})
        self.cluster.admin(other).post(f"/api/v1/site/links/{one}", {"cut": cut})

    def folder(self, site):
        return self.cluster.directory / "data" / site / "blobs"

    def has(self, site, key):
        return (self.folder(site) / key[:2] / key).exists()

    def test_a_file_attached_at_one_site_is_read_at_another_and_stays_there(self):
        content = os.urandom(3_000_000)
        key = self.attach("north", content, "Protokoll 张.bin")
        self.assertTrue(self.has("north", key))
        admin = self.listed("south", key)
        self.assertFalse(self.has("south", key))
        self.assertEqual(self.download(admin, key), content)
        self.assertTrue(self.has("south", key))
        self.assertFalse(self.has("east", key))
        part = admin.request("GET", f"{self.path}/attachments/{key}", headers={"Range": "bytes=-5"})
        self.assertEqual(part, content[-5:])
        self.cluster["north"].kill()
        self.assertEqual(self.download(admin, key), content)

    def test_a_file_comes_over_the_third_site_when_the_direct_link_is_cut(self):
        content = os.urandom(1_000_000)
        key = self.attach("north", content, "over.bin")
        admin = self.listed("south", key)
        self.cut("north", "south", True)
        self.assertEqual(self.download(admin, key), content)

    def test_a_fetch_whose_donor_is_killed_in_the_middle_goes_on_from_the_third_site(self):
        for attempt in range(5):
            content = os.urandom(24_000_000)
            key = self.attach("north", content, f"large{attempt}.bin")
            east, south = self.listed("east", key), self.listed("south", key)
            self.assertEqual(self.download(east, key), content)
            # South can ask north only: it is in the middle of it when north dies.
            self.cut("east", "south", True)
            asking = threading.Thread(target=self.ask_once, args=(south, key))
            asking.start()
            partial = self.folder("south") / "partial" / key

            def begun():
                return self.has("south", key) or (partial.exists() and partial.stat().st_size > 0)

            wait_for("the first part", begun)
            self.cluster["north"].kill()
            asking.join()
            if not self.has("south", key):
                break
            self.cluster["north"].start()
            self.cut("east", "south", False)
        else:
            self.skipTest("this machine is too fast to kill anything in the middle of a fetch")
        got = partial.stat().st_size
        self.assertTrue(0 < got < len(content))
        self.assertEqual(partial.read_bytes(), content[:got])
        self.cut("east", "south", False)
        self.assertEqual(self.download(south, key), content)

    def ask_once(self, admin, key):
        try:
            admin.get(f"{self.path}/attachments/{key}")
        except (Problem, OSError):
            pass

    def test_a_fetch_goes_on_after_the_site_that_wants_it_was_killed(self):
        content = os.urandom(24_000_000)
        key = self.attach("north", content, "large.bin")
        south = self.listed("south", key)
        asking = threading.Thread(target=self.ask_once, args=(south, key))
        asking.start()
        partial = self.folder("south") / "partial" / key
        wait_for("the first part", lambda: self.has("south", key) or (partial.exists() and partial.stat().st_size > 0))
        self.cluster["south"].kill()
        asking.join()
        self.cluster["south"].start()
        self.assertEqual(self.download(self.cluster.admin("south"), key), content)


if __name__ == "__main__":
    unittest.main()
