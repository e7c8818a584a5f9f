"""Who can use the pages: contrast, names, targets, sizes of screens, motion. Run with the other tests: see README.md."""

import test_pages
from test_pages import CHECKS, MODES, setUpModule, tearDownModule  # noqa: F401  the browser of this module


class AccessibilityTest(test_pages.PagesTest):
    def test_all_pages_meet_contrast_names_targets_and_structure_in_both_themes(self):
        for mode, media in MODES.items():
            page = self.page(**media)
            page.open(self.north.url + "/")
            page.until("document.querySelector('#login')")
            self.check(page, f"sign-in, {mode}")
            self.sign_in("lin", page)
            self.cluster.raise_conflicts()
            for scene, ready in {"idle": "!document.querySelector('.call').checkVisibility()", "offered": "document.querySelector('.call.offered')", "talking": "document.querySelector('.call.st-talking')",
                                 "wrapup": "document.querySelector('.call.st-wrapUp')", "unknown": "document.querySelector('#unknown-search')"}.items():
                with self.subTest(scene=scene, mode=mode):
                    self.cluster.scene(scene)
                    page.until(ready)
                    self.check(page, f"desk, {scene}, {mode}")
            for scene in ("busy", "lost"):
                with self.subTest(scene=scene, mode=mode):
                    self.cluster.scene(scene)
                    wall = self.sign_in("root", **media)
                    wall.until("document.querySelectorAll('.contacts tbody tr').length === 5")
                    self.check(wall, f"wall, {scene}, {mode}")

    def test_nothing_is_cut_off_from_a_telephone_to_a_large_screen(self):
        for login, scene in (("lin", "offered"), ("root", "lost")):
            page = self.sign_in(login)
            self.cluster.scene(scene)
            page.until("document.querySelector('.call.offered')?.checkVisibility()" if login == "lin" else "document.querySelector('.card.stale')")
            for width, height in ((320, 640), (360, 740), (768, 1024), (1024, 768), (1280, 720), (1920, 1080), (3840, 2160)):
                with self.subTest(login=login, width=width):
                    page.size(width, height)
                    page.until(f"innerWidth === {width}")
                    self.assertLessEqual(page.run(CHECKS)["overflow"], 0)

    def test_motion_stops_when_a_person_asks_for_it(self):
        page = self.sign_in(prefers_reduced_motion="reduce")
        self.cluster.scene("offered")
        page.until("document.querySelector('.call.offered')?.checkVisibility()")
        self.assertEqual(page.run("document.getAnimations().length"), 0)
