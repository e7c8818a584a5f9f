"""Files on the desk's ticket. Run with the other tests of the pages: see README.md."""

import base64
import json

import test_pages
from test_pages import NETWORK, setUpModule, tearDownModule  # noqa: F401  the browser of this module

FILES = "document.querySelector('.ticket .files')"
#: A picture of one point.
PICTURE = base64.b64decode("iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==")


class AttachmentTest(test_pages.PagesTest):
    def ticket(self, **how):
        page = self.sign_in(**how)
        self.cluster.scene("talking")
        page.until(f"{FILES}?.checkVisibility()")
        return page

    def choose(self, page, name, content, kind="text/plain"):
        """Puts a file into the picker, as the system's dialog does."""
        page.run(f"""(() => {{
            const bytes = Uint8Array.from(atob({json.dumps(base64.b64encode(content).decode())}), (one) => one.charCodeAt(0));
            const all = new DataTransfer(); all.items.add(new File([bytes], {json.dumps(name)}, {{ type: {json.dumps(kind)} }}));
            const picker = {FILES}.querySelector('input[type=file]'); picker.files = all.files; picker.dispatchEvent(new Event('change'));
        }})()""")

    def test_a_file_is_attached_listed_and_saved_under_its_name(self):
        page = self.ticket()
        self.assertIn("No files yet", page.run(f"{FILES}.innerText"))
        self.check(page, "a ticket without files")
        self.choose(page, "Résumé 张.txt", "升级".encode())
        page.until(f"{FILES}.querySelector('.line')?.innerText.includes('Résumé 张.txt')")
        page.until(f"!{FILES}.querySelector('progress')")
        self.assertEqual(list(self.cluster.files.values()), ["升级".encode()])
        self.assertIn("6 byte", page.run(f"{FILES}.querySelector('.line').innerText"))
        self.check(page, "a ticket with a file")
        page.run("window.saved = []; HTMLAnchorElement.prototype.click = function () { window.saved.push(this.download); }")
        page.tab_to("el.matches('.files .line')")
        page.key("Enter")
        page.until("window.saved.length === 1")
        self.assertEqual(page.run("window.saved[0]"), "Résumé 张.txt")

    def test_a_screenshot_is_pasted_into_the_note_and_becomes_a_file_while_text_stays_text(self):
        page = self.ticket()
        page.run(f"""(() => {{
            const bytes = Uint8Array.from(atob({json.dumps(base64.b64encode(PICTURE).decode())}), (one) => one.charCodeAt(0));
            const all = new DataTransfer(); all.items.add(new File([bytes], 'image.png', {{ type: 'image/png' }}));
            const area = document.querySelector(".ticket textarea[rows='2']"); area.focus();
            window.taken = !area.dispatchEvent(new ClipboardEvent('paste', {{ clipboardData: all, bubbles: true, cancelable: true }}));
            const words = new DataTransfer(); words.setData('text/plain', 'words');
            window.words = !area.dispatchEvent(new ClipboardEvent('paste', {{ clipboardData: words, bubbles: true, cancelable: true }}));
        }})()""")
        self.assertEqual(page.run("[window.taken, window.words]"), [True, False])
        page.until(f"{FILES}.querySelector('.line')?.innerText.includes('screenshot-')")
        self.assertEqual(list(self.cluster.files.values()), [PICTURE])
        self.assertRegex(page.run(f"{FILES}.querySelector('.line .subject').innerText"), r"^screenshot-\d{8}-\d{6}\.png$")

    def test_a_file_of_another_site_says_how_far_it_is_and_comes(self):
        self.allowed = NETWORK
        page = self.ticket()
        self.choose(page, "log.txt", b"over there")
        page.until(f"{FILES}.querySelector('.line')")
        self.cluster.coming = 1
        page.run("window.saved = []; HTMLAnchorElement.prototype.click = function () { window.saved.push(this.download); }")
        page.run(f"{FILES}.querySelector('.line').click()")
        page.until(f"{FILES}.querySelector('[role=status]').innerText.includes('25')")
        page.until("window.saved.length === 1")
        self.assertEqual(page.run(f"{FILES}.querySelector('[role=status]').innerText"), "")

    def test_a_file_that_is_too_large_is_not_sent(self):
        page = self.ticket()
        page.run(f"""(() => {{ const all = new DataTransfer(); all.items.add(new File([new Uint8Array(25 * 1024 * 1024 + 1)], 'film.mp4'));
            const picker = {FILES}.querySelector('input[type=file]'); picker.files = all.files; picker.dispatchEvent(new Event('change')); }})()""")
        page.shows("film.mp4 is larger than 25 MB")
        self.assertEqual(self.cluster.files, {})
