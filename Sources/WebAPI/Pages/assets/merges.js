// Records that count as one: what was merged into the open one, how to merge it with another, and how to undo it.
import { attr, h } from "./dom.js";
import { icon } from "./icons.js";
import { t } from "./i18n.js";
import { busy } from "./parts.js";
import { complain, confirm, dialog, toast } from "./ui.js";

const MATCHES_MAX = 8;
const SEARCH_PAUSE_MS = 180;

/**
 * The parts of a panel that deal with merges. `kind` is customer or ticket; `name(record)` says which one it is, `line(record)` makes the
 * content of a line; `find(q)` searches, `suggest(record)` offers others before anything is typed; `merge(id, other)` and `part(id, other)`
 * carry it out and return the record as it is shown then, which goes to `done`. `mayAct()`: whether this person may; `isDirty()`: unsaved?
 */
export class Merges {
  #spec;
  #record = null;
  /** What was merged into the open record; empty when nothing was. */
  list = h("div", { class: "merges" });
  /** The way to merge it with another. */
  action = h("div", { class: "merge-action" });

  constructor(spec) {
    this.#spec = spec;
  }

  /** Shows another record, or the same one in another state. */
  show(record) {
    const { kind, name, line, mayAct } = this.#spec;
    this.#record = record;
    const merged = record.mergedFrom ?? [];
    const stamp = JSON.stringify([record.id, merged, document.documentElement.lang]);
    if (this.list.stamp === stamp) return;
    const hadFocus = this.list.contains(document.activeElement);
    this.list.stamp = stamp;
    this.list.hidden = merged.length === 0;
    this.list.replaceChildren(...(merged.length === 0 ? [] : [
      h("h3", { class: "quiet small" }, t(`merge.list.${kind}`)),
      h("ul", { class: "lines-list" }, merged.map((one) => {
        const undo = h("button", { class: "button slim", type: "button", "aria-label": t("merge.undoThis", { name: name(one) }) }, icon("restore"), t("merge.undo"));
        undo.addEventListener("click", () => this.#part(undo, one));
        return h("li", { class: "row match" }, h("span", { class: "grow stack tight" }, line(one)), mayAct() ? undo : null);
      }))]));
    const button = h("button", { class: "button slim", type: "button" }, icon("merge"), t(`merge.action.${kind}`));
    button.addEventListener("click", () => this.#begin(button));
    this.action.replaceChildren(...(mayAct() ? [button] : []));
    if (hadFocus) button.focus({ preventScroll: true });
  }

  async #begin(button) {
    const { kind, name, merge, done, isDirty } = this.#spec;
    const record = this.#record;
    if (isDirty()) return toast("warning", "merge.saveFirst");
    const other = await this.#choose(record);
    if (!other) return undefined;
    // The root is the one with the smaller key; keys are plain letters and digits.
    const root = other.id < record.id ? other : record;
    const isSure = await confirm({ title: "merge.ask", message: `merge.tells.${kind}`, params: { a: name(record), b: name(other), root: name(root) }, yes: "merge.yes" });
    if (!isSure) return undefined;
    return busy(button, () => this.#carryOut(() => merge(record.id, other.id), done, "merge.done", { a: name(record), b: name(other) }));
  }

  async #part(button, other) {
    const { kind, name, part, done, isDirty } = this.#spec;
    const record = this.#record;
    if (isDirty()) return toast("warning", "merge.saveFirst");
    const isSure = await confirm({ title: "merge.undoAsk", message: `merge.undoTells.${kind}`, params: { name: name(other) }, yes: "merge.undoYes" });
    if (!isSure) return undefined;
    return busy(button, () => this.#carryOut(() => part(record.id, other.id), done, "merge.undone", { name: name(other) }));
  }

  async #carryOut(work, done, key, params) {
    try {
      done(await work());
      toast("good", key, params);
    } catch (error) {
      if (error.status === 0) toast("fault", "command.offline");
      else complain(error);
    }
  }

  /** Lets the person find the other record; null when they leave it. */
  #choose(record) {
    const { kind, name, line, find, suggest } = this.#spec;
    return dialog({
      title: `merge.title.${kind}`, params: { name: name(record) },
      fill: (body, close) => {
        const matches = h("ul", { class: "lines-list" });
        const status = h("p", { class: "small quiet", role: "status" });
        const input = h("input", { id: "merge-search", type: "search", autocomplete: "off", autofocus: true, tPlaceholder: "search.placeholder" });
        let turn = 0;
        let timer = null;
        const show = async () => {
          const mine = (turn += 1);
          const q = input.value.trim();
          attr(matches, "aria-busy", "true");
          const found = await (q === "" ? suggest(record) : find(q, MATCHES_MAX + 1)).catch(() => []);
          if (mine !== turn) return;
          attr(matches, "aria-busy", null);
          const others = found.filter((one) => one.id !== record.id).slice(0, MATCHES_MAX);
          matches.replaceChildren(...others.map((one) => h("li", {}, h("button", { class: "line", type: "button", on: { click: () => close(one) } }, line(one)))));
          status.textContent = q === "" ? (others.length ? t(`merge.suggested.${kind}`) : "") : others.length ? t("search.count", { n: others.length }) : t("search.none");
        };
        input.addEventListener("input", () => {
          clearTimeout(timer);
          timer = setTimeout(show, SEARCH_PAUSE_MS);
        });
        body.append(h("div", { class: "field" }, h("label", { for: "merge-search", t: `merge.search.${kind}` }), input), status, matches);
        show();
      },
    });
  }
}
