// The contact in hand, across the whole width: who calls, before the phone is answered; then time and hang-up.
import { api } from "./api.js";
import { DeskLine } from "./desk-line.js";
import { family, h, keyed, text } from "./dom.js";
import { icon } from "./icons.js";
import { busy, caller, contactWord, follow, isText, moment, organisation, roleLine, severity, showContact, stateChip, ticketState, tierChip } from "./parts.js";
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
  #announced = new Set();
  #left = h("span", { class: "small left", t: "desk.left" });
  #title = h("p", { class: "contact-title strong" });

  constructor(store) {
    this.#store = store;
    this.hangUp = h("button", { class: "button danger", type: "button" }, icon("hangUp"), h("span", { t: "call.hangUp" }), h("kbd", { class: "key" }, "⇧H"));
    this.hangUp.addEventListener("click", () => this.end());
    const button = (kind, sign, key, letter, run) => h("button", { class: `button ${kind}`, type: "button", on: { click: run } }, icon(sign), h("span", { t: key }), h("kbd", { class: "key" }, letter));
    this.line = new DeskLine(store);
    this.accept = button("go", "check", "offer.accept", "a", () => this.answer("accept"));
    this.decline = button("", "close", "offer.decline", "d", () => this.answer("decline"));
    this.done = button("primary", "check", "contact.finish", "⇧F", () => this.finish());
    this.wrapped = button("primary", "check", "desk.finish", "e", () => this.#wrapUp(this.wrapped, "finish"));
    this.longer = button("", "clock", "desk.extend", "x", () => this.#wrapUp(this.longer, "extend"));
    this.agreeing = h("span", { class: "small quiet", role: "status" });
    this.file = h("button", { class: "button", type: "button", on: { click: () => store.openContact() } }, icon("user"), h("span", { t: "call.openFile" }), h("kbd", { class: "key" }, "c"));
    this.ticket = h("button", { class: "button", type: "button", on: { click: () => store.openTicket(store.contact.ticket.id) } }, icon("ticket"), h("span", {}));
    this.#queue = h("span", { class: "row queue" });
    this.panel = h("section", { class: "call st", "aria-labelledby": "call-title", hidden: true }, this.#heading,
      h("div", { class: "row wrap facts" }, this.#chip, this.#timer, this.#left, this.#queue, h("span", { class: "grow" }), this.agreeing, this.ticket, this.file, this.accept, this.decline,
        this.done, this.wrapped, this.longer, this.hangUp),
      this.#who, this.line.element, h("div", { class: "before" }, this.#latest, h("div", { class: "pasts" }, h("h3", { class: "small quiet", t: "call.history" }), this.#past)));
    this.element = h("div", { class: "call-area" }, this.#said, this.line.said, this.panel);
    store.addEventListener("desk", () => this.show());
    store.addEventListener("view", () => this.show());
    follow(this);
  }

  #queue;

  get isConnected() {
    return this.element.isConnected;
  }

  #isSpoken(text) {
    const { contact } = this.#store;
    return contact !== null && isText(contact) === text && ["talking", "held"].includes(contact.state);
  }

  /** True while the chosen contact is a call in conversation. */
  get mayHangUp() {
    return this.#isSpoken(false);
  }

  /** True while the chosen contact is one of text that is being worked on. */
  get mayFinish() {
    return this.#isSpoken(true);
  }

  /** Hangs up the contact in hand. */
  end() {
    const { contact } = this.#store;
    if (this.mayHangUp) busy(this.hangUp, () => this.#store.command(() => api.hangUp(contact.id)));
  }

  /** Ends the work on the chosen text contact. */
  finish() {
    const { contact } = this.#store;
    if (this.mayFinish) busy(this.done, () => this.#store.command(() => api.contactOrder(contact.id, "finish")));
  }

  /** Takes or declines the offer; one that is taken is chosen. */
  answer(order) {
    const { offer } = this.#store;
    if (!offer) return;
    busy(order === "accept" ? this.accept : this.decline, async () => {
      const done = await this.#store.command(() => api.contactOrder(offer.id, order));
      if (done && order === "accept" && this.#store.contact?.id !== offer.id) this.#store.choose(offer.id);
    });
  }

  #wrapUp(button, action) {
    const { contact } = this.#store;
    busy(button, () => this.#store.command(() => api.contactWrapUp(contact.id, action)));
  }

  /** Shows the contact in hand. */
  show() {
    const contact = this.#store.contact;
    this.panel.hidden = contact === null;
    this.#announce();
    if (contact === null) {
      document.title = `${t("desk.title")} · Tandem`;
      return;
    }
    const isOffered = contact.state === "offered";
    family(this.panel, "st-", contact.state);
    this.panel.classList.toggle("offered", isOffered);
    showContact(this.#chip, contact);
    this.#time(contact);
    text(this.#heading, isText(contact) ? `${t(isOffered ? "text.offered" : "contact.current")}: ${word("channel", contact.channel)}` : t(isOffered ? "call.incoming" : "call.current"));
    this.#queue.replaceChildren(...this.#channel(contact), h("span", { class: "strong" }, contact.queue?.name ?? ""), ...this.#number(contact), ...this.#path(contact));
    this.#buttons(contact, isOffered);
    this.file.hidden = this.#store.isAtContact;
    this.ticket.hidden = !contact.ticket || contact.ticket.id === this.#store.ticket?.id;
    if (contact.ticket) text(this.ticket.lastElementChild, t(isText(contact) ? "contact.ticket" : "call.ticket", { number: contact.ticket.number }));
    this.#customer(contact);
    this.#tickets(contact, isOffered);
    document.title = `${this.#store.contacts.some((one) => one.state === "offered") ? "● " : ""}${contactWord(contact)}: ${contact.customer?.name ?? caller(contact.callerNumber, contact.channel)} · Tandem`;
  }

  /** An offer on the desk and the paperwork of one among several run out; all else counts up. */
  #time(contact) {
    const runsOut = contact.stateExpiresAt && this.#store.isMany && ["offered", "wrapUp"].includes(contact.state);
    if (runsOut) this.#timer.until(contact.stateExpiresAt);
    else this.#timer.since(contact.since);
    this.#left.hidden = !runsOut;
  }

  #buttons(contact, isOffered) {
    const isOffer = isOffered && (isText(contact) || this.#store.answersHere);
    const isCall = !isText(contact);
    const sign = isCall ? "talking" : "check";
    if (this.accept.firstElementChild.dataset.icon !== sign) this.accept.firstElementChild.replaceWith(icon(sign));
    text(this.accept.children[1], t(isCall ? "line.answer" : "offer.accept"));
    const isWrap = contact.state === "wrapUp" && this.#store.isMany;
    this.hangUp.hidden = !this.mayHangUp;
    this.done.hidden = !this.mayFinish;
    this.accept.hidden = !isOffer || contact.taken === true;
    this.decline.hidden = this.accept.hidden || isCall;
    this.wrapped.hidden = this.longer.hidden = !isWrap;
    text(this.agreeing, isOffer && contact.taken ? t("offer.taken") : "");
  }

  #channel(contact) {
    return isText(contact) ? [h("span", { class: "chip" }, icon(contact.channel), word("channel", contact.channel))] : [];
  }

  /** The number; who writes may have none. */
  #number({ callerNumber, channel }) {
    return callerNumber || channel === "voice" || channel === undefined ? [h("span", { class: "mono number" }, caller(callerNumber))] : [];
  }

  /** A contact that arrived at another site says so. */
  #path({ originSite, agentSite }) {
    return originSite && agentSite && originSite !== agentSite ? [h("span", { class: "chip faint" }, icon("link"), t("call.across", { site: this.#siteName(originSite) }))] : [];
  }

  #siteName(id) {
    return this.#store.wall?.sites.find((one) => one.id === id)?.name ?? id;
  }

  #customer(contact) {
    const { customer, callerNumber, channel } = contact;
    text(this.#title, contact.title ?? "");
    const about = contact.title ? [this.#title] : [];
    if (!customer) {
      const hint = isText(contact) ? "contact.unknownHint" : "call.unknownHint";
      this.#who.replaceChildren(h("p", { class: "name" }, t(isText(contact) ? "contact.unknown" : "call.unknown")), ...about, h("p", { class: "quiet" }, t(hint, { number: caller(callerNumber, channel) })));
      return;
    }
    // replaceChildren writes null as a word, so what is absent is left out before.
    this.#who.replaceChildren(...[h("div", { class: "row wrap" }, h("p", { class: "name" }, customer.name), tierChip(customer.tier),
      customer.conflicts > 0 ? h("span", { class: "chip warn" }, icon("alert"), t("conflicts.badge", { n: customer.conflicts })) : null),
    ...about, h("p", {}, roleLine(customer)), customer.language ? h("p", { class: "small quiet" }, t("call.speaks", { language: word("speech", customer.language) })) : null].filter(Boolean));
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

  /** Each offer is said once, at once, whichever contact is chosen. */
  #announce() {
    const offers = this.#store.contacts.filter((one) => one.state === "offered");
    for (const id of [...this.#announced]) if (!offers.some((one) => one.id === id)) this.#announced.delete(id);
    if (offers.length === 0) {
      text(this.#said, "");
      return;
    }
    const fresh = offers.find((one) => !this.#announced.has(one.id));
    if (!fresh) return;
    this.#announced.add(fresh.id);
    const { customer, channel } = fresh;
    const who = customer ? [customer.name, word("tier", customer.tier), organisation(customer)].filter(Boolean).join(", ") : t(isText(fresh) ? "contact.unknown" : "call.unknown");
    const words = { queue: fresh.queue?.name ?? "", who, number: caller(fresh.callerNumber, channel), ticket: fresh.latestTicket?.subject ?? "" };
    this.#said.textContent = isText(fresh) ? t("offer.said", { ...words, channel: word("channel", channel), title: fresh.title ?? "" }) : t("call.said", words);
  }
}
