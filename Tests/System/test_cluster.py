"""Operating real nodes: acknowledgement levels, membership, checks, backup, restore, a lost disk."""

import json
import shutil
import unittest
import urllib.request

import agents
from cluster import ADMIN_PASSWORD, Cluster, Problem, Site, run, wait_for

ENVIRONMENT = {"TANDEM_PASSWORD": ADMIN_PASSWORD}


def command(*arguments, site, check=True, stdin=None):
    """Runs a command against a site as the administrator."""
    return run(*arguments, "--url", site.url, check=check, environment=ENVIRONMENT, stdin=stdin)


def change(client, path, body):
    """Makes a change and returns the answer with its header fields."""
    headers = {"Authorization": f"Bearer {client.token}", "Content-Type": "application/json"}
    request = urllib.request.Request(client.base + path, data=json.dumps(body).encode(), headers=headers)
    with urllib.request.urlopen(request, timeout=40) as answer:
        return json.loads(answer.read()), answer.headers


def customer(client, name, query=""):
    return change(client, "/api/v1/customers" + query, {"name": name})


def wait_equal(cluster, names):
    """Waits until sites have applied the same ops and hold the same documents; returns the digest."""

    def equal():
        seen = [cluster.admin(name).get("/api/v1/cluster") for name in names]
        first = seen[0]
        same = all(s["vector"] == first["vector"] and s["digest"] == first["digest"] for s in seen)
        return first["digest"] if same and first["digest"] else None

    return wait_for(f"{', '.join(names)} to be equal", equal)


class AcknowledgementTests(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.cluster = Cluster("north", "east", "south")
        cls.addClassCleanup(cls.cluster.close)
        cls.cluster.start()

    def isolate(self, site, cut):
        for peer in self.cluster.sites:
            if peer != site:
                self.cluster.admin(site).post(f"/api/v1/site/links/{peer}", {"cut": cut})
                self.cluster.admin(peer).post(f"/api/v1/site/links/{site}", {"cut": cut})

    def test_the_answer_says_how_far_a_change_got(self):
        admin = self.cluster.admin("north")
        for level in ["local", "one", "majority"]:
            made, headers = customer(admin, f"Level {level}", f"?acknowledgement={level}&patienceMs=20000")
            self.assertEqual(headers["Tandem-Acknowledged"], level)
            self.assertEqual(made["receipt"]["acknowledged"], level)
            self.assertTrue(headers["Tandem-Op"].startswith("north."))
            self.assertIsNone(headers["Tandem-Acknowledgement-Missed"])
        with self.assertRaises(Problem) as caught:
            admin.post("/api/v1/customers?acknowledgement=all", {"name": "Nobody"})
        self.assertEqual(caught.exception.status, 400)

    def test_a_level_that_cannot_be_reached_is_told_and_can_be_awaited_later(self):
        admin = self.cluster.admin("north")
        self.isolate("north", True)
        try:
            made, headers = customer(admin, "Cut off", "?acknowledgement=majority&patienceMs=300")
            self.assertEqual(headers["Tandem-Acknowledged"], "local")
            self.assertIn("300 ms", headers["Tandem-Acknowledgement-Missed"])
        finally:
            self.isolate("north", False)
        path = f"/api/v1/acknowledgements/{headers['Tandem-Op']}?level=majority&patienceMs=15000"
        reached = wait_for(
            "the change to be acknowledged by most",
            lambda: (lambda a: a if a["acknowledged"] == "majority" else None)(admin.get(path)),
        )
        self.assertIsNone(reached["missed"])
        self.assertTrue(agents.exists(admin, f"/api/v1/customers/{made['id']}"))

    def test_members_and_status_are_told(self):
        listed = command("cluster", "members", site=self.cluster["south"]).stdout
        for name in self.cluster.sites:
            self.assertRegex(listed, rf"{name} +active")
        answer = json.loads(command("cluster", "members", "--json", site=self.cluster["south"]).stdout)
        self.assertEqual([m["site"] for m in answer["members"]], ["east", "north", "south"])
        self.assertTrue(all(m["linked"] for m in answer["members"]))
        self.assertEqual(answer["decisions"], 0)
        status = json.loads(command("site", "status", "--json", site=self.cluster["south"]).stdout)
        self.assertEqual(sorted(status["records"]["health"]["lag"]), ["east", "north"])
        self.assertTrue(status["records"]["health"]["clock"]["trusted"])
        self.assertIn("clock:", command("site", "status", site=self.cluster["south"]).stdout)

    def test_a_check_of_the_disk_finds_nothing(self):
        customer(self.cluster.admin("east"), "Looked at")
        found = command("site", "verify", site=self.cluster["east"])
        self.assertIn("nothing found damaged", found.stdout)
        answer = json.loads(command("site", "verify", "--json", site=self.cluster["east"]).stdout)
        self.assertEqual(answer["damagedOps"], [])
        refused = run("site", "verify", "--offline", "--config", str(self.cluster["east"].config), check=False)
        self.assertEqual(refused.returncode, 1, refused.stdout)

    def test_conflicts_are_listed_and_decided_from_the_command_line(self):
        north, east = self.cluster.admin("north"), self.cluster.admin("east")
        key = customer(north, "Twice", "?acknowledgement=majority&patienceMs=20000")[0]["id"]
        path = f"/api/v1/customers/{key}"
        wait_for("the file at east", lambda: agents.exists(east, path))
        self.isolate("north", True)
        try:
            north.patch(path, {"title": "First"})
            east.patch(path, {"title": "Second"})
        finally:
            self.isolate("north", False)
        wait_for("the conflict", lambda: north.get(path)["conflicts"] == 1)
        listed = command("site", "conflicts", site=self.cluster["north"]).stdout
        self.assertIn("'First'", listed)
        items = json.loads(command("site", "conflicts", "--json", site=self.cluster["north"]).stdout)["items"]
        identity = next(c["id"] for c in items if c["document"]["key"] == key)
        command("site", "conflicts", "restore", identity, site=self.cluster["north"])
        self.assertEqual((lambda f: (f["title"], f["conflicts"]))(north.get(path)), ("First", 0))
        again = command("site", "conflicts", "dismiss", identity, site=self.cluster["north"], check=False)
        self.assertEqual(again.returncode, 1)
        self.assertIn("no such conflict", again.stderr)

    def test_lost_and_found_is_empty_where_nothing_was_deleted(self):
        self.assertIn("Nothing was lost", command("site", "lost-found", site=self.cluster["north"]).stdout)
        key = customer(self.cluster.admin("north"), "Alive")[0]["id"]
        refused = command("site", "lost-found", "settle", "customer", key, site=self.cluster["north"], check=False)
        self.assertEqual(refused.returncode, 1)
        self.assertIn("nothing lost", refused.stderr)


class LostFoundTests(unittest.TestCase):
    """A file deleted at one site while another, cut off, goes on editing it."""

    def test_what_was_written_to_a_deleted_file_is_found_at_both_sites_and_nothing_returns(self):
        with Cluster("north", "south") as cluster:
            cluster.start()
            north, south = cluster.admin("north"), cluster.admin("south")
            key = customer(north, "Gone Tomorrow")[0]["id"]
            path = f"/api/v1/customers/{key}"
            wait_for("the file at south", lambda: agents.exists(south, path))
            north.post("/api/v1/site/links/south", {"cut": True})
            wait_for("the cut", lambda: not south.get("/api/v1/cluster")["members"][0]["linked"])
            north.request("DELETE", path)
            south.request("PATCH", path, {"title": "Head of late news"})
            north.post("/api/v1/site/links/south", {"cut": False})
            for client in (north, south):
                found = wait_for("the lost title", lambda: client.get("/api/v1/lost-found")["items"])
                self.assertEqual(found[0]["document"]["key"], key)
                self.assertEqual([item["value"] for item in found[0]["items"]], ["Head of late news"])
                self.assertIsNone(agents.exists(client, path))
            wait_equal(cluster, ["north", "south"])
            south.request("DELETE", f"/api/v1/lost-found/customer/{key}")
            for client in (north, south):
                wait_for("nothing lost any more", lambda: not client.get("/api/v1/lost-found")["items"])


class MembershipTests(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.cluster = Cluster("north", "east", "south")
        cls.addClassCleanup(cls.cluster.close)
        cls.cluster.start()

    def state(self, at, site):
        members = self.cluster.admin(at).get("/api/v1/cluster")["members"]
        return next(m["state"] for m in members if m["site"] == site)

    def wait_state(self, site, state, names=None):
        for name in names or self.cluster.sites:
            wait_for(f"{site} to be {state} at {name}", lambda name=name: self.state(name, site) == state)

    def test_a_site_is_drained_and_taken_back(self):
        told = command("cluster", "drain", "south", site=self.cluster["north"]).stdout
        self.assertRegex(told, r"Decision \d+: south drains\.")
        self.wait_state("south", "draining")
        twice = command("cluster", "drain", "south", site=self.cluster["east"], check=False)
        self.assertEqual(twice.returncode, 1)
        self.assertIn("south is draining already", twice.stderr)
        command("cluster", "activate", "south", site=self.cluster["east"])
        self.wait_state("south", "active")
        self.assertIn("activate by admin at east", command("cluster", "members", site=self.cluster["south"]).stdout)

    def test_a_suspension_takes_a_majority(self):
        self.cluster["east"].kill()
        self.cluster["south"].kill()
        refused = command("cluster", "suspend", "south", site=self.cluster["north"], check=False)
        self.assertEqual(refused.returncode, 1)
        self.assertIn("south was not suspended: 1 of 3 voters answered; 2 needed", refused.stderr)
        asked = command(
            "cluster", "suspend", "south", "--force", site=self.cluster["north"], check=False, stdin="north\n"
        )
        self.assertEqual(asked.returncode, 1)
        self.assertIn("Nothing was done", asked.stderr)
        self.assertEqual(self.state("north", "south"), "active")
        self.cluster["east"].start()
        self.cluster.wait_linked(["north", "east"])
        told = json.loads(command("cluster", "suspend", "south", "--json", site=self.cluster["north"]).stdout)
        self.assertEqual((told["change"], told["by"], told["forced"]), ("suspend", "admin", False))
        self.wait_state("south", "suspended", ["north", "east"])
        self.cluster["south"].start()
        self.wait_state("south", "suspended")
        command("cluster", "activate", "south", site=self.cluster["east"])
        self.wait_state("south", "active")
        wait_equal(self.cluster, list(self.cluster.sites))


class JoiningTests(unittest.TestCase):
    def test_a_new_site_is_added_and_takes_in_what_the_others_have(self):
        cluster = Cluster("north", "east")
        self.addCleanup(cluster.close)
        cluster.start()
        keys = [customer(cluster.admin("north"), f"Before west {n}")[0]["id"] for n in range(5)]
        told = command("cluster", "add", "west", site=cluster["north"]).stdout
        self.assertIn("Decision 1: west is active.", told)
        west = cluster.sites["west"] = Site(cluster, "west")
        run("pki", "issue", "west", "--directory", str(cluster.directory / "pki"), "--host", "127.0.0.1")
        for name in ["north", "east"]:
            cluster[name].stop()
            cluster[name].write_config()
            cluster[name].start()
        west.write_config()
        west.config.write_text(west.config.read_text().replace("  id: test\n", "  id: test\n  join: true\n"))
        west.start()
        cluster.wait_linked()
        admin = cluster.admin("west")
        for key in keys:
            wait_for(f"{key} at west", lambda: agents.exists(admin, f"/api/v1/customers/{key}"))
        made = customer(admin, "By west", "?acknowledgement=majority&patienceMs=20000")
        self.assertEqual(made[1]["Tandem-Acknowledged"], "majority")
        members = admin.get("/api/v1/cluster")["members"]
        self.assertEqual([(m["site"], m["state"]) for m in members], [(n, "active") for n in ["east", "north", "west"]])
        wait_equal(cluster, ["north", "east", "west"])


class BackupTests(unittest.TestCase):
    def setUp(self):
        self.cluster = Cluster("north", "east")
        self.addCleanup(self.cluster.close)
        self.cluster.start()

    def origin(self, name):
        return self.cluster.admin(name).get("/api/v1/cluster")["origin"]

    def test_a_site_set_back_to_a_backup_begins_a_new_epoch_and_gets_the_rest_from_the_others(self):
        east = self.cluster["east"]
        admin = self.cluster.admin("east")
        before = [customer(admin, f"Before {n}")[0]["id"] for n in range(5)]
        told = command("site", "backup", "--name", "first", site=east).stdout
        self.assertIn("The backup first is made", told)
        again = command("site", "backup", "--name", "first", site=east, check=False)
        self.assertEqual(again.returncode, 1)
        self.assertIn("already", again.stderr)
        listed = admin.get("/api/v1/site/backups")["items"]
        self.assertEqual([b["name"] for b in listed], ["first"])
        after = [customer(admin, f"After {n}")[0]["id"] for n in range(5)]
        wait_equal(self.cluster, ["north", "east"])
        old = self.origin("east")
        restore = ["site", "restore", "--config", str(east.config), "--from", listed[0]["path"]]
        running = run(*restore, "--replace", check=False)
        self.assertEqual(running.returncode, 1, running.stdout)
        east.stop()
        present = run(*restore, check=False)
        self.assertEqual(present.returncode, 1)
        self.assertIn("--replace", present.stderr)
        self.assertIn("new epoch", run(*restore, "--replace").stdout)
        east.start()
        self.cluster.wait_linked()
        self.assertNotEqual(self.origin("east"), old)
        new = customer(self.cluster.admin("east"), "In the new epoch")[0]["id"]
        for name in self.cluster.sites:
            client = self.cluster.admin(name)
            for key in [*before, *after, new]:
                wait_for(f"{key} at {name}", lambda: agents.exists(client, f"/api/v1/customers/{key}"))
        wait_equal(self.cluster, ["north", "east"])

    def test_a_site_that_lost_its_disk_refills_from_the_others(self):
        east = self.cluster["east"]
        keys = [customer(self.cluster.admin("east"), f"Kept {n}")[0]["id"] for n in range(5)]
        wait_equal(self.cluster, ["north", "east"])
        old = self.origin("east")
        east.kill()
        shutil.rmtree(self.cluster.directory / "data" / "east")
        east.start()
        self.cluster.wait_linked()
        admin = self.cluster.admin("east")
        for key in keys:
            wait_for(f"{key} at east", lambda: agents.exists(admin, f"/api/v1/customers/{key}"))
        self.assertNotEqual(self.origin("east"), old)
        wait_equal(self.cluster, ["north", "east"])
        east.stop()
        found = run("site", "verify", "--offline", "--config", str(east.config), "--json")
        self.assertEqual(json.loads(found.stdout)["damagedOpCount"], 0)


if __name__ == "__main__":
    unittest.main()
