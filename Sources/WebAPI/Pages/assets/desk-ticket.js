// The middle panel: the open ticket, a new one, or a calm page between contacts.
import { api } from "./api.js";
import { Attachments } from "./attachments.js";
import { callButton } from "./call-dial.js";
import { h } from "./dom.js";
import { icon } from "./icons.js";
import { Merges } from "./merges.js";
import { NoteBox } from "./note-box.js";
import { Recordings } from "./player.js";
import { busy, follow, moment, noteList, severity, ticketState } from "./parts.js";
import { RecordForm } from "./record-form.js";
import { duration } from "./time.js";
import { session } from "./session.js";
import { t, word } from "./i18n.js";
import { complain, toast } from "./ui.js";

const STATES = ["new", "open", "pendingCustomer", "pendingOther", "resolved", "confirmed", "closed"];
/** The lifecycle: what may follow. The site refuses anything else. */
const NEXT = {
  new: ["open", "pendingCustomer", "pendingOther", "resolved"], open: ["pendingCustomer", "pendingOther", "resolved"],
  pendingCustomer: ["open", "pendingOther", "resolved"], pendingOther: ["open", "pendingCustomer", "resolved"],
  resolved: ["open", "confirmed", "closed"], confirmed: ["open", "closed"], closed: ["open"],
};
const FIELDS = [
  { name: "subject", required: true, wide: true },
  { name: "state", type: "select", options: STATES, words: "ticketState", allowed: (ticket) => NEXT[ticket.state] ?? STATES },
  { name: "severity", type: "select", options: ["1", "2", "3", "4"], words: "severity", numeric: true },
  { name: "category", list: "categories", optional: true },
  { name: "product", optional: true },
  { name: "description", type: "textarea", rows: 4, wide: true },
];
/** A new ticket is open in the agent's hands; its state is not asked for. */
const NEW_FIELDS = FIELDS.filter((field) => field.name !== "state");

/** The ticket panel. */
export class DeskTicket {
  #store;
  #form;
  #new = null;
  #newFor = null;
  #notes;
  #merges;
  #files;
  #mode = null;
  #head = h("header", {});
  #body = h("div", { class: "body stack" });
  #meta = h("dl", { class: "meta" });
  #list = h("div", {});
  #contacts = h("div", {});
  #recordings = new Recordings();
  #idle = h("div", { class: "idle" });
  #categories = h("datalist", { id: "categories" });

  constructor(store) {
    this.#store = store;
    this.#form = new RecordForm({
      kind: "ticket", title: "ticket.title", fields: FIELDS, label: (one) => [one.number, one.subject].filter(Boolean).join(" "),
      load: (one) => api.ticket(one.id),
      save: (one, patch, version) => api.patchTicket(one.id, patch, version),
      saved: (record) => store.putTicket(record),
    });
    this.#notes = new NoteBox({
      kind: "note-ticket", label: "notes.ticket",
      send: async (id, words) => {
        const answer = await api.noteTicket(id, words);
        store.putTicket(answer?.number ? answer : await api.ticket(id));
      },
    });
    this.#merges = new Merges({
      kind: "ticket", name: (one) => one.number,
      line: (one) => [h("span", { class: "row" }, h("span", { class: "mono quiet small" }, one.number), h("span", { class: "grow" }), ticketState(one.state)), h("span", { class: "subject" }, one.subject || t("ticket.untitled"))],
      find: async (q, limit) => (await api.tickets({ q, limit })).items, suggest: async () => store.history,
      merge: api.mergeTicket, part: api.unmergeTicket, done: (one) => store.takeTicket(one), mayAct: () => true, isDirty: () => this.#form.isDirty,
    });
    this.#files = new Attachments({ changed: (ticket) => store.putTicket(ticket) });
    this.element = h("section", { class: "panel ticket", "aria-labelledby": "ticket-title" }, this.#head, this.#body, this.#categories);
    this.element.addEventListener("paste", (event) => this.#files.paste(event));
    for (const type of ["view", "desk", "wall"]) store.addEventListener(type, () => this.show());
    store.addEventListener("view", (event) => event.detail?.focus === "ticket" && this.focus());
    store.addEventListener("mine", () => this.#suggest());
    follow(this);
  }

  get isConnected() {
    return this.element.isConnected;
  }

  /** Puts the keyboard into the subject. */
  focus() {
    (this.#store.isNewTicket ? this.#new : this.#form)?.focus("subject");
  }

  /** Puts the keyboard into the note. */
  focusNote() {
    if (this.#store.ticket) this.#notes.focus();
  }

  /** Shows what is open. */
  show() {
    const { ticket, customer, isNewTicket } = this.#store;
    const mode = ticket ? "ticket" : isNewTicket && customer ? `new-${customer.id}` : "idle";
    if (mode !== this.#mode) {
      this.#mode = mode;
      if (ticket) this.#body.replaceChildren(this.#meta, this.#form.element, this.#merges.list, this.#notes.element, this.#list, this.#files.element, this.#contacts, this.#recordings.element, this.#merges.action);
      else if (mode === "idle") this.#body.replaceChildren(this.#idle);
      else this.#body.replaceChildren(...this.#create(customer));
    }
    if (ticket) this.#show(ticket);
    else if (mode === "idle") this.#rest(customer);
    else this.#title("ticket.new", null);
  }

  #title(key, ticket) {
    const stamp = JSON.stringify([key, ticket?.id, ticket?.version, ticket?.state, ticket?.owner, this.#store.customer?.id, this.#store.customer?.version, document.documentElement.lang]);
    if (this.#head.stamp === stamp) return;
    this.#head.stamp = stamp;
    const make = this.#store.customer && !this.#store.isNewTicket
      ? h("button", { class: "button slim", type: "button", on: { click: () => this.#store.newTicket() } }, icon("plus"), t("ticket.create")) : null;
    const take = ticket && ticket.owner !== session().account.agent && ticket.state !== "closed" ? h("button", { class: "button slim", type: "button" }, icon("user"), t("ticket.take")) : null;
    take?.addEventListener("click", () => this.#take(take, ticket));
    const { customer } = this.#store;
    const call = ticket && customer?.phones?.length && ticket.customer?.id === customer.id ? callButton(customer, ticket) : null;
    const title = ticket ? h("h2", { id: "ticket-title", class: "grow clip" }, h("span", { class: "mono quiet" }, ticket.number), " ", ticket.subject || t("ticket.untitled")) : h("h2", { id: "ticket-title", class: "grow" }, t(key));
    this.#head.replaceChildren(icon("ticket"), title, ...[ticket ? severity(ticket.severity) : null, ticket ? ticketState(ticket.state) : null, call, take, make].filter(Boolean));
  }

  #show(ticket) {
    this.#title("ticket.title", ticket);
    this.#form.refresh(ticket);
    this.#merges.show(ticket);
    this.#notes.show(ticket.id);
    this.#files.show(ticket);
    this.#recordings.show(ticket.id);
    const stamp = JSON.stringify([ticket.id, ticket.version, ticket.mergedFrom?.length, ticket.notes?.length, ticket.contacts?.length, this.#store.wall !== null, document.documentElement.lang]);
    if (this.#list.stamp === stamp) return;
    this.#list.stamp = stamp;
    this.#meta.replaceChildren(...this.#facts(ticket));
    this.#list.replaceChildren(noteList(ticket.notes));
    this.#contacts.replaceChildren(...this.#calls(ticket.contacts ?? []));
  }

  #facts(ticket) {
    const name = (list, id) => this.#store.wall?.[list].find((one) => one.id === id)?.name ?? id;
    const facts = [["owner", name("agents", ticket.owner)], ["queue", name("queues", ticket.queue)], ["site", name("sites", ticket.site)], ["channel", ticket.channel && word("channel", ticket.channel)],
      ["raisedAt", ticket.raisedAt && moment(ticket.raisedAt)], ["dueAt", ticket.dueAt && moment(ticket.dueAt)], ["resolvedAt", ticket.resolvedAt && moment(ticket.resolvedAt)]];
    return facts.filter(([, value]) => value).map(([name, value]) => h("div", {}, h("dt", { class: "small quiet" }, t(`ticket.${name}`)), h("dd", {}, value)));
  }

  #calls(contacts) {
    if (contacts.length === 0) return [];
    const isMerged = contacts.some((one) => one.of);
    const head = ["startedAt", ...(isMerged ? ["ticket"] : []), "agent", "wait", "talk", "endedBy", "outcome"];
    const mayHear = contacts.some((one) => Recordings.mayHear(one));
    return [h("div", { class: "scroll", tabindex: "0", role: "region", "aria-label": t("contacts.caption") }, h("table", { class: "small" }, h("caption", { class: "legend" }, t("contacts.caption")),
      h("thead", {}, h("tr", {}, head.map((one) => h("th", { scope: "col" }, t(`contacts.${one}`))), mayHear ? h("th", { scope: "col" }, t("record.col")) : null)),
      h("tbody", {}, contacts.map((one) => h("tr", {}, h("th", { scope: "row" }, moment(one.startedAt)), isMerged ? h("td", { class: "mono" }, one.of?.name ?? "–") : null, h("td", {}, one.agent ?? "–"), h("td", {}, one.waitMs === null || one.waitMs === undefined ? "–" : duration(one.waitMs)),
        h("td", {}, one.talkMs ? duration(one.talkMs) : "–"), h("td", {}, one.endedBy ? word("endedBy", one.endedBy) : "–"), h("td", {}, word("outcome", one.outcome)), mayHear ? h("td", {}, this.#hear(one)) : null)))))];
  }

  /** Opens the recordings of a contact that was spoken, for who may hear it. */
  #hear(contact) {
    if (!contact.talkMs || !Recordings.mayHear(contact)) return "–";
    const button = h("button", { class: "button slim", type: "button", "aria-expanded": String(this.#recordings.contact === contact.id) }, icon("listen"), t("record.show"));
    button.addEventListener("click", () => busy(button, async () => {
      await this.#recordings.toggle(contact);
      for (const one of this.#contacts.querySelectorAll("[aria-expanded]")) one.setAttribute("aria-expanded", String(one === button && this.#recordings.contact === contact.id));
    }));
    return button;
  }

  #create(customer) {
    if (this.#newFor !== customer.id) {
      this.#newFor = customer.id;
      this.#new = new RecordForm({
        kind: "ticket", title: "ticket.new", fields: NEW_FIELDS, create: true, submit: "ticket.save",
        save: (one, patch) => api.createTicket({ severity: 3, ...patch, customer: customer.id, owner: session().account.agent, ...this.#origin(customer) }),
        saved: (record) => {
          this.#newFor = null;
          this.#store.putTicket(record);
        },
      });
      this.#new.show({ id: `new-${customer.id}`, severity: 3 });
    }
    return [h("p", { class: "quiet", t: ["ticket.for", { name: customer.name }] }), this.#new.element];
  }

  /** A ticket begun while its customer is on the line belongs to the queue of the call. */
  #origin(customer) {
    const { contact } = this.#store;
    return contact?.customer?.id === customer.id && contact.queue ? { queue: contact.queue.id } : {};
  }

  /** Whoever takes a ticket is responsible for closing it. */
  #take(button, ticket) {
    return busy(button, async () => {
      try {
        this.#store.putTicket(await api.patchTicket(ticket.id, { owner: session().account.agent }, ticket.version));
        toast("good", "ticket.taken");
      } catch (error) {
        complain(error);
      }
    });
  }

  /** Between contacts: nothing that moves, and what can be done. */
  #rest(customer) {
    this.#title("ticket.none", null);
    const agent = this.#store.desk?.agent;
    const stamp = JSON.stringify([agent?.state, customer?.id, this.#store.contact?.id, document.documentElement.lang]);
    if (this.#idle.stamp === stamp) return;
    this.#idle.stamp = stamp;
    const key = this.#store.contact || customer ? "idle.noTicket" : agent?.state === "ready" ? "idle.ready" : agent?.state === "loggedOut" ? "idle.out" : "idle.notReady";
    this.#idle.replaceChildren(h("div", { class: "idle-sign" }, icon(this.#store.contact || customer ? "ticket" : agent?.state ?? "ready")), h("p", { class: "idle-lead" }, t(`${key}`)), h("p", { class: "quiet" }, t(`${key}Hint`)),
      ...(customer ? [h("button", { class: "button primary", type: "button", on: { click: () => this.#store.newTicket() } }, icon("plus"), t("ticket.create"))] : []));
  }

  /** Categories in use are offered, others can be typed. */
  #suggest() {
    const known = [...new Set([...(this.#store.mine ?? []), ...this.#store.history].map((one) => one.category).filter(Boolean))].sort();
    this.#categories.replaceChildren(...known.map((one) => h("option", { value: one })));
  }
}
