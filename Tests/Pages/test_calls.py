"""What an agent does with a call: the bar of buttons, its dialogs, dialling. Run with the other tests of the pages: see README.md."""

import json
import threading

import test_pages
from test_pages import MODES, NETWORK, setUpModule, tearDownModule  # noqa: F401  the browser of this module

#: Types into a field and presses Enter, with nothing in between.
AT_ONCE = """(() => {
  const one = document.querySelector('%s');
  one.value = %s;
  one.dispatchEvent(new Event("input", { bubbles: true }));
  one.dispatchEvent(new KeyboardEvent("keydown", { key: "Enter", bubbles: true, cancelable: true }));
})()"""
BAR = "document.querySelector('.line-bar')"
DIALOG = "document.querySelector('dialog[open]:not(.palette)')"


class CallsTest(test_pages.PagesTest):
    def talk(self, login="lin", **how):
        page = self.sign_in(login, **how)
        self.cluster.scene("talking")
        page.until(f"{BAR}.checkVisibility()")
        return page

    def buttons(self, page, names):
        """Waits until just these buttons are shown."""
        page.until(f"JSON.stringify([...{BAR}.querySelectorAll('button')].filter((one) => one.checkVisibility()).map((one) => one.dataset.name)) === {json.dumps(json.dumps(names.split(), separators=(',', ':')))}")

    def press(self, page, name):
        page.click(f".line-bar [data-name={name}]")

    def chips(self, page, *words):
        for one in words:
            page.until(f"{BAR}.querySelector('.line-chips').innerText.includes({json.dumps(one)})")

    def said(self, page, words):
        page.until(f"document.querySelector('.line-said').textContent.includes({json.dumps(words)})")

    def asked(self, *orders):
        self.wait_for(lambda: self.cluster.done == list(orders))

    def choose(self, page, words, count=1):
        """Types into the search of the dialog and waits for what is found."""
        self.fill(page, "#target-input", words)
        page.until(f"document.querySelectorAll('#target-list .option').length === {count} && document.querySelector('#target-list [aria-selected=true]')")


class BarTest(CallsTest):
    def test_a_customer_is_held_and_taken_back_and_the_keyboard_stays(self):
        page = self.talk()
        self.buttons(page, "hold transfer consult digits record")
        page.tab_to("el.dataset.name === 'hold'")
        page.key("Enter")
        page.until("document.querySelector('.call.st-held') && document.activeElement.innerText.includes('Take back')")
        self.said(page, "The customer is on hold.")
        self.chips(page, "The customer is waiting")
        self.state(page, "On hold")
        page.key("Enter")
        page.until("document.querySelector('.call.st-talking') && document.activeElement.innerText.includes('Hold')")
        self.said(page, "The customer is back.")
        self.asked(("hold", {}), ("resume", {}))

    def test_what_is_pressed_when_the_news_comes_before_the_answer_is_done_after_it(self):
        page = self.talk()
        page.tab_to("el.dataset.name === 'hold'")
        self.cluster.slow = threading.Event()
        # Twice the same is once.
        page.run("document.activeElement.click(), document.activeElement.click()")
        page.until("document.querySelector('.call.st-held') && document.activeElement.innerText.includes('Take back')")
        page.key("Enter")
        self.asked(("hold", {}))
        self.cluster.slow.set()
        page.until("document.querySelector('.call.st-talking') && document.activeElement.innerText.includes('Hold')")
        self.asked(("hold", {}), ("resume", {}))

    def test_nothing_changes_before_the_site_says_so_and_a_refusal_stands_beside_its_button(self):
        self.allowed = NETWORK
        page = self.talk()
        self.cluster.refuse = "The other phone does not allow it."
        self.press(page, "record")
        page.until("document.querySelector('[data-name=record] + .line-error')?.textContent === 'The other phone does not allow it.'")
        self.chips(page, "Recording")
        self.assertIn("Pause recording", page.run(f"{BAR}.innerText"))
        self.assertEqual(page.run("document.querySelectorAll('.toast').length"), 0)
        self.check(page, "a refusal beside its button")
        self.press(page, "record")
        self.chips(page, "Recording paused")
        page.until("document.querySelector('.line-error').textContent === ''")
        self.said(page, "Recording paused")
        # The page may show the news before the answer to the button has come; until then it takes no second press.
        page.until("!document.querySelector('[data-name=record]').hasAttribute('aria-busy')")
        page.key("p")
        page.until(f"{BAR}.innerText.includes('Pause recording')")
        self.asked(*[("recording", {"paused": one}) for one in (True, True, False)])

    def test_a_recording_that_the_relay_cut_off_is_said_and_has_no_button(self):
        page = self.talk()
        page.until(f"{BAR}.innerText.includes('Pause recording')")
        self.cluster.line(recording="stopped")
        self.chips(page, "Recording stopped: the relay failed")
        self.said(page, "Recording stopped: the relay failed")
        page.until(f"!{BAR}.innerText.includes('Pause recording')")
        self.check(page, "a recording that was cut off")

    def test_a_question_beside_the_call_is_swapped_and_ended(self):
        page = self.talk()
        page.key("A", shift=True)
        self.choose(page, "chen")
        page.key("Enter")
        page.until(f"!{DIALOG}")
        self.chips(page, "Chen Li 陳麗 is being rung")
        self.buttons(page, "endConsult digits record")
        self.cluster.consult(state="talking")
        self.said(page, "Chen Li 陳麗 has answered")
        self.chips(page, "You speak with Chen Li 陳麗; the customer waits")
        self.buttons(page, "swap conference complete endConsult digits record")
        self.check(page, "a question that was answered")
        page.key("s")
        self.chips(page, "You speak with the customer")
        self.said(page, "You speak with the customer")
        page.key("E", shift=True)
        self.buttons(page, "hold transfer consult digits record")
        self.asked(("consult", {"agent": "chen"}), ("swap", {}), ("end-consult", {}))

    def test_a_question_that_nobody_answers_leaves_the_customer_where_he_was(self):
        page = self.talk()
        self.cluster.line(consult={"contact": "x", "target": "Billing", "state": "failed", "active": "customer"})
        self.chips(page, "Billing did not answer")
        self.buttons(page, "hold endConsult transfer consult digits record")
        self.check(page, "a question that failed")

    def test_all_speak_together_or_the_customer_is_handed_over(self):
        page = self.talk()
        self.cluster.line(consult={"contact": "x", "target": "Chen Li 陳麗", "state": "talking", "active": "consult"})
        page.tab_to("el.dataset.name === 'conference'")
        page.key("Enter")
        self.chips(page, "All in one call")
        self.said(page, "All in one call")
        # Its button has gone; the keyboard is still in the bar.
        page.until(f"{BAR}.contains(document.activeElement) && document.activeElement.checkVisibility()")
        self.buttons(page, "complete endConsult digits record")
        page.key("C", shift=True)
        page.until(f"document.querySelector('.call.st-wrapUp') && !{BAR}.checkVisibility()")
        self.asked(("conference", {}), ("complete-transfer", {}))

    def test_whoever_listens_is_named(self):
        page = self.talk()
        self.cluster.line(supervisedBy=["May Lin"])
        self.chips(page, "With you in the call: May Lin")
        self.said(page, "With you in the call: May Lin")

    def test_a_call_is_answered_on_the_page_where_the_phone_picks_up_by_itself(self):
        page = self.sign_in()
        self.cluster.scene("offered")
        page.until("document.querySelector('.call.offered')")
        answer = "[...document.querySelectorAll('.call .button')].find((one) => one.checkVisibility() && one.innerText.includes('Answer'))"
        self.assertFalse(page.run(f"Boolean({answer})"))
        page.key("a")
        self.cluster.answers_on = "page"
        self.cluster.scene("offered")
        page.until(answer)
        self.assertEqual(page.run("[...document.querySelectorAll('.call .button')].filter((one) => one.checkVisibility() && one.innerText.includes('Decline')).length"), 0)
        page.key("a")
        page.until("document.querySelector('.call.st-talking')")


class TargetTest(CallsTest):
    def test_a_call_is_passed_on_to_an_agent_who_is_found_while_one_types(self):
        page = self.talk()
        page.run("document.querySelector('[data-name=transfer]').focus()")
        page.key("T", shift=True)
        page.until(f"{DIALOG} && document.activeElement.id === 'target-input' && document.querySelectorAll('#target-list .option').length > 10")
        self.check(page, "whom to transfer to")
        # Enter with nobody chosen sends the customer nowhere.
        page.key("Enter")
        page.until(f"{DIALOG}.querySelector('.error').textContent === 'Choose whom first.'")
        self.choose(page, "julia")
        words = page.run("document.querySelector('#target-list [aria-selected=true]').innerText")
        for part in ("Julia Brandt", "East", "Ready"):
            self.assertIn(part, words)
        self.assertEqual(page.run("document.querySelector('#target-input').getAttribute('aria-activedescendant')"), "target-0")
        page.key("Enter")
        page.until("document.querySelector('.call.st-wrapUp')")
        self.asked(("transfer", {"agent": "julia"}))

    def test_a_queue_says_whether_it_is_open_and_arrows_choose(self):
        page = self.talk()
        page.key("T", shift=True)
        self.choose(page, "sal")
        self.assertRegex(page.run("document.querySelector('#target-list').innerText.replace(/\\s+/g, ' ')"), "Queues Sales 0 waiting closed")
        self.choose(page, "e", len(self.cluster.targets("e", "north")["agents"]) + len(self.cluster.targets("e", "north")["queues"]))
        for key, at in (("ArrowDown", 1), ("ArrowUp", 0), ("ArrowUp", None)):
            page.key(key)
            if at is not None:
                page.until(f"document.querySelector('#target-input').getAttribute('aria-activedescendant') === 'target-{at}'")
        page.until("document.querySelector('#target-list [aria-selected=true]') === [...document.querySelectorAll('#target-list .option')].at(-1)")
        self.choose(page, "billing")
        page.key("Enter")
        page.until(f"!{DIALOG}")
        self.asked(("transfer", {"queue": "billing"}))

    def test_a_number_is_typed_as_people_write_it(self):
        page = self.talk()
        page.key("A", shift=True)
        self.choose(page, "+49 (40) 3555-0170")
        self.assertIn("Dial +494035550170", page.run("document.querySelector('#target-list').innerText"))
        page.key("Enter")
        self.chips(page, "+494035550170 is being rung")
        self.asked(("consult", {"number": "+494035550170"}))

    def test_a_refusal_stays_in_the_dialog_and_the_other_button_can_be_used_instead(self):
        self.allowed = NETWORK
        page = self.talk()
        page.key("T", shift=True)
        self.choose(page, "omar")
        self.cluster.refuse = "Omar Haddad is on a break."
        page.key("Enter")
        page.until(f"{DIALOG}.querySelector('.error').textContent === 'Omar Haddad is on a break.'")
        self.check(page, "a refused transfer")
        page.click("dialog[open] [data-kind=consult]")
        self.chips(page, "Omar Haddad is being rung")

    def test_a_dialog_closes_with_escape_and_with_its_call_and_gives_the_keyboard_back(self):
        page = self.talk()
        page.run("document.querySelector('[data-name=consult]').focus()")
        page.key("Enter")
        page.until(DIALOG)
        page.key("Escape")
        page.until(f"!{DIALOG} && document.activeElement.dataset.name === 'consult'")
        page.key("Enter")
        page.until(DIALOG)
        self.cluster.end()
        page.until(f"!{DIALOG}")

    def test_enter_before_the_answer_sends_the_customer_to_nobody(self):
        page = self.talk()
        page.key("T", shift=True)
        page.until("document.querySelectorAll('#target-list .option').length > 10")
        # Everybody is still shown when Enter comes.
        page.run(AT_ONCE % ("#target-input", json.dumps("julia")))
        page.until(f"{DIALOG}.querySelector('.error').textContent === 'Choose whom first.'")
        page.until("document.querySelectorAll('#target-list .option').length === 1 && document.querySelector('#target-list [aria-selected=true]')")
        self.asked()
        page.key("Enter")
        page.until(f"!{DIALOG}")
        self.wait_for(lambda: [action for action, _ in self.cluster.done] == ["transfer"])

    def test_enter_before_the_answer_gives_no_command(self):
        page = self.talk()
        page.key("k", ctrl=True)
        page.until("document.querySelectorAll('#palette-list .option').length > 3")
        page.run(AT_ONCE % ("#palette-input", json.dumps("陈")))
        page.until("[...document.querySelectorAll('#palette-list [role=group]')].some((one) => one.innerText.includes('陈晓明'))")
        self.assertTrue(page.run("document.querySelector('.palette').open"))
        self.asked()

    def test_nobody_found_says_so(self):
        page = self.talk()
        page.key("T", shift=True)
        self.fill(page, "#target-input", "zzz")
        page.shows("Nobody fits.")
        page.key("Enter")
        page.until(f"{DIALOG}.querySelector('.error').textContent === 'Choose whom first.'")
        self.asked()


class DigitsTest(CallsTest):
    def test_digits_go_out_in_order_from_keys_and_buttons(self):
        self.allowed = NETWORK
        page = self.talk()
        page.key("#")
        page.until(f"{DIALOG} && document.activeElement.innerText === '5'")
        self.check(page, "the keys of a telephone")
        for key in "12#":
            page.key(key)
        page.click("dialog[open] .digits-pad button:last-child")
        page.until(f"{DIALOG}.querySelector('output').textContent === '12#D'")
        self.assertEqual("".join(body["digits"] for _, body in self.cluster.done), "12#D")
        self.cluster.refuse = "The call is on hold."
        page.key("9")
        page.until(f"{DIALOG}.querySelector('.error').textContent === 'The call is on hold.'")
        self.assertEqual(page.run(f"{DIALOG}.querySelector('output').textContent"), "12#D")
        page.key("Escape")
        page.until(f"!{DIALOG}")


class DialTest(CallsTest):
    def test_a_number_is_dialled_from_a_free_field(self):
        self.allowed = NETWORK
        page = self.sign_in()
        self.cluster.scene("idle")
        page.until("document.querySelector('.dial').checkVisibility()")
        page.key("l")
        page.until("document.activeElement.id === 'dial-number'")
        page.type("call me")
        page.key("Enter")
        page.until(f"{DIALOG}.querySelector('.error').textContent.startsWith('A number has digits only')")
        self.check(page, "a number that is none")
        self.cluster.refuse = "Your phone is not registered."
        self.fill(page, "#dial-number", "0591 8765-4321")
        page.key("Enter")
        page.until(f"{DIALOG}.querySelector('.error').textContent === 'Your phone is not registered.'")
        page.key("Enter")
        page.until("document.querySelector('.call.st-talking')")
        self.asked(*[("dial", {"number": "059187654321"})] * 2)
        self.assertFalse(page.run("document.querySelector('.dial').checkVisibility()"))

    def test_a_customer_is_called_from_file_and_ticket_and_the_call_is_filed_there(self):
        page = self.sign_in()
        self.cluster.scene("wrapup")
        for where, filed in ((".customer", {"customer": "c1"}), (".ticket", {"ticket": "t1", "customer": "c1"})):
            self.cluster.done.clear()
            page.click(f"{where} .call-out")
            page.until(f"{DIALOG}.querySelectorAll('.body .button').length === 2")
            self.check(page, f"calling from {where}")
            self.assertEqual("For ticket NORTH-1042-7" in page.run(f"{DIALOG}.innerText"), "ticket" in filed)
            page.run(f"{DIALOG}.querySelectorAll('.body .button')[1].click()")
            page.until(f"!{DIALOG}")
            self.asked(("dial", {"number": "+8613905910001", **filed}))
            self.cluster.end()
            page.until("document.querySelector('.call.st-wrapUp')")


class LookTest(CallsTest):
    def test_bar_and_dialogs_meet_contrast_names_and_targets_in_both_themes(self):
        for mode, media in MODES.items():
            with self.subTest(mode=mode):
                page = self.talk(**media)
                self.check(page, f"a call, {mode}")
                self.cluster.line(consult={"contact": "x", "target": "Chen Li 陳麗", "state": "talking", "active": "customer"}, recording="paused", supervisedBy=["May Lin"], conference=True)
                self.chips(page, "All in one call", "Recording paused")
                self.check(page, f"a conference, {mode}")
                self.cluster.line(consult=None, conference=False, state="held", recording="on")
                self.chips(page, "The customer is waiting")
                self.check(page, f"on hold, {mode}")
                page.key("T", shift=True)
                page.until("document.querySelectorAll('#target-list .option').length > 10")
                self.check(page, f"whom to transfer to, {mode}")

    def test_three_languages_and_every_width(self):
        for language, words, title in (("en", "Hold", "Transfer the call"), ("zh-Hans", "保持", "转接通话"), ("zh-Hant", "保留", "轉接通話")):
            page = self.page()
            page.open(self.north.url + "/")
            page.run(f"localStorage.setItem('tandem.language', '{language}')")
            self.talk(page=page)
            self.cluster.line(consult={"contact": "x", "target": "Chen Li 陳麗", "state": "failed", "active": "customer"}, supervisedBy=["May Lin"])
            page.until(f"{BAR}.innerText.includes('{words}')")
            for width in (320, 768, 1280, 1920):
                page.size(width, 800)
                page.until(f"innerWidth === {width}")
                self.assertLessEqual(page.run(test_pages.CHECKS)["overflow"], 0, f"{language} {width}")
            page.key("T", shift=True)
            page.until(f"{DIALOG}?.innerText.includes('{title}')")

    def test_every_key_of_the_bar_is_listed_and_none_twice(self):
        page = self.talk()
        page.key("?")
        page.until(DIALOG)
        listed = page.run(f"[...{DIALOG}.querySelectorAll('dt')].map((one) => one.innerText.trim())")
        for one in ("h", "s", "⇧J", "⇧C", "⇧E", "⇧T", "⇧A", "#", "p", "l"):
            self.assertEqual(listed.count(one), 1, one)
        self.assertEqual(len(listed), len(set(listed)))


if __name__ == "__main__":
    import unittest

    unittest.main()
