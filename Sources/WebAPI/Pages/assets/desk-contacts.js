// Several contacts in hand: a calm row of tabs, and what of the agent's capacity they take. With one call alone it is not there.
import { attr, family, h, keyed, text } from "./dom.js";
import { setIcon } from "./icons.js";
import { caller, contactWord, follow } from "./parts.js";
import { t, word } from "./i18n.js";

/** What the chosen contact's panel is called by its tab. */
const PANEL = "contact-panel";

/** The row of contacts. */
export class DeskContacts {
  #store;
  #panel;
  #bar = h("div", { class: "contact-tabs", role: "tablist", tLabel: "contacts.label" });
  #meter = h("span", { class: "capacity-bar", role: "meter", "aria-valuemin": "0", "aria-valuemax": "100", tLabel: "capacity.label" }, h("span", {}));
  #words = h("span", { class: "small" });

  constructor(store, panel) {
    this.#store = store;
    this.#panel = panel;
    panel.id = PANEL;
    this.#bar.addEventListener("keydown", (event) => this.#key(event));
    this.element = h("div", { class: "contacts-strip", hidden: true }, this.#bar, h("div", { class: "row capacity" }, this.#meter, this.#words));
    store.addEventListener("desk", () => this.show());
    follow(this);
  }

  get isConnected() {
    return this.element.isConnected;
  }

  /** Shows the contacts in hand. */
  show() {
    const { contacts, contact, desk, isMany } = this.#store;
    this.element.hidden = !isMany;
    attr(this.#panel, "role", isMany ? "tabpanel" : null);
    if (!isMany) return;
    keyed(this.#bar, contacts, (one) => one.id, (one) => this.#tab(one), (tab, one) => this.#fill(tab, one, one.id === contact?.id));
    const taken = desk.agent.occupied ?? 0;
    attr(this.#meter, "aria-valuenow", taken);
    attr(this.#meter, "aria-valuetext", t("capacity.taken", { taken }));
    this.#meter.firstElementChild.style.setProperty("width", `${Math.min(100, taken)}%`);
    text(this.#words, `${t("capacity.taken", { taken })} · ${t(desk.agent.isOpen ? "capacity.open" : "capacity.closed")}`);
  }

  #tab(one) {
    return h("button", { role: "tab", type: "button", class: "contact-tab st", "aria-controls": PANEL, on: { click: () => this.#store.choose(one.id) } },
      h("span", { class: "sign" }), h("span", { class: "who clip" }), h("span", { class: "small state" }), document.createElement("tandem-timer"));
  }

  #fill(tab, one, isChosen) {
    const [sign, who, state, timer] = tab.children;
    const name = one.customer?.name ?? caller(one.callerNumber, one.channel);
    family(tab, "st-", one.state);
    tab.classList.toggle("ringing", one.state === "offered");
    setIcon(sign, one.channel ?? "voice");
    text(who, name);
    text(state, contactWord(one));
    if (one.stateExpiresAt && (one.state === "wrapUp" || one.state === "offered")) timer.until(one.stateExpiresAt);
    else timer.since(one.since);
    attr(tab, "aria-selected", String(isChosen));
    attr(tab, "tabindex", isChosen ? "0" : "-1");
    attr(tab, "aria-label", t("contacts.tab", { channel: word("channel", one.channel ?? "voice"), who: name, state: contactWord(one), queue: one.queue?.name ?? "" }));
  }

  #key(event) {
    const tabs = [...this.#bar.children];
    const at = tabs.findIndex((one) => one.getAttribute("aria-selected") === "true");
    const next = { ArrowRight: at + 1, ArrowDown: at + 1, ArrowLeft: at - 1, ArrowUp: at - 1, Home: 0, End: tabs.length - 1 }[event.key];
    if (next === undefined || tabs.length === 0) return;
    event.preventDefault();
    const tab = tabs.at(next % tabs.length);
    this.#store.choose(tab.dataset.key);
    tab.focus();
  }
}
