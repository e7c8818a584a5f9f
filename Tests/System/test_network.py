"""Two nodes on hosts of their own, with a cable that is pulled and plugged in."""

import unittest

import agents
import namespaces
from cluster import Cluster, wait_for


@unittest.skipUnless(namespaces.available(), "this user may not make network namespaces")
class CableTests(unittest.TestCase):
    def test_both_sites_work_while_the_cable_is_out_and_agree_after_it_is_back(self):
        with namespaces.TwoHosts() as hosts, Cluster("north", "south") as cluster:
            hosts.place(cluster["north"], 1)
            hosts.place(cluster["south"], 2)
            cluster.start()
            north, south = cluster.admin("north"), cluster.admin("south")
            key = north.post("/api/v1/customers", {"name": "Before", "title": "Clerk"})["id"]
            path = f"/api/v1/customers/{key}"
            wait_for("the file at south", lambda: agents.exists(south, path))

            hosts.cable(False)
            for admin, other in [(north, "south"), (south, "north")]:
                wait_for(
                    f"{other} to be shown as unreachable",
                    lambda: any(
                        s["id"] == other and s["state"] == "unreachable" for s in admin.get("/api/v1/wall")["sites"]
                    ),
                )
            north.patch(path, {"department": "IT"})
            south.patch(path, {"title": "Head of IT"})
            alone = [north.post("/api/v1/customers", {"name": "At north"})["id"],
                     south.post("/api/v1/customers", {"name": "At south"})["id"]]

            hosts.cable(True)

            def agree():
                files = [admin.get(path) for admin in (north, south)]
                return files[0] if files[0]["version"] == files[1]["version"] else None

            wait_for("both sites to have both edits", lambda: (lambda f: f and f["department"] == "IT" and f["title"] == "Head of IT")(agree()))
            for admin in (north, south):
                for made in alone:
                    wait_for(f"{made} everywhere", lambda: agents.exists(admin, f"/api/v1/customers/{made}"))
            self.assertEqual(agree()["conflicts"], 0)


if __name__ == "__main__":
    unittest.main()
