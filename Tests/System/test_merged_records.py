"""Merged files and tickets of real nodes: opposite directions during a cut, heal, undo, and what people then find."""

import unittest
import urllib.parse

import agents
from cluster import Cluster, Problem, wait_for


class MergeTests(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.cluster = Cluster("north", "south")
        cls.addClassCleanup(cls.cluster.close)
        cls.cluster.start()

    def setUp(self):
        self.north, self.south = self.cluster.admin("north"), self.cluster.admin("south")

    def cut(self, cut):
        self.north.post("/api/v1/site/links/south", {"cut": cut})
        self.south.post("/api/v1/site/links/north", {"cut": cut})

    def two(self, kind, *bodies):
        """Makes two records that both sites have; their keys, the smaller by bytes first: the one that is shown."""
        made = [self.north.post(f"/api/v1/{kind}", body)["id"] for body in bodies]
        for key in made:
            wait_for(f"{key} at south", lambda: agents.exists(self.south, f"/api/v1/{kind}/{key}"))
        return sorted(made, key=str.encode)

    def both_show(self, kind, key, expected, merged):
        """Waits until both sites show the record under the expected key with so many merged into it."""
        for client in (self.north, self.south):
            wait_for(
                f"{key} to be shown as {expected} with {merged}",
                lambda: (lambda r: r["id"] == expected and [m["id"] for m in r["mergedFrom"]] == merged)(
                    client.get(f"/api/v1/{kind}/{key}")
                ),
            )
        # An undo takes back only what its site has seen: both have the merges of both.
        wait_for(
            f"one version of {key} at both",
            lambda: len({client.get(f"/api/v1/{kind}/{key}")["version"] for client in (self.north, self.south)}) == 1,
        )

    def notes(self, client, path, count):
        """The notes of a record once there are so many."""
        notes = client.get(path)["notes"]
        return notes if len(notes) == count else None

    def merge(self, client, kind, key, other, action="merge"):
        return client.post(f"/api/v1/{kind}/{key}/{action}", {"other": other})

    def test_files_merged_in_opposite_directions_during_a_cut_are_one_after_it_and_two_after_the_undo(self):
        low, high = self.two(
            "customers",
            {"name": "Greta Opposite", "phones": ["+4930701"]},
            {"name": "G. Opposite", "phones": ["+4930702"]},
        )
        ticket = self.north.post("/api/v1/tickets", {"subject": "Of the second file", "customer": high})["id"]
        wait_for("the ticket at south", lambda: agents.exists(self.south, f"/api/v1/tickets/{ticket}"))
        self.cut(True)
        self.addCleanup(self.cut, False)
        self.assertEqual(self.merge(self.north, "customers", low, high)["id"], low)
        self.assertEqual(self.merge(self.south, "customers", high, low)["id"], low)
        self.north.post(f"/api/v1/customers/{high}/notes", {"text": "written at north"})
        self.south.post(f"/api/v1/customers/{high}/notes", {"text": "written at south"})
        self.cut(False)
        for key in (low, high):
            self.both_show("customers", key, low, [high])
        for client in (self.north, self.south):
            notes = wait_for("both notes", lambda: self.notes(client, f"/api/v1/customers/{high}", 2))
            self.assertEqual({note["text"] for note in notes}, {"written at north", "written at south"})
            # Words and numbers of either lead to the one that is shown, once.
            for text in ("Opposite", "4930702"):
                found = client.get("/api/v1/customers?q=" + urllib.parse.quote(text))["items"]
                self.assertEqual([one["id"] for one in found], [low], text)
            self.assertEqual([one["id"] for one in client.get(f"/api/v1/tickets?customer={low}")["items"]], [ticket])
            self.assertEqual(client.get(f"/api/v1/tickets/{ticket}")["customer"]["id"], low)
        # One undo, of the edge that both made.
        self.merge(self.south, "customers", low, high, "unmerge")
        self.both_show("customers", low, low, [])
        self.both_show("customers", high, high, [])
        for client in (self.north, self.south):
            self.assertEqual(client.get(f"/api/v1/tickets?customer={low}")["items"], [])
            self.assertEqual([one["id"] for one in client.get(f"/api/v1/tickets?customer={high}")["items"]], [ticket])

    def test_a_merge_made_while_another_site_undid_the_same_one_stays(self):
        low, high = self.two("customers", {"name": "Hanna Twice"}, {"name": "H. Twice"})
        self.merge(self.north, "customers", high, low)
        self.both_show("customers", high, low, [high])
        self.cut(True)
        self.addCleanup(self.cut, False)
        self.merge(self.south, "customers", low, high, "unmerge")
        self.merge(self.north, "customers", low, high, "unmerge")
        self.merge(self.north, "customers", low, high)
        self.cut(False)
        self.both_show("customers", high, low, [high])

    def test_merged_tickets_show_the_notes_of_both_in_order_of_time_and_are_found_by_either_number(self):
        low, high = self.two("tickets", {"subject": "No dial tone"}, {"subject": "Phone is dead"})
        numbers = {key: self.north.get(f"/api/v1/tickets/{key}")["number"] for key in (low, high)}
        written = ((self.north, high, "first"), (self.south, low, "second"), (self.north, high, "third"))
        for client, key, text in written:
            client.post(f"/api/v1/tickets/{key}/notes", {"text": text})
        self.cut(True)
        self.addCleanup(self.cut, False)
        # By number, as people say it.
        self.merge(self.north, "tickets", numbers[low], numbers[high])
        self.merge(self.south, "tickets", numbers[high], numbers[low])
        self.cut(False)
        self.both_show("tickets", numbers[high], low, [high])
        for client in (self.north, self.south):
            notes = wait_for("the three notes", lambda: self.notes(client, f"/api/v1/tickets/{high}", 3))
            self.assertEqual([note["text"] for note in notes], ["first", "second", "third"])
            self.assertEqual([note["of"]["name"] for note in notes], [numbers[key] for key in (high, low, high)])
            found = client.get("/api/v1/tickets?q=" + urllib.parse.quote(numbers[high]))["items"]
            self.assertEqual([one["id"] for one in found], [low])
        self.merge(self.north, "tickets", numbers[low], numbers[high], "unmerge")
        self.both_show("tickets", numbers[high], high, [])

    def test_what_cannot_be_merged_is_refused_with_the_reason(self):
        low, high = self.two("customers", {"name": "Ines Once"}, {"name": "I. Once"})
        refused = (
            (422, low, low, "merge"),
            (422, low, "none", "merge"),
            (404, "none", low, "merge"),
            (409, low, high, "unmerge"),
        )
        for status, key, other, action in refused:
            with self.assertRaises(Problem) as caught:
                self.merge(self.north, "customers", key, other, action)
            self.assertEqual(caught.exception.status, status)
        self.merge(self.north, "customers", low, high)
        with self.assertRaises(Problem) as caught:
            self.merge(self.north, "customers", high, low)
        self.assertEqual(caught.exception.status, 409)
        self.assertIn("merged already", caught.exception.body["detail"])

    def test_merges_outlive_a_restart(self):
        low, high = self.two("customers", {"name": "Jana Restart"}, {"name": "J. Restart"})
        self.merge(self.north, "customers", low, high)
        self.both_show("customers", high, low, [high])
        self.cluster["north"].kill()
        self.cluster["north"].start()
        self.north = self.cluster.admin("north")
        self.both_show("customers", high, low, [high])


if __name__ == "__main__":
    unittest.main()
