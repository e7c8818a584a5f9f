"""The pages in a real browser, against mock sites. Run: /usr/bin/python3 -m unittest discover Tests/Pages"""

import json
import pathlib
import re
import time
import unittest

import cdp
import mock_server

CHECKS = (pathlib.Path(__file__).parent / "checks.js").read_text()
NAMED = {"button", "link", "textbox", "searchbox", "combobox", "checkbox", "radio", "tab", "tabpanel", "listbox", "option", "dialog", "menuitem", "spinbutton", "table", "region", "form", "heading", "img", "image", "columnheader", "group"}
MODES = {"light": {}, "dark": {"prefers_color_scheme": "dark"}}
#: What the browser itself logs when a call is refused or a site is gone; tests that cause it allow it.
NETWORK = ("network: Failed to load resource",)


def setUpModule():
    global browser
    if cdp.program() is None:
        raise unittest.SkipTest("no Chromium")
    browser = cdp.Browser()


def tearDownModule():
    browser.close()


class PagesTest(unittest.TestCase):
    """Each test has sites of its own and a tab of its own."""

    allowed = ()

    def setUp(self):
        self.cluster = mock_server.Cluster()
        self.north = mock_server.Site(self.cluster, "north")
        self.east = mock_server.Site(self.cluster, "east")
        self.pages = []

    def tearDown(self):
        said = [line for page in self.pages for line in page.console if not line.startswith(self.allowed)]
        for page in self.pages:
            page.close()
        for site in (self.north, self.east):
            if not site.is_lost.is_set():
                site.lose()
        self.assertEqual(said, [], "the console is not quiet")

    def page(self, **how):
        page = browser.page(**how)
        self.pages.append(page)
        return page

    def sign_in(self, login="lin", page=None, **how):
        page = page or self.page(**how)
        page.open(self.north.url + "/")
        page.until("document.querySelector('#login')")
        page.run(f"login.value = '{login}'; password.value = 'secret'; document.querySelector('form').requestSubmit()")
        self.live(page, "north")
        if login == "lin":
            page.until("!['', 'Signed out'].includes(document.querySelector('.mystate .word').textContent)")
        return page

    def live(self, page, site):
        page.until(f"document.querySelector('tandem-connection')?.dataset.state === 'live' && document.querySelector('tandem-connection').dataset.site === '{site}'", 30)

    def state(self, page, word):
        page.until(f"document.querySelector('.mystate .word').textContent === {json.dumps(word)}")

    def wait_for(self, condition, seconds=10):
        """Waits until something holds on the stand-in's side."""
        end = time.monotonic() + seconds
        while not condition():
            self.assertLess(time.monotonic(), end, "never became true")
            time.sleep(0.02)

    def fill(self, page, selector, text):
        """Replaces a field's text as a person does: focus, select, type."""
        page.until(f"document.querySelector({json.dumps(selector)})")
        page.run(f"(() => {{ const one = document.querySelector({json.dumps(selector)}); one.focus(); one.select(); }})()")
        page.type(text)

    def check(self, page, what):
        found = page.run(CHECKS)
        self.assertGreater(found["contrast"]["seen"], 3, what)
        self.assertEqual(found["contrast"]["bad"], [], f"contrast: {what}")
        self.assertEqual(found["targets"], [], f"targets under 24 px: {what}")
        self.assertEqual(found["structure"], [], f"structure: {what}")
        nameless = [(role, node) for role, name, node in page.names() if role in NAMED and not name.strip()]
        self.assertEqual(nameless, [], f"no accessible name: {what}")


class LanguageTest(PagesTest):
    def test_the_three_languages_have_the_same_messages_with_the_same_places(self):
        page = self.page()
        page.open(self.north.url + "/")
        found = page.run("""Promise.all(['en', 'zh-hans', 'zh-hant'].map((one) => import(`/assets/i18n/${one}.js`))).then((all) => all.map((one) =>
            Object.entries(one.default).map(([key, value]) => [key, [...new Set(JSON.stringify(value).match(/\\{\\w+\\}/g) ?? [])].sort().join()]).sort()))""")
        self.assertGreater(len(found[0]), 200)
        self.assertEqual(found[0], found[1])
        self.assertEqual(found[0], found[2])

    def test_every_message_key_in_the_sources_exists(self):
        page = self.page()
        page.open(self.north.url + "/")
        keys = set(page.run("import('/assets/i18n/en.js').then((one) => Object.keys(one.default))"))
        pattern = re.compile(r"""\b(?:t|word|has)\("([a-z]\w*\.\w+)"|\btoast\("\w+", "([a-z]\w*\.\w+)"|\b(?:t|tLabel|tTitle|tPlaceholder|key|title|message|label|caption|empty): \[?"([a-z]\w*\.\w+)\"""")
        used = [(file.name, next(filter(None, found))) for file in (mock_server.PAGES / "assets").glob("*.js") for found in pattern.findall(file.read_text())]
        self.assertGreater(len(used), 80)
        self.assertEqual([one for one in used if one[1] not in keys], [])

    def test_the_language_changes_at_once_without_a_reload_and_keeps_what_is_typed(self):
        page = self.sign_in()
        self.cluster.scene("talking")
        self.fill(page, ".ticket textarea[rows='2']", "升级说明")
        page.run("window.mark = 1; document.querySelector('#person').click()")
        page.until("document.querySelector('.menu:popover-open select')")
        page.run("(() => { const list = document.querySelector('.menu:popover-open select'); list.value = 'zh-Hant'; list.dispatchEvent(new Event('change')); })()")
        page.shows("通話中")
        page.shows("掛斷")
        self.assertEqual(page.run("[document.documentElement.lang, window.mark, document.querySelector('.ticket textarea[rows=\"2\"]').value]"), ["zh-Hant", 1, "升级说明"])
        self.assertIn("工作台", page.run("document.querySelector('h1').textContent"))


class StreamTest(PagesTest):
    def test_the_event_parser_reads_the_same_events_however_the_text_is_cut(self):
        page = self.page()
        page.open(self.north.url + "/")
        page.run("""import('/assets/sse.js').then(({ EventParser }) => {
            window.read = (pieces) => { const got = []; const parser = new EventParser((one) => got.push(one), () => got.push('beat')); for (const piece of pieces) parser.feed(piece); return JSON.stringify([got, parser.retry]); };
        })""")
        text = "\ufeff: hello\r\nretry: 300\nevent: wall\rid: 7-1\r\ndata: {\"a\":\r\ndata:1}\r\n\r\nevent: empty\n\ndata: 陈\nid: 7-2\n\ndata: never ended"
        page.run(f"window.text = {json.dumps(text)}")
        whole = json.loads(page.run("read([text])"))
        self.assertEqual(whole, [["beat", {"type": "wall", "data": "{\"a\":\n1}", "id": "7-1"}, {"type": "message", "data": "陈", "id": "7-2"}], 300])
        for what in ("[...text]", "[...Array(text.length).keys()].map((n) => [text.slice(0, n), text.slice(n)])"):
            if what == "[...text]":
                self.assertEqual(json.loads(page.run(f"read({what})")), whole)
            else:
                self.assertEqual(page.run(f"{what}.filter((two) => read(two) !== read([text])).length"), 0)

    def test_a_desk_whose_site_dies_goes_on_at_another_without_a_new_login(self):
        self.allowed = NETWORK
        page = self.sign_in()
        page.key("r")
        self.state(page, "Ready")
        page.run("window.mark = 1")
        self.cluster.scene("talking")
        self.fill(page, ".ticket textarea[rows='2']", "half a note")
        self.north.lose()
        page.until("document.querySelector('tandem-connection').dataset.state === 'reconnecting'")
        page.until("document.querySelector('.banner').checkVisibility()")
        self.live(page, "east")
        page.shows("Live · East")
        page.until("!document.querySelector('.banner').checkVisibility()")
        self.assertEqual(self.cluster.signed_in, "east")
        self.assertEqual(page.run("[window.mark, document.querySelector('.ticket textarea[rows=\"2\"]').value, location.pathname]"), [1, "half a note", "/desk"])
        page.run("document.querySelector('.ticket .notebox').requestSubmit()")
        page.shows("lin · east")
        self.assertEqual(self.cluster.tickets["t1"]["notes"][-1]["text"], "half a note")

    def test_a_page_returns_to_its_own_site_when_asked(self):
        self.allowed = NETWORK
        page = self.sign_in("lin")
        port = self.north.server_address[1]
        self.north.lose()
        self.live(page, "east")
        self.north = mock_server.Site(self.cluster, "north", port)
        self.cluster.tell()
        page.shows("Return to North")
        self.check(page, "a desk away from its site")
        page.run("[...document.querySelectorAll('tandem-connection button')][0].click()")
        self.live(page, "north")
        page.until("!document.querySelector('tandem-connection button').checkVisibility()")
        self.state(page, "Not ready")
        self.assertEqual(self.cluster.signed_in, "north")

    def test_the_wall_moves_too_and_says_who_serves_it(self):
        self.allowed = NETWORK
        page = self.sign_in("sue")
        page.shows("from North")
        self.north.lose()
        page.until("document.body.classList.contains('lost')")
        self.live(page, "east")
        page.shows("from East")

    def test_an_expired_session_leads_to_the_sign_in_page_with_the_reason(self):
        self.allowed = NETWORK
        page = self.sign_in()
        page.run("sessionStorage.setItem('tandem.session', JSON.stringify({ ...JSON.parse(sessionStorage['tandem.session']), token: 'old' }))")
        page.key("r")
        page.shows("Your session has ended")
        self.assertTrue(page.run("location.search.includes('to=%2Fdesk')"))


class SignInTest(PagesTest):
    def test_a_wrong_password_is_told_and_the_right_one_leads_to_the_work_of_the_role(self):
        self.allowed = NETWORK
        page = self.page()
        page.open(self.north.url + "/")
        page.until("document.querySelector('#login')")
        page.run("document.querySelector('form').requestSubmit()")
        page.shows("Enter your login")
        page.run("login.value = 'sue'; password.value = 'wrong'; document.querySelector('form').requestSubmit()")
        page.shows("not right")
        page.run("password.value = 'secret'; document.querySelector('form').requestSubmit()")
        page.until("location.pathname === '/wall'")
        self.assertEqual(page.run("JSON.parse(localStorage['tandem.sites']).sites.map((one) => one.id).join()"), "north,east,south")

    def test_a_site_that_does_not_answer_offers_the_others(self):
        self.allowed = NETWORK
        page = self.sign_in("sue")
        page.run("sessionStorage.clear()")
        page.open(self.north.url + "/")
        page.until("document.querySelector('#login')")
        self.north.lose()
        page.run("login.value = 'sue'; password.value = 'secret'; document.querySelector('form').requestSubmit()")
        page.shows("does not answer")
        self.assertEqual(page.run("document.querySelector('.elsewhere a').href"), self.east.url + "/")


class DeskTest(PagesTest):
    def test_a_call_is_handled_from_sign_in_to_wrap_up_with_the_keyboard_alone(self):
        page = self.page()
        page.open(self.north.url + "/")
        page.until("document.activeElement?.id === 'login'")
        page.type("lin")
        page.key("Tab")
        page.type("secret")
        page.key("Enter")
        self.live(page, "north")
        self.state(page, "Not ready")
        page.tab_to("el.closest('.controls') && el.innerText.startsWith('Ready')")
        page.key("Enter")
        self.state(page, "Ready")
        self.cluster.ring("c1", "+8659187654321")
        self.state(page, "Ringing")
        said = page.until("document.querySelector('[role=alert]').textContent")
        for words in ("陈晓明", "Gold", "Technical support", "+8659187654321", "报表导出后中文显示为乱码"):
            self.assertIn(words, said)
        self.cluster.answer()
        self.state(page, "Talking")
        page.key("o")
        page.until("document.activeElement.tagName === 'TEXTAREA'")
        page.type("Patch explained")
        page.key("Enter", ctrl=True)
        page.shows("lin · north")
        page.run("document.activeElement.blur()")
        page.tab_to("el.innerText?.startsWith('Hang up')")
        page.key("Enter")
        self.state(page, "Wrap-up")
        page.key("x")
        page.until("/^(1:00|0:5\\d)$/.test(document.querySelector('.mystate tandem-timer').textContent)")
        page.key("e")
        self.state(page, "Ready")
        self.assertEqual(self.cluster.tickets["t1"]["notes"][-1]["text"], "Patch explained")

    def test_the_file_and_the_latest_ticket_are_open_before_the_phone_is_answered(self):
        page = self.sign_in()
        self.cluster.scene("offered")
        page.until("document.querySelector('.call.offered .name')?.textContent === '陈晓明'")
        self.assertEqual(page.run("document.querySelector('#ticket-title').textContent"), "NORTH-1042-7 报表导出后中文显示为乱码")
        self.assertEqual(page.run("document.querySelector('.customer input').value"), "陈晓明")
        self.assertEqual(page.run("document.querySelectorAll('#panel-history .line').length"), 3)
        self.assertTrue(page.run("document.title.startsWith('● ')"))
        self.assertIn("arrived at East", page.run("document.querySelector('.call').innerText"))

    def test_a_call_never_takes_the_keyboard_from_someone_who_types(self):
        page = self.sign_in()
        page.run("import('/assets/i18n.js')")
        page.click("#tab-mine")
        page.until("document.querySelector('#panel-mine .line')")
        page.run("[...document.querySelectorAll('#panel-mine .line')].find((one) => one.innerText.includes('掃描')).click()")
        self.fill(page, ".ticket textarea[rows='2']", "in the middle of a")
        self.cluster.scene("offered")
        page.until("document.querySelector('.call.offered')?.checkVisibility()")
        page.type(" sentence")
        self.assertEqual(page.run("document.activeElement.value"), "in the middle of a sentence")
        self.assertIn("掃描", page.run("document.querySelector('#ticket-title').textContent"))
        page.run("document.activeElement.blur()")
        page.key("c")
        page.until("document.querySelector('#ticket-title').textContent.includes('报表')")

    def test_a_draft_outlives_a_reload_and_goes_when_it_is_saved(self):
        page = self.sign_in()
        self.cluster.scene("talking")
        self.fill(page, ".f-subject input", "CSV 导出乱码（4.2）")
        self.fill(page, ".ticket textarea[rows='2']", "a note on the way")
        page.shows("1 change not saved")
        page.run("window.mark = 1; location.reload()")
        page.until("window.mark === undefined && document.querySelector('.f-subject input')?.value === 'CSV 导出乱码（4.2）'")
        self.assertEqual(page.run("document.querySelector('.ticket textarea[rows=\"2\"]').value"), "a note on the way")
        self.assertTrue(page.run("document.querySelector('.f-subject').classList.contains('changed')"))
        page.run("document.querySelector('.ticket form.record').requestSubmit()")
        page.shows("Saved.")
        self.assertEqual(self.cluster.tickets["t1"]["subject"], "CSV 导出乱码（4.2）")
        self.assertEqual(page.run("Object.keys(localStorage).filter((one) => one.includes('draft')).length"), 1)

    def test_a_clash_shows_both_values_and_saves_the_choice(self):
        self.allowed = NETWORK
        page = self.sign_in()
        self.cluster.scene("idle")
        page.key("/")
        page.until("document.activeElement.id === 'palette-input'")
        page.type("陈晓明")
        page.until("document.querySelector('[role=option]')?.innerText.includes('陈晓明')")
        page.key("Enter")
        page.until("document.querySelector('.customer .f-title input')")
        self.fill(page, ".f-title input", "经理")
        self.fill(page, ".f-department input", "客户部")
        self.cluster.patch(self.cluster.people, "c1", {"title": "总监", "tier": "platinum"}, None)
        page.run("document.querySelector('.customer form.record').requestSubmit()")
        page.until("document.querySelector('dialog[open] .clash')")
        self.check(page, "the dialog of a clash")
        self.assertEqual(page.run("[...document.querySelectorAll('.clash .value')].map((one) => one.textContent).join()"), "经理,总监")
        page.run("document.querySelector('.clash input[value=theirs]').click()")
        page.run("[...document.querySelectorAll('dialog[open] footer button')].at(-1).click()")
        page.shows("Saved.")
        self.assertEqual([self.cluster.people["c1"][name] for name in ("title", "department", "tier")], ["总监", "客户部", "platinum"])
        self.assertEqual(page.run("document.querySelector('.f-title input').value"), "总监")

    def test_a_call_that_moves_on_does_not_reset_a_half_edited_file(self):
        page = self.sign_in()
        self.cluster.scene("offered")
        self.fill(page, ".f-department input", "新部门")
        self.cluster.answer()
        self.cluster.patch(self.cluster.people, "c1", {"title": "总监"}, None)
        self.state(page, "Talking")
        self.assertEqual(page.run("[document.querySelector('.f-department input').value, document.activeElement === document.querySelector('.f-department input')]"), ["新部门", True])

    def test_an_unknown_caller_is_tied_to_a_customer_or_gets_a_file(self):
        page = self.sign_in()
        self.cluster.scene("unknown")
        page.shows("is in no file")
        self.fill(page, "#unknown-search", "Fischer")
        page.until("document.querySelector('.match button')")
        page.run("document.querySelector('.match button').click()")
        page.until("document.querySelector('.customer input')?.value === 'Maria Fischer'")
        self.assertEqual(self.cluster.contact["customer"], "c3")
        self.cluster.scene("unknown")
        page.until("document.querySelector('.f-phones input')?.value === '+8657155550199'")
        self.fill(page, ".f-name input", "郑一鸣")
        page.run("document.querySelector('.customer form.record').requestSubmit()")
        page.until("document.querySelector('#customer-title')?.textContent === '郑一鸣'")
        made = self.cluster.people[self.cluster.contact["customer"]]
        self.assertEqual([made["name"], made["phones"]], ["郑一鸣", ["+8657155550199"]])
        page.click(".idle .button")
        self.fill(page, ".ticket .f-subject input", "安装咨询")
        page.run("document.querySelector('.ticket form.record').requestSubmit()")
        page.until("document.querySelector('#ticket-title').textContent.includes('安装咨询')")

    def test_overwritten_values_are_listed_and_can_be_brought_back(self):
        page = self.sign_in()
        self.cluster.raise_conflicts()
        self.cluster.scene("talking")
        page.click("button.conflicts")
        page.until("document.querySelectorAll('.conflict').length === 2")
        self.check(page, "the list of overwritten values")
        words = page.run("document.querySelector('.conflict').innerText")
        for part in ("服务规划经理", "chen · east", "主管", "lin · north"):
            self.assertIn(part, words)
        page.run("document.querySelector('.conflict button').click()")
        page.until("document.querySelectorAll('.conflict').length === 1")
        page.run("document.querySelectorAll('.conflict button')[1].click()")
        page.until("!document.querySelector('dialog[open]') && !document.querySelector('button.conflicts')")

    def test_single_key_shortcuts_can_be_turned_off(self):
        page = self.sign_in()
        page.key("?", shift=True)
        page.until("document.querySelector('dialog[open] .keys')")
        self.check(page, "the list of shortcuts")
        page.run("document.querySelector('dialog[open] input[type=checkbox]').click()")
        page.key("Escape")
        page.until("!document.querySelector('dialog[open]')")
        page.key("r")
        page.key("k", ctrl=True)
        page.until("document.querySelector('.palette[open]')")
        self.check(page, "the palette")
        self.assertEqual(self.cluster.agent["state"], "notReady")

    def test_a_break_is_chosen_from_the_list_of_reasons(self):
        page = self.sign_in()
        page.key("n")
        page.until("document.activeElement.classList.contains('item')")
        self.check(page, "the reasons")
        page.key("ArrowDown")
        page.key("Enter")
        page.until("document.querySelector('.mystate .reason').textContent === 'Lunch'")
        self.assertEqual(self.cluster.agent["reason"], "lunch")

    def test_an_agent_taken_over_elsewhere_is_told_and_can_take_back(self):
        page = self.sign_in()
        self.cluster.become("loggedOut")
        page.shows("You are not signed in at this site")
        page.run("[...document.querySelectorAll('.controls button')].find((one) => one.innerText === 'Sign in here').click()")
        self.state(page, "Not ready")


class WallTest(PagesTest):
    def test_figures_change_without_a_reload(self):
        page = self.sign_in("sue")
        page.run("window.mark = 1")
        page.until("document.querySelector('.tile-waiting .figure').textContent === '0'")
        self.cluster.scene("busy")
        page.until("document.querySelector('.tile-waiting .figure').textContent === '3'")
        page.until("/^1:1\\d$/.test(document.querySelector('.tile-longest .figure').textContent)")
        first = page.run("document.querySelector('.tile-longest .figure').textContent")
        page.until(f"document.querySelector('.tile-longest .figure').textContent !== '{first}'")
        self.assertEqual(page.run("[window.mark, document.querySelectorAll('.contacts tbody tr').length, document.querySelector('.whole').innerText.trim()]"), [1, 5, "3 of 3 sites"])
        self.assertIn("3", page.run("document.querySelector('.spark').getAttribute('aria-label')"))

    def test_a_lost_site_is_shown_as_stale_with_its_age_in_words(self):
        page = self.sign_in("sue")
        self.cluster.scene("lost")
        page.until("document.querySelector('.card[data-key=south]')?.dataset.stale === 'true'")
        self.assertRegex(page.run("document.querySelector('.card[data-key=south]').innerText"), r"Unreachable[\s\S]*No news for 4\d s")
        page.until("document.querySelector('.whole').innerText.trim() === '2 of 3 sites'")
        self.assertEqual(page.run("[...document.querySelectorAll('.agents tr.stale')].length"), 5)
        self.assertIn("North – South: down since", page.run("document.querySelector('.graph').getAttribute('aria-label')"))
        before = page.run("document.querySelector('.card[data-key=south] .age').textContent")
        page.until(f"document.querySelector('.card[data-key=south] .age').textContent !== {json.dumps(before)}")

    def test_an_administrator_cuts_and_restores_a_link_after_confirming_and_a_supervisor_cannot(self):
        page = self.sign_in("root")
        cut = "[...document.querySelectorAll('.linklist li')].find((one) => one.innerText.includes('East – North'))"
        page.until(f"{cut}?.querySelector('button')")
        page.run(f"{cut}.querySelector('button').click()")
        page.until("document.querySelector('dialog[open]')")
        self.check(page, "the question before a drill")
        self.assertEqual(self.cluster.cut, set())
        page.run("[...document.querySelectorAll('dialog[open] footer button')].at(-1).click()")
        page.until(f"{cut}.innerText.includes('Down')")
        self.assertEqual(self.cluster.cut, {frozenset(("north", "east"))})
        page.run(f"{cut}.querySelector('button').click()")
        page.until("document.querySelector('dialog[open] footer button:last-child')")
        page.run("document.querySelector('dialog[open] footer button:last-child').click()")
        page.until(f"{cut}.innerText.includes('Up')")
        other = self.sign_in("sue")
        other.until("document.querySelectorAll('.linklist li').length === 3")
        self.assertEqual(other.run("document.querySelectorAll('.linklist button').length"), 0)

    def test_agents_are_filtered_and_tables_sorted(self):
        page = self.sign_in("sue")
        page.until("document.querySelectorAll('.agents tbody tr').length === 14")
        page.run("(() => { const list = document.querySelector('.filters select'); list.value = 'south'; list.dispatchEvent(new Event('change')); })()")
        self.assertEqual(page.run("document.querySelectorAll('.agents tbody tr').length"), 5)
        page.run("document.querySelector('.queues thead th:nth-child(6) button').click()")
        page.until("document.querySelector('.queues thead th:nth-child(6)').getAttribute('aria-sort') === 'ascending'")
        numbers = page.run("[...document.querySelectorAll('.queues tbody td:nth-child(6)')].map((one) => Number(one.textContent))")
        self.assertEqual(numbers, sorted(numbers))

    def test_derived_figures_are_right(self):
        page = self.sign_in("sue")
        found = page.run("""import('/assets/wall-model.js').then((m) => ({
            // 10 in time of 20 answered, 5 of 10 abandoned in time, none waits too long; 30 of 30; nobody.
            level: m.LEVELS.map((variant) => m.serviceLevel([
                { today: { answered: 20, abandoned: 10, overdue: 0, serviceLevels: { ignoreAbandons: 10 / 25, negative: 10 / 30, positive: 15 / 30, handledOnly: 10 / 20 } } },
                { today: { answered: 30, abandoned: 0, overdue: 0, serviceLevels: { ignoreAbandons: 1, negative: 1, positive: 1, handledOnly: 1 } } },
                { today: { answered: 0, abandoned: 0, overdue: 0, serviceLevels: { ignoreAbandons: null, negative: null, positive: null, handledOnly: null } } }], variant)),
            none: m.serviceLevel([]), open: m.outcomes({ offered: 20, answered: 9, abandoned: 3, shortAbandoned: 2, other: 1 }).open,
            occupied: [m.occupancy([{ handlingMs: 30, idleMs: 10 }, { handlingMs: 0, idleMs: 20 }]), m.occupancy([])], nearly: m.percent(0.9999), all: m.percent(1), nothing: m.percent(null),
            oneWay: m.links([{ from: 'b', to: 'a', state: 'up', rttMs: 3 }, { from: 'a', to: 'b', state: 'down', rttMs: null }]).map((one) => [one.key, one.state, one.oneWay]),
            hidden: m.links([{ from: 'b', to: 'a', state: 'unknown' }, { from: 'a', to: 'b', state: 'up', rttMs: 1 }]).map((one) => one.state),
            stale: [m.isStale({ state: 'up', ageMs: 100 }, 0), m.isStale({ state: 'up', ageMs: 100 }, 9000), m.isStale({ state: 'suspect', ageMs: 0 }, 0), m.isStale({ state: 'up', ageMs: null }, 0)],
            trail: (() => { const trail = new m.Trail(1000 * 60, 5); for (let n = 0; n < 9; n += 1) trail.add(n * 20000, n); return trail.samples.map((one) => one.value); })(),
        }))""")
        self.assertEqual(found, {"level": [40 / 55, 40 / 60, 45 / 60, 40 / 50], "none": None, "open": 5, "occupied": [0.5, None], "nearly": "99 %", "all": "100 %", "nothing": "–", "oneWay": [["a|b", "down", True]], "hidden": ["up"],
                                 "stale": [False, True, True, True], "trail": [4, 5, 6, 7, 8]})


if __name__ == "__main__":
    unittest.main()
