// Whom to pass a call to, or to ask beside it: agents and queues are found while one types, numbers are typed.
import { api } from "./api.js";
import { attempt, plainNumber, said } from "./call-run.js";
import { attr, h, text } from "./dom.js";
import { icon } from "./icons.js";
import { stateChip } from "./parts.js";
import { t } from "./i18n.js";
import { age } from "./time.js";
import { dialog } from "./ui.js";

const PAUSE_MS = 140;
/** States go on while the dialog is open; they are read again so often. */
const AGAIN_MS = 3_000;

/** Opens the dialog; `kind` is `transfer` or `consult`, which says what Enter does. */
export function chooseTarget(store, contact, kind) {
  const choice = new TargetChoice(store, contact, kind);
  return dialog({ title: `target.${kind}`, fill: (body, close) => choice.fill(body, close), buttons: (close) => choice.buttons(close) }).finally(() => choice.stop());
}

class TargetChoice {
  #store;
  #contact;
  #kind;
  #close = null;
  #found = { agents: [], queues: [] };
  #options = [];
  #active = -1;
  #turn = 0;
  /** Whether what is shown answers what is typed. */
  #isCurrent = false;
  #timers = [];
  #watch = () => this.#follow();
  #input = h("input", { id: "target-input", role: "combobox", type: "text", autocomplete: "off", spellcheck: "false", "aria-expanded": "true", "aria-controls": "target-list", "aria-autocomplete": "list",
    autofocus: true, tPlaceholder: "target.hint" });
  #list = h("div", { id: "target-list", role: "listbox", tLabel: "target.list" });
  #count = h("p", { class: "sr", role: "status" });
  #error = h("p", { class: "error", role: "status" });

  constructor(store, contact, kind) {
    this.#store = store;
    this.#contact = contact;
    this.#kind = kind;
  }

  fill(body, close) {
    this.#close = close;
    body.classList.add("targets");
    body.append(h("div", { class: "field" }, h("label", { for: "target-input", t: "target.find" }), this.#input), this.#list, this.#count);
    this.#input.addEventListener("input", () => this.#later());
    this.#input.addEventListener("keydown", (event) => this.#key(event));
    this.#store.addEventListener("desk", this.#watch);
    this.#timers[1] = setInterval(() => this.#ask(true), AGAIN_MS);
    this.#ask();
  }

  buttons(close) {
    const make = (kind, sign, key) => {
      const isFirst = this.#kind === kind;
      const node = h("button", { class: `button ${isFirst ? "primary" : ""}`, type: "button", "data-kind": kind }, icon(sign), h("span", { t: key }), isFirst ? h("kbd", { class: "key" }, "Enter") : null);
      node.addEventListener("click", () => this.#send(kind, node));
      return node;
    };
    this.transfer = make("transfer", "transfer", "line.transfer");
    this.consult = make("consult", "ask", "line.consult");
    return [this.#error, h("button", { class: "button", type: "button", t: "cancel", on: { click: () => close() } }), this.consult, this.transfer];
  }

  /** Ends what goes on beside the dialog. */
  stop() {
    clearTimeout(this.#timers[0]);
    clearInterval(this.#timers[1]);
    this.#store.removeEventListener("desk", this.#watch);
  }

  /** A call that has ended takes its dialog with it. */
  #follow() {
    if (!this.#store.contacts.some((one) => one.id === this.#contact.id && one.call)) this.#close();
  }

  #later() {
    clearTimeout(this.#timers[0]);
    // What is on its way answers another question.
    this.#turn += 1;
    this.#isCurrent = false;
    this.#show(false);
    this.#timers[0] = setTimeout(() => this.#ask(), PAUSE_MS);
  }

  /** Asks the site; a later question overtakes an earlier one. */
  async #ask(isAgain = false) {
    const turn = (this.#turn += 1);
    try {
      const found = await api.targets(this.#input.value.trim());
      if (turn !== this.#turn) return;
      this.#found = found;
      const isSame = this.#isCurrent && isAgain;
      this.#isCurrent = true;
      this.#show(isSame);
    } catch (error) {
      if (!isAgain) text(this.#error, said(error));
    }
  }

  /** What was chosen stays chosen when the same is asked again. */
  #show(isAgain) {
    const kept = isAgain ? this.#options[this.#active]?.key : undefined;
    const q = this.#input.value.trim();
    const number = q === "" ? null : plainNumber(q);
    this.#options = [];
    const groups = [["target.numbers", number === null ? [] : [dialled(number)]], ["target.agents", this.#found.agents.map((one) => this.#agent(one))], ["target.queues", this.#found.queues.map(queued)]];
    const nodes = groups.filter(([, list]) => list.length > 0).map(([key, list]) => h("div", { role: "group", "aria-label": t(key) }, h("div", { class: "group-name small quiet", "aria-hidden": "true" }, t(key)), list.map((one) => this.#option(one))));
    this.#list.replaceChildren(...(nodes.length || !this.#isCurrent ? nodes : [h("p", { class: "quiet none" }, t("target.none"))]));
    attr(this.#list, "aria-busy", this.#isCurrent ? null : "true");
    text(this.#count, this.#isCurrent ? t("target.count", { n: this.#options.length }) : "");
    // With nothing typed nobody is chosen, nor before the answer to it is there, so that Enter sends no customer to whom
    // nobody meant. A number is its own answer.
    const at = this.#options.findIndex((one) => one.key === kept);
    const isFirstMeant = number !== null || (q !== "" && this.#isCurrent);
    this.#point(at >= 0 ? at : isFirstMeant ? 0 : -1, at < 0);
  }

  #option(one) {
    const index = this.#options.length;
    const node = h("div", { role: "option", id: `target-${index}`, class: "option row", "data-key": one.key }, one.node);
    node.addEventListener("click", () => this.#point(index));
    this.#options.push({ ...one, element: node });
    return node;
  }

  #agent(one) {
    const site = this.#store.wall?.sites.find((each) => each.id === one.site)?.name ?? one.site;
    const timer = document.createElement("tandem-timer");
    timer.since(one.since);
    return {
      key: `agent-${one.id}`, target: { agent: one.id },
      node: [icon("user"), h("span", { class: "grow stack tight" }, h("span", { class: "strong clip" }, one.name), h("span", { class: "small quiet clip" }, [site, one.team].filter(Boolean).join(" · "))),
        one.stale ? h("span", { class: "chip fault" }, icon("alert"), t("target.stale", { age: age(one.ageMs) })) : null, stateChip(one.state), h("span", { class: "small quiet" }, timer)],
    };
  }

  #point(index, isShown = true) {
    this.#active = index;
    this.#options.forEach((one, n) => attr(one.element, "aria-selected", String(n === index)));
    attr(this.#input, "aria-activedescendant", this.#options[index] ? `target-${index}` : null);
    if (isShown) this.#options[index]?.element.scrollIntoView({ block: "nearest" });
  }

  #key(event) {
    const size = this.#options.length;
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (step && size > 0) {
      event.preventDefault();
      this.#point(this.#active < 0 ? (step > 0 ? 0 : size - 1) : (this.#active + step + size) % size);
    } else if (event.key === "Enter" && !event.isComposing) {
      event.preventDefault();
      this.#send(this.#kind, this[this.#kind]);
    }
  }

  async #send(kind, button) {
    const target = this.#options[this.#active]?.target;
    if (!target) {
      text(this.#error, t("target.choose"));
      this.#input.focus();
      return;
    }
    if (await attempt(button, this.#error, () => api.callOrder(this.#contact.id, kind, target))) this.#close(true);
  }
}

function dialled(number) {
  return { key: `number-${number}`, target: { number }, node: [icon("talking"), h("span", { class: "grow strong" }, t("target.dial", { number }))] };
}

function queued(one) {
  return {
    key: `queue-${one.id}`, target: { queue: one.id },
    node: [icon("clock"), h("span", { class: "grow strong clip" }, one.name), h("span", { class: "small quiet" }, t("target.waiting", { n: one.waiting })),
      h("span", { class: `chip ${one.open ? "good" : "warn"}` }, t(`target.${one.open ? "open" : "closed"}`))],
  };
}
