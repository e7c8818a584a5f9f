// One box to find customers and tickets and to give commands: Ctrl+K, ⌘K or /.
import { api } from "./api.js";
import { attr, h } from "./dom.js";
import { icon } from "./icons.js";
import { customerLine, tierChip, ticketState } from "./parts.js";
import { t } from "./i18n.js";

const CUSTOMERS_MAX = 8;
const TICKETS_MAX = 5;
const PAUSE_MS = 140;

/** The palette. `commands()` returns [{key, icon, run}] that are possible now. */
export class Palette {
  #store;
  #commands;
  #options = [];
  #active = 0;
  #turn = 0;
  #timer = null;
  #back = null;

  constructor(store, commands) {
    this.#store = store;
    this.#commands = commands;
    this.#input = h("input", {
      id: "palette-input", role: "combobox", type: "text", autocomplete: "off", spellcheck: "false", "aria-expanded": "true", "aria-controls": "palette-list", "aria-autocomplete": "list",
      tLabel: "search.label", tPlaceholder: "search.placeholder",
    });
    this.#list = h("div", { id: "palette-list", role: "listbox", tLabel: "search.results" });
    this.#count = h("p", { class: "sr", role: "status" });
    this.element = h("dialog", { class: "palette", tLabel: "search.label" }, h("div", { class: "row ask" }, icon("search"), this.#input, h("kbd", {}, "Esc")), this.#list, this.#count);
    this.#input.addEventListener("input", () => this.#later());
    this.#input.addEventListener("keydown", (event) => this.#key(event));
    this.element.addEventListener("click", (event) => event.target === this.element && this.close());
    this.element.addEventListener("close", () => this.#back?.focus?.({ preventScroll: true }));
  }

  #input;
  #list;
  #count;

  /** Opens with an empty question. */
  open() {
    if (this.element.open) return;
    this.#back = document.activeElement;
    this.#input.value = "";
    this.element.showModal();
    this.#input.focus();
    this.#ask();
  }

  /** Closes; the keyboard returns to where it was. */
  close() {
    this.element.close();
  }

  #later() {
    clearTimeout(this.#timer);
    // What is shown, or on its way, answers another question: Enter must not do any of it.
    this.#turn += 1;
    this.#point(-1);
    this.#timer = setTimeout(() => this.#ask(), PAUSE_MS);
  }

  async #ask() {
    const turn = (this.#turn += 1);
    const q = this.#input.value.trim();
    const commands = this.#commands().filter((one) => q === "" || t(one.key).toLowerCase().includes(q.toLowerCase()));
    if (q === "") return this.#show([["search.commands", commands.map(asCommand)], ["customer.recent", this.#store.recent.map((one) => this.#customer(one))]]);
    const none = { items: [] };
    const [customers, tickets] = await Promise.all([api.customers({ q, limit: CUSTOMERS_MAX }).catch(() => none), api.tickets({ q, limit: TICKETS_MAX }).catch(() => none)]);
    if (turn !== this.#turn) return undefined;
    return this.#show([["search.customers", customers.items.map((one) => this.#customer(one))], ["search.tickets", tickets.items.map((one) => this.#ticket(one))], ["search.commands", commands.map(asCommand)]]);
  }

  #customer(one) {
    return {
      run: () => this.#store.openCustomer(one.id),
      node: [icon("user"), h("span", { class: "grow stack tight" }, h("span", { class: "strong clip" }, one.name), h("span", { class: "small quiet clip" }, customerLine(one))), one.tier ? tierChip(one.tier) : null],
    };
  }

  #ticket(one) {
    return {
      run: () => this.#store.openTicket(one.id),
      node: [icon("ticket"), h("span", { class: "grow stack tight" }, h("span", { class: "clip" }, one.subject), h("span", { class: "small quiet clip" }, one.number, " ", one.customer?.name ?? "")), ticketState(one.state)],
    };
  }

  #show(groups) {
    this.#options = [];
    const nodes = groups.filter(([, list]) => list.length > 0).map(([key, list]) => h("div", { role: "group", "aria-label": t(key) }, h("div", { class: "group-name small quiet", "aria-hidden": "true" }, t(key)),
      list.map((one) => {
        const index = this.#options.length;
        const node = h("div", { role: "option", id: `option-${index}`, class: "option row" }, one.node);
        node.addEventListener("click", () => this.#choose(index));
        node.addEventListener("pointermove", () => this.#point(index));
        this.#options.push({ ...one, element: node });
        return node;
      })));
    this.#list.replaceChildren(...(nodes.length ? nodes : [h("p", { class: "quiet none" }, t("search.none"))]));
    this.#count.textContent = t("search.count", { n: this.#options.length });
    this.#point(0);
  }

  #point(index) {
    this.#active = index;
    this.#options.forEach((one, n) => attr(one.element, "aria-selected", String(n === index)));
    attr(this.#input, "aria-activedescendant", this.#options[index] ? `option-${index}` : null);
    this.#options[index]?.element.scrollIntoView({ block: "nearest" });
  }

  #key(event) {
    const size = this.#options.length;
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (step && size > 0) {
      event.preventDefault();
      this.#point(this.#active < 0 ? (step > 0 ? 0 : size - 1) : (this.#active + step + size) % size);
    } else if (event.key === "Enter") {
      event.preventDefault();
      this.#choose(this.#active);
    }
  }

  #choose(index) {
    const one = this.#options[index];
    if (!one) return;
    this.close();
    one.run();
  }
}

function asCommand(one) {
  return { run: one.run, node: [icon(one.icon), h("span", { class: "grow" }, t(one.key)), one.letter ? h("kbd", {}, one.letter) : null] };
}
