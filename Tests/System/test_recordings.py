"""Recordings at the site that made them, heard at another: read over the mesh while they are played, never kept there."""

import http.client
import pathlib
import socket
import struct
import unittest

import relay
from agents import PASSWORD
from cluster import Problem
from floor import Floor, queue

CALLER, AGENT, OTHER = 1_000, 1_300, 1_900  # Hz of the voices of phones
EARLIER = 570  # seconds by which a pause is made longer, so that the recording is larger than what sockets hold
SECOND_BYTES = 32_000


@unittest.skipUnless(relay.IS_INSTALLED, f"{relay.PROGRAM} is not installed (Debian package rtpengine-daemon)")
class RecordingsElsewhereTests(Floor, unittest.TestCase):
    """north records; ann works there, sue and bob at south. One call is made, which ann passes on to sue."""

    @classmethod
    def setUpClass(cls):
        cls.relay = relay.opened_for(cls)
        cls.open_floor(
            ["north", "south"],
            {"kept": queue("Kept", "1000", recording="always")},
            {"ann": ("north", ["kept:2"]), "sue": ("south", ["kept:2"]), "bob": ("south", ["other:2"])},
            lambda site: cls.relay.config() if site.name == "north" else "",
        )
        cls.made = None

    def setUp(self):
        self.begin_work()
        if self.made is None:
            type(self).made = self.make()
        self.path, self.item, self.whole = self.made
        self.file = f"{self.path}/{self.item['file']}"
        self.addCleanup(self.all_up)

    def make(self):
        """A recording of some ten minutes, nearly all of them a pause: its list, its entry at the north, and its bytes."""
        ann = self.at_work("ann", "north", tone=AGENT)
        line = self.caller("+49701", CALLER)
        call = line.call(self.cluster["north"], "1000")
        phone = ann.line.next_call()
        self.until("the caller to hear ann", lambda: line.voice.hears(AGENT, 0.5))
        self.until("the desk to show that it is recorded", lambda: ann.call().get("recording") == "on")
        ann.order("recording", paused=True)
        self.until("the desk to show the pause", lambda: ann.call().get("recording") == "paused")
        self.move_back()
        ann.order("recording", paused=False)
        self.until("the desk to show that it goes on", lambda: ann.call().get("recording") == "on")
        sue = self.at_work("sue", "south", tone=OTHER)
        ann.order("transfer", agent="sue")
        self.until("ann's call to end", lambda: phone.state == "ended")
        sue.line.next_call()
        self.until("the caller to hear sue", lambda: line.voice.hears(OTHER, 0.5))
        call.hang_up()
        sue.wait_state("ready")
        record = self.record("+49701")
        self.assertEqual((record["agent"], record["agents"]), ("sue", ["ann", "sue"]))
        path = f"/api/v1/contacts/{record['id']}/recordings"
        admin = self.cluster.admin("north")
        item = self.until("the recording", lambda: admin.get(path)["items"], 60)[0]
        self.assertEqual((item["site"], item["standing"]), ("north", "here"))
        self.assertGreater(item["seconds"], EARLIER)
        whole = admin.get(f"{path}/{item['file']}")
        self.assertGreater(len(whole), EARLIER * SECOND_BYTES)
        far = self.cluster.admin("south")
        self.until("south to know of it", lambda: far.get(path)["items"])
        return path, item, whole

    def move_back(self):
        """Makes what was captured so far older: the maker fills the time between with silence."""
        for path in pathlib.Path(self.relay.folder, "spool", "pcaps").glob("*.pcap"):
            with path.open("r+b") as file:
                place = 24
                while True:
                    file.seek(place)
                    head = file.read(16)
                    if len(head) < 16:
                        break
                    seconds, micros, kept, length = struct.unpack("<IIII", head)
                    file.seek(place)
                    file.write(struct.pack("<IIII", seconds - EARLIER, micros, kept, length))
                    place += 16 + kept

    def all_up(self):
        for site in self.cluster.sites.values():
            if site.process is None:
                site.start()
        for one, other in (("north", "south"), ("south", "north")):
            self.cluster.admin(one).post(f"/api/v1/site/links/{other}", {"cut": False})
        self.cluster.wait_linked()

    def listener(self, login, site):
        return self.until(f"{login}'s account at {site}", lambda: self.sign_in(login, site))

    def sign_in(self, login, site):
        try:
            return self.cluster[site].client.sign_in(login, PASSWORD)
        except Problem:
            return None

    def trail(self, site, login):
        """What a site's audit trail says of somebody who listens."""
        lines = self.cluster[site].log.read_text(errors="replace").splitlines()
        return [line for line in lines if " recording.asked " in line and f" by={login} " in line]

    def refused(self, client, path):
        with self.assertRaises(Problem) as caught:
            client.get(path)
        return caught.exception

    def heard_again(self, client):
        """Waits until the recording can be had, and compares it."""

        def attempt():
            try:
                return client.get(self.file)
            except Problem as problem:
                if problem.status != 503:
                    raise
                return None

        self.assertEqual(self.until("the recording to be had again", attempt, 60), self.whole)

    def test_it_is_heard_at_the_other_site_byte_for_byte_and_both_sites_note_it(self):
        sue = self.listener("sue", "south")
        before = {site: len(self.trail(site, "sue")) for site in ("north", "south")}
        item = sue.get(self.path)["items"][0]
        self.assertEqual((item["site"], item["standing"]), ("north", "elsewhere"))
        self.assertEqual((item["seconds"], item["peaks"]), (self.item["seconds"], self.item["peaks"]))
        self.assertEqual({site: len(self.trail(site, "sue")) for site in before}, before, "a list is not listening")
        self.assertEqual(sue.get(self.file), self.whole)
        for site in ("north", "south"):
            lines = self.trail(site, "sue")[before[site]:]
            self.assertEqual(len(lines), 1, lines)
            for fact in (f"file={self.item['file']}", "at=north", "from=south"):
                self.assertIn(fact, lines[0])
        part = sue.request("GET", self.file, headers={"Range": "bytes=44-200043"})
        self.assertEqual(part, self.whole[44:200_044])
        # Nothing of it lies at south: no file there holds what north's is named.
        data = self.cluster.directory / "data" / "south"
        self.assertEqual([one for one in data.rglob("*") if self.item["file"] in one.name], [])
        self.assertFalse((data / "recordings").exists())

    def test_who_took_part_and_supervision_hear_it_and_nobody_else(self):
        # Ann passed the call on before its end; the account of each works at both sites.
        for login in ("ann", "sue"):
            for site in ("north", "south"):
                client = self.listener(login, site)
                self.assertEqual(client.request("GET", self.file, headers={"Range": "bytes=0-99"}), self.whole[:100])
        for site in ("north", "south"):
            bob = self.listener("bob", site)
            for path in (self.path, self.file):
                self.assertEqual(self.refused(bob, path).status, 403)
            self.assertEqual(self.trail(site, "bob"), [])
        admin = self.cluster.admin("south")
        self.assertEqual(self.refused(admin, f"{self.path}/1-00000000000000aa").status, 404)

    def test_while_the_north_is_down_it_is_named_and_afterwards_it_is_heard_again(self):
        sue = self.listener("sue", "south")
        self.cluster["north"].kill()

        def away():
            item = sue.get(self.path)["items"][0]
            return item if item["standing"] == "away" else None

        item = self.until("the recording to be away", away)
        self.assertEqual((item["site"], item["peaks"]), ("north", []))
        self.assertIsNotNone(item["awaySince"])
        problem = self.refused(sue, self.file)
        self.assertEqual(problem.status, 503)
        self.assertEqual(problem.body["away"]["site"], "north")
        self.assertIsNotNone(problem.body["away"]["since"])
        self.assertIn("north, which cannot be reached", problem.body["detail"])
        self.cluster["north"].start()
        self.heard_again(sue)
        # The site that asks may be the one that starts anew, too.
        self.cluster["south"].kill()
        self.cluster["south"].start()
        self.heard_again(self.listener("sue", "south"))

    def begun(self, token):
        """An answer of which only the beginning is taken, by a client that leaves the rest where it is."""
        south = self.cluster["south"]
        connection = http.client.HTTPConnection(south.host, south.http, timeout=30)
        connection.sock = socket.socket()
        connection.sock.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 65_536)
        connection.sock.settimeout(30)
        connection.sock.connect((south.host, south.http))
        self.addCleanup(connection.close)
        connection.request("GET", self.file, headers={"Authorization": f"Bearer {token}"})
        answer = connection.getresponse()
        self.assertEqual(answer.status, 200)
        self.assertEqual(int(answer.headers["Content-Length"]), len(self.whole))
        return answer, answer.read(500_000)

    def cut_short(self, answer, got):
        """All that still comes of an answer that ends before its end."""
        with self.assertRaises((http.client.IncompleteRead, ConnectionError)) as caught:
            while piece := answer.read(65_536):
                got += piece
            if len(got) < len(self.whole):
                raise http.client.IncompleteRead(b"")
        got += getattr(caught.exception, "partial", b"")
        self.assertLess(len(got), len(self.whole))
        self.assertEqual(got, self.whole[: len(got)])
        return got

    def test_a_link_that_is_cut_in_the_middle_ends_the_answer_and_the_rest_is_had_later(self):
        sue = self.listener("sue", "south")
        answer, got = self.begun(sue.token)
        for one, other in (("north", "south"), ("south", "north")):
            self.cluster.admin(one).post(f"/api/v1/site/links/{other}", {"cut": True})
        got = self.cut_short(answer, got)
        rest = {"Range": f"bytes={len(got)}-"}
        with self.assertRaises(Problem) as caught:
            sue.request("GET", self.file, headers=rest)
        self.assertEqual((caught.exception.status, caught.exception.body["away"]["site"]), (503, "north"))
        self.all_up()
        self.until("the link", lambda: sue.get(self.path)["items"][0]["standing"] == "elsewhere")
        self.assertEqual(got + sue.request("GET", self.file, headers=rest), self.whole)

    def test_a_north_that_starts_anew_in_the_middle_is_asked_again_or_the_answer_ends(self):
        sue = self.listener("sue", "south")
        answer, got = self.begun(sue.token)
        self.cluster["north"].kill()
        self.cluster["north"].start()
        self.until("the link", lambda: sue.get(self.path)["items"][0]["standing"] == "elsewhere")
        noted = len(self.trail("north", "sue"))
        # South asked for nothing while north was away, since this client took nothing: it opens the recording again.
        try:
            while piece := answer.read(65_536):
                got += piece
        except (http.client.IncompleteRead, ConnectionError) as error:
            got += getattr(error, "partial", b"")
        self.assertEqual(got, self.whole[: len(got)])
        if len(got) == len(self.whole):
            self.assertEqual(len(self.trail("north", "sue")), noted + 1)
        self.heard_again(sue)


if __name__ == "__main__":
    unittest.main()
