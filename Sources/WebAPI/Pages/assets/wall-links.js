// The links between sites: a drawing, and the same as a list with words; administrators can cut and restore for drills.
import { api } from "./api.js";
import { attr, family, h, keyed, svg, text } from "./dom.js";
import { icon } from "./icons.js";
import { t } from "./i18n.js";
import { busy, showState, stateChip } from "./parts.js";
import { addresses, session } from "./session.js";
import { clock } from "./time.js";
import { complain, confirm, toast } from "./ui.js";
import { links, places } from "./wall-model.js";

const UNIT = 4;
/** Room around the outermost sites. */
const MARGIN = 60;

/** The drawing and the list. */
export class WallLinks {
  #wall = null;
  #edges = svg("g");
  #nodes = svg("g");
  #drawing;
  #list = h("ul", { class: "linklist" });
  #mayCut = session()?.account?.role === "administrator";

  constructor() {
    this.#drawing = svg("svg", { class: "graph", viewBox: "0 0 400 400", role: "img" }, this.#edges, this.#nodes);
    this.element = h("section", { class: "links panel", "aria-labelledby": "links-title" }, h("header", {}, icon("link"), h("h2", { id: "links-title", t: "wall.links" })),
      h("div", { class: "body" }, this.#drawing, this.#list));
  }

  /** Shows a new picture. */
  show(wall) {
    this.#wall = wall;
    const edges = links(wall.links);
    const stamp = JSON.stringify([edges, wall.sites.map((one) => [one.id, one.name, one.state]), document.documentElement.lang]);
    if (this.element.dataset.stamp === stamp) return;
    this.element.dataset.stamp = stamp;
    this.#draw(edges, wall.sites);
    keyed(this.#list, edges, (one) => one.key, () => this.#row(), (row, edge) => this.#fill(row, edge));
  }

  #name(id) {
    return this.#wall.sites.find((one) => one.id === id)?.name ?? id;
  }

  #words(edge) {
    if (edge.oneWay) return t("link.oneWay");
    if (edge.state === "up") return edge.rttMs === null ? t("link.up") : t("link.upIn", { ms: edge.rttMs < 10 ? Math.round(edge.rttMs * 10) / 10 : Math.round(edge.rttMs) });
    if (edge.state === "down") return edge.since ? t("link.downSince", { at: clock(edge.since) }) : t("link.down");
    return t("link.unknown");
  }

  #draw(edges, sites) {
    const place = places(sites.map((one) => one.id));
    const at = (id) => place[id]?.map((n) => n * UNIT) ?? [200, 200];
    const [xs, ys] = [0, 1].map((n) => sites.map((one) => at(one.id)[n]));
    const [left, top] = [Math.min(...xs, 400) - MARGIN, Math.min(...ys, 400) - MARGIN];
    attr(this.#drawing, "viewBox", `${left} ${top} ${Math.max(...xs, 0) + MARGIN - left} ${Math.max(...ys, 0) + MARGIN - top}`);
    this.#edges.replaceChildren(...edges.map((edge) => {
      const [[x1, y1], [x2, y2]] = [at(edge.a), at(edge.b)];
      const [mx, my] = [(x1 + x2) / 2, (y1 + y2) / 2];
      const label = t(edge.oneWay ? "link.oneWay" : `link.${edge.state}`);
      const width = 44 + [...label].reduce((sum, one) => sum + (one.codePointAt(0) > 0x2e7f ? 19 : 10.5), 0);
      const sign = { up: "M-4 0l3 3 6-7", down: "M-4 -4l8 8M4 -4l-8 8", unknown: "M-4 0h8" }[edge.state];
      return svg("g", { class: `edge edge-${edge.state}` }, svg("line", { x1, y1, x2, y2 }), svg("rect", { x: mx - width / 2, y: my - 15, width, height: 30, rx: 15 }),
        svg("path", { d: sign, transform: `translate(${mx - width / 2 + 18} ${my})` }), svg("text", { x: mx + 11, y: my + 6 }, label));
    }));
    this.#nodes.replaceChildren(...sites.map((site) => {
      const [x, y] = at(site.id);
      const node = svg("g", { class: "node", transform: `translate(${x} ${y})` }, svg("circle", { r: 54 }), svg("text", { y: -2 }, site.name), svg("text", { class: "sub", y: 16 }, t(`siteState.${site.state}`)));
      family(node, "st-", site.state);
      node.classList.add("st");
      return node;
    }));
    attr(this.#drawing, "aria-label", edges.map((edge) => `${this.#name(edge.a)} – ${this.#name(edge.b)}: ${this.#words(edge)}`).join("; "));
  }

  #row() {
    const button = h("button", { class: "button slim", type: "button" });
    const row = h("li", { class: "row wrap" }, h("span", { class: "strong ends" }), stateChip("up", "linkState"), h("span", { class: "small quiet grow" }), this.#mayCut ? button : null);
    button.addEventListener("click", () => this.#drill(row.edge, button));
    return row;
  }

  #fill(row, edge) {
    row.edge = edge;
    const [ends, chip, words, button] = row.children;
    text(ends, `${this.#name(edge.a)} – ${this.#name(edge.b)}`);
    showState(chip, edge.state, "linkState");
    text(words, edge.state === "unknown" ? "" : this.#words(edge));
    if (!button) return;
    const isUp = edge.state === "up";
    button.replaceChildren(icon(isUp ? "cut" : "link"), h("span", { t: isUp ? "link.cut" : "link.restore" }));
    attr(button, "aria-label", t(isUp ? "link.cutThis" : "link.restoreThis", { a: this.#name(edge.a), b: this.#name(edge.b) }));
  }

  /** A link is cut at one of its ends: at the site that serves this page where it is one, else at the first. */
  async #drill(edge, button) {
    const cut = edge.state === "up";
    const names = { a: this.#name(edge.a), b: this.#name(edge.b) };
    const sure = await confirm({ title: cut ? "link.cutTitle" : "link.restoreTitle", message: cut ? "link.cutAsk" : "link.restoreAsk", params: names, yes: cut ? "link.cut" : "link.restore", danger: cut });
    if (!sure) return;
    const served = this.#wall.servedBy;
    const end = edge.b === served ? edge.b : edge.a;
    const peer = end === edge.a ? edge.b : edge.a;
    const at = end === served ? undefined : addresses().find((one) => one.id === end)?.base;
    await busy(button, async () => {
      try {
        await api.cutLink(peer, cut, at);
        toast("good", cut ? "link.cutDone" : "link.restoreDone", names);
      } catch (error) {
        complain(error);
      }
    });
  }
}
