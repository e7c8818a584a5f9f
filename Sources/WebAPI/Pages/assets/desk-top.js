// The top of the desk: the agent's own state, large, and what can be done about it.
import { api } from "./api.js";
import { dial } from "./call-dial.js";
import { brand, personMenu, setShortcuts, shortcutsOn } from "./chrome.js";
import { attr, family, h, text } from "./dom.js";
import { icon, setIcon } from "./icons.js";
import { breakName, busy, follow, isText } from "./parts.js";
import { t, word } from "./i18n.js";
import { menuButton, menuItem } from "./ui.js";

/** States in which the agent has a contact in hand: a break then begins after it. */
const AT_WORK = new Set(["reserved", "ringing", "talking", "held", "wrapUp"]);

/** The banner of the desk. */
export class DeskTop {
  #store;
  #said = h("span", { class: "sr", role: "status" });
  #state = h("div", { class: "mystate st" });
  #sign = h("span", { class: "sign" });
  #name = h("span", { class: "word" });
  #reason = h("span", { class: "reason" });
  #timer = document.createElement("tandem-timer");
  #timerLead = h("span", { class: "small" });
  #phone = h("span", { class: "chip" });
  #site = h("span", { class: "chip faint" });

  constructor(store, live, { search, help }) {
    this.#store = store;
    this.ready = this.#button("ready", "desk.ready", "r", () => api.setState("ready"), "go");
    this.notReady = h("button", { class: "button", type: "button" }, icon("notReady"), h("span", { t: "desk.notReady" }), h("kbd", { class: "key" }, "n"), icon("caretDown"));
    this.finish = this.#button("check", "desk.finish", "e", () => api.wrapUp("finish"), "primary");
    this.extend = this.#button("clock", "desk.extend", "x", () => api.wrapUp("extend"));
    this.over = this.#button("ready", "desk.signIn", null, () => api.deskSignIn(), "primary");
    this.dial = h("button", { class: "button dial", type: "button", tLabel: "dial.open", on: { click: () => dial() } }, icon("talking"), h("span", { t: "dial.open" }), h("kbd", { class: "key" }, "l"));
    menuButton(this.notReady, (close) => this.#reasons(close), { label: "desk.reasons" });
    this.#state.append(this.#sign, h("div", { class: "words" }, h("div", { class: "row" }, this.#name, this.#reason),
      h("div", { class: "row since" }, this.#timerLead, this.#timer)));
    this.connection = document.createElement("tandem-connection");
    this.connection.mayMove = () => !store.contact;
    const find = h("button", { class: "button find", type: "button", id: "find", tLabel: "search.open", on: { click: search } }, icon("search"), h("span", { class: "grow", t: "search.open" }),
      h("kbd", {}, navigator.platform.startsWith("Mac") ? "⌘K" : "Ctrl K"));
    this.element = h("header", { class: "top" }, brand(),
      h("section", { class: "row state-area", tLabel: "desk.state" }, this.#state, this.#said,
        h("div", { class: "row controls" }, this.ready, this.notReady, this.finish, this.extend, this.over, this.dial)),
      find, h("div", { class: "row signs" }, this.#phone, this.connection, this.#site),
      h("div", { class: "row" },
        h("button", { class: "button bare icon", type: "button", tLabel: "help.title", tTitle: "help.title", on: { click: help } }, icon("help")),
        personMenu({ signOut: () => api.deskSignOut(), extra: (close) => this.#extra(close) })));
    this.connection.watch(live);
    this.#phone.append(h("span", {}), h("span", {}));
    store.addEventListener("desk", () => this.show());
    follow(this);
  }

  get isConnected() {
    return this.element.isConnected;
  }

  /** True while the agent's line is free. */
  get mayDial() {
    const state = this.#store.desk?.agent?.state;
    return state !== undefined && state !== "loggedOut" && this.#store.contacts.every((one) => isText(one) || one.state === "wrapUp");
  }

  /** Opens the list of break reasons. */
  openReasons() {
    this.notReady.click();
  }

  /** Shows the agent's present state. */
  show() {
    const agent = this.#store.desk?.agent;
    if (!agent) return;
    const expires = agent.stateExpiresAt;
    family(this.#state, "st-", agent.state);
    const { contacts } = this.#store;
    const isWriting = agent.state === "talking" && contacts.length > 0 && contacts.every(isText);
    setIcon(this.#sign, isWriting ? "chat" : agent.state);
    text(this.#name, word("state", isWriting ? "working" : agent.state));
    const { breaks } = this.#store.desk;
    text(this.#reason, agent.reason ? breakName(agent.reason, breaks) : agent.breakAhead ? t("desk.breakAhead", { name: breakName(agent.breakAhead, breaks) }) : "");
    const counts = agent.state === "wrapUp" && expires;
    text(this.#timerLead, t(counts ? "desk.left" : "desk.since"));
    if (counts) this.#timer.until(expires);
    else this.#timer.since(agent.since);
    text(this.#said, `${t("desk.state")}: ${this.#name.textContent} ${this.#reason.textContent}`);
    const isOut = agent.state === "loggedOut";
    // With several contacts in hand each has its own paperwork, in its own panel.
    const isWrap = agent.state === "wrapUp" && !this.#store.isMany;
    this.ready.hidden = isOut || isWrap;
    this.notReady.hidden = isOut;
    this.finish.hidden = !isWrap;
    this.extend.hidden = !isWrap;
    this.over.hidden = !isOut;
    this.dial.hidden = !this.mayDial;
    attr(this.ready, "aria-pressed", String(agent.state === "ready"));
    attr(this.notReady, "data-on", agent.state === "notReady" ? "" : null);
    this.ready.disabled = (agent.state === "ready" || AT_WORK.has(agent.state)) && !agent.breakAhead;
    this.#signs(agent);
  }

  #signs(agent) {
    const isRegistered = agent.phone === "registered";
    this.#phone.className = `chip ${isRegistered ? "good" : "fault"}`;
    setIcon(this.#phone.firstElementChild, isRegistered ? "phone" : "phoneOff");
    text(this.#phone.lastElementChild, t(`phone.${isRegistered ? "registered" : "unregistered"}`));
    const site = this.#store.wall?.sites.find((one) => one.id === agent.site)?.name ?? agent.site;
    if (!this.#site.firstElementChild) this.#site.append(icon("site"), h("span", {}));
    text(this.#site.lastElementChild, t("desk.site", { site }));
  }

  #button(sign, key, letter, work, kind = "") {
    const node = h("button", { class: `button ${kind}`, type: "button" }, icon(sign), h("span", { t: key }), letter ? h("kbd", { class: "key" }, letter) : null);
    node.addEventListener("click", () => busy(node, () => this.#store.command(work)));
    return node;
  }

  #reasons(close) {
    const agent = this.#store.desk?.agent;
    const later = AT_WORK.has(agent?.state) ? [h("p", { class: "group small quiet", t: "desk.afterContact" })] : [];
    const breaks = this.#store.desk?.breaks ?? [];
    return [...later, ...breaks.map(({ key, longestMinutes, paid }) => {
      const isNow = agent?.breakAhead === key || (agent?.state === "notReady" && agent.reason === key);
      const item = menuItem("notReady", "plain", { text: breakName(key, breaks) }, () => {
        close();
        this.#store.command(() => api.setState("notReady", key));
      }, isNow);
      const facts = [longestMinutes ? t("break.longest", { n: longestMinutes }) : "", paid ? "" : t("break.unpaid")].filter(Boolean);
      if (facts.length) item.children[1].after(h("span", { class: "small quiet" }, facts.join(" · ")));
      return item;
    })];
  }

  #extra(close) {
    const on = shortcutsOn();
    return [
      menuItem("wall", "menu.wall", {}, () => {
        close();
        location.assign("/wall");
      }),
      menuItem("help", "menu.shortcuts", {}, () => {
        setShortcuts(!on);
        document.body.classList.toggle("no-keys", on);
        close();
      }, on),
      h("hr"),
    ];
  }
}
