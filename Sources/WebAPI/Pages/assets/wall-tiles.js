// The figures for the whole cluster: large, few, with the words that say what they are.
import { attr, h, svg, text } from "./dom.js";
import { t } from "./i18n.js";
import { now, tick } from "./time.js";
import { levelVariant } from "./wall-level.js";
import { percent, totals, Trail } from "./wall-model.js";

const TRAIL_MS = 10 * 60_000;
const SAMPLES_MAX = 700;
const [WIDTH, HEIGHT] = [300, 60];

/** The tiles. */
export class WallTiles {
  #wall = null;
  #trail = new Trail(TRAIL_MS, SAMPLES_MAX);
  #big = {};
  #longest = document.createElement("tandem-timer");
  #bar = h("div", { class: "agentbar", "aria-hidden": "true" }, h("span", { class: "bar-ready" }), h("span", { class: "bar-busy" }), h("span", { class: "bar-off" }));
  #counts = h("p", { class: "counts" });
  #area = svg("path", { class: "area" });
  #line = svg("path", { class: "trace" });
  #chart;
  #peak = h("span", { class: "small quiet" });
  #variant = h("p", { class: "small quiet" });

  constructor() {
    const tile = (name, content, note = null) => h("div", { class: `tile tile-${name}` }, h("h3", { t: `tile.${name}` }), content, note);
    const figure = (name) => (this.#big[name] = h("p", { class: "figure" }, "–"));
    this.#chart = svg("svg", { class: "spark", viewBox: `0 0 ${WIDTH} ${HEIGHT + 4}`, preserveAspectRatio: "none", role: "img" }, this.#area, this.#line);
    this.element = h("section", { class: "tiles", "aria-labelledby": "tiles-title" }, h("h2", { class: "sr", id: "tiles-title", t: "wall.cluster" }),
      tile("waiting", figure("waiting")), tile("longest", h("p", { class: "figure" }, this.#longest)),
      tile("agents", h("div", { class: "stack" }, this.#bar, this.#counts)),
      tile("level", figure("level"), this.#variant), tile("answered", figure("answered")), tile("abandoned", figure("abandoned")),
      h("figure", { class: "tile tile-trail" }, h("h3", { t: "tile.trail" }), this.#chart, h("figcaption", { class: "row small quiet" }, h("span", { t: "tile.trailFrom" }), h("span", { class: "grow" }), this.#peak, h("span", { class: "grow" }), h("span", { t: "tile.trailNow" }))));
    tick(this.element, () => this.#draw());
  }

  /** Shows a new picture. */
  show(wall) {
    this.#wall = wall;
    const sum = totals(wall, levelVariant());
    this.#trail.add(now(), sum.waiting);
    text(this.#big.waiting, sum.waiting);
    this.#longest.since(sum.longestSince, 60);
    text(this.#big.answered, sum.answered);
    text(this.#big.abandoned, sum.abandoned);
    text(this.#big.level, percent(sum.serviceLevel));
    text(this.#variant, t(`levels.${levelVariant()}`));
    this.#big.waiting.parentElement.classList.toggle("hot", sum.waiting > 0);
    const all = Math.max(1, sum.ready + sum.busy + sum.notReady);
    ["ready", "busy", "notReady"].forEach((name, n) => this.#bar.children[n].style.setProperty("flex-grow", String(sum[name] / all)));
    this.#counts.replaceChildren(...["ready", "busy", "notReady"].map((name) => h("span", { class: `count count-${name}` }, h("b", {}, sum[name]), " ", t(`count.${name}`))));
    this.#draw();
  }

  #draw() {
    if (!this.#wall) return;
    const { line, start } = this.#trail.path(now(), WIDTH, HEIGHT);
    attr(this.#line, "d", line);
    attr(this.#area, "d", line === "" ? "" : `${line}V${HEIGHT + 4}H${start}Z`);
    const values = this.#trail.samples.map((one) => one.value);
    const peak = Math.max(0, ...values);
    text(this.#peak, t("tile.trailPeak", { n: peak }));
    attr(this.#chart, "aria-label", t("tile.trailSaid", { now: values.at(-1) ?? 0, peak }));
  }
}
