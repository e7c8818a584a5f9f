// The contact in hand, across the whole width: who calls, before the phone is answered; then time and hang-up.
import { api } from "./api.js";
import { family, h, keyed, text } from "./dom.js";
import { icon } from "./icons.js";
import { busy, caller, follow, moment, organisation, roleLine, severity, showState, stateChip, ticketState, tierChip } from "./parts.js";
import { t, word } from "./i18n.js";

const HISTORY_SHOWN = 3;

/** The call panel. Hidden without a contact. */
export class DeskCall {
  #store;
  #said = h("div", { class: "sr", role: "alert", "aria-live": "assertive" });
  #chip = stateChip("offered");
  #timer = document.createElement("tandem-timer");
  #who = h("div", { class: "who" });
  #latest = h("div", { class: "latest" });
  #past = h("ol", { class: "past stack" });
  #heading = h("h2", { id: "call-title", class: "sr" });
  #announced = null;

  constructor(store) {
    this.#store = store;
    this.hangUp = h("button", { class: "button danger", type: "button" }, icon("hangUp"), h("span", { t: "call.hangUp" }), h("kbd", { class: "key" }, "⇧H"));
    this.hangUp.addEventListener("click", () => this.end());
    this.file = h("button", { class: "button", type: "button", on: { click: () => store.openContact() } }, icon("user"), h("span", { t: "call.openFile" }), h("kbd", { class: "key" }, "c"));
    this.ticket = h("button", { class: "button", type: "button", on: { click: () => store.openTicket(store.contact.ticket.id) } }, icon("ticket"), h("span", {}));
    this.#queue = h("span", { class: "row queue" });
    this.panel = h("section", { class: "call st", "aria-labelledby": "call-title", hidden: true }, this.#heading,
      h("div", { class: "row wrap facts" }, this.#chip, this.#timer, this.#queue, h("span", { class: "grow" }), this.ticket, this.file, this.hangUp),
      this.#who, h("div", { class: "before" }, this.#latest, h("div", { class: "pasts" }, h("h3", { class: "small quiet", t: "call.history" }), this.#past)));
    this.element = h("div", { class: "call-area" }, this.#said, this.panel);
    store.addEventListener("desk", () => this.show());
    store.addEventListener("view", () => this.show());
    follow(this);
  }

  #queue;

  get isConnected() {
    return this.element.isConnected;
  }

  /** Hangs up the contact in hand. */
  end() {
    const contact = this.#store.contact;
    if (!contact || !["talking", "held"].includes(contact.state)) return;
    busy(this.hangUp, () => this.#store.command(() => api.hangUp(contact.id)));
  }

  /** Shows the contact in hand. */
  show() {
    const contact = this.#store.contact;
    this.panel.hidden = contact === null;
    if (contact === null) return this.#quiet();
    const isOffered = contact.state === "offered";
    family(this.panel, "st-", contact.state);
    this.panel.classList.toggle("offered", isOffered);
    showState(this.#chip, contact.state, "contact");
    this.#timer.since(contact.since);
    text(this.#heading, t(isOffered ? "call.incoming" : "call.current"));
    this.#queue.replaceChildren(h("span", { class: "strong" }, contact.queue?.name ?? ""), h("span", { class: "mono number" }, caller(contact.callerNumber)),
      ...this.#path(contact));
    this.hangUp.hidden = !["talking", "held"].includes(contact.state);
    this.file.hidden = this.#store.isAtContact;
    this.ticket.hidden = !contact.ticket || contact.ticket.id === this.#store.ticket?.id;
    if (contact.ticket) text(this.ticket.lastElementChild, t("call.ticket", { number: contact.ticket.number }));
    this.#customer(contact);
    this.#tickets(contact, isOffered);
    this.#announce(contact, isOffered);
    document.title = `${isOffered ? "● " : ""}${word("contact", contact.state)}: ${contact.customer?.name ?? caller(contact.callerNumber)} · Tandem`;
    return undefined;
  }

  /** A contact that arrived at another site says so. */
  #path({ originSite, agentSite }) {
    return originSite && agentSite && originSite !== agentSite ? [h("span", { class: "chip faint" }, icon("link"), t("call.across", { site: this.#siteName(originSite) }))] : [];
  }

  #siteName(id) {
    return this.#store.wall?.sites.find((one) => one.id === id)?.name ?? id;
  }

  #customer({ customer, callerNumber }) {
    if (!customer) {
      this.#who.replaceChildren(h("p", { class: "name" }, t("call.unknown")), h("p", { class: "quiet" }, t("call.unknownHint", { number: caller(callerNumber) })));
      return;
    }
    // replaceChildren writes null as a word, so what is absent is left out before.
    this.#who.replaceChildren(...[h("div", { class: "row wrap" }, h("p", { class: "name" }, customer.name), tierChip(customer.tier),
      customer.conflicts > 0 ? h("span", { class: "chip warn" }, icon("alert"), t("conflicts.badge", { n: customer.conflicts })) : null),
    h("p", {}, roleLine(customer)), customer.language ? h("p", { class: "small quiet" }, t("call.speaks", { language: word("speech", customer.language) })) : null].filter(Boolean));
  }

  #tickets(contact, isOffered) {
    const latest = contact.latestTicket;
    this.panel.querySelector(".before").hidden = !isOffered || (!latest && !contact.history?.length);
    if (!isOffered) return;
    this.#latest.hidden = !latest;
    if (latest) {
      const note = latest.notes?.at(-1);
      this.#latest.replaceChildren(...[h("h3", { class: "small quiet" }, t("call.latest")), h("div", { class: "row wrap" }, h("span", { class: "mono" }, latest.number), ticketState(latest.state), severity(latest.severity)),
        h("p", { class: "strong" }, latest.subject), note ? h("p", { class: "small" }, `“${note.text}”`) : null,
        h("p", { class: "small quiet" }, [latest.owner ? t("call.owner", { name: this.#agentName(latest.owner) }) : "", ""].join(""), " ", latest.raisedAt ? moment(latest.raisedAt) : null)].filter(Boolean));
    }
    const others = (contact.history ?? []).filter((one) => one.id !== latest?.id && one.id !== contact.ticket?.id).slice(0, HISTORY_SHOWN);
    this.#past.parentElement.hidden = others.length === 0;
    keyed(this.#past, others, (one) => one.id, () => h("li", { class: "row" }), (node, one) => node.replaceChildren(
      h("span", { class: "mono small quiet" }, one.number), h("span", { class: "clip grow" }, one.subject), ticketState(one.state)));
  }

  #agentName(id) {
    return this.#store.wall?.agents.find((one) => one.id === id)?.name ?? id;
  }

  /** Said once per contact, at once. */
  #announce(contact, isOffered) {
    if (!isOffered) {
      if (this.#said.textContent !== "") this.#said.textContent = "";
      return;
    }
    if (this.#announced === contact.id) return;
    this.#announced = contact.id;
    const { customer } = contact;
    const who = customer ? [customer.name, word("tier", customer.tier), organisation(customer)].filter(Boolean).join(", ") : t("call.unknown");
    this.#said.textContent = t("call.said", { queue: contact.queue?.name ?? "", who, number: caller(contact.callerNumber), ticket: contact.latestTicket?.subject ?? "" });
  }

  #quiet() {
    this.#announced = null;
    if (this.#said.textContent !== "") this.#said.textContent = "";
    document.title = `${t("desk.title")} · Tandem`;
  }
}
