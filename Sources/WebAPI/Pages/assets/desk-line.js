// What can be done with the call in hand: the buttons follow what the site says of it, never what was pressed.
import { api } from "./api.js";
import { sendDigits } from "./call-digits.js";
import { attempt } from "./call-run.js";
import { chooseTarget } from "./call-target.js";
import { attr, h, keyed, text } from "./dom.js";
import { icon, setIcon } from "./icons.js";
import { follow } from "./parts.js";
import { t } from "./i18n.js";

/** The bar of one call's buttons, hidden while nobody speaks. */
export class DeskLine {
  #store;
  #said = h("p", { class: "sr line-said", role: "status" });
  #error = h("span", { class: "error line-error", role: "status" });
  #chips = h("div", { class: "row wrap line-chips" });
  #buttons;
  #before = null;

  constructor(store) {
    this.#store = store;
    this.#buttons = BUTTONS.map((one) => ({ ...one, node: this.#button(one) }));
    this.element = h("div", { class: "line-bar", role: "group", tLabel: "line.label", hidden: true },
      h("div", { class: "row wrap line-buttons" }, this.#buttons.map((one) => one.node)), this.#chips);
    this.said = this.#said;
    store.addEventListener("desk", () => this.show());
    follow(this);
  }

  get isConnected() {
    return this.element.isConnected;
  }

  /** What is known of the chosen call; null while nobody speaks. */
  get #call() {
    return this.#store.contact?.call ?? null;
  }

  /** The same as shortcuts. */
  get commands() {
    return this.#buttons.map((one) => ({
      letter: one.letter, icon: one.face(this.#call ?? IDLE)[0], key: one.face(this.#call ?? IDLE)[1],
      isPossible: () => this.#call !== null && one.fits(this.#call), run: () => this.#run(one),
    }));
  }

  #button(one) {
    const node = h("button", { class: `button slim ${one.kind ?? ""}`, type: "button", "data-name": one.name }, h("span", { class: "sign" }), h("span", {}), h("kbd", { class: "key" }, one.letter));
    node.addEventListener("click", () => this.#run(this.#buttons.find((each) => each.node === node)));
    return node;
  }

  /** Commands whose dialog holds the answer say what went wrong there; all others beside their button. */
  #run(one) {
    const { contact } = this.#store;
    if (!contact?.call || !one.fits(contact.call)) return undefined;
    if (one.open) return one.open(this.#store, contact);
    const [, face] = one.face(contact.call);
    const { running } = one;
    // The site's news may come before its answer. What is pressed under a new name then is another order; under the old
    // name it is the same one.
    if (running) return running.face === face ? undefined : (running.next ??= running.done.then(() => this.#run(one)));
    one.node.after(this.#error);
    const done = attempt(one.node, this.#error, () => one.send(contact.id, contact.call)).finally(() => (one.running = null));
    one.running = { face, done };
    return done;
  }

  /** Shows what the site says of the call. */
  show() {
    const call = this.#call;
    const held = this.element.contains(document.activeElement) ? document.activeElement : null;
    this.element.hidden = call === null;
    this.#speak();
    if (call === null) {
      text(this.#error, "");
      return;
    }
    for (const one of this.#buttons) {
      one.node.hidden = !one.fits(call);
      const [sign, key] = one.face(call);
      setIcon(one.node.firstElementChild, sign);
      text(one.node.children[1], t(key));
    }
    // The keyboard stays in the bar when its button goes.
    if (held && !held.checkVisibility()) this.#buttons.find((one) => !one.node.hidden)?.node.focus();
    keyed(this.#chips, chips(call), (one) => one.name, () => h("span", { class: "chip" }, h("span", {}), h("span", {})), (node, one) => {
      node.className = `chip ${one.kind}`;
      setIcon(node.firstElementChild, one.sign);
      text(node.lastElementChild, one.words);
    });
    attr(this.element, "data-state", call.state);
  }

  /** Says what changed on the line, once; the contact itself is said elsewhere. */
  #speak() {
    const { contact } = this.#store;
    const now = contact?.call ? { id: contact.id, call: contact.call } : null;
    const before = this.#before;
    this.#before = now;
    if (!now || !before || now.id !== before.id) return;
    const words = news(before.call, now.call);
    if (JSON.stringify(before.call) !== JSON.stringify(now.call)) text(this.#error, "");
    if (words.length > 0) this.#said.textContent = words.join(" ");
  }
}

const IDLE = { state: "talking", consult: null, conference: false, recording: "off", supervisedBy: [] };
const asked = (call) => call.consult !== null && call.consult.state !== "failed";
const answered = (call) => call.consult?.state === "talking";
const order = (name) => (id) => api.callOrder(id, name);

/** All buttons: what each looks like, when it makes sense, what it does. */
const BUTTONS = [
  { name: "hold", letter: "h", face: (call) => (call.state === "held" ? ["talking", "line.resume"] : ["held", "line.hold"]), fits: (call) => !asked(call) && !call.conference,
    send: (id, call) => api.callOrder(id, call.state === "held" ? "resume" : "hold") },
  { name: "swap", letter: "s", face: () => ["refresh", "line.swap"], fits: (call) => answered(call) && !call.conference, send: order("swap") },
  { name: "conference", letter: "⇧J", face: () => ["three", "line.conference"], fits: (call) => answered(call) && !call.conference, send: order("conference") },
  { name: "complete", letter: "⇧C", kind: "primary", face: () => ["handOver", "line.complete"], fits: answered, send: order("complete-transfer") },
  { name: "endConsult", letter: "⇧E", face: () => ["close", "line.endConsult"], fits: (call) => call.consult !== null, send: order("end-consult") },
  { name: "transfer", letter: "⇧T", face: () => ["transfer", "line.transfer"], fits: (call) => !asked(call) && !call.conference, open: (store, contact) => chooseTarget(store, contact, "transfer") },
  { name: "consult", letter: "⇧A", face: () => ["ask", "line.consult"], fits: (call) => !asked(call) && !call.conference, open: (store, contact) => chooseTarget(store, contact, "consult") },
  { name: "digits", letter: "#", face: () => ["digits", "line.digits"], fits: () => true, open: (store, contact) => sendDigits(store, contact) },
  { name: "record", letter: "p", face: (call) => (call.recording === "paused" ? ["record", "line.record"] : ["pause", "line.pause"]), fits: (call) => call.recording === "on" || call.recording === "paused",
    send: (id, call) => api.callOrder(id, "recording", { paused: call.recording === "on" }) },
];

function chips(call) {
  const { consult } = call;
  const kind = { ringing: "warn", talking: "good", failed: "fault" }[consult?.state];
  return [
    call.conference ? { name: "conference", kind: "good", sign: "three", words: t("line.conferenceOn") } : null,
    consult ? { name: "consult", kind, sign: { ringing: "ringing", talking: "talking", failed: "alert" }[consult.state], words: t(`line.consult.${consult.state}`, { name: consult.target }) } : null,
    asked(call) && !call.conference ? { name: "side", kind: "", sign: "user", words: side(call) } : null,
    !asked(call) && call.state === "held" ? { name: "held", kind: "st st-held", sign: "held", words: t("line.held") } : null,
    call.recording === "off" ? null : { name: "recording", kind: call.recording === "on" ? "fault" : "warn", sign: { on: "record", paused: "pause", stopped: "alert" }[call.recording], words: t(`line.recording.${call.recording}`) },
    call.supervisedBy.length ? { name: "supervised", kind: "warn", sign: "listen", words: t("line.supervised", { names: call.supervisedBy.join(", ") }) } : null,
  ].filter(Boolean);
}

function side({ consult }) {
  return consult.active === "consult" ? t("line.withConsult", { name: consult.target }) : t("line.withCustomer");
}

/** What a person must be told of who does not look at the bar. */
function news(before, now) {
  const words = [];
  if (before.state !== now.state && !asked(now)) words.push(t(`line.said.${now.state}`));
  if (now.consult && before.consult?.state !== now.consult.state) words.push(t(`line.consult.${now.consult.state}`, { name: now.consult.target }));
  if (answered(now) && !now.conference && before.consult?.active !== now.consult.active) words.push(side(now));
  if (now.conference && !before.conference) words.push(t("line.conferenceOn"));
  if (now.recording !== before.recording && now.recording !== "off") words.push(t(`line.recording.${now.recording}`));
  if (now.supervisedBy.length > 0 && now.supervisedBy.join() !== before.supervisedBy.join()) words.push(t("line.supervised", { names: now.supervisedBy.join(", ") }));
  return words;
}
