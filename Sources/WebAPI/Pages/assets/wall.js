// The wall: one page that shows all sites live, served by any of them.
import "./prefs.js";
import { brand, personMenu } from "./chrome.js";
import { attr, h, text } from "./dom.js";
import { icon } from "./icons.js";
import { onLanguage, t } from "./i18n.js";
import { Live } from "./live.js";
import { leave, session } from "./session.js";
import { Supervision } from "./supervision.js";
import { age, clock, learnClock, tick } from "./time.js";
import { menuItem, toast } from "./ui.js";
import { WallGroups } from "./wall-groups.js";
import { WallLinks } from "./wall-links.js";
import { WallSites } from "./wall-sites.js";
import { AgentTable, contactTable, queueTable } from "./wall-tables.js";
import { WallTiles } from "./wall-tiles.js";
import { WallToday } from "./wall-today.js";
import { showWhy } from "./wall-why.js";

function start() {
  let wall = null;
  const find = (list, id, fallback = id) => wall?.[list].find((one) => one.id === id)?.name ?? fallback;
  const names = { site: (id) => find("sites", id), queue: (id) => find("queues", id), agent: (id) => find("agents", id) };
  const live = new Live();
  const mayAskWhy = session().account.role !== "agent";
  const why = mayAskWhy ? (contact, who) => showWhy(contact.id, who, names) : null;
  const parts = { tiles: new WallTiles(), sites: new WallSites(), links: new WallLinks(), queues: queueTable(), today: new WallToday(() => show()), groups: new WallGroups(names), contacts: contactTable(names, why), agents: new AgentTable(names, session().account) };
  const supervision = new Supervision();
  const head = new Head(live);
  const panel = (name, key, content, extra = null) => h("section", { class: `panel ${name}`, "aria-labelledby": `${name}-title` }, h("header", {}, h("h2", { id: `${name}-title`, class: "grow", t: key }), extra), content);

  document.body.append(h("a", { class: "skip", href: "#work", t: "skip" }), head.element, supervision.element,
    h("main", { id: "work", tabindex: "-1" }, parts.tiles.element, parts.sites.element, parts.links.element,
      panel("queues", "wall.queues", parts.queues.element), parts.today.element, parts.groups.element, panel("contacts", "wall.contacts", parts.contacts.element), panel("agents", "wall.agents", parts.agents.element, parts.agents.filters)));

  const show = () => {
    if (!wall) return;
    head.show(wall);
    for (const name of ["tiles", "sites", "links", "today", "groups", "agents"]) parts[name].show(wall);
    parts.queues.show(wall.queues);
    parts.contacts.show(wall.contacts);
  };
  live.addEventListener("wall", ({ detail }) => {
    learnClock(detail.asOf);
    wall = detail;
    show();
  });
  live.addEventListener("desk", ({ detail }) => supervision.show(detail));
  live.addEventListener("notice", ({ detail }) => toast(detail.level === "error" ? "fault" : detail.level, null, {}, detail.text));
  live.addEventListener("moved", ({ detail }) => toast("warning", "connection.movedWall", { site: detail.to.name }));
  onLanguage(show);
  addEventListener("pagehide", () => live.stop());
  live.run();
}

/** The top of the wall: how complete and how fresh the picture is. */
class Head {
  #live;
  #whole = h("span", { class: "chip" }, h("span", {}), h("span", {}));
  #asOf = h("span", { class: "small quiet as-of" });
  #banner = h("p", { class: "banner", role: "status", hidden: true });

  constructor(live) {
    this.#live = live;
    const connection = document.createElement("tandem-connection");
    const account = session().account;
    const full = h("button", { class: "button", type: "button", id: "full", "aria-pressed": "false", on: { click: () => this.#full() } }, icon("expand"), h("span", { t: "wall.full" }));
    document.addEventListener("fullscreenchange", () => {
      document.body.classList.toggle("big", document.fullscreenElement !== null);
      attr(full, "aria-pressed", String(document.fullscreenElement !== null));
    });
    const desk = (close) => (account.agent ? [menuItem("phone", "menu.desk", {}, () => {
      close();
      location.assign("/desk");
    }), h("hr")] : []);
    this.element = h("header", { class: "top" }, h("div", { class: "row wrap bar" }, brand(), h("h1", { t: "wall.title" }), this.#whole, this.#asOf, h("span", { class: "grow" }), connection, full, personMenu({ extra: desk })), this.#banner);
    connection.watch(live);
    live.addEventListener("status", () => this.#outage());
    tick(this.element, () => this.#outage());
    document.title = `${t("wall.title")} · Tandem`;
    onLanguage(() => (document.title = `${t("wall.title")} · Tandem`));
  }

  /** Shows how complete the picture is. */
  show({ completeness: { heard, of }, asOf, servedBy, sites }) {
    const isWhole = heard >= of;
    this.#whole.className = `chip whole ${isWhole ? "good" : "warn"}`;
    this.#whole.firstElementChild.replaceChildren(icon(isWhole ? "check" : "alert"));
    text(this.#whole.lastElementChild, t("wall.complete", { heard, of, n: of }));
    text(this.#asOf, t("wall.asOf", { at: clock(asOf), site: sites.find((one) => one.id === servedBy)?.name ?? servedBy }));
  }

  #outage() {
    const isLost = this.#live.state === "reconnecting" && this.#live.heardAt !== null;
    this.#banner.hidden = !isLost;
    document.body.classList.toggle("lost", isLost);
    if (isLost) text(this.#banner, t("wall.lost", { age: age(Date.now() - this.#live.heardAt) }));
  }

  #full() {
    if (document.fullscreenElement) document.exitFullscreen();
    else document.documentElement.requestFullscreen().catch(() => document.body.classList.toggle("big"));
  }
}

if (!session()) leave("none");
else start();
