// The rules: queues, calendars, break reasons, and what the site finds wrong with them.
import "./prefs.js";
import { request } from "./api.js";
import { brand, personMenu } from "./chrome.js";
import { attr, h, keyed, text } from "./dom.js";
import { icon, setIcon } from "./icons.js";
import { language, onLanguage, t } from "./i18n.js";
import { Live } from "./live.js";
import { breakForm, calendarForm } from "./rules-calendar.js";
import { queueForm } from "./rules-queue.js";
import { findingWords } from "./rules-values.js";
import { leave, session } from "./session.js";
import { dateTime } from "./time.js";
import { complain, confirm, toast } from "./ui.js";

const LOOK_MS = 15_000;
const PATHS = { queues: "/queues", calendars: "/calendars", breaks: "/break-reasons" };
const NEW = {
  queues: { id: "", name: "", numbers: [], requiredSkills: [], relaxation: [], tiers: null, strategy: "leastHandlingTime", priority: 0, overflow: [], siteCalendars: [], closedAction: null, calendar: null },
  calendars: { id: "", name: "", zone: Intl.DateTimeFormat().resolvedOptions().timeZone, hours: {}, holidays: [], emergency: null },
  breaks: { id: "", name: "", active: true, paid: true, order: 100 },
};
const read = async (path) => (await request("GET", path)).data.items;

class Rules {
  #kind = "queues";
  #id = null;
  #form = null;
  #isNew = false;
  #turn = 0;
  #book = { queues: [], calendars: [], breaks: [], sites: [], skills: new Set(), findings: [] };
  #mayEdit = session().account.role !== "agent";
  #live = new Live();
  #list = h("ul", { class: "list" });
  #pane = h("section", { class: "panel pane", tLabel: "rules.record" });
  #said = h("p", { class: "sr", role: "status" });
  #checks = h("div", { class: "checks" });
  #tabs = new Map();

  constructor() {
    const connection = document.createElement("tandem-connection");
    this.add = h("button", { class: "button", type: "button", id: "add", on: { click: () => this.#open(this.#kind, null) } }, icon("plus"), h("span", { t: "rules.new" }));
    this.add.hidden = !this.#mayEdit;
    const nav = h("nav", { class: "row wrap tabs", tLabel: "rules.title" }, Object.keys(PATHS).map((kind) => {
      const tab = h("button", { class: "button", type: "button", on: { click: () => this.#turnTo(kind) } }, h("span", { t: `rules.tab.${kind}` }), h("span", { class: "quiet count" }));
      this.#tabs.set(kind, tab);
      return tab;
    }));
    const side = h("section", { class: "panel side", tLabel: "rules.list" }, h("header", {}, h("h2", { class: "grow", id: "list-title" }), this.add), this.#list);
    document.body.append(h("a", { class: "skip", href: "#work", t: "skip" }),
      h("header", { class: "top" }, h("div", { class: "row wrap bar" }, brand(), h("h1", { t: "rules.title" }), nav, h("span", { class: "grow" }), connection, personMenu({}))),
      h("main", { id: "work", tabindex: "-1" }, this.#checks, side, this.#pane), this.#said);
    connection.watch(this.#live);
    document.title = `${t("rules.title")} · Tandem`;
    onLanguage(() => {
      document.title = `${t("rules.title")} · Tandem`;
      this.#show();
      this.#head();
    });
    this.#live.addEventListener("moved", ({ detail }) => {
      toast("warning", "connection.movedWall", { site: detail.to.name });
      this.look();
    });
    addEventListener("pagehide", () => this.#live.stop());
    addEventListener("beforeunload", (event) => this.#form?.isDirty && event.preventDefault());
    addEventListener("focus", () => this.look());
    setInterval(() => document.visibilityState === "visible" && this.look(), LOOK_MS);
    this.#live.run();
  }

  /** Reads everything and opens what the address names. */
  async start() {
    await this.look();
    const [kind, id] = location.hash.slice(1).split("/").map(decodeURIComponent);
    if (kind in PATHS) await this.#turnTo(kind);
    const first = this.#book[this.#kind][0]?.id ?? null;
    const wanted = this.#book[this.#kind].some((one) => one.id === id) ? id : first;
    if (wanted !== null) await this.#open(this.#kind, wanted, { quietly: true });
    else this.#empty();
  }

  /** Reads again what others may have changed; what is being edited is left alone. */
  async look() {
    const turn = (this.#turn += 1);
    try {
      const [queues, calendars, breaks, sites, agents, findings] = await Promise.all([...Object.values(PATHS).map(read), read("/sites"), read("/agents"), this.#mayEdit ? read("/routing/checks") : []]);
      if (turn !== this.#turn) return;
      const skills = new Set(agents.filter((one) => one.active).flatMap((one) => one.skills.map((skill) => skill.split(":")[0])));
      Object.assign(this.#book, { queues, calendars, breaks, sites, findings, skills });
      const now = this.#isNew ? null : this.#book[this.#kind].find((one) => one.id === this.#id);
      if (now) this.#form?.refresh(now);
      this.#show();
      this.#head();
    } catch (error) {
      if (this.#book.breaks.length === 0) complain(error);
    }
  }

  #show() {
    for (const [kind, tab] of this.#tabs) {
      attr(tab, "aria-current", kind === this.#kind ? "page" : null);
      text(tab.lastElementChild, String(this.#book[kind].length));
    }
    text(document.querySelector("#list-title"), t(`rules.tab.${this.#kind}`));
    const rows = this.#book[this.#kind];
    keyed(this.#list, rows.length ? rows : [{ id: "" }], (one) => one.id, (one) => this.#line(one), (node, one) => this.#fill(node, one));
    this.#findings();
  }

  #line(one) {
    if (one.id === "") return h("li", { class: "empty quiet", t: "rules.empty" });
    const button = h("button", { class: "line", type: "button", on: { click: () => this.#open(this.#kind, one.id) } });
    return h("li", {}, button);
  }

  #fill(node, one) {
    if (one.id === "") return;
    const count = this.#book.findings.filter((each) => this.#isAbout(each, this.#kind, one.id)).length;
    const stamp = JSON.stringify([one, count, language()]);
    attr(node.firstElementChild, "aria-current", one.id === this.#id && !this.#isNew ? "true" : null);
    if (node.stamp === stamp) return;
    node.stamp = stamp;
    node.firstElementChild.replaceChildren(h("span", { class: "row" }, h("span", { class: "strong grow clip" }, this.#name(one)), this.#chip(one),
      count > 0 ? h("span", { class: "chip warn" }, icon("alert"), h("span", {}, t("rules.findings", { n: count }))) : null), h("span", { class: "small quiet clip" }, one.id));
  }

  #name(one) {
    if (this.#kind !== "breaks") return one.name;
    return { "zh-Hans": one.nameHans, "zh-Hant": one.nameHant }[language()] ?? one.name;
  }

  #chip(one) {
    if (this.#kind === "calendars" && one.state) return h("span", { class: `chip ${one.state === "open" ? "good" : "faint"}` }, t(`rules.state.${one.state}`));
    if (this.#kind === "breaks" && !one.active) return h("span", { class: "chip faint" }, t("rules.unused"));
    return null;
  }

  #isAbout(finding, kind, id) {
    return finding.subject.key === id && { queues: "queue", calendars: "calendar", breaks: "breakReason" }[kind] === finding.subject.type;
  }

  /** All that the site found: errors first, each leads to its record. */
  #findings() {
    const { findings } = this.#book;
    const errors = findings.filter((one) => one.severity === "error").length;
    const stamp = JSON.stringify([findings, language()]);
    if (this.#checks.stamp === stamp) return;
    this.#checks.stamp = stamp;
    this.#checks.hidden = !this.#mayEdit;
    const wasOpen = this.#checks.querySelector("details")?.open ?? errors > 0;
    if (findings.length === 0) return this.#checks.replaceChildren(h("p", { class: "panel fine row" }, icon("check"), h("span", { t: "rules.fine" })));
    const list = h("ul", {}, findings.map((one) => h("li", { class: `row ${one.severity}` }, icon(one.severity === "error" ? "alert" : "help"), h("span", { class: "sr" }, t(`rules.${one.severity}`), " "),
      h("span", { class: "grow" }, findingWords(one)), this.#leadTo(one))));
    const summary = h("summary", {}, h("span", { class: "row" }, icon("alert"), h("span", {}, t("rules.found", { n: findings.length })), errors > 0 ? h("span", { class: "chip fault" }, t("rules.errors", { n: errors })) : null));
    const details = h("details", { class: "panel", tLabel: "rules.checks" }, summary, list);
    details.open = wasOpen;
    return this.#checks.replaceChildren(details);
  }

  #leadTo(finding) {
    const kind = { queue: "queues", calendar: "calendars" }[finding.subject.type];
    if (!kind) return null;
    const open = async () => {
      if (await this.#open(kind, finding.subject.key)) this.#form.focus(finding.field);
    };
    return h("button", { class: "button slim", type: "button", on: { click: open } }, t("rules.show", { name: finding.subject.key }));
  }

  async #turnTo(kind) {
    if (kind === this.#kind && this.#form) return;
    if (!(await this.#mayLeave())) return;
    this.#kind = kind;
    this.#id = null;
    this.#form = null;
    this.#show();
    const first = this.#book[kind][0];
    if (first) await this.#open(kind, first.id, { quietly: true });
    else this.#empty();
    text(this.#said, t(`rules.tab.${kind}`));
  }

  #empty() {
    this.#form = null;
    this.#pane.replaceChildren(h("p", { class: "empty quiet", t: "rules.empty" }));
  }

  async #mayLeave() {
    return !this.#form?.isDirty || await confirm({ title: "rules.leave.title", message: "rules.leave.message", yes: "discard", danger: true });
  }

  /** Opens a record, or an empty form for a new one. False when the person stays where they are. */
  async #open(kind, id, { quietly = false } = {}) {
    if (!(await this.#mayLeave())) return false;
    this.#kind = kind;
    this.#isNew = id === null;
    this.#id = id;
    history.replaceState(null, "", `#${kind}${id === null ? "" : `/${encodeURIComponent(id)}`}`);
    const record = this.#isNew ? structuredClone(NEW[kind]) : this.#book[kind].find((one) => one.id === id);
    if (!record) {
      this.#empty();
      return false;
    }
    const spec = {
      mayEdit: this.#mayEdit, isNew: (one) => !one.changed && one.id === "",
      save: (one, patch, version) => this.#save(kind, one, patch, version), load: (key) => this.#load(kind, key), saved: (one) => this.#saved(kind, one),
    };
    const made = { queues: () => queueForm(this.#book, spec), calendars: () => calendarForm(spec), breaks: () => breakForm(spec) }[kind]();
    made.id.node.hidden = !this.#isNew;
    if (!this.#isNew) made.id.problem = () => null;
    this.#form = made.form;
    this.#form.show(record);
    this.#pane.replaceChildren(h("header", {}, h("div", { class: "stack tight grow" }, h("h2", { id: "record-title" }), h("p", { class: "small quiet", id: "record-changed" })), h("span", { class: "chip faint", id: "record-state" })),
      h("div", { class: "body stack" }, h("ul", { class: "warnings", role: "status", id: "record-warnings" }), this.#form.element));
    this.#show();
    this.#head();
    if (!quietly) this.#form.focus();
    return true;
  }

  /** What stands above the form: the name, who changed it last, how it stands, and what is worth knowing. */
  #head() {
    const title = document.querySelector("#record-title");
    if (!this.#form || !title) return;
    const one = this.#form.record;
    text(title, this.#isNew ? t(`rules.newOf.${this.#kind}`) : this.#name(one));
    text(document.querySelector("#record-changed"), one.changed ? t("rules.changed", { by: one.changed.by, site: one.changed.site, at: dateTime(one.changed.at) }) : "");
    const state = document.querySelector("#record-state");
    state.hidden = !one.state;
    if (one.state) text(state, [t(`rules.state.${one.state}`), one.stateReason, one.changesAt ? t(one.state === "open" ? "rules.until" : "rules.opens", { at: dateTime(one.changesAt) }) : ""].filter(Boolean).join(" · "));
    const found = this.#isNew ? [] : this.#book.findings.filter((each) => this.#isAbout(each, this.#kind, one.id));
    keyed(document.querySelector("#record-warnings"), found, (each) => `${each.code} ${each.field} ${findingWords(each)}`, (each) => {
      const sign = h("span", {});
      setIcon(sign, each.severity === "error" ? "alert" : "help");
      return h("li", { class: `row ${each.severity}` }, sign, h("span", {}, findingWords(each)));
    });
  }

  async #save(kind, record, patch, version) {
    const { id, ...fields } = patch;
    const key = this.#isNew ? id : record.id;
    if (this.#isNew && this.#book[kind].some((one) => one.id === key)) {
      throw Object.assign(new Error(t("rules.bad.taken")), { status: 422, fields: [{ field: "id", message: t("rules.bad.taken") }] });
    }
    return (await request("PUT", `${PATHS[kind]}/${encodeURIComponent(key)}`, { body: this.#isNew ? withoutNull(fields) : fields, version: this.#isNew ? undefined : version })).data;
  }

  async #load(kind, id) {
    return (await read(PATHS[kind])).find((one) => one.id === id);
  }

  async #saved(kind, one) {
    this.#isNew = false;
    this.#id = one.id;
    const list = this.#book[kind];
    const at = list.findIndex((each) => each.id === one.id);
    if (at < 0) list.push(one);
    else list[at] = one;
    if (at < 0) await this.#open(kind, one.id);
    await this.look();
  }
}

/** A new record states only what was filled in. */
function withoutNull(fields) {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== null));
}

if (!session()) leave("none");
else new Rules().start();
