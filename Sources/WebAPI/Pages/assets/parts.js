// Small pieces that many panels show: tier, severity, states, times, notes.
import { attr, family, h, keyed, text } from "./dom.js";
import { clock, dateTime } from "./time.js";
import { icon, setIcon } from "./icons.js";
import { language, onLanguage, t, word } from "./i18n.js";

/** A chip with an icon and the word for a state of agent, contact or ticket. */
export function stateChip(value, words = "state") {
  const node = h("span", { class: "chip st" }, h("span", {}), h("span", {}));
  showState(node, value, words);
  return node;
}

/** True for a contact that is handled on the desk instead of the telephone. */
export function isText(contact) {
  return contact.channel !== undefined && contact.channel !== "voice";
}

/** The word for a contact's state: one who writes is not spoken with. */
export function contactWord({ channel, state }) {
  return word(isText({ channel }) ? "text" : "contact", state);
}

/** Shows the state of a contact on a chip, with its channel's sign where it is worked on in writing. */
export function showContact(node, contact) {
  family(node, "st-", contact.state);
  setIcon(node.firstElementChild, isText(contact) && contact.state === "talking" ? contact.channel : contact.state);
  text(node.lastElementChild, contactWord(contact));
}

/** Shows another state on such a chip. */
export function showState(node, value, words = "state") {
  family(node, "st-", value);
  setIcon(node.firstElementChild, value);
  text(node.lastElementChild, word(words, value));
}

/** The customer's tier. */
export function tierChip(tier) {
  return h("span", { class: `chip tier-${tier}` }, word("tier", tier));
}

/** A ticket's severity: a bar, a number, a word. */
export function severity(value) {
  return h("span", { class: `sev sev-${value}` }, `${value} ${word("severity", value)}`);
}

/** A ticket's state; what is finished is drawn quietly. */
export function ticketState(value) {
  const kind = { new: "warn", open: "good", resolved: "faint", confirmed: "faint", closed: "faint" }[value] ?? "";
  return h("span", { class: `chip ${kind}` }, word("ticketState", value));
}

/** A moment as text with its zone, exact date on hover. */
export function moment(stamp, full = true) {
  return h("time", { datetime: stamp, title: dateTime(stamp) }, full ? dateTime(stamp) : clock(stamp));
}

/** Title, department and organisation in one line. */
export function roleLine(customer) {
  return [customer.title, customer.department, organisation(customer)].filter(Boolean).join(" · ");
}

/** The organisation's name: the API may give a name or {id, name}. */
export function organisation(customer) {
  return typeof customer.organisation === "object" ? customer.organisation?.name ?? "" : customer.organisation ?? "";
}

/** What tells a customer from another in a list: organisation, numbers, and the names of files that were merged into this one. */
export function customerLine(customer) {
  const names = (customer.mergedFrom ?? []).map((one) => one.name);
  return [organisation(customer), ...(customer.phones ?? []), names.length ? t("merge.also", { names: names.join(", ") }) : ""].filter(Boolean).join(" · ");
}

/** A caller's number, or the word for a withheld one; who writes without an address has no number to withhold. */
export function caller(number, channel = "voice") {
  return number || t(channel === "voice" ? "caller.withheld" : "contact.unknown");
}

/** The name of a break in the page's language: from the managed list, else the word for a reason that the site gives by itself. */
export function breakName(key, breaks) {
  const one = breaks?.find((each) => each.key === key);
  if (!one) return word("reason", key);
  return { "zh-Hans": one.nameHans, "zh-Hant": one.nameHant }[language()] || one.name;
}

/** A line of a ticket in a list; pressing it opens it. */
export function ticketLine(open) {
  return {
    create: () => {
      const node = h("li", {}, h("button", { class: "line", type: "button" }));
      node.firstElementChild.addEventListener("click", () => open(node.ticket));
      return node;
    },
    update: (node, ticket) => {
      const stamp = JSON.stringify([ticket, document.documentElement.lang]);
      if (node.stamp === stamp) return;
      Object.assign(node, { stamp, ticket });
      const merged = ticket.mergedFrom?.length ?? ticket.merged ?? 0;
      const isLate = ticket.dueAt && !ticket.resolvedAt && Date.parse(ticket.dueAt) < Date.now();
      node.firstElementChild.replaceChildren(
        h("span", { class: "row" }, h("span", { class: "mono quiet small" }, ticket.number), h("span", { class: "grow" }), ticketState(ticket.state)),
        h("span", { class: "subject" }, ticket.subject || t("ticket.untitled")),
        h("span", { class: "row wrap small quiet" }, severity(ticket.severity ?? 3), ticket.raisedAt ? moment(ticket.raisedAt) : null,
          merged > 0 ? h("span", { class: "chip faint" }, icon("merge"), t("merge.count", { n: merged })) : null,
          isLate ? h("span", { class: "chip fault" }, icon("clock"), t("ticket.late")) : null));
    },
  };
}

/** Shows a list of ticket lines, or a sentence when there are none. */
export function ticketList(list, tickets, lines, empty) {
  keyed(list, tickets.length ? tickets : [{ id: "none" }], (one) => one.id,
    (one) => (one.id === "none" ? h("li", { class: "empty quiet", t: empty }) : lines.create(one)),
    (node, one) => one.id !== "none" && lines.update(node, one));
}

/** Notes as they were written: words, who, at which site, when; among merged records also in which. */
export function noteList(notes) {
  const list = [...(notes ?? [])].reverse();
  if (list.length === 0) return h("p", { class: "quiet small", t: "notes.none" });
  return h("ol", { class: "notes" }, list.map((note) => h("li", {}, h("p", {}, note.text),
    h("p", { class: "small quiet" }, [note.by, note.site].filter(Boolean).join(" · "), " · ", moment(note.at), note.of ? [" · ", h("span", { class: "of" }, note.of.name)] : null))));
}

/** Runs an action from a button, which shows that it is at work and cannot be pressed twice. */
export async function busy(button, work) {
  if (button.getAttribute("aria-busy") === "true") return undefined;
  attr(button, "aria-busy", "true");
  try {
    return await work();
  } finally {
    attr(button, "aria-busy", null);
  }
}

/** Shows again whenever the language changes. */
export function follow(component) {
  onLanguage(() => component.isConnected !== false && component.show());
}
