// One card a site: what it reports, and how old that is. Old figures are hatched and say so in words.
import { attr, h, keyed, text } from "./dom.js";
import { t } from "./i18n.js";
import { showState, stateChip } from "./parts.js";
import { age, tick } from "./time.js";
import { isStale, longestAt, siteAge } from "./wall-model.js";

/** The cards. */
export class WallSites {
  #wall = null;
  #at = 0;
  #list = h("ul", { class: "cards" });

  constructor() {
    this.element = h("section", { class: "sites", "aria-labelledby": "sites-title" }, h("h2", { id: "sites-title", t: "wall.sites" }), this.#list);
    tick(this.element, () => this.#age());
  }

  /** Shows a new picture. */
  show(wall) {
    this.#wall = wall;
    this.#at = Date.now();
    keyed(this.#list, wall.sites, (one) => one.id, () => this.#card(), (card, site) => this.#fill(card, site));
    this.#age();
  }

  #card() {
    const figure = (name) => h("div", { class: `cell cell-${name}` }, h("dt", { t: `site.${name}` }), h("dd", {}));
    const card = h("li", { class: "card panel" }, h("div", { class: "row" }, h("h3", { class: "grow clip" }), stateChip("up", "site")),
      h("dl", {}, figure("waiting"), figure("longest"), figure("talking"), figure("ready"), figure("busy"), figure("notReady")), h("p", { class: "age small" }));
    card.querySelector(".cell-longest dd").append(document.createElement("tandem-timer"));
    return card;
  }

  #fill(card, site) {
    text(card.querySelector("h3"), site.name);
    showState(card.querySelector(".chip"), site.state, "siteState");
    const set = (name, value) => text(card.querySelector(`.cell-${name} dd`), value);
    set("waiting", site.waiting);
    card.querySelector(".cell-waiting").classList.toggle("hot", site.waiting > 0);
    card.querySelector("tandem-timer").since(longestAt(this.#wall, site.id), 60);
    set("talking", this.#wall.contacts.filter((one) => (one.agentSite ?? one.site) === site.id && (one.state === "talking" || one.state === "held")).length);
    set("ready", site.agentsReady);
    set("busy", site.agentsBusy);
    set("notReady", site.agentsNotReady);
  }

  #age() {
    const passed = Date.now() - this.#at;
    for (const site of this.#wall?.sites ?? []) {
      const card = [...this.#list.children].find((one) => one.dataset.key === site.id);
      if (!card) continue;
      const old = isStale(site, passed);
      const known = siteAge(site, passed);
      card.classList.toggle("hatched", old);
      card.classList.toggle("stale", old);
      attr(card, "data-stale", old ? "true" : null);
      text(card.querySelector(".age"), known === null ? t("site.never") : old ? t("site.stale", { age: age(known) }) : site.state === "self" ? t("site.self") : t("site.fresh", { age: age(known) }));
    }
  }
}
