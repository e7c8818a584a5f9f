"""Several contacts in hand on the desk; on the wall figures of the day, places, estimates and reasons. Run: see README.md."""

import json

import test_pages
from test_pages import setUpModule, tearDownModule  # noqa: F401  the browser of this module

DIALOG = "document.querySelector('dialog[open]')"
TABS = "[...document.querySelectorAll('.contact-tab')]"
CHOSEN = "document.querySelector('.contact-tab[aria-selected=true]')"


class LiveTest(test_pages.PagesTest):
    def explain(self, page, who):
        row = f"[...document.querySelectorAll('.contacts tbody tr')].find((one) => one.innerText.includes({json.dumps(who)}))"
        page.until(f"{row}?.querySelector('button')")
        page.run(f"(() => {{ const one = {row}.querySelector('button'); one.focus(); one.click(); }})()")
        page.until(DIALOG)


class ContactsTest(LiveTest):
    def tabs(self, page, count):
        page.until(f"document.querySelector('.contacts-strip').checkVisibility() && {TABS}.length === {count}")

    def chosen(self, page, words):
        page.until(f"{CHOSEN}?.innerText.includes({json.dumps(words)}) && document.querySelector('.call').innerText.includes({json.dumps(words)})")

    def states(self):
        return [one["state"] for one in self.cluster.texts]

    def test_a_call_alone_looks_as_ever(self):
        page = self.sign_in()
        for scene in ("offered", "talking", "wrapup"):
            self.cluster.scene(scene)
            page.until(f"document.querySelector('.call.st-{ {'offered': 'offered', 'talking': 'talking', 'wrapup': 'wrapUp'}[scene]}')?.checkVisibility()")
            self.assertFalse(page.run("document.querySelector('.contacts-strip').checkVisibility()"), scene)
            shown = page.run("[...document.querySelectorAll('.call .button')].filter((one) => one.checkVisibility()).map((one) => one.innerText.trim().split('\\n')[0])")
            self.assertEqual([one for one in shown if not one.startswith(("Ticket", "Open the"))], ["Hang up", "Hold", "Transfer", "Ask somebody", "Digits", "Pause recording"] if scene == "talking" else [])
            self.assertIsNone(page.run("document.querySelector('#contact-panel').getAttribute('role')"))

    def test_a_chat_is_taken_finished_and_wrapped_up_with_the_keyboard(self):
        page = self.sign_in()
        page.key("r")
        self.state(page, "Ready")
        chat = self.cluster.write("c3", "Invoice of October", queue_name="billing")
        page.until("document.querySelector('.call.offered .name')?.textContent === 'Maria Fischer'")
        said = page.run("document.querySelector('[role=alert]').textContent")
        for words in ("Incoming: Chat", "Maria Fischer", "Platinum", "Billing", "Invoice of October"):
            self.assertIn(words, said)
        self.assertRegex(page.run("document.querySelector('.call tandem-timer').textContent"), r"^0:(30|2\d)$")
        self.assertIn("20 of 100 taken · more may come", page.run("document.querySelector('.capacity').innerText"))
        page.key("a")
        page.until("document.querySelector('.call.st-talking')")
        self.assertEqual(self.states(), ["talking"])
        self.state(page, "In contact")
        page.key("h", shift=True)
        self.assertEqual(self.states(), ["talking"])
        page.key("f", shift=True)
        page.until("document.querySelector('.call.st-wrapUp')")
        page.until("/^0:(30|2\\d)$/.test(document.querySelector('.call tandem-timer').textContent)")
        page.key("x")
        page.until("/^(1:00|0:5\\d)$/.test(document.querySelector('.call tandem-timer').textContent)")
        page.key("e")
        page.until("!document.querySelector('.call').checkVisibility()")
        self.assertEqual(self.cluster.texts, [])
        self.assertEqual(chat["state"], "wrapUp")
        self.state(page, "Ready")

    def test_an_offer_beside_others_is_said_once_and_leaves_the_chosen_contact_in_place(self):
        page = self.sign_in()
        page.run("window.said = []; new MutationObserver(() => window.said.push(document.querySelector('[role=alert]').textContent))"
                 ".observe(document.querySelector('[role=alert]'), { childList: true, characterData: true, subtree: true })")
        self.cluster.scene("chats")
        self.tabs(page, 3)
        self.chosen(page, "林淑華")
        page.until("window.said.filter((one) => one.includes('No light on port 2')).length === 1")
        page.until("/^0:2\\d$/.test(document.querySelector('.contact-tab.ringing tandem-timer').textContent)")
        self.cluster.tell()
        self.assertEqual(page.run("window.said.filter((one) => one.includes('No light on port 2')).length"), 1)
        self.assertIn("60 of 100 taken", page.run("document.querySelector('.capacity').innerText"))
        self.assertEqual(page.run("document.querySelector('[role=meter]').getAttribute('aria-valuenow')"), "60")
        self.chosen(page, "林淑華")
        page.key("a")
        self.chosen(page, "d.okafor@example.org")
        self.assertEqual(self.states(), ["talking"] * 3)
        self.assertEqual(page.run("document.querySelector('.f-emails input').value"), "d.okafor@example.org")

    def test_contacts_are_chosen_by_arrows_keys_and_names(self):
        page = self.sign_in()
        self.cluster.scene("chats")
        self.tabs(page, 3)
        names = [name for role, name, _ in page.names() if role == "tab"]
        self.assertIn("Chat: 林淑華, In progress, Technical support", names)
        self.assertIn("E-mail: Maria Fischer, In progress, Billing", names)
        self.assertEqual(page.run("document.querySelector('#contact-panel').getAttribute('role')"), "tabpanel")
        page.run(f"{CHOSEN}.focus()")
        page.key("ArrowRight")
        self.chosen(page, "Maria Fischer")
        page.until("document.querySelector('#customer-title').textContent === 'Maria Fischer' && document.activeElement.matches('.contact-tab[aria-selected=true]')")
        page.key("ArrowRight")
        page.key("ArrowRight")
        self.chosen(page, "林淑華")
        page.run("document.activeElement.blur()")
        page.key("k")
        self.chosen(page, "d.okafor@example.org")
        page.key("j")
        self.chosen(page, "林淑華")

    def test_a_declined_offer_goes_and_paperwork_of_one_leaves_the_others(self):
        page = self.sign_in()
        self.cluster.scene("chats")
        self.tabs(page, 3)
        page.key("d")
        self.tabs(page, 2)
        self.chosen(page, "林淑華")
        page.key("f", shift=True)
        page.until("document.querySelector('.call.st-wrapUp')")
        self.assertFalse(page.run("[...document.querySelectorAll('.controls .button')].some((one) => one.checkVisibility() && /wrap-up/i.test(one.innerText))"))
        self.assertEqual(self.states(), ["wrapUp", "talking"])
        page.key("e")
        self.tabs(page, 1)
        self.chosen(page, "Maria Fischer")
        self.assertEqual(self.states(), ["talking"])

    def test_an_offer_never_takes_the_page_from_someone_who_types_and_a_refusal_is_told(self):
        self.allowed = test_pages.NETWORK
        page = self.sign_in()
        self.cluster.move(self.cluster.write("c2", "掃描件"), "talking")
        self.chosen(page, "林淑華")
        self.fill(page, ".ticket textarea[rows='2']", "in the middle")
        offer = self.cluster.write("c3", "Invoice")
        self.tabs(page, 2)
        page.type(" of it")
        self.assertEqual(page.run("document.activeElement.value"), "in the middle of it")
        self.chosen(page, "林淑華")
        offer["state"] = "talking"
        page.run("document.activeElement.blur()")
        page.key("a")
        page.shows("The contact is not in that state.")

    def test_an_accepted_offer_waits_for_its_site_without_a_second_press(self):
        page = self.sign_in()
        offer = self.cluster.write("c3", "Invoice")
        page.until("document.querySelector('.call.offered')")
        offer["taken"] = True
        self.cluster.tell()
        page.shows("the contact's site is confirming")
        self.assertFalse(page.run("[...document.querySelectorAll('.call .button')].some((one) => one.checkVisibility() && /Accept|Decline/.test(one.innerText))"))

    def test_breaks_have_names_in_the_language_and_one_ahead_can_be_taken_back(self):
        self.cluster.rules.tables["break-reasons"]["tea"] = {"id": "tea", "name": "Tea", "nameHans": "茶歇", "nameHant": None, "paid": False, "longestMinutes": 15, "active": True, "order": 5}
        page = self.sign_in()
        self.cluster.move(self.cluster.write("c2", "掃描件"), "talking")
        self.chosen(page, "林淑華")
        page.key("n")
        page.until("document.querySelector('.menu:popover-open .item')?.innerText.includes('Tea')")
        self.assertIn("15 min at most · unpaid", page.run("document.querySelector('.menu:popover-open .item').innerText"))
        self.check(page, "the breaks while a contact is in hand")
        page.key("Enter")
        page.until("document.querySelector('.mystate .reason').textContent === 'then Tea'")
        page.until("!document.querySelector('.menu:popover-open')")
        page.run("import('/assets/i18n.js').then((one) => one.setLanguage('zh-Hans'))")
        page.until("document.querySelector('.mystate .reason').textContent === '之后：茶歇'")
        page.key("r")
        page.until("document.querySelector('.mystate .reason').textContent === ''")
        self.assertIsNone(self.cluster.break_ahead)

    def test_desk_and_wall_meet_the_rules_in_both_themes_and_all_widths(self):
        for mode, media in test_pages.MODES.items():
            page = self.sign_in(**media)
            self.cluster.scene("chats")
            self.tabs(page, 3)
            self.check(page, f"desk, chats, {mode}")
            page.run(f"{TABS}[2].click()")
            page.until("document.querySelector('.call.offered')")
            self.check(page, f"desk, a chat offered, {mode}")
            wall = self.sign_in("sue", **media)
            self.cluster.scene("lost")
            wall.until("document.querySelectorAll('.today .expander').length === 4")
            wall.run("document.querySelectorAll('.today .expander')[0].click(); document.querySelectorAll('.today .expander')[3].click()")
            wall.until("document.querySelectorAll('.parts-table').length === 2")
            self.check(wall, f"wall with parts, {mode}")
            self.explain(wall, "林淑華")
            wall.run("document.querySelector('dialog[open] details').open = true")
            self.check(wall, f"reasons, {mode}")
        for width in (320, 768, 1280, 1920):
            self.cluster.scene("chats")
            for one in (page, wall):
                one.size(width, 800)
                one.until(f"innerWidth === {width}")
                self.assertLessEqual(one.run(test_pages.CHECKS)["overflow"], 0, width)


class FiguresTest(LiveTest):
    def row(self, page, queue):
        return page.run(f"Object.fromEntries([...[...document.querySelectorAll('.today tbody')].find((one) => one.innerText.includes({json.dumps(queue)})).rows[0].cells]"
                        ".map((one) => [one.dataset.col ?? 'queue', one.innerText.trim()]))")

    def test_the_day_of_each_queue_with_the_named_variant_that_is_remembered(self):
        page = self.sign_in("sue")
        page.until("document.querySelectorAll('.today .expander').length === 4")
        found = self.row(page, "Technical support")
        self.assertEqual({name: found[name] for name in ("offered", "answered", "levelBar", "asa", "aht", "acw", "abandonment", "short", "expected", "error")},
                         {"offered": "232", "answered": "214", "levelBar": "87 %", "asa": "0:14", "aht": "5:12", "acw": "0:41", "abandonment": "4 % (9)", "short": "6", "expected": "under 1:20", "error": "± 0:11"})
        self.assertEqual(self.row(page, "Billing")["expected"], "0:15 to 1:35")
        empty = self.row(page, "Key accounts")
        self.assertEqual([empty[name] for name in ("levelBar", "asa", "abandonment", "expected", "error")], ["–", "–", "– (0)", "nobody fits", "–"])
        self.assertEqual(page.run("document.querySelector('.tile-level').innerText.split('\\n').at(-1)"), "early abandons left out")
        choose = "(() => {{ const list = document.querySelector('.level-choice select'); list.value = '{0}'; list.dispatchEvent(new Event('change')); }})()"
        page.run(choose.format("handledOnly"))
        page.until("document.querySelector('.tile-level').innerText.includes('answered contacts only')")
        self.assertEqual(self.row(page, "Technical support")["levelBar"], "91 %")
        page.run("window.mark = 1; location.reload()")
        page.until("window.mark === undefined && document.querySelector('.level-choice select')?.value === 'handledOnly' && document.querySelectorAll('.today .expander').length === 4")
        self.assertEqual(self.row(page, "Technical support")["levelBar"], "91 %")

    def test_parts_show_their_age_and_stale_ones_say_so(self):
        page = self.sign_in("sue")
        self.cluster.scene("lost")
        page.until("document.querySelector('.whole-today')?.innerText === '2 of 3 sites'")
        page.until("document.querySelector('.today tbody').innerText.includes('1 of 3 sites are stale')")
        button = "document.querySelector('.today .expander')"
        page.run(f"{button}.focus()")
        page.key("Enter")
        page.until(f"{button}.getAttribute('aria-expanded') === 'true' && document.activeElement === {button}")
        rows = page.run("[...document.querySelectorAll('.parts-table tbody tr')].map((one) => [one.innerText.replace(/\\s+/g, ' '), one.classList.contains('stale')])")
        self.assertEqual([stale for _, stale in rows], [False, False, True])
        self.assertRegex(rows[0][0], "^North live 75 71 3 90 %$")
        self.assertRegex(rows[2][0], r"^South stale: 4\d s old 75")
        first = page.run("document.querySelectorAll('.part-age')[2].textContent")
        page.until(f"document.querySelectorAll('.part-age')[2].textContent !== {json.dumps(first)}")
        words = page.run("document.querySelector('.parts-body').innerText")
        for part in ("232 offered:", "214 answered", "6 gave up at once", "42 checked, off by 0:11 on average, 0:03 too long; 83 % of true waits"):
            self.assertIn(part, words)
        page.key("Enter")
        page.until("!document.querySelector('.parts').checkVisibility()")

    def test_waiting_contacts_show_place_estimate_and_channel(self):
        page = self.sign_in("sue")
        self.cluster.scene("busy")
        page.until("document.querySelectorAll('.contacts tbody tr').length === 5")
        lines = page.run("[...document.querySelectorAll('.contacts tbody tr')].map((one) => one.innerText.replace(/\\s+/g, ' '))")
        second = next(one for one in lines if "陈晓明" in one)
        for part in ("Call ", "Waiting", "2 0:20 to 1:30", "callback is offered"):
            self.assertIn(part, second)
        self.assertIn("Chat ", next(one for one in lines if "Maria Fischer" in one))
        self.assertIn("under 0:45", next(one for one in lines if "Maria Fischer" in one))
        self.assertNotIn("callback is offered", next(one for one in lines if "林淑華" in one))

    def test_a_supervisor_asks_why_and_an_agent_cannot(self):
        page = self.sign_in("sue")
        self.cluster.scene("busy")
        self.explain(page, "Unknown caller")
        words = page.run(f"{DIALOG}.innerText.replace(/\\s+/g, ' ')")
        for part in ("Goes on waiting. Because no agent who is known fits.", "skills german:2; tiers Intermediate to Senior; relaxation step 1 after 60 s", "Wu Jianhua 吴建华 at North, lacking german:2",
                     "Luis Ortega at South, lacking german:2, a tier other than Consultant", "Lacks the skill german:2", "Not free: Talking", "No capacity: 80 of 100 taken", "Site unreachable", "Refused this contact lately",
                     "Of a tier that may not serve this: Consultant", "42 s old", "Unreachable", "UTC, decided by North"):
            self.assertIn(part, words)
        page.key("Escape")
        page.until(f"!{DIALOG} && document.activeElement.innerText === 'Why?'")
        self.explain(page, "林淑華")
        words = page.run(f"{DIALOG}.innerText.replace(/\\s+/g, ' ')")
        for part in ("Offered to Chen Li 陳麗 at East. Rule that decided: least handling time today.", "Chosen: least handling time today", "Fit, but stood behind: least handling time today", "3 more agents fit"):
            self.assertIn(part, words)
        other = self.sign_in("lin")
        other.open(self.north.url + "/wall")
        other.until("document.querySelectorAll('.contacts tbody tr').length >= 5")
        self.assertEqual(other.run("document.querySelectorAll('.contacts tbody button').length"), 0)

    def test_a_contact_without_decisions_says_so(self):
        self.allowed = test_pages.NETWORK
        page = self.sign_in("sue")
        self.cluster.scene("busy")
        self.explain(page, "Maria Fischer")
        page.shows("No decision about this contact is kept at this site.")

    def test_teams_and_sites_show_their_occupancy(self):
        page = self.sign_in("sue")
        page.until("document.querySelectorAll('.groups tbody tr').length === 5")
        rows = page.run("[...document.querySelectorAll('.groups tbody tr')].map((one) => one.innerText.replace(/\\s+/g, ' '))")
        self.assertRegex(rows[0], r"^Escalation Team 3 \d \d \d 36 5:00 75 %$")
        self.assertRegex(next(one for one in rows if one.startswith("North")), r"^North Site 4 ")
        self.assertIn("75 % of time on contacts", page.run("document.querySelector('.groups header').innerText"))


if __name__ == "__main__":
    import unittest

    unittest.main()
