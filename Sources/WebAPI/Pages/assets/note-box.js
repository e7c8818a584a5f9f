// A box to write a note in; its words are a draft until they are saved.
import { freshID, h } from "./dom.js";
import { draft, dropDraft, keepDraft } from "./drafts.js";
import { busy } from "./parts.js";
import { complain, toast } from "./ui.js";

/** `send(id, text)` saves the note. */
export class NoteBox {
  #id = null;
  #kind;
  #area;

  constructor({ kind, label, send }) {
    this.#kind = kind;
    const id = freshID("note");
    this.#area = h("textarea", { id, rows: 2, tPlaceholder: "notes.placeholder" });
    const button = h("button", { class: "button slim", t: "notes.add" });
    this.element = h("form", { class: "notebox field", tLabel: label }, h("label", { for: id, t: label }), this.#area, h("div", { class: "row" }, h("span", { class: "grow" }), button));
    this.#area.addEventListener("input", () => {
      if (this.#area.value.trim() === "") dropDraft(this.#kind, this.#id);
      else keepDraft(this.#kind, this.#id, { text: this.#area.value });
    });
    this.#area.addEventListener("keydown", (event) => {
      if ((event.ctrlKey || event.metaKey) && event.key === "Enter") this.element.requestSubmit();
    });
    this.element.addEventListener("submit", (event) => {
      event.preventDefault();
      const words = this.#area.value.trim();
      const target = this.#id;
      if (words === "") return this.#area.focus();
      return busy(button, async () => {
        try {
          const result = await send(target, words);
          dropDraft(this.#kind, target);
          if (this.#id === target) this.#area.value = "";
          toast("good", "notes.saved");
          return result;
        } catch (error) {
          return error.status === 0 ? toast("fault", "save.offline") : complain(error);
        }
      });
    });
  }

  /** Writes about another record. */
  show(id) {
    if (this.#id === id) return;
    this.#id = id;
    this.#area.value = draft(this.#kind, id)?.text ?? "";
  }

  /** Puts the keyboard into the box. */
  focus() {
    this.#area.focus();
  }
}
