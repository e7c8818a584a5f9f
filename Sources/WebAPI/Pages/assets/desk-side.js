// The right panel: this customer's history, my tickets, the queues now. Tabs by the usual keys.
import { attr, h, keyed, text } from "./dom.js";
import { icon } from "./icons.js";
import { follow, ticketLine, ticketList } from "./parts.js";
import { t } from "./i18n.js";

const TABS = ["history", "mine", "queues"];
const ICONS = { history: "history", mine: "ticket", queues: "clock" };

/** The side panel. */
export class DeskSide {
  #store;
  #tabs = new Map();
  #lists = { history: h("ol", { class: "lines-list" }), mine: h("ol", { class: "lines-list" }) };
  #queues = h("tbody", {});
  #lines;
  #chosen = "mine";
  #hadCustomer = null;

  constructor(store) {
    this.#store = store;
    this.#lines = ticketLine((ticket) => store.openTicket(ticket.id));
    const bar = h("div", { class: "tabs", role: "tablist", tLabel: "side.label" });
    const bodies = TABS.map((name) => {
      const tab = h("button", { role: "tab", type: "button", id: `tab-${name}`, "aria-controls": `panel-${name}`, on: { click: () => this.choose(name) } },
        icon(ICONS[name]), h("span", { t: `side.${name}` }), h("span", { class: "count" }));
      const body = h("div", { role: "tabpanel", id: `panel-${name}`, "aria-labelledby": `tab-${name}`, tabindex: "0" }, name === "queues" ? this.#queueTable() : this.#lists[name]);
      this.#tabs.set(name, { tab, body });
      bar.append(tab);
      return body;
    });
    bar.addEventListener("keydown", (event) => {
      const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
      if (!step) return;
      const next = TABS.at((TABS.indexOf(this.#chosen) + step) % TABS.length);
      this.choose(next);
      this.#tabs.get(next).tab.focus();
    });
    this.element = h("section", { class: "panel side", tLabel: "side.label" }, bar, bodies);
    for (const type of ["view", "mine", "wall"]) store.addEventListener(type, () => this.show());
    this.choose("mine");
    follow(this);
  }

  get isConnected() {
    return this.element.isConnected;
  }

  /** Shows one tab. */
  choose(name) {
    this.#chosen = name;
    for (const [one, { tab, body }] of this.#tabs) {
      attr(tab, "aria-selected", String(one === name));
      attr(tab, "tabindex", one === name ? "0" : "-1");
      body.hidden = one !== name;
    }
  }

  /** Shows the lists. */
  show() {
    const { history, mine, customer, wall } = this.#store;
    if (customer?.id !== this.#hadCustomer) {
      this.#hadCustomer = customer?.id;
      if (!this.element.contains(document.activeElement)) this.choose(customer ? "history" : "mine");
    }
    ticketList(this.#lists.history, history, this.#lines, customer ? "history.none" : "history.nobody");
    ticketList(this.#lists.mine, mine ?? [], this.#lines, "mine.none");
    this.#count("history", customer ? history.length : null);
    this.#count("mine", mine?.length ?? null);
    const waiting = (wall?.queues ?? []).reduce((sum, one) => sum + one.waiting, 0);
    this.#count("queues", waiting || null);
    for (const line of this.#lists.history.children) attr(line, "aria-current", line.dataset.key === this.#store.ticket?.id ? "true" : null);
    keyed(this.#queues, wall?.queues ?? [], (one) => one.id, () => h("tr", {}, h("th", { scope: "row" }), h("td", { class: "num" }), h("td", { class: "num" }, document.createElement("tandem-timer")), h("td", { class: "num" })),
      (row, one) => {
        text(row.cells[0], one.name);
        text(row.cells[1], one.waiting);
        row.cells[2].firstElementChild.since(one.longestSince ?? null);
        text(row.cells[3], one.agentsReady);
        row.classList.toggle("strong", one.waiting > 0);
      });
  }

  #count(name, n) {
    text(this.#tabs.get(name).tab.lastElementChild, n === null ? "" : n);
  }

  #queueTable() {
    const head = ["queue", "waiting", "longest", "ready"];
    return h("table", {}, h("caption", { class: "sr", t: "queues.caption" }), h("thead", {}, h("tr", {}, head.map((one, n) => h("th", { scope: "col", class: n ? "num" : null, t: `col.${one}` })))), this.#queues);
  }
}
