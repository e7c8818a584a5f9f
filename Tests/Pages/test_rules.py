"""The page of rules: queues, calendars, break reasons. Run with the other tests of the pages: see README.md."""

import json

import mock_rules
import test_pages
from test_pages import setUpModule, tearDownModule  # noqa: F401  the browser of this module


class RulesTest(test_pages.PagesTest):
    def rules(self, login="sue", where="", **how):
        page = self.page(**how)
        page.open(self.north.url + "/?to=/rules")
        page.until("document.querySelector('#login')")
        page.run(f"login.value = '{login}'; password.value = 'secret'; document.querySelector('form').requestSubmit()")
        page.until("document.querySelector('tandem-connection')?.dataset.state === 'live'", 30)
        page.open(self.north.url + "/rules" + where)
        page.until("document.querySelector('#record-title')?.textContent", 30)
        return page

    def value(self, page, field, value, index=0):
        """Types into a field as a person does, and leaves it."""
        page.run(f"(() => {{ const one = document.querySelectorAll('.f-{field} input')[{index}]; one.focus(); one.select(); }})()")
        page.type(value)
        page.key("Tab")

    def save(self, page):
        page.run("document.querySelector('.rule-form').requestSubmit()")

    def stored(self, kind, key):
        return self.cluster.rules.tables[kind].get(key)

    def test_a_queue_is_changed_and_only_what_changed_is_sent(self):
        page = self.rules(where="#queues/billing")
        page.shows("Nobody has all that billing asks for. Nearest is Anna Keller, who lacks billing:2.")
        self.check(page, "a queue")
        before = dict(self.stored("queues", "billing"))
        self.value(page, "ringSeconds", "25")
        page.shows("1 change not saved")
        self.save(page)
        page.shows("Saved.")
        after = self.stored("queues", "billing")
        self.assertEqual({name for name in before if before[name] != after[name]}, {"ringSeconds", "changed", "version"})
        page.until("document.querySelector('#record-changed').textContent.includes('sue at north')")

    def test_what_callers_hear_and_what_is_recorded_is_chosen_and_put_back(self):
        page = self.rules(where="#queues/billing")
        choose = "(() => {{ const list = document.querySelector('.f-{0} select'); list.value = '{1}'; list.dispatchEvent(new Event('input', {{ bubbles: true }})); list.dispatchEvent(new Event('change', {{ bubbles: true }})); }})()"
        page.until("document.querySelector('.f-recording select')")
        for name, value in (("announcements", "early"), ("language", "zh-hant"), ("musicOnHold", "true"), ("recording", "share:20"), ("recordingNotice", "false")):
            page.run(choose.format(name, value))
        self.value(page, "announceEverySeconds", "5")
        page.until("document.querySelector('.f-announceEverySeconds .error').textContent === 'A whole number from 15 to 600, please.'")
        self.value(page, "announceEverySeconds", "60")
        self.save(page)
        page.shows("Saved.")
        after = self.stored("queues", "billing")
        self.assertEqual([after[name] for name in ("announcements", "language", "musicOnHold", "announceEverySeconds", "recording", "recordingNotice")], ["early", "zh-hant", True, 60, "share:20", False])
        page.until("document.querySelector('#record-changed').textContent.includes('sue at north')")
        page.run(choose.format("recordingNotice", ""))
        self.save(page)
        self.wait_for(lambda: self.stored("queues", "billing")["recordingNotice"] is None)
        self.assertIs(self.stored("queues", "billing")["musicOnHold"], True)
        self.check(page, "what callers hear")

    def test_what_is_wrong_is_told_while_typing_and_nothing_is_sent(self):
        page = self.rules(where="#queues/billing")
        self.value(page, "serviceLevelPercent", "120")
        page.until("document.querySelector('.f-serviceLevelPercent .error').textContent === 'A whole number from 1 to 100, please.'")
        self.value(page, "requiredSkills", "billing:12")
        page.until("document.querySelector('.f-requiredSkills .error').checkVisibility()")
        self.value(page, "requiredSkills", "billing:1, greek:2")
        page.until("document.querySelector('.f-requiredSkills .note').textContent === 'No agent has the skill greek yet.'")
        self.save(page)
        page.until("document.activeElement.closest('.f-serviceLevelPercent')")
        self.assertEqual(self.stored("queues", "billing")["version"], "1")
        self.check(page, "fields at fault")

    def test_steps_are_added_with_the_keyboard_moved_and_refused_in_place(self):
        self.allowed = test_pages.NETWORK
        page = self.rules(where="#queues/billing")
        page.run("document.querySelector('.f-overflow > .button').focus()")
        page.key("Enter")
        page.until("document.activeElement.closest('.f-when') && document.querySelectorAll('.f-overflow .rule-row').length === 3")
        row = "document.querySelectorAll('.f-overflow .rule-row')[2]"
        page.run(f"(() => {{ const list = {row}.querySelector('.f-then select'); list.value = 'queue'; list.dispatchEvent(new Event('change', {{ bubbles: true }})); }})()")
        page.until(f"{row}.querySelector('.f-queue').checkVisibility() && !{row}.querySelector('.f-sites').checkVisibility()")
        page.run(f"(() => {{ const list = {row}.querySelector('.f-queue select'); list.append(new Option('gone', 'gone')); list.value = 'gone'; list.dispatchEvent(new Event('change', {{ bubbles: true }})); }})()")
        self.save(page)
        page.until("document.querySelector('.f-overflow > .error').textContent === 'There is no such thing.'")
        page.run(f"(() => {{ const list = {row}.querySelector('.f-queue select'); list.value = 'sales'; list.dispatchEvent(new Event('change', {{ bubbles: true }})); }})()")
        page.run(f"{row}.querySelector('button[aria-label=\"Move up\"]').focus()")
        page.key("Enter")
        self.save(page)
        page.shows("Saved.")
        steps = self.stored("queues", "billing")["overflow"]
        self.assertEqual([one["then"] for one in steps], ["siteFirst", "queue", "message"])
        self.assertEqual(steps[1], {"when": "waited", "seconds": 60, "count": None, "then": "queue", "queue": "sales", "sites": None, "announcement": None})

    def test_who_was_faster_is_shown_and_the_person_decides(self):
        self.allowed = test_pages.NETWORK
        page = self.rules(where="#queues/billing")
        self.value(page, "ringSeconds", "25")
        self.value(page, "wrapUpSeconds", "40")
        self.cluster.rules.put("queues", "billing", {"ringSeconds": 12, "priority": 7}, None, "root")
        self.save(page)
        page.until("document.querySelector('dialog[open]')?.innerText.includes('12')")
        self.check(page, "two values of one field")
        self.assertNotIn("40", page.run("document.querySelector('dialog[open]').innerText"))
        page.run("document.querySelector('dialog[open] input[value=theirs]').click(); [...document.querySelectorAll('dialog[open] footer button')].at(-1).click()")
        page.shows("Saved.")
        one = self.stored("queues", "billing")
        self.assertEqual((one["ringSeconds"], one["wrapUpSeconds"], one["priority"]), (12, 40, 7))

    def test_what_others_change_appears_unless_it_is_being_edited(self):
        page = self.rules(where="#queues/billing")
        self.cluster.rules.put("queues", "billing", {"name": "Invoices"}, None, "root")
        page.run("document.activeElement.blur(); dispatchEvent(new Event('focus'))")
        page.until("document.querySelector('#record-title').textContent === 'Invoices'")
        self.value(page, "ringSeconds", "25")
        self.cluster.rules.put("queues", "billing", {"ringSeconds": 9}, None, "root")
        page.run("dispatchEvent(new Event('focus'))")
        page.until("document.querySelector('.f-ringSeconds input').value === '25'")

    def test_a_calendar_says_overlaps_at_once_and_takes_holidays_and_an_emergency(self):
        page = self.rules(where="#calendars/office")
        page.until("document.querySelector('#record-state').textContent.startsWith('Open now · until')")
        self.value(page, "monday", "08:00-12:00, 11:00-15:00")
        page.until("document.querySelector('.f-monday .error').textContent === '08:00-12:00 and 11:00-15:00 overlap.'")
        self.value(page, "monday", "18:00-02:00")
        page.until("document.querySelector('.f-monday .error').textContent.includes('ends before it begins')")
        self.value(page, "monday", "18:00-24:00")
        page.run("document.querySelector('.f-holidays > .button').click()")
        self.value(page, "date", "2026-02-30", 1)
        page.until("[...document.querySelectorAll('.f-date .error')].at(-1).checkVisibility()")
        self.value(page, "date", "2026-05-01", 1)
        page.run("(() => { const list = document.querySelector('.f-emergency select'); list.value = 'closed'; list.dispatchEvent(new Event('change', { bubbles: true })); })()")
        self.value(page, "reason", "Flood")
        self.check(page, "a calendar")
        self.save(page)
        page.shows("Saved.")
        one = self.stored("calendars", "office")
        self.assertEqual(one["hours"]["monday"], ["18:00-24:00"])
        self.assertEqual(one["holidays"][1], {"date": "2026-05-01", "name": "", "hours": []})
        self.assertEqual(one["emergency"], {"open": False, "reason": "Flood", "until": None})

    def test_a_new_calendar_needs_a_name_and_a_zone_that_there_is(self):
        self.allowed = test_pages.NETWORK
        page = self.rules(where="#calendars/office")
        page.run("document.querySelector('#add').click()")
        page.until("document.activeElement.closest('.f-id')")
        page.type("night")
        self.save(page)
        page.until("document.activeElement.closest('.f-name')")
        page.type("Night shift")
        self.value(page, "zone", "Mars/Base")
        self.save(page)
        page.until("document.querySelector('.f-zone .error').textContent === 'There is no such thing.'")
        self.value(page, "zone", "Asia/Shanghai")
        self.save(page)
        page.until("document.querySelector('#record-title').textContent === 'Night shift'")
        self.assertEqual(self.stored("calendars", "night")["zone"], "Asia/Shanghai")
        page.until("document.querySelector('.line[aria-current]').innerText.includes('Night shift')")

    def test_break_reasons_in_the_readers_language(self):
        page = self.rules(where="#breaks/lunch")
        page.run("import('/assets/i18n.js').then((one) => one.setLanguage('zh-Hans'))")
        page.until("document.querySelector('#record-title').textContent === '午餐'")
        page.shows("小休原因")
        self.check(page, "break reasons in Chinese")
        page.run("import('/assets/i18n.js').then((one) => one.setLanguage('en'))")
        page.run("document.querySelector('.f-active input').click()")
        self.value(page, "longestMinutes", "45")
        self.save(page)
        page.shows("Saved.")
        page.until("document.querySelector('.line[aria-current]').innerText.includes('Not offered')")
        self.assertEqual((self.stored("break-reasons", "lunch")["active"], self.stored("break-reasons", "lunch")["longestMinutes"]), (False, 45))

    def test_findings_lead_to_their_field_and_errors_are_said_first(self):
        self.cluster.rules.findings.insert(0, mock_rules.finding("overflowCycle", "sales", "overflow", "Ring.", "error", path="sales → key → sales"))
        page = self.rules(where="#calendars/office")
        page.shows("These queues lead into each other in a ring: sales → key → sales.")
        self.check(page, "findings")
        page.run("document.querySelector('.checks li button').click()")
        page.until("document.querySelector('#record-title').textContent === 'Sales' && document.activeElement.closest('.f-overflow')")

    def test_leaving_what_is_not_saved_is_asked_about(self):
        page = self.rules(where="#queues/billing")
        self.value(page, "ringSeconds", "25")
        page.run("document.querySelectorAll('.list .line')[3].click()")
        page.until("document.querySelector('dialog[open]')?.innerText.includes('Discard what is not saved?')")
        page.key("Escape")
        page.until("!document.querySelector('dialog[open]')")
        self.assertEqual(page.run("document.querySelector('.f-ringSeconds input').value"), "25")
        page.run("document.querySelector('.rule-form .bar button').click()")
        page.until("document.querySelector('.f-ringSeconds input').value === ''")

    def test_an_agent_sees_the_rules_and_cannot_change_them(self):
        page = self.rules("lin", "#queues/billing")
        self.assertTrue(page.run("document.querySelector('.f-ringSeconds input').matches(':disabled')"))
        self.assertFalse(page.run("document.querySelector('#add').checkVisibility() || Boolean(document.querySelector('.rule-form > .bar'))"))
        self.check(page, "the rules of an agent")

    def test_narrow_and_dark(self):
        for mode, how in test_pages.MODES.items():
            page = self.rules(where="#queues/billing", width=390, height=800, **how)
            self.check(page, f"narrow, {mode}")
            self.assertLessEqual(page.run("document.documentElement.scrollWidth - innerWidth"), 0, json.dumps(how))


if __name__ == "__main__":
    import unittest

    unittest.main()
