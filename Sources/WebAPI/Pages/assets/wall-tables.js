// Queues, live contacts and agents as tables: captions, headers, sorting by the header's button.
import { attr, freshID, h, keyed, text } from "./dom.js";
import { icon, setIcon } from "./icons.js";
import { t, word } from "./i18n.js";
import { breakName, caller, contactWord, isText, showContact, showState, stateChip } from "./parts.js";
import { age, duration } from "./time.js";
import { superviseColumn } from "./supervision.js";
import { levelVariant } from "./wall-level.js";
import { level, percent, sorted } from "./wall-model.js";
import { waitRange } from "./wall-today.js";

const ROWS_MAX = 250;

/** One sortable table. `columns`: [{name, num?, plain?, value(row), cell?(td), show?(td, row)}]; the first is the row's header, `plain` ones do not sort. */
export class Table {
  #columns;
  #order;
  #rows = [];
  #body = h("tbody", {});
  #heads = new Map();
  #more = h("p", { class: "small quiet more", hidden: true });

  constructor({ caption, columns, order, empty }) {
    this.#columns = columns;
    this.#order = order;
    this.#empty = h("p", { class: "quiet empty", t: empty });
    const head = columns.map((column) => {
      const button = h("button", { type: "button", on: { click: () => this.#sort(column.name) } }, h("span", { t: `col.${column.name}` }), h("span", { class: "arrow" }));
      const th = h("th", { scope: "col", class: column.num ? "num" : null }, column.plain ? h("span", { t: `col.${column.name}` }) : button);
      if (column.plain) return th;
      this.#heads.set(column.name, th);
      return th;
    });
    this.element = h("div", { class: "scroll", tabindex: "0", role: "region", tLabel: caption }, h("table", {}, h("caption", { class: "sr", t: caption }), h("thead", {}, h("tr", {}, head)), this.#body), this.#empty, this.#more);
    this.#mark();
  }

  #empty;

  /** Shows rows. */
  show(rows) {
    this.#rows = rows;
    const value = (row, name) => this.#columns.find((one) => one.name === name).value(row);
    const shown = sorted(rows, this.#order, value);
    keyed(this.#body, shown.slice(0, ROWS_MAX), (one) => one.id, () => this.#row(), (node, row) => this.#fill(node, row));
    this.#empty.hidden = rows.length > 0;
    this.#more.hidden = rows.length <= ROWS_MAX;
    if (!this.#more.hidden) text(this.#more, t("table.more", { shown: ROWS_MAX, all: rows.length }));
  }

  #row() {
    return h("tr", {}, this.#columns.map((column, n) => {
      const cell = n === 0 ? h("th", { scope: "row" }) : h("td", { class: column.num ? "num" : null });
      column.cell?.(cell);
      return cell;
    }));
  }

  #fill(node, row) {
    this.#columns.forEach((column, n) => (column.show ? column.show(node.cells[n], row) : text(node.cells[n], column.value(row) ?? "–")));
    node.classList.toggle("hatched", row.stale === true);
    node.classList.toggle("stale", row.stale === true);
  }

  #sort(name) {
    this.#order = { column: name, descending: this.#order.column === name ? !this.#order.descending : false };
    this.#mark();
    this.show(this.#rows);
  }

  #mark() {
    for (const [name, th] of this.#heads) {
      const isThis = name === this.#order.column;
      attr(th, "aria-sort", isThis ? (this.#order.descending ? "descending" : "ascending") : null);
      th.querySelector(".arrow").replaceChildren(...(isThis ? [icon(this.#order.descending ? "caretDown" : "caretUp")] : []));
    }
  }
}

const timerCell = (cell) => cell.append(document.createElement("tandem-timer"));
const elapsed = (stamp) => (stamp ? -Date.parse(stamp) : 0);
const stateCell = (words) => ({ cell: (cell) => cell.append(stateChip("ready", words)), show: (cell, row) => showState(cell.firstElementChild, row.state, words) });

/** The queues over all sites. */
export function queueTable() {
  return new Table({
    caption: "queues.caption", empty: "queues.none", order: { column: "queue", descending: false },
    columns: [
      { name: "queue", value: (row) => row.name },
      { name: "waiting", num: true, value: (row) => row.waiting, show: (cell, row) => {
        text(cell, row.waiting);
        cell.classList.toggle("hot", row.waiting > 0);
      } },
      { name: "longest", num: true, value: (row) => elapsed(row.longestSince), cell: timerCell, show: (cell, row) => cell.firstElementChild.since(row.longestSince ?? null, 60) },
      { name: "ready", num: true, value: (row) => row.agentsReady },
      { name: "busy", num: true, value: (row) => row.agentsBusy },
      { name: "answered", num: true, value: (row) => row.answeredToday },
      { name: "abandoned", num: true, value: (row) => row.abandonedToday },
      { name: "level", num: true, value: (row) => level(row, levelVariant()) ?? -1, show: (cell, row) => text(cell, percent(level(row, levelVariant()))) },
    ],
  });
}

/** Who a contact is from. */
const who = (row) => row.customerName ?? (isText(row) ? row.callerNumber || t("contact.unknown") : caller(row.callerNumber));

/** Place in the queue and expected wait, of those who wait. */
const place = {
  name: "place", value: (row) => row.position ?? Infinity,
  cell: (cell) => cell.append(h("span", { class: "strong" }), " ", h("span", { class: "small" }), h("span", { class: "small quiet block", t: "live.callback" })),
  show: (cell, row) => {
    const [at, range, callback] = cell.children;
    text(at, row.position === null || row.position === undefined ? "–" : row.position);
    text(range, row.estimate ? waitRange(row.estimate) : "");
    callback.hidden = !(row.callbackOffered && row.state === "waiting");
  },
};

/** The button that asks why. */
const whyColumn = (why) => ({
  name: "why", plain: true, value: () => 0,
  cell: (cell) => {
    const button = h("button", { class: "button slim", type: "button" }, h("span", { t: "why.open" }));
    button.addEventListener("click", () => why(cell.row, who(cell.row)));
    cell.append(button);
  },
  show: (cell, row) => {
    cell.row = row;
    attr(cell.firstElementChild, "aria-label", `${t("why.open")} ${who(row)}`);
  },
});

/** The contacts that are alive now. `names` gives names of sites, queues and agents; `why` explains one, for those who may ask. */
export function contactTable(names, why = null) {
  return new Table({
    caption: "live.caption", empty: "live.none", order: { column: "since", descending: true },
    columns: [
      { name: "caller", value: (row) => row.customerName ?? row.callerNumber, cell: (cell) => cell.append(h("span", { class: "block" }), h("span", { class: "row small quiet from" }, h("span", {}), h("span", { class: "channel" }), h("span", { class: "mono" }))), show: (cell, row) => {
        const [sign, channel, number] = cell.lastElementChild.children;
        text(cell.firstElementChild, row.customerName ?? t(isText(row) ? "contact.unknown" : "call.unknown"));
        setIcon(sign, row.channel ?? "voice");
        text(channel, word("channel", row.channel ?? "voice"));
        text(number, isText(row) ? row.callerNumber : caller(row.callerNumber));
      } },
      { name: "state", value: (row) => contactWord(row), cell: (cell) => cell.append(stateChip("waiting", "contact")), show: (cell, row) => showContact(cell.firstElementChild, row) },
      { name: "since", num: true, value: (row) => elapsed(row.since), cell: timerCell, show: (cell, row) => cell.firstElementChild.since(row.since, row.state === "waiting" ? 60 : Infinity) },
      place,
      { name: "queue", value: (row) => names.queue(row.queue) },
      { name: "site", value: (row) => row.site, show: (cell, row) => text(cell, row.agentSite && row.agentSite !== row.site ? `${names.site(row.site)} → ${names.site(row.agentSite)}` : names.site(row.site)) },
      { name: "agent", value: (row) => (row.agent ? names.agent(row.agent) : "–") },
      ...(why ? [whyColumn(why)] : []),
    ],
  });
}

/** The agents, with a choice of site and state. */
export class AgentTable {
  #table;
  #agents = [];
  #breaks = [];
  #site;
  #state;
  #contacts = [];

  /** `account` is that of whoever looks: supervisors take part in calls, with an agent's phone. */
  constructor(names, account) {
    const isSupervisor = account.role !== "agent";
    const mayJoin = (row) => (row.id === account.agent || row.stale || !["talking", "held"].includes(row.state) ? null
      : this.#contacts.find((one) => one.id === row.contact && !isText(one))?.id ?? null);
    this.#table = new Table({
      caption: "agents.caption", empty: "agents.none", order: { column: "agent", descending: false },
      columns: [
        { name: "agent", value: (row) => row.name },
        { name: "site", value: (row) => names.site(row.site) },
        { name: "state", value: (row) => row.state, ...stateCell("state") },
        { name: "reason", value: (row) => (row.reason ? breakName(row.reason, this.#breaks) : "") },
        { name: "since", num: true, value: (row) => elapsed(row.since), cell: timerCell, show: (cell, row) => cell.firstElementChild.since(row.since) },
        { name: "handled", num: true, value: (row) => row.handlingTodayMs ?? 0, show: (cell, row) => text(cell, duration(row.handlingTodayMs ?? 0)) },
        { name: "age", num: true, value: (row) => row.ageMs ?? 0, show: (cell, row) => text(cell, row.stale ? t("agents.stale", { age: age(row.ageMs ?? 0) }) : t("agents.live")) },
        ...(isSupervisor && account.agent ? [superviseColumn(mayJoin)] : []),
      ],
    });
    const filter = (name) => {
      const id = freshID(name);
      const list = h("select", { id, on: { change: () => this.#apply() } }, h("option", { value: "", t: `filter.${name}` }));
      return [list, h("div", { class: "row" }, h("label", { for: id, class: "small", t: `col.${name}` }), list)];
    };
    const [site, siteBox] = filter("site");
    const [state, stateBox] = filter("state");
    this.#site = site;
    this.#state = state;
    this.filters = h("div", { class: "row wrap filters" }, siteBox, stateBox, isSupervisor && !account.agent ? h("p", { class: "small quiet no-agent", t: "supervise.noAgent" }) : null);
    this.element = this.#table.element;
  }

  /** Shows the agents of a new picture. */
  show(wall) {
    this.#agents = wall.agents;
    this.#breaks = wall.breaks;
    this.#contacts = wall.contacts;
    this.#options(this.#site, wall.sites.map((one) => [one.id, one.name]));
    this.#options(this.#state, [...new Set(wall.agents.map((one) => one.state))].sort().map((one) => [one, word("state", one)]));
    this.#apply();
  }

  #apply() {
    this.#table.show(this.#agents.filter((one) => (!this.#site.value || one.site === this.#site.value) && (!this.#state.value || one.state === this.#state.value)));
  }

  #options(list, values) {
    const kept = list.value;
    const wanted = JSON.stringify(values);
    if (list.dataset.values === wanted) return;
    list.dataset.values = wanted;
    if (kept && !values.some(([code]) => code === kept)) values.push([kept, word("state", kept)]);
    list.replaceChildren(list.firstElementChild, ...values.map(([code, label]) => h("option", { value: code }, label)));
    list.value = kept;
  }
}
