// The left panel: the open customer's file, or the way to find one.
import { api } from "./api.js";
import { callButton } from "./call-dial.js";
import { h } from "./dom.js";
import { drafts } from "./drafts.js";
import { icon } from "./icons.js";
import { Merges } from "./merges.js";
import { NoteBox } from "./note-box.js";
import { busy, caller, customerLine, follow, isText, moment, noteList, organisation, tierChip } from "./parts.js";
import { RecordForm } from "./record-form.js";
import { showConflicts } from "./conflicts.js";
import { session } from "./session.js";
import { t } from "./i18n.js";
import { complain, toast } from "./ui.js";

const TIERS = ["standard", "silver", "gold", "platinum"];
const FIELDS = [
  { name: "name", required: true, wide: true },
  { name: "organisation", read: organisation, optional: true, wide: true },
  { name: "department", optional: true }, { name: "title", optional: true },
  { name: "tier", type: "select", options: TIERS, words: "tier" },
  { name: "language", type: "select", options: ["", "en", "zh-Hans", "zh-Hant"], words: "speech", optional: true },
  { name: "phones", type: "list", inputType: "tel", wide: true },
  { name: "emails", type: "list", inputType: "email", wide: true },
];
const MATCHES_MAX = 6;
const SEARCH_PAUSE_MS = 180;

/** What a contact says of where its customer can be reached. */
function reachedAt({ callerNumber }) {
  if (callerNumber?.includes("@")) return { phones: [], emails: [callerNumber] };
  return { phones: /\d{3}/.test(callerNumber ?? "") ? [callerNumber] : [] };
}

/** The customer panel. */
export class DeskCustomer {
  #store;
  #search;
  #form;
  #create = null;
  #createFor = null;
  #notes;
  #merges;
  #mode = null;

  constructor(store, search) {
    this.#store = store;
    this.#search = search;
    this.#form = new RecordForm({
      kind: "customer", title: "customer.find", fields: FIELDS, label: (one) => one.name,
      load: (one) => api.customer(one.id),
      save: (one, patch, version) => api.patchCustomer(one.id, patch, version),
      saved: (record) => store.putCustomer(record),
    });
    this.#notes = new NoteBox({
      kind: "note-customer", label: "notes.customer",
      send: async (id, words) => {
        const answer = await api.noteCustomer(id, words);
        store.putCustomer(answer?.notes ? answer : await api.customer(id));
      },
    });
    this.#merges = new Merges({
      kind: "customer", name: (one) => one.name, line: (one) => [h("span", { class: "strong" }, one.name), h("span", { class: "small quiet" }, customerLine(one))],
      find: async (q, limit) => (await api.customers({ q, limit })).items,
      suggest: async (one) => (one.name ? (await api.customers({ q: one.name, limit: MATCHES_MAX })).items : []),
      merge: api.mergeCustomer, part: api.unmergeCustomer, done: (one) => store.openCustomer(one.id, one),
      mayAct: () => ["supervisor", "administrator"].includes(session().account.role), isDirty: () => this.#form.isDirty,
    });
    this.#list = h("div", {});
    this.#head = h("header", {});
    this.#body = h("div", { class: "body stack" });
    this.element = h("section", { class: "panel customer", "aria-labelledby": "customer-title" }, this.#head, this.#body);
    for (const type of ["view", "desk"]) store.addEventListener(type, () => this.show());
    follow(this);
  }

  #list;
  #head;
  #body;

  get isConnected() {
    return this.element.isConnected;
  }

  /** Puts the keyboard into the file. */
  focus() {
    (this.#body.querySelector("input, textarea, button") ?? this.element).focus();
  }

  /** Shows what is open. */
  show() {
    const { customer, contact } = this.#store;
    const isUnknown = !customer && contact && !contact.customer;
    const mode = customer ? "file" : isUnknown ? `unknown-${contact.id}` : "none";
    if (mode !== this.#mode) {
      this.#mode = mode;
      if (customer) this.#body.replaceChildren(this.#form.element, this.#merges.list, h("hr", { class: "rule" }), this.#notes.element, this.#list, this.#merges.action);
      else if (isUnknown) this.#body.replaceChildren(...this.#unknown(contact));
    }
    if (customer) this.#file(customer);
    else if (isUnknown) this.#head.replaceChildren(icon("user"), h("h2", { id: "customer-title", class: "grow" }, t(isText(contact) ? "contact.unknown" : "customer.unknown")));
    else this.#none();
  }

  #file(customer) {
    const isCallers = this.#store.contact?.customer?.id === customer.id;
    const badge = customer.conflicts > 0 ? h("button", { class: "chip warn conflicts", type: "button" }, icon("alert"), t("conflicts.badge", { n: customer.conflicts })) : null;
    badge?.addEventListener("click", () => showConflicts(customer, () => this.#store.reloadCustomer().catch(complain)));
    const close = isCallers ? null : h("button", { class: "button bare icon slim", type: "button", "aria-label": t("customer.close"), on: { click: () => this.#store.closeView() } }, icon("close"));
    const stamp = JSON.stringify([customer.id, customer.version, customer.conflicts, isCallers, this.#linkable(customer), document.documentElement.lang]);
    if (this.#head.stamp !== stamp || this.#head.childElementCount === 0) {
      this.#head.stamp = stamp;
      this.#head.replaceChildren(icon("user"), h("h2", { id: "customer-title", class: "grow clip" }, customer.name), tierChip(customer.tier), ...[badge, this.#linkButton(customer), customer.phones?.length ? callButton(customer) : null, close].filter(Boolean));
      this.#list.replaceChildren(noteList(customer.notes), customer.updatedAt ? h("p", { class: "small quiet updated" }, `${t("customer.updated")} `, moment(customer.updatedAt)) : "");
    }
    this.#form.refresh(customer);
    this.#merges.show(customer);
    this.#notes.show(customer.id);
  }

  #linkable() {
    return Boolean(this.#store.contact && !this.#store.contact.customer);
  }

  /** While an unknown caller waits for a name, any open file can be tied to the call. */
  #linkButton(customer) {
    if (!this.#linkable()) return null;
    const button = h("button", { class: "button slim primary", type: "button" }, icon("link"), t("unknown.link"));
    button.addEventListener("click", () => this.#link(button, customer));
    return button;
  }

  #link(button, customer) {
    return busy(button, async () => {
      const done = await this.#store.command(() => api.linkCustomer(this.#store.contact.id, customer.id));
      if (done) toast("good", "unknown.linked", { name: customer.name });
    });
  }

  #none() {
    const kept = drafts().filter((one) => one.kind === "customer" || one.kind === "ticket");
    const stamp = JSON.stringify([this.#store.recent, kept.map((one) => one.id), document.documentElement.lang]);
    if (this.#body.stamp === stamp && this.#body.contains(this.#blank)) return;
    this.#body.stamp = stamp;
    this.#head.stamp = null;
    this.#head.replaceChildren(icon("user"), h("h2", { id: "customer-title", class: "grow" }, t("customer.find")));
    const recent = this.#store.recent;
    this.#blank = h("div", { class: "stack" },
      h("button", { class: "button", type: "button", on: { click: this.#search } }, icon("search"), t("customer.search")),
      kept.length ? h("h3", { class: "quiet small" }, t("drafts.title")) : null,
      kept.length ? h("ul", { class: "lines-list" }, kept.map((one) => h("li", {}, h("button", { class: "line", type: "button", on: { click: () => this.#openDraft(one) } },
        h("span", { class: "row" }, h("span", { class: "grow clip" }, one.label || one.id), h("span", { class: "chip warn" }, t("drafts.unsaved"))))))) : null,
      recent.length ? h("h3", { class: "quiet small" }, t("customer.recent")) : null,
      h("ul", { class: "lines-list" }, recent.map((one) => h("li", {}, h("button", { class: "line", type: "button", on: { click: () => this.#store.openCustomer(one.id) } },
        h("span", { class: "strong" }, one.name), h("span", { class: "small quiet" }, one.organisation))))));
    this.#body.replaceChildren(this.#blank);
  }

  #blank = null;

  #openDraft({ kind, id }) {
    if (kind === "customer") this.#store.openCustomer(id);
    else this.#store.openTicket(id);
  }

  /** An unknown caller: look for a file to tie to the call, or make one. */
  #unknown(contact) {
    const matches = h("ul", { class: "lines-list", "aria-live": "polite" });
    const input = h("input", { id: "unknown-search", type: "search", autocomplete: "off", tPlaceholder: "search.placeholder" });
    let timer = null;
    input.addEventListener("input", () => {
      clearTimeout(timer);
      timer = setTimeout(() => this.#match(input, matches), SEARCH_PAUSE_MS);
    });
    if (this.#createFor !== contact.id) {
      this.#createFor = contact.id;
      this.#create = new RecordForm({
        kind: "customer", title: "unknown.new", fields: FIELDS, create: true, submit: "unknown.create",
        save: (one, patch) => this.#make(contact, patch),
      });
      this.#create.show({ id: `new-${contact.id}`, tier: "standard", ...reachedAt(contact) });
    }
    return [h("p", { class: "small quiet", t: [isText(contact) ? "unknown.leadText" : "unknown.lead", { number: caller(contact.callerNumber, contact.channel) }] }),
      h("div", { class: "field" }, h("label", { for: "unknown-search", t: "unknown.search" }), input), matches,
      h("hr", { class: "rule" }), h("h3", { t: "unknown.new" }), this.#create.element];
  }

  async #match(input, matches) {
    const q = input.value.trim();
    if (q === "") return matches.replaceChildren();
    const { items } = await api.customers({ q, limit: MATCHES_MAX }).catch(() => ({ items: [] }));
    if (input.value.trim() !== q) return undefined;
    if (items.length === 0) return matches.replaceChildren(h("li", { class: "quiet small", t: "search.none" }));
    return matches.replaceChildren(...items.map((one) => {
      const button = h("button", { class: "button slim", type: "button", "aria-label": t("unknown.linkTo", { name: one.name }) }, icon("link"), t("unknown.link"));
      button.addEventListener("click", () => this.#link(button, one));
      return h("li", { class: "row match" }, h("span", { class: "grow stack tight" }, h("span", { class: "row" }, h("span", { class: "strong clip" }, one.name), tierChip(one.tier)),
        h("span", { class: "small quiet clip" }, customerLine(one))), button);
    }));
  }

  /** Everything filled in goes into the new file, then the file is tied to the call. */
  async #make(contact, patch) {
    const made = await api.createCustomer({ tier: "standard", ...reachedAt(contact), ...patch });
    await this.#store.command(() => api.linkCustomer(contact.id, made.id));
    return made;
  }
}
