"""Records of real nodes: cut and heal, loss of a node, restart, import."""

import unittest

import agents
from cluster import ADMIN_PASSWORD, Client, Cluster, Problem, run, wait_for


class RecordTests(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.cluster = Cluster("north", "east", "south")
        cls.addClassCleanup(cls.cluster.close)
        cls.cluster.start()

    def customer_everywhere(self, **fields):
        made = self.cluster.admin("north").post("/api/v1/customers", {"name": "Clara Becker", **fields})
        for name in self.cluster.sites:
            admin = self.cluster.admin(name)
            wait_for(f"the file at {name}", lambda: agents.exists(admin, f"/api/v1/customers/{made['id']}"))
        return made["id"]

    def cut(self, site, peer, cut):
        self.cluster.admin(site).post(f"/api/v1/site/links/{peer}", {"cut": cut})

    def isolate(self, site, cut):
        for peer in self.cluster.sites:
            if peer != site:
                self.cut(site, peer, cut)
                self.cut(peer, site, cut)

    def test_edits_at_two_sites_during_a_cut_merge_and_the_overwritten_value_can_be_restored(self):
        key = self.customer_everywhere(title="Clerk", phones=["+4930111"])
        path = f"/api/v1/customers/{key}"
        north, south = self.cluster.admin("north"), self.cluster.admin("south")
        self.isolate("south", True)
        north.patch(path, {"title": "Head of IT", "tier": "gold"})
        south.patch(path, {"title": "Engineer", "phones": ["+4930111", "+4930222"]})
        self.assertEqual(north.get(path)["title"], "Head of IT")
        self.assertEqual(south.get(path)["title"], "Engineer")
        self.isolate("south", False)
        clients = [self.cluster.admin(name) for name in self.cluster.sites]

        def equal():
            files = [client.get(path) for client in clients]
            return files[0] if all(f["version"] == files[0]["version"] and f["conflicts"] == 1 for f in files) else None

        merged = wait_for("the three sites to agree", equal)
        self.assertEqual(merged["title"], "Engineer")
        self.assertEqual(merged["tier"], "gold")
        self.assertEqual(merged["phones"], ["+4930111", "+4930222"])
        for client in clients:
            conflicts = [c for c in client.get("/api/v1/conflicts")["items"] if c["document"]["key"] == key]
            self.assertEqual([c["lost"]["value"] for c in conflicts], ["Head of IT"])
            self.assertEqual((conflicts[0]["lost"]["site"], conflicts[0]["won"]["site"]), ("north", "south"))
        clients[1].post(f"/api/v1/conflicts/{conflicts[0]['id']}/restore")
        for client in clients:
            wait_for(
                "the restored value everywhere",
                lambda: (lambda f: f["title"] == "Head of IT" and f["conflicts"] == 0)(client.get(path)),
            )

    def test_a_link_that_is_cut_is_bridged_by_the_third_site(self):
        self.cut("north", "south", True)
        self.addCleanup(self.cut, "north", "south", False)
        key = self.customer_everywhere(name="Over East")
        self.assertEqual(self.cluster.admin("south").get(f"/api/v1/customers/{key}")["name"], "Over East")
        wall = wait_for(
            "the wall to show the cut link and a site that lives",
            lambda: (
                lambda w: w
                if any(l["state"] == "down" and {l["from"], l["to"]} == {"north", "south"} for l in w["links"])
                else None
            )(self.cluster.admin("east").get("/api/v1/wall")),
        )
        self.assertEqual(wall["completeness"], {"heard": 3, "of": 3})

    def test_a_killed_site_loses_nothing_that_it_acknowledged_and_its_sessions_go_on_elsewhere(self):
        admin = self.cluster.admin("north")
        keys = [admin.post("/api/v1/customers", {"name": f"Before the loss {n}"})["id"] for n in range(20)]
        self.cluster["north"].kill()
        elsewhere = Client(self.cluster["east"].url, admin.token)
        self.assertEqual(elsewhere.get("/api/v1/session")["account"]["login"], "admin")
        wait_for(
            "the wall at east to show north as unreachable",
            lambda: any(
                s["id"] == "north" and s["state"] == "unreachable" for s in elsewhere.get("/api/v1/wall")["sites"]
            ),
        )
        later = elsewhere.post("/api/v1/customers", {"name": "While north was away"})["id"]
        self.cluster["north"].start()
        for name in self.cluster.sites:
            client = Client(self.cluster[name].url, admin.token)
            for key in [*keys, later]:
                wait_for(f"{key} at {name}", lambda: agents.exists(client, f"/api/v1/customers/{key}"))

    def test_import_names_every_broken_row_and_changes_nothing(self):
        broken = self.cluster.directory / "broken.csv"
        broken.write_text("name,phone,tier\nAnna,+4930991,gold\n,,gold\nBen,+4930993,wooden\n")
        environment = {"TANDEM_PASSWORD": ADMIN_PASSWORD}
        url = self.cluster["east"].url
        result = run("import", "customers", str(broken), "--url", url, check=False, environment=environment)
        self.assertEqual(result.returncode, 65)
        self.assertIn("line 3", result.stderr)
        self.assertIn("line 4", result.stderr)
        admin = self.cluster.admin("east")
        self.assertEqual(admin.get("/api/v1/customers?q=4930991")["items"], [])
        good = self.cluster.directory / "good.csv"
        good.write_text("name,phone,tier\nAnna Import,+4930991,gold\n王小明,+4930992,silver\n", encoding="utf-8")
        dry = run("import", "customers", str(good), "--url", url, "--dry-run", environment=environment)
        self.assertIn("2 new customers", dry.stdout)
        self.assertEqual(admin.get("/api/v1/customers?q=4930991")["items"], [])
        run("import", "customers", str(good), "--url", url, environment=environment)
        south = self.cluster.admin("south")
        for text in ["4930991", "Anna Imp", "王小"]:
            import urllib.parse

            path = "/api/v1/customers?q=" + urllib.parse.quote(text)
            wait_for(f"'{text}' to be found at south", lambda: south.get(path)["items"])

    def test_status_tells_of_peers_and_records(self):
        environment = {"TANDEM_PASSWORD": ADMIN_PASSWORD}
        result = run("site", "status", "--url", self.cluster["south"].url, environment=environment)
        self.assertIn("south", result.stdout)
        self.assertIn("north: up", result.stdout)

    def test_a_link_is_cut_and_joined_again_from_the_command_line(self):
        environment = {"TANDEM_PASSWORD": ADMIN_PASSWORD}
        url = self.cluster["north"].url
        admin = self.cluster.admin("north")

        def is_cut():
            return next(p for p in admin.get("/api/v1/site/status")["peers"] if p["site"] == "east")["cut"]

        run("site", "link", "east", "--cut", "--url", url, environment=environment)
        self.addCleanup(run, "site", "link", "east", "--join", "--url", url, environment=environment)
        self.assertTrue(is_cut())
        run("site", "link", "east", "--join", "--url", url, environment=environment)
        self.assertFalse(is_cut())
        wrong = run("site", "link", "west", "--cut", "--url", url, check=False, environment=environment)
        self.assertEqual(wrong.returncode, 1)
        self.assertIn("no link to a site west", wrong.stderr)

    def test_a_wrong_password_is_refused(self):
        with self.assertRaises(Problem) as caught:
            self.cluster["south"].client.sign_in("admin", "wrong")
        self.assertEqual(caught.exception.status, 401)


if __name__ == "__main__":
    unittest.main()
