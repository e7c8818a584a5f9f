// The agent's desk: puts the panels together and ties them to the live stream.
import "./prefs.js";
import { api } from "./api.js";
import { dial } from "./call-dial.js";
import { DeskCall } from "./desk-call.js";
import { DeskContacts } from "./desk-contacts.js";
import { DeskCustomer } from "./desk-customer.js";
import { DeskSide } from "./desk-side.js";
import { DeskStore } from "./desk-store.js";
import { DeskTicket } from "./desk-ticket.js";
import { DeskTop } from "./desk-top.js";
import { h } from "./dom.js";
import { onLanguage, t } from "./i18n.js";
import { Live } from "./live.js";
import { Palette } from "./palette.js";
import { isText } from "./parts.js";
import { listen, showShortcuts } from "./shortcuts.js";
import { leave, session } from "./session.js";
import { Supervision } from "./supervision.js";
import { complain, toast } from "./ui.js";

const mine = session();
if (!mine) leave("none");
else if (!mine.account.agent) location.replace("/wall");
else start();

function start() {
  const store = new DeskStore();
  const live = new Live();
  const palette = new Palette(store, () => commands().filter((one) => one.isPossible()));
  const help = () => showShortcuts(commands());
  const top = new DeskTop(store, live, { search: () => palette.open(), help });
  const call = new DeskCall(store);
  const contacts = new DeskContacts(store, call.panel);
  const customer = new DeskCustomer(store, () => palette.open());
  const ticket = new DeskTicket(store);
  const side = new DeskSide(store);
  const supervision = new Supervision();
  const commands = () => list({ store, top, call, customer, ticket, palette, help });

  document.body.append(
    h("a", { class: "skip", href: "#work", t: "skip" }), top.element, h("div", { class: "banner", role: "status", hidden: true }), supervision.element, contacts.element, call.element,
    h("main", { id: "work", tabindex: "-1" }, h("h1", { class: "sr", t: "desk.title" }), customer.element, ticket.element, side.element), palette.element);
  listen(() => commands().filter((one) => one.isPossible()), () => palette.open());
  document.title = `${t("desk.title")} · Tandem`;
  onLanguage(() => call.show());
  for (const panel of [customer, ticket, side]) panel.show();
  store.addEventListener("desk", () => supervision.show(store.desk));

  live.addEventListener("desk", (event) => store.takeDesk(event.detail));
  live.addEventListener("wall", (event) => store.takeWall(event.detail));
  live.addEventListener("notice", ({ detail }) => toast(detail.level === "error" ? "fault" : detail.level, null, {}, detail.text));
  live.addEventListener("moved", ({ detail }) => moved(store, detail));
  live.addEventListener("status", () => outage(live));
  addEventListener("pagehide", () => live.stop());
  begin(store);
  live.run();
}

/** Signs the agent in at this site when the page opens, unless there is a session already. */
async function begin(store) {
  try {
    const desk = await api.desk();
    if (!store.desk) store.takeDesk(desk);
    if (desk.agent.state === "loggedOut") await store.command(() => api.deskSignIn());
    store.loadMine();
  } catch (error) {
    if (error.status !== 0) complain(error);
  }
}

/** Another site serves now: the agent's session begins there under a higher epoch, with the same token. */
async function moved(store, { to }) {
  toast("warning", "connection.moved", { site: to.name });
  await store.command(() => api.deskSignIn());
  store.loadMine();
}

/** While nothing is heard, say so in the page: the figures and the caller may have changed. */
function outage(live) {
  const banner = document.querySelector(".banner");
  banner.hidden = live.state !== "reconnecting";
  if (!banner.hidden && banner.childElementCount === 0) banner.append(h("span", { t: "connection.lost" }));
}

function list({ store, top, call, customer, ticket, palette, help }) {
  const state = () => store.desk?.agent?.state;
  const run = (work) => () => store.command(work);
  // With several contacts in hand, paperwork is that of the chosen one.
  const isWrapUp = () => (store.isMany ? store.contact?.state === "wrapUp" : state() === "wrapUp");
  const wrapUp = (action) => (store.isMany ? api.contactWrapUp(store.contact.id, action) : api.wrapUp(action));
  return [
    { letter: "r", key: "desk.ready", icon: "ready", isPossible: () => ["notReady", "notResponding"].includes(state()) || Boolean(store.desk?.agent?.breakAhead), run: run(() => api.setState("ready")) },
    { letter: "n", key: "desk.notReady", icon: "notReady", isPossible: () => state() !== "loggedOut", run: () => top.openReasons() },
    { letter: "e", key: "desk.finish", icon: "check", isPossible: isWrapUp, run: run(() => wrapUp("finish")) },
    { letter: "x", key: "desk.extend", icon: "clock", isPossible: isWrapUp, run: run(() => wrapUp("extend")) },
    { letter: "a", key: store.answersHere ? "line.answer" : "offer.accept", icon: "check", isPossible: () => store.offer !== null, run: () => call.answer("accept") },
    { letter: "d", key: "offer.decline", icon: "close", isPossible: () => store.offer !== null && isText(store.offer), run: () => call.answer("decline") },
    { letter: "⇧F", key: "contact.finish", icon: "check", isPossible: () => call.mayFinish, run: () => call.finish() },
    { letter: "⇧H", key: "call.hangUp", icon: "hangUp", isPossible: () => call.mayHangUp, run: () => call.end() },
    ...call.line.commands,
    { letter: "l", key: "dial.open", icon: "talking", isPossible: () => top.mayDial, run: () => dial() },
    { letter: "j", key: "contacts.next", icon: "right", isPossible: () => store.contacts.length > 1, run: () => store.step(1) },
    { letter: "k", key: "contacts.previous", icon: "left", isPossible: () => store.contacts.length > 1, run: () => store.step(-1) },
    { letter: "c", key: "call.openFile", icon: "user", isPossible: () => store.contact !== null, run: () => store.openContact() },
    { letter: "f", key: "command.customer", icon: "user", isPossible: () => true, run: () => customer.focus() },
    { letter: "t", key: "command.ticket", icon: "ticket", isPossible: () => store.ticket !== null || store.isNewTicket, run: () => ticket.focus() },
    { letter: "o", key: "command.note", icon: "note", isPossible: () => store.ticket !== null, run: () => ticket.focusNote() },
    { letter: "i", key: "ticket.create", icon: "plus", isPossible: () => store.customer !== null, run: () => store.newTicket() },
    { letter: "/", key: "search.open", icon: "search", isPossible: () => true, run: () => palette.open() },
    { letter: "?", key: "help.title", icon: "help", isPossible: () => true, run: help },
  ];
}
