// Taking part in somebody else's call: the buttons on the wall, and the banner of whoever does.
import { api } from "./api.js";
import { attempt } from "./call-run.js";
import { attr, h, text } from "./dom.js";
import { icon, setIcon } from "./icons.js";
import { onLanguage, t } from "./i18n.js";

const MODES = { listen: "listen", whisper: "chat", barge: "three" };

/** The banner of a desk that supervises; hidden while it does not. */
export class Supervision {
  #desk = null;
  #words = h("p", { class: "grow strong", role: "status" });
  #sign = h("span", {});
  #error = h("span", { class: "error", role: "status" });
  #modes = Object.entries(MODES).map(([mode, sign]) => h("button", { class: "button slim", type: "button", "data-mode": mode }, icon(sign), h("span", { t: `supervise.${mode}` })));

  constructor() {
    for (const button of this.#modes) button.addEventListener("click", () => this.#run(button, () => api.supervise(this.#desk.supervision.contact, button.dataset.mode)));
    const leave = h("button", { class: "button slim danger", type: "button", "data-mode": "leave" }, icon("hangUp"), h("span", { t: "supervise.leave" }));
    leave.addEventListener("click", () => this.#run(leave, () => api.stopSupervising()));
    this.element = h("section", { class: "supervision row wrap", tLabel: "supervise.label", hidden: true }, this.#sign, this.#words, this.#modes, leave);
    onLanguage(() => this.show(this.#desk));
  }

  #run(button, work) {
    button.after(this.#error);
    return attempt(button, this.#error, work);
  }

  /** Shows what the desk says. */
  show(desk) {
    this.#desk = desk;
    const now = desk?.supervision ?? null;
    this.element.hidden = now === null;
    if (now === null) {
      text(this.#words, "");
      text(this.#error, "");
      return;
    }
    setIcon(this.#sign, MODES[now.mode]);
    text(this.#words, t(now.joined ? `supervise.now.${now.mode}` : "supervise.ringing", { name: now.agentName }));
    for (const button of this.#modes) attr(button, "aria-pressed", String(button.dataset.mode === now.mode));
  }
}

/** The cell of an agent's row: three buttons while she is in a call that is not one's own. `mayJoin(row)` gives the contact or null. */
export function superviseColumn(mayJoin) {
  return {
    name: "supervise", plain: true, value: () => 0,
    cell: (cell) => {
      const error = h("span", { class: "error small block", role: "status" });
      const buttons = Object.entries(MODES).map(([mode, sign]) => {
        const button = h("button", { class: "button slim", type: "button", "data-mode": mode, hidden: true }, icon(sign), h("span", { t: `supervise.${mode}` }));
        button.addEventListener("click", () => attempt(button, error, () => api.supervise(mayJoin(cell.row), mode)));
        return button;
      });
      cell.append(h("span", { class: "row" }, buttons), error);
    },
    show: (cell, row) => {
      cell.row = row;
      const contact = mayJoin(row);
      if (contact === null) text(cell.lastElementChild, "");
      for (const button of cell.firstElementChild.children) {
        button.hidden = contact === null;
        const words = t(`supervise.${button.dataset.mode}To`, { name: row.name });
        attr(button, "aria-label", words);
      }
    },
  };
}
