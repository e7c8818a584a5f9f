"""Supervisors in others' calls, and recordings. Run with the other tests of the pages: see README.md."""

import hashlib
import json
import threading

import mock_calls
import test_pages
from test_pages import MODES, NETWORK, setUpModule, tearDownModule  # noqa: F401  the browser of this module

BANNER = "document.querySelector('.supervision')"
ROW = "[...document.querySelectorAll('.agents tbody tr')].find((one) => one.innerText.includes('Chen Li'))"
PLAYER = "document.querySelector('.player')"


class SupervisionTest(test_pages.PagesTest):
    def wall(self, login, **how):
        page = self.sign_in(login, **how)
        self.cluster.scene("busy")
        page.open(self.north.url + "/wall")
        page.until(f"{ROW}?.innerText.includes('Talking') && document.querySelectorAll('.contacts tbody tr').length === 5")
        return page

    def test_a_supervisor_listens_whispers_joins_and_leaves(self):
        self.allowed = NETWORK
        page = self.wall("may")
        self.assertFalse(page.run(f"{BANNER}.checkVisibility()"))
        page.until(f"[...{ROW}.querySelectorAll('button')].filter((one) => one.checkVisibility()).length === 3")
        # Only those who speak can be listened to.
        self.assertEqual(page.run("[...document.querySelectorAll('.agents tbody [data-mode]')].filter((one) => one.checkVisibility()).length"), 3)
        self.assertEqual(page.run(f"{ROW}.querySelector('[data-mode=whisper]').getAttribute('aria-label')"), "Whisper to Chen Li 陳麗 during the call")
        self.cluster.refuse = "Sign in at your desk first."
        page.run(f"{ROW}.querySelector('[data-mode=listen]').click()")
        page.until(f"{ROW}.querySelector('.error').textContent === 'Sign in at your desk first.'")
        self.check(page, "a refused supervision")
        page.run(f"{ROW}.querySelector('[data-mode=listen]').click()")
        page.until(f"{BANNER}.innerText.includes('You are listening to the call of Chen Li 陳麗. Nobody hears you.')")
        self.check(page, "a wall that listens")
        page.run(f"{BANNER}.querySelector('[data-mode=barge]').click()")
        page.until(f"{BANNER}.querySelector('[data-mode=barge]').getAttribute('aria-pressed') === 'true'")
        self.assertIn("Both hear you", page.run(f"{BANNER}.innerText"))
        self.assertEqual(self.cluster.done, [("supervise", {"contact": "north-7-300", "mode": mode}) for mode in ("listen", "listen", "barge")])
        # The desk shows the same, so that nobody forgets who hears.
        page.open(self.north.url + "/desk")
        page.until(f"{BANNER}?.checkVisibility() && {BANNER}.innerText.includes('Both hear you')")
        self.check(page, "a desk that supervises")
        page.run(f"{BANNER}.querySelector('[data-mode=leave]').click()")
        page.until(f"!{BANNER}.checkVisibility()")
        self.assertIsNone(self.cluster.supervision)

    def test_who_has_no_phone_is_told_why_and_agents_see_nothing_of_it(self):
        page = self.wall("sue")
        self.assertEqual(page.run("document.querySelectorAll('.agents tbody [data-mode]').length"), 0)
        page.shows("your account needs an agent with a phone")
        self.check(page, "a wall without a phone")
        other = self.wall("lin")
        self.assertEqual(other.run("document.querySelectorAll('.agents tbody [data-mode]').length"), 0)
        self.assertNotIn("needs an agent", other.text())

    def test_the_banner_waits_for_the_phone_and_speaks_three_languages(self):
        self.cluster.supervision = {"contact": "x", "agentName": "Chen Li 陳麗", "mode": "whisper", "joined": False}
        for language, words in (("en", "Your phone rings: pick up"), ("zh-Hans", "您的话机在响"), ("zh-Hant", "您的話機在響")):
            for mode, media in MODES.items():
                page = self.page(**media)
                page.open(self.north.url + "/")
                page.run(f"localStorage.setItem('tandem.language', '{language}')")
                self.sign_in("lin", page=page) if language == "en" else self.foreign(page)
                page.until(f"{BANNER}?.innerText.includes({json.dumps(words)})")
                self.check(page, f"banner, {language}, {mode}")

    def foreign(self, page):
        page.open(self.north.url + "/?")
        page.until("document.querySelector('#login')")
        page.run("login.value = 'lin'; password.value = 'secret'; document.querySelector('form').requestSubmit()")
        self.live(page, "north")


class RecordingTest(test_pages.PagesTest):
    def ticket(self, login="lin", **how):
        self.cluster.record("north-7-101")
        page = self.sign_in(login, **how)
        if login == "may":
            page.open(self.north.url + "/desk")
            self.live(page, "north")
        self.cluster.scene("wrapup")
        page.until("document.querySelector('.ticket [aria-expanded]')")
        return page

    def open(self, page):
        page.run("document.querySelector('.ticket [aria-expanded]').focus()")
        page.key("Enter")
        page.until(PLAYER)

    def test_the_agent_hears_what_she_handled_and_nothing_else(self):
        page = self.ticket()
        self.assertEqual(page.run("document.querySelectorAll('.ticket [aria-expanded]').length"), 1)
        self.open(page)
        self.check(page, "a recording")
        # Nothing was fetched before somebody listens: each access is noted.
        self.assertEqual(self.cluster.heard, [])
        self.assertNotIn("Save", page.run(f"{PLAYER}.innerText"))
        page.tab_to("el.matches('.play')")
        page.key("Enter")
        page.until("document.querySelector('.play').getAttribute('aria-label') === 'Pause'")
        self.assertEqual(self.cluster.heard, [("lin", "north-7-101", "1.wav")])
        page.until("Number(document.querySelector('.wave').getAttribute('aria-valuenow')) >= 1")
        page.key("Enter")
        page.until("document.querySelector('.play').getAttribute('aria-label') === 'Play'")
        self.assertEqual(len(self.cluster.heard), 1)

    def test_places_are_reached_with_the_keyboard_and_the_speed_is_chosen(self):
        page = self.ticket()
        self.open(page)
        page.run("document.querySelector('.wave').focus()")
        for key, at in (("ArrowRight", "0:05"), ("ArrowRight", "0:10"), ("ArrowRight", "0:12"), ("ArrowLeft", "0:07"), ("Home", "0:00"), ("End", "0:12"), ("ArrowLeft", "0:07")):
            page.key(key)
            page.until(f"document.querySelector('.wave').getAttribute('aria-valuetext') === '{at} of 0:12'")
        self.assertEqual(self.cluster.heard, [])
        self.assertAlmostEqual(float(page.run("document.querySelector('.wave rect').getAttribute('width')")), 240 * 7 / 12, delta=1)
        page.run("(() => { const list = document.querySelector('.player select'); list.value = '2'; list.dispatchEvent(new Event('change')); document.querySelector('.wave').focus(); })()")
        page.key(" ")
        # From where it was put, at twice the speed, to the end.
        page.until("document.querySelector('.wave').getAttribute('aria-valuetext') === '0:12 of 0:12' && document.querySelector('.play').getAttribute('aria-label') === 'Play'")

    def test_a_supervisor_hears_all_and_may_keep_a_copy(self):
        self.cluster.record("east-3-77")
        page = self.ticket("may")
        self.assertEqual(page.run("document.querySelectorAll('.ticket [aria-expanded]').length"), 2)
        self.open(page)
        page.run("window.saved = []; HTMLAnchorElement.prototype.click = function () { window.saved.push(this.download); }")
        page.run(f"[...{PLAYER}.querySelectorAll('button')].at(-1).click()")
        page.until("window.saved.length === 1")
        self.assertEqual(page.run("window.saved[0]"), "north-7-101-1.wav")
        # The button is a switch.
        page.run("document.querySelector('.ticket [aria-expanded]').click()")
        page.until(f"!{PLAYER} && document.querySelector('.ticket [aria-expanded]').getAttribute('aria-expanded') === 'false'")

    def far(self, login="lin"):
        """A recording that lies in the east, and its page in the north."""
        self.allowed = NETWORK
        self.cluster.record("north-7-101", site="east")
        page = self.sign_in(login)
        self.cluster.scene("wrapup")
        page.until("document.querySelector('.ticket [aria-expanded]')")
        return page

    def says(self, page, words):
        page.until(f"{PLAYER}.innerText.includes({json.dumps(words)})")

    def play(self, page):
        page.run("document.querySelector('.play').focus()")
        page.key("Enter")

    def plays(self, page):
        page.until("document.querySelector('.play').getAttribute('aria-label') === 'Pause'")

    def retry(self, page):
        page.run(f"[...{PLAYER}.querySelectorAll('button')].find((one) => one.innerText === 'Try again').click()")

    def test_a_recording_of_another_site_comes_over_this_one_and_says_how_far_it_is(self):
        self.cluster.gates = [gate := threading.Event()]
        page = self.far()
        self.open(page)
        self.says(page, "Lies at East")
        self.play(page)
        self.says(page, "From East")
        self.says(page, "40 %")
        self.check(page, "a recording on its way")
        gate.set()
        self.plays(page)
        self.assertEqual(self.cluster.heard, [("lin", "north-7-101", "1.wav")])
        self.assertNotIn("40 %", page.run(f"{PLAYER}.innerText"))

    def watch(self, page):
        """Keeps the hash of what the page takes for a whole recording."""
        page.run("""(() => { const make = URL.createObjectURL; URL.createObjectURL = (blob) => {
            blob.arrayBuffer().then((bytes) => crypto.subtle.digest('SHA-256', bytes)).then((hash) => { window.taken = new Uint8Array(hash).toHex?.() ?? [...new Uint8Array(hash)].map((one) => one.toString(16).padStart(2, '0')).join(''); });
            return make.call(URL, blob); }; })()""")

    def took_all(self, page):
        page.until("window.taken")
        self.assertEqual(page.run("window.taken"), hashlib.sha256(mock_calls.tone(12.0)).hexdigest())

    def test_one_that_is_cut_goes_on_where_it_ended_and_is_never_taken_for_whole(self):
        self.cluster.cuts = [100_000, 50_000]
        first, second = threading.Event(), threading.Event()
        self.cluster.gates = [first, second]
        page = self.far()
        self.watch(page)
        self.open(page)
        self.play(page)
        self.says(page, "50 %")
        first.set()
        self.says(page, "70 %")
        second.set()
        self.plays(page)
        self.assertEqual(self.cluster.asked_from, [0, 100_000, 150_000])
        self.took_all(page)

    def test_where_nothing_more_comes_it_is_said_and_the_next_try_goes_on(self):
        self.cluster.cuts, self.cluster.gates = [96_100, 0], [gate := threading.Event()]
        page = self.far()
        self.watch(page)
        self.open(page)
        self.play(page)
        self.says(page, "50 %")
        gate.set()
        self.says(page, "The connection ended at 50 %.")
        self.check(page, "a recording that was cut")
        self.assertEqual(page.run("document.querySelector('.play').getAttribute('aria-label')"), "Play")
        self.assertIsNone(page.run("window.taken ?? null"))
        self.retry(page)
        self.plays(page)
        self.assertEqual(self.cluster.asked_from, [0, 96_100, 96_100])
        self.took_all(page)

    def test_a_site_out_of_reach_is_named_with_its_time_and_a_retry_works(self):
        self.cluster.away = {"site": "east", "since": "2026-11-22T09:15:00.000Z"}
        page = self.far()
        self.watch(page)
        self.open(page)
        self.says(page, "which has not been heard since")
        self.says(page, "Lies at East")
        self.check(page, "a recording that is away")
        self.play(page)
        page.until(f"[...{PLAYER}.querySelectorAll('button')].some((one) => one.checkVisibility() && one.innerText === 'Try again')")
        self.says(page, "which has not been heard since")
        self.assertEqual(self.cluster.heard, [])
        # It comes back, goes within the recording, and comes back once more.
        self.cluster.away, self.cluster.gates, self.cluster.cuts = None, [gate := threading.Event()], [96_100]
        self.retry(page)
        self.says(page, "From East: 50 %")
        self.cluster.away = {"site": "east", "since": None}
        gate.set()
        self.says(page, "which cannot be reached now")
        self.cluster.away = None
        self.retry(page)
        self.plays(page)
        self.assertEqual(self.cluster.asked_from, [0, 96_100])
        self.took_all(page)
        # Its picture was not known before.
        page.until(f"/V[6-9]\\d/u.test({PLAYER}.querySelector('.pale').getAttribute('d'))")

    def test_one_that_is_not_kept_any_more_is_not_tried_again(self):
        page = self.far()
        self.open(page)
        self.cluster.recordings["north-7-101"] = []
        self.play(page)
        self.says(page, "This recording is not kept any more.")
        self.assertFalse(page.run(f"[...{PLAYER}.querySelectorAll('button')].some((one) => one.checkVisibility() && one.innerText === 'Try again')"))

    def test_an_agent_who_passed_the_call_on_hears_it_too(self):
        contact = next(one for one in self.cluster.tickets["t1"]["contacts"] if one["id"] == "east-3-77")
        contact["agents"] = ["chen", "lin"]
        self.cluster.record("east-3-77", site="east")
        page = self.ticket()
        self.assertEqual(page.run("document.querySelectorAll('.ticket [aria-expanded]').length"), 2)
        page.run("[...document.querySelectorAll('.ticket [aria-expanded]')].at(-1).click()")
        page.until(PLAYER)
        self.play(page)
        self.plays(page)
        self.assertEqual(self.cluster.heard, [("lin", "east-3-77", "1.wav")])

    def test_a_site_out_of_reach_is_named_in_three_languages(self):
        self.cluster.away = {"site": "east", "since": None}
        page = self.far()
        for language, words in (("en", "which cannot be reached now"), ("zh-Hans", "目前无法连接该站点"), ("zh-Hant", "目前無法連線至該站點")):
            page.run(f"localStorage.setItem('tandem.language', '{language}')")
            page.open(self.north.url + "/desk")
            self.live(page, "north")
            page.until("document.querySelector('.ticket [aria-expanded]')")
            self.open(page)
            self.says(page, words)
            self.check(page, f"a recording that is away, {language}")

    def test_a_call_without_recordings_says_so_in_three_languages_and_both_themes(self):
        page = self.ticket()
        self.cluster.recordings.clear()
        page.run("document.querySelector('.ticket [aria-expanded]').click()")
        page.shows("This call was not recorded.")
        for mode, media in MODES.items():
            page = self.ticket(**media)
            self.open(page)
            self.check(page, f"a recording, {mode}")


if __name__ == "__main__":
    import unittest

    unittest.main()
