"""Desk and wall of real nodes in a browser, during a real call."""

import os
import pathlib
import sys
import unittest

import agents
import phones
from cluster import ADMIN_PASSWORD, Cluster, wait_for
from test_calls import QUEUES

sys.path.insert(0, str(pathlib.Path(__file__).parent.parent / "Pages"))
import cdp  # noqa: E402

PICTURES = os.environ.get("TANDEM_PICTURES")


class BrowserTests(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.cluster = Cluster("north", "south")
        cls.addClassCleanup(cls.cluster.close)
        cls.cluster.start()
        agents.prepare(cls.cluster, "north", {"ann": "north", "sue": "south"}, QUEUES)
        cls.browser = cdp.Browser()
        cls.addClassCleanup(cls.browser.close)

    def page(self, site, path, login, password):
        page = self.browser.page()
        self.addCleanup(page.close)
        page.open(self.cluster[site].url + "/")
        page.until("document.querySelector('input[type=password]')")
        for field, text in [("input[autocomplete=username]", login), ("input[type=password]", password)]:
            page.run(f"document.querySelector('{field}').focus()")
            page.type(text)
        page.key("Enter")
        page.until(f"location.pathname.startsWith('{path}')")
        return page

    def picture(self, page, name):
        if PICTURES:
            page.picture(os.path.join(PICTURES, name + ".png"))

    def test_a_call_from_north_pops_the_file_on_the_desk_at_south_and_shows_on_the_wall_at_north(self):
        admin = self.cluster.admin("north")
        admin.post("/api/v1/customers", {"name": "王芳", "phones": ["+498"], "tier": "gold", "organisation": "Berger"})
        sue = agents.Agent(self.cluster, "sue", "south")
        self.addCleanup(sue.sign_out)
        desk = self.page("south", "/desk", "sue", agents.PASSWORD)
        wall = self.page("north", "/wall", "admin", ADMIN_PASSWORD)
        sue.ready()
        wall.shows("Sue")
        phone = sue.phone()
        caller = phones.caller(self.cluster["north"], "1000", "caller-waits-for-bye", caller_number="+498")
        desk.shows("王芳")
        desk.shows("Berger")
        self.picture(desk, "desk-ringing")
        contact = sue.wait_state("talking")["contact"]["id"]
        wall.shows("王芳")
        self.picture(desk, "desk-talking")
        self.picture(wall, "wall-talking")
        sue.client.post("/api/v1/desk/hang-up", {"contact": contact})
        caller.finish()
        phone.finish()
        sue.wait_state("wrapUp")
        desk.until("document.body.innerText.includes('Wrap-up')")
        self.picture(desk, "desk-wrap-up")

    def test_a_desk_moves_to_another_site_without_a_new_sign_in_when_its_site_is_lost(self):
        agents.Agent(self.cluster, "ann", "south").ready()
        desk = self.page("south", "/desk", "ann", agents.PASSWORD)
        desk.shows("Live · south")
        self.cluster["south"].kill()
        self.addCleanup(self.cluster["south"].start)
        desk.shows("Live · north")
        admin = self.cluster.admin("north")
        wait_for(
            "ann to work at north",
            lambda: any(a["id"] == "ann" and a["site"] == "north" for a in admin.get("/api/v1/wall")["agents"]),
        )
        self.picture(desk, "desk-moved")
        self.assertFalse(desk.run("document.querySelector('input[type=password]') !== null"))


if __name__ == "__main__":
    unittest.main()
