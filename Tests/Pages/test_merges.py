"""Merging files and tickets on the desk. Run with the other tests of the pages: see README.md."""

import json

import test_pages
from test_pages import setUpModule, tearDownModule  # noqa: F401  the browser of this module

DIALOG = "document.querySelector('dialog[open]:not(.palette)')"


class MergeTest(test_pages.PagesTest):
    def open_customer(self, page, name):
        page.key("/")
        page.until("document.activeElement.id === 'palette-input'")
        page.type(name)
        page.until(f"document.querySelector('[role=option]')?.innerText.includes({json.dumps(name)})")
        page.key("Enter")
        page.until(f"document.querySelector('#customer-title').textContent.includes({json.dumps(name)})")

    def supervisor(self, **how):
        page = self.sign_in("may", **how)
        page.open(self.north.url + "/desk")
        self.live(page, "north")
        page.until("!['', 'Signed out'].includes(document.querySelector('.mystate .word').textContent)")
        return page

    def choose(self, page, text, expected):
        """Types into the search of an open merge dialog and takes the first match with the keyboard."""
        page.until("document.activeElement?.id === 'merge-search'")
        page.type(text)
        page.until(f"{DIALOG}.querySelector('.line')?.innerText.includes({json.dumps(expected)}) && !{DIALOG}.querySelector('[aria-busy]')")
        page.tab_to("el.matches('dialog .line')")
        page.key("Enter")

    def agree(self, page, words):
        """Agrees in the dialog that says what happens."""
        page.until(f"{DIALOG}?.innerText.includes({json.dumps(words)})")
        self.check(page, "the question before a merge")
        page.tab_to(f"el === [...{DIALOG}.querySelectorAll('footer button')].at(-1)")
        page.key("Enter")
        page.until(f"!{DIALOG}")

    def test_a_supervisor_merges_two_files_with_the_keyboard_and_undoes_it(self):
        page = self.supervisor()
        self.cluster.scene("idle")
        self.open_customer(page, "Maria Fischer")
        page.tab_to("el.closest('.customer .merge-action')")
        page.key("Enter")
        self.choose(page, "陈晓", "陈晓明")
        self.agree(page, "shown as 陈晓明")
        page.until("document.querySelector('#customer-title').textContent === '陈晓明'")
        self.assertEqual(self.cluster.merges, {frozenset(("c1", "c3"))})
        page.until("document.querySelector('.customer .merges')?.innerText.includes('Maria Fischer')")
        page.until("document.querySelectorAll('#panel-history .line').length === 4")
        self.check(page, "a merged file")
        page.run("document.querySelector('.customer .merges button').focus()")
        page.key("Enter")
        self.agree(page, "Nothing is lost")
        page.until("!document.querySelector('.customer .merges').checkVisibility()")
        page.until("document.querySelectorAll('#panel-history .line').length === 3")
        self.assertEqual(self.cluster.merges, set())

    def test_leaving_either_dialog_merges_nothing_and_gives_the_keyboard_back(self):
        page = self.supervisor()
        self.cluster.scene("idle")
        self.open_customer(page, "Maria Fischer")
        page.tab_to("el.closest('.customer .merge-action')")
        page.key("Enter")
        page.until(f"{DIALOG}?.querySelector('#merge-search')")
        self.check(page, "the search for the other file")
        page.key("Escape")
        page.until(f"!{DIALOG} && document.activeElement.closest('.merge-action')")
        page.key("Enter")
        self.choose(page, "David", "David Okafor")
        page.until(f"{DIALOG}?.innerText.includes('Merge Maria Fischer and David Okafor?')")
        page.key("Escape")
        page.until(f"!{DIALOG}")
        self.assertEqual(self.cluster.merges, set())

    def test_an_agent_sees_what_was_merged_and_finds_it_by_either_name_but_cannot_merge_files(self):
        page = self.sign_in()
        self.cluster.merges = {frozenset(("c1", "c3"))}
        self.cluster.scene("idle")
        page.key("/")
        page.until("document.activeElement.id === 'palette-input'")
        page.type("Fischer")
        page.until("document.querySelector('[role=option]')?.innerText.includes('also Maria Fischer')")
        page.key("Enter")
        page.until("document.querySelector('#customer-title').textContent === '陈晓明'")
        page.until("document.querySelector('.customer .merges')?.innerText.includes('+494035550170')")
        self.assertIn("陈晓明", page.run("document.querySelector('.customer .notes li').innerText"))
        self.assertEqual(page.run("document.querySelectorAll('.customer .merges button, .customer .merge-action button').length"), 0)

    def test_an_agent_merges_tickets_and_notes_say_in_which_they_stand(self):
        page = self.sign_in()
        self.cluster.scene("talking")
        page.until("document.querySelector('#ticket-title').textContent.includes('NORTH-1042-7')")
        self.cluster.tickets["t2"]["notes"].append({"text": "密码已重置", "by": "anna", "site": "north", "at": "2026-01-02T03:04:05.000Z"})
        page.run("document.querySelector('.ticket .merge-action button').click()")
        page.until(f"{DIALOG}?.querySelectorAll('.line').length === 2")
        self.choose(page, "NORTH-0987-3", "客服节")
        self.agree(page, "shown as NORTH-1042-7")
        page.until("document.querySelector('.ticket .merges')?.innerText.includes('NORTH-0987-3')")
        self.assertEqual(self.cluster.merges, {frozenset(("t1", "t2"))})
        notes = page.run("[...document.querySelectorAll('.ticket .notes li')].map((one) => one.innerText)")
        self.assertTrue(any("密码已重置" in one and "NORTH-0987-3" in one for one in notes), notes)
        self.assertTrue(any("补丁" in one and "NORTH-1042-7" in one for one in notes), notes)
        self.assertIn("NORTH-1042-7", page.run("document.querySelector('.ticket tbody').innerText"))
        page.until("[...document.querySelectorAll('#panel-history .line')].some((one) => one.innerText.includes('1 merged'))")
        self.assertEqual(page.run("document.querySelectorAll('#panel-history .line').length"), 2)
        self.check(page, "a merged ticket")
        page.run("document.querySelector('.ticket .merges button').click()")
        self.agree(page, "a ticket of its own")
        page.until("document.querySelectorAll('#panel-history .line').length === 3")
        self.assertEqual(self.cluster.merges, set())

    def test_changes_that_are_not_saved_come_first(self):
        page = self.sign_in()
        self.cluster.scene("talking")
        self.fill(page, ".ticket .f-subject input", "half typed")
        page.run("document.querySelector('.ticket .merge-action button').click()")
        page.shows("Save or discard your changes first")
        self.assertFalse(page.run(f"Boolean({DIALOG})"))

    def test_a_refusal_of_the_site_is_told_in_its_words(self):
        self.allowed = test_pages.NETWORK
        page = self.sign_in()
        self.cluster.scene("talking")
        page.until("document.querySelector('.ticket .merge-action button')")
        page.run("document.querySelector('.ticket .merge-action button').click()")
        self.choose(page, "NORTH-0987-3", "客服节")
        page.until(f"{DIALOG}?.querySelector('footer')")
        self.cluster.merges = {frozenset(("t1", "t2"))}
        page.run(f"[...{DIALOG}.querySelectorAll('footer button')].at(-1).click()")
        page.shows("These two are merged already.")


if __name__ == "__main__":
    import unittest

    unittest.main()
