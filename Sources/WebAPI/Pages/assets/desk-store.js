// What the desk knows: the agent's own state, the wall, the records that are open. Panels listen to it.
import { api } from "./api.js";
import { isTyping } from "./dom.js";
import { isText } from "./parts.js";
import { learnClock } from "./time.js";
import { preference, setPreference } from "./prefs.js";
import { session } from "./session.js";
import { complain, toast } from "./ui.js";

const RECENT_MAX = 8;
const HISTORY_MAX = 50;

/** Events: `desk`, `wall`, `view` (what is open changed), `mine` (the agent's tickets). */
export class DeskStore extends EventTarget {
  desk = null;
  wall = null;
  customer = null;
  ticket = null;
  history = [];
  mine = null;
  /** True while the ticket panel holds a new ticket. */
  isNewTicket = false;
  #shownContact = null;
  #chosen = null;
  #mineTimer = null;

  #tell(type, detail) {
    this.dispatchEvent(new CustomEvent(type, { detail }));
  }

  /** All contacts in hand and offered, in the order in which they came. */
  get contacts() {
    return this.desk?.contacts ?? [];
  }

  /** The contact that is chosen on the desk, or null; with one contact in hand it is that one. */
  get contact() {
    return this.contacts.find((one) => one.id === this.#chosen) ?? null;
  }

  /** True when the desk has more to show than one call. */
  get isMany() {
    return this.contacts.length > 1 || this.contacts.some(isText);
  }

  /** True when calls are answered here: the phone is told to pick up. */
  get answersHere() {
    return this.desk?.agent?.answersOn === "page";
  }

  /** The contact that `accept` and `decline` are about: the chosen one if it is offered, else the first that is. */
  get offer() {
    const isOffer = (one) => one && (isText(one) || this.answersHere) && one.state === "offered" && !one.taken;
    return isOffer(this.contact) ? this.contact : this.contacts.find(isOffer) ?? null;
  }

  /** True when the open customer is that of the contact in hand. */
  get isAtContact() {
    const contact = this.contact;
    return contact !== null && contact.id === this.#shownContact && (contact.customer?.id ?? null) === (this.customer?.id ?? null);
  }

  takeWall(wall) {
    learnClock(wall.asOf);
    this.wall = wall;
    this.#tell("wall");
  }

  takeDesk(desk) {
    const known = new Map(this.contacts.map((one) => [one.id, one]));
    const had = this.#chosen;
    this.desk = desk;
    this.#chosen = this.#choice(known);
    this.#tell("desk");
    const contact = this.contact;
    const before = known.get(contact?.id) ?? null;
    const isAnswered = contact?.state === "talking" && before?.state === "offered";
    if (contact && contact.id !== had) {
      if (!isTyping()) this.openContact();
    } else if (contact && isAnswered && contact.id !== this.#shownContact && !isTyping()) {
      this.openContact();
    } else if (contact && contact.id === this.#shownContact && contact.customer?.id !== before?.customer?.id) {
      this.openContact();
    } else if (contact && contact.id === this.#shownContact) this.#follow(contact, before);
    const ids = new Set(this.contacts.map((one) => one.id));
    if ([...known.keys()].some((id) => !ids.has(id))) this.loadMine();
  }

  /** The choice stays while its contact is there; a call that was answered takes it, for it is spoken with at once. */
  #choice(known) {
    const answered = this.contacts.find((one) => !isText(one) && one.state === "talking" && known.get(one.id)?.state === "offered");
    const kept = this.contacts.find((one) => one.id === this.#chosen);
    return (answered ?? kept ?? this.contacts.find((one) => one.id === this.desk.contact?.id) ?? this.contacts[0])?.id ?? null;
  }

  /** Chooses a contact and opens its file. */
  choose(id) {
    if (!this.contacts.some((one) => one.id === id)) return;
    this.#chosen = id;
    this.#tell("desk");
    this.openContact();
  }

  /** Chooses the contact so many places further on. */
  step(by) {
    const at = this.contacts.findIndex((one) => one.id === this.#chosen);
    if (this.contacts.length > 0) this.choose(this.contacts.at((at + by) % this.contacts.length).id);
  }

  /** News of the contact's records reach the open panels. */
  #follow(contact, before) {
    if (contact.customer && contact.customer.id === this.customer?.id && contact.customer.version !== this.customer.version) this.putCustomer(contact.customer);
    if (contact.latestTicket && contact.latestTicket.id === this.ticket?.id && contact.latestTicket.version !== this.ticket.version) this.putTicket(contact.latestTicket);
    if (contact.ticket && contact.ticket.id !== before?.ticket?.id && !this.ticket && !this.isNewTicket && !isTyping()) this.openTicket(contact.ticket.id);
    if (JSON.stringify(contact.history) !== JSON.stringify(before?.history) && contact.customer?.id === this.customer?.id) {
      this.history = contact.history ?? [];
      this.#tell("view");
    }
  }

  /** Opens the caller's file and the latest ticket in place; both came with the contact, so nothing is waited for. */
  openContact() {
    const contact = this.contact;
    if (!contact) return;
    this.#shownContact = contact.id;
    this.customer = contact.customer;
    this.history = contact.history ?? [];
    const wanted = contact.ticket?.id;
    // What is written belongs to its own ticket; a call is better served with what came before it.
    this.ticket = isText(contact) && wanted ? this.#atHand(wanted) : contact.latestTicket;
    this.isNewTicket = false;
    if (contact.customer) this.#remember(contact.customer);
    this.#tell("view");
    if (wanted && !this.ticket) this.openTicket(wanted);
  }

  #atHand(ticket) {
    return this.contacts.map((one) => one.latestTicket).find((one) => one?.id === ticket) ?? null;
  }

  /** Opens a customer, or takes one that is at hand. */
  async openCustomer(id, known = null) {
    try {
      const customer = known ?? (await api.customer(id));
      this.customer = customer;
      this.history = [];
      if (this.ticket?.customer?.id !== customer.id) this.ticket = null;
      this.isNewTicket = false;
      this.#remember(customer);
      this.#tell("view");
      const { items } = await api.tickets({ customer: customer.id, limit: HISTORY_MAX });
      if (this.customer?.id !== customer.id) return;
      this.history = items;
      if (!this.ticket && items.length > 0) this.ticket = items[0];
      this.#tell("view");
    } catch (error) {
      complain(error);
    }
  }

  /** Opens a ticket, and its customer beside it. */
  async openTicket(id) {
    const chosen = this.#chosen;
    try {
      const ticket = await api.ticket(id);
      if (this.#chosen !== chosen) return;
      this.ticket = ticket;
      this.isNewTicket = false;
      const other = ticket.customer?.id;
      if (other && other !== this.customer?.id) await this.openCustomer(other);
      else this.#tell("view");
    } catch (error) {
      complain(error);
    }
  }

  /** Another ticket stands for the open one: it was merged, or a merge was undone. */
  async takeTicket(ticket) {
    this.ticket = ticket;
    this.isNewTicket = false;
    this.#tell("view");
    this.loadMine();
    const customer = this.customer?.id;
    if (!customer) return;
    try {
      const { items } = await api.tickets({ customer, limit: HISTORY_MAX });
      if (this.customer?.id !== customer) return;
      this.history = items;
      this.#tell("view");
    } catch { /* the list keeps its last state; the connection sign tells why */ }
  }

  /** Begins a ticket for the open customer. */
  newTicket() {
    this.ticket = null;
    this.isNewTicket = true;
    this.#tell("view", { focus: "ticket" });
  }

  /** Closes what is open. */
  closeView() {
    this.customer = null;
    this.ticket = null;
    this.history = [];
    this.isNewTicket = false;
    this.#shownContact = null;
    this.#tell("view");
  }

  putCustomer(customer) {
    if (this.customer?.id !== customer?.id) return;
    this.customer = customer;
    this.#remember(customer);
    this.#tell("view");
  }

  putTicket(ticket) {
    if (!ticket) return;
    if (this.ticket?.id === ticket.id || this.isNewTicket) {
      this.ticket = ticket;
      this.isNewTicket = false;
    }
    const at = this.history.findIndex((one) => one.id === ticket.id);
    if (at >= 0) this.history = this.history.with(at, { ...this.history[at], ...ticket });
    else if (ticket.customer?.id === this.customer?.id) this.history = [ticket, ...this.history];
    this.#tell("view");
    this.loadMine();
  }

  /** Reads the open customer again: after a conflict was settled. */
  async reloadCustomer() {
    if (this.customer) this.putCustomer(await api.customer(this.customer.id));
  }

  /** Reads the agent's own tickets; calls in a burst become one. */
  loadMine() {
    clearTimeout(this.#mineTimer);
    this.#mineTimer = setTimeout(async () => {
      const owner = session()?.account?.agent;
      try {
        const { items } = await api.tickets({ owner, limit: HISTORY_MAX });
        this.mine = items.filter((one) => one.state !== "closed" && one.state !== "confirmed");
        this.#tell("mine");
      } catch { /* the list keeps its last state; the connection sign tells why */ }
    }, 150);
  }

  /** Customers opened lately on this machine, by this account. */
  get recent() {
    try {
      return JSON.parse(preference(`recent.${session()?.account?.login}`, "[]"));
    } catch {
      return [];
    }
  }

  #remember({ id, name, organisation }) {
    const kept = [{ id, name, organisation: organisation?.name ?? organisation ?? "" }, ...this.recent.filter((one) => one.id !== id)];
    setPreference(`recent.${session()?.account?.login}`, JSON.stringify(kept.slice(0, RECENT_MAX)));
  }

  /**
   * A command of the desk. The new state comes by the stream alone: an answer could be overtaken by later news and bring the past back.
   */
  async command(work) {
    try {
      await work();
      return true;
    } catch (error) {
      if (error.status === 0) toast("fault", "command.offline");
      else complain(error);
      return false;
    }
  }
}
