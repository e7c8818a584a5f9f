// What the top of desk and wall have in common: the connection, the person's menu.
import { attr, h, family, text } from "./dom.js";
import { age, tick } from "./time.js";
import { icon, mark, setIcon } from "./icons.js";
import { language, languages, onLanguage, setLanguage, t } from "./i18n.js";
import { preference, setPreference, setTheme, theme } from "./prefs.js";
import { leave, session } from "./session.js";
import { menuButton, menuItem } from "./ui.js";

/** The product's mark and name. */
export function brand() {
  return h("span", { class: "brand" }, mark(), h("span", {}, "Tandem"));
}

/** Live or reconnecting, at which site, and how old the picture is. Announced when it changes, not while it ages. */
export class Connection extends HTMLElement {
  #live = null;
  #sign = h("span", { class: "row" });
  #words = h("span", {});
  #age = h("span", { class: "quiet" });
  #said = h("span", { class: "sr", role: "status" });
  #back = h("button", { class: "button slim", type: "button", hidden: true, on: { click: () => this.#live.goHome() } });
  /** False while moving to another site would cut into work. */
  mayMove = () => true;

  connectedCallback() {
    if (this.firstElementChild) return;
    this.append(h("span", { class: "chip st" }, this.#sign, this.#words, this.#age), this.#back, this.#said);
    onLanguage(() => this.#show());
    tick(this, () => this.#show());
  }

  /** The stream to watch. */
  watch(live) {
    this.#live = live;
    for (const type of ["status", "wall"]) live.addEventListener(type, () => this.#show());
    this.#show();
  }

  #show() {
    if (!this.#live || !this.firstElementChild) return;
    const { state, site, heardAt } = this.#live;
    const isLive = state === "live";
    family(this.firstElementChild, "st-", isLive ? "up" : "suspect");
    setIcon(this.#sign, isLive ? "live" : "refresh");
    const words = t(`connection.${state}`, { site: site.name });
    text(this.#words, words);
    text(this.#age, isLive || heardAt === null ? "" : t("connection.age", { age: age(Date.now() - heardAt) }));
    this.#age.hidden = this.#age.textContent === "";
    const home = this.mayMove() ? this.#live.awayFrom : null;
    this.#back.hidden = home === null;
    if (home) text(this.#back, t("connection.return", { site: home.name }));
    attr(this, "data-state", state);
    attr(this, "data-site", site.id);
    if (state !== "connecting") text(this.#said, words);
  }
}
customElements.define("tandem-connection", Connection);

/** The menu under the person's name: language, theme, shortcuts, the other page, sign out. */
export function personMenu({ extra = () => [], signOut }) {
  const who = session()?.account;
  const button = h("button", { class: "button bare", type: "button", id: "person" }, icon("user"),
    h("span", { class: "clip person-name" }, who?.name ?? ""), icon("caretDown"));
  button.setAttribute("aria-label", t("menu.person", { name: who?.name ?? "" }));
  onLanguage(() => button.setAttribute("aria-label", t("menu.person", { name: who?.name ?? "" })));
  menuButton(button, (close) => [
    ...extra(close),
    ...pages(close),
    h("div", { class: "group stack" }, choice("language", languages.map((one) => [one.code, one.name]), language(), setLanguage),
      choice("theme", ["system", "light", "dark"].map((one) => [one, t(`theme.${one}`)]), theme(), setTheme)),
    h("hr"),
    menuItem("out", "signOut", {}, async () => {
      close();
      await signOut?.().catch(() => {});
      leave("out");
    }),
  ], { label: "menu.label" });
  return button;
}

/** The way to the rules for those who may change them, and from there back to the wall. */
function pages(close) {
  const isThere = location.pathname === "/rules";
  if (!isThere && session()?.account.role === "agent") return [];
  return [menuItem(isThere ? "wall" : "ticket", isThere ? "menu.wall" : "menu.rules", {}, () => {
    close();
    location.assign(isThere ? "/wall" : "/rules");
  }), h("hr")];
}

/** A labelled choice of language or theme. */
export function choice(name, options, value, choose) {
  const id = `choose-${name}-${Math.random().toString(36).slice(2, 7)}`;
  const list = h("select", { id, on: { change: (event) => choose(event.target.value) } },
    options.map(([code, label]) => h("option", { value: code, lang: name === "language" ? code : null }, label)));
  list.value = value;
  return h("div", { class: "field" }, h("label", { for: id, t: `choose.${name}` }), list);
}

/** True when single-key shortcuts are on. */
export function shortcutsOn() {
  return preference("shortcuts", "on") === "on";
}

/** Turns single-key shortcuts on or off. */
export function setShortcuts(on) {
  setPreference("shortcuts", on ? "on" : "off");
}
