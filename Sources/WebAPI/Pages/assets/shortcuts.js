// Single-key shortcuts: silent while someone types or a dialog is open, and they can be turned off.
import { setShortcuts, shortcutsOn } from "./chrome.js";
import { freshID, h, isTyping } from "./dom.js";
import { dialog } from "./ui.js";

/** Listens for the keys of `commands`: [{letter, shift?, key, run}]; Ctrl+K or ⌘K always opens the search. */
export function listen(commands, search) {
  document.body.classList.toggle("no-keys", !shortcutsOn());
  document.addEventListener("keydown", (event) => {
    if ((event.ctrlKey || event.metaKey) && event.key.toLowerCase() === "k") {
      event.preventDefault();
      return search();
    }
    if (!shortcutsOn() || event.ctrlKey || event.metaKey || event.altKey || event.isComposing || event.repeat) return undefined;
    if (isTyping(event.target) || document.querySelector("dialog[open], [popover]:popover-open")) return undefined;
    const found = commands().find((one) => one.letter && one.letter.replace("⇧", "").toLowerCase() === event.key.toLowerCase()
      && (one.letter.startsWith("⇧") === event.shiftKey || /[^a-z]/i.test(one.letter.replace("⇧", ""))));
    if (!found) return undefined;
    event.preventDefault();
    return found.run();
  });
}

/** The list of shortcuts, with the switch. */
export function showShortcuts(all) {
  return dialog({
    title: "help.title",
    fill: (body) => {
      const id = freshID("keys");
      const box = h("input", { id, type: "checkbox", on: { change: (event) => {
        setShortcuts(event.target.checked);
        document.body.classList.toggle("no-keys", !event.target.checked);
      } } });
      box.checked = shortcutsOn();
      body.append(h("div", { class: "row" }, box, h("label", { for: id, t: "help.switch" })),
        h("dl", { class: "keys" }, all.filter((one) => one.letter).map((one) => h("div", {}, h("dt", {}, h("kbd", {}, one.letter)), h("dd", { t: one.key }))),
          h("div", {}, h("dt", {}, h("kbd", {}, "Ctrl K"), " ", h("kbd", {}, "⌘K")), h("dd", { t: "help.search" })),
          h("div", {}, h("dt", {}, h("kbd", {}, "Ctrl S")), h("dd", { t: "help.save" })),
          h("div", {}, h("dt", {}, h("kbd", {}, "Esc")), h("dd", { t: "help.escape" }))));
    },
  });
}
