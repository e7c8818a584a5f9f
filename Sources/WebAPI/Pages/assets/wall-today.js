// The figures of the day for each queue, and on request each site's part with its age.
import { attr, freshID, h, keyed, text } from "./dom.js";
import { icon, setIcon } from "./icons.js";
import { t } from "./i18n.js";
import { age, clock, duration, now, tick } from "./time.js";
import { levelChoice, levelVariant } from "./wall-level.js";
import { isStale, level, outcomes, percent } from "./wall-model.js";

const COLUMNS = ["queue", "offered", "answered", "levelBar", "asa", "aht", "acw", "abandonment", "short", "expected", "error"];
const PARTS = ["site", "data", "offered", "answered", "abandoned", "level"];
const SEGMENTS = ["answered", "abandoned", "short", "other", "open"];

/** A span of milliseconds, or a dash. */
const span = (ms) => (ms === null || ms === undefined ? "–" : duration(ms));

/** A range of waiting in words; `none` where there is no estimate. */
export function waitRange(estimate, none = "–") {
  if (!estimate) return none;
  if (estimate.highMs < 1_000) return t("estimate.now");
  const high = duration(estimate.highMs);
  return estimate.lowMs < 1_000 ? t("estimate.soon", { high }) : t("estimate.range", { low: duration(estimate.lowMs), high });
}

/** How good the estimates were, in a sentence. */
function errorWords({ count, meanAbsoluteMs, biasMs, shareInside } = { count: 0 }) {
  if (!count) return t("estimate.unchecked");
  const by = duration(Math.abs(biasMs));
  const bias = Math.abs(biasMs) < 1_000 ? t("estimate.even") : t(biasMs > 0 ? "estimate.long" : "estimate.short", { by });
  return t("estimate.error", { count, mean: duration(meanAbsoluteMs), bias, inside: percent(shareInside) });
}

/** The panel. `changed` is called when another way of counting was chosen. */
export class WallToday {
  #wall = null;
  #at = 0;
  #open = new Set();
  #table;
  #note = h("span", { class: "small quiet" });
  #whole = h("span", { class: "chip whole-today" });

  constructor(changed) {
    const head = h("thead", {}, h("tr", {}, COLUMNS.map((one, n) => h("th", { scope: "col", class: n ? "num" : null, t: `col.${one}` }))));
    this.#table = h("table", {}, h("caption", { class: "sr", t: "today.caption" }), head);
    this.element = h("section", { class: "panel today", "aria-labelledby": "today-title" },
      h("header", { class: "row wrap" }, h("h2", { id: "today-title", t: "wall.today" }), this.#note, h("span", { class: "grow" }), this.#whole, levelChoice(changed)),
      h("div", { class: "scroll", tabindex: "0", role: "region", tLabel: "today.caption" }, this.#table));
    tick(this.element, () => this.#ages());
  }

  /** Shows a new picture. */
  show(wall) {
    this.#wall = wall;
    this.#at = Date.now();
    const day = new Date(now());
    text(this.#note, t("wall.todayNote", { at: clock(Date.UTC(day.getUTCFullYear(), day.getUTCMonth(), day.getUTCDate())) }));
    const { heard, of } = wall.completeness;
    this.#whole.className = `chip whole-today ${heard >= of ? "good" : "warn"}`;
    text(this.#whole, t("wall.complete", { heard, of, n: of }));
    // The header stays first; each queue has a body of its own: its row, and its parts below.
    const bodies = this.#table.tBodies;
    const holder = { children: [...bodies], firstElementChild: bodies[0] ?? null, contains: (node) => this.#table.contains(node), insertBefore: (node, before) => this.#table.insertBefore(node, before) };
    keyed(holder, wall.queues, (one) => one.id, (one) => this.#body(one.id), (body, one) => this.#fill(body, one));
    this.#ages();
  }

  #body(id) {
    const target = freshID("parts");
    const name = h("span", { class: "clip" });
    const caret = h("span", { class: "caret" });
    const button = h("button", { type: "button", class: "expander", "aria-controls": target, "aria-expanded": "false", on: { click: () => this.#toggle(id) } }, caret, name);
    const stale = h("span", { class: "chip warn small", hidden: true });
    const cells = COLUMNS.slice(1).map((one) => h("td", { class: "num", "data-col": one }, one === "levelBar" ? [h("span", { class: "level-bar", "aria-hidden": "true" }, h("span", {})), h("span", { class: "level-words" })] : []));
    return h("tbody", {}, h("tr", {}, h("th", { scope: "row" }, h("div", { class: "row" }, button, stale)), cells), h("tr", { class: "parts", id: target, hidden: true }, h("td", { colspan: COLUMNS.length })));
  }

  #fill(body, queue) {
    const { today } = queue;
    const [row, detail] = body.rows;
    const cell = (name) => row.querySelector(`[data-col=${name}]`);
    const button = row.querySelector(".expander");
    const isOpen = this.#open.has(queue.id);
    attr(button, "aria-expanded", String(isOpen));
    attr(button, "aria-label", t("today.open", { queue: queue.name }));
    setIcon(button.firstElementChild, isOpen ? "caretDown" : "right");
    text(button.lastElementChild, queue.name);
    const share = level(queue, levelVariant());
    cell("levelBar").querySelector(".level-bar > span").style.setProperty("width", `${100 * (share ?? 0)}%`);
    text(cell("levelBar").lastElementChild, percent(share));
    text(cell("offered"), today.offered);
    text(cell("answered"), today.answered);
    text(cell("asa"), span(today.speedOfAnswerMs));
    text(cell("aht"), span(today.handlingTimeMs));
    text(cell("acw"), span(today.wrapUpMs));
    text(cell("abandonment"), `${percent(today.abandonment)} (${today.abandoned})`);
    text(cell("short"), today.shortAbandoned);
    text(cell("expected"), waitRange(queue.estimate, t("estimate.nobody")));
    text(cell("error"), queue.estimateErrors?.count ? t("estimate.off", { mean: duration(queue.estimateErrors.meanAbsoluteMs) }) : "–");
    detail.hidden = !isOpen;
    if (isOpen) this.#detail(detail.cells[0], queue);
  }

  #toggle(id) {
    if (!this.#open.delete(id)) this.#open.add(id);
    this.show(this.#wall);
  }

  /** The sites' parts, what became of the day's contacts, and how good the estimates were. */
  #detail(cell, queue) {
    if (cell.childElementCount === 0) {
      const bar = h("div", { class: "outcome-bar", "aria-hidden": "true" }, SEGMENTS.map((one) => h("span", { class: `seg-${one}` })));
      cell.append(h("div", { class: "parts-body" },
        h("table", { class: "parts-table" }, h("caption", { class: "small quiet" }), h("thead", {}, h("tr", {}, PARTS.map((one, n) => h("th", { scope: "col", class: n > 1 ? "num" : null, t: `col.${one}` })))), h("tbody", {})),
        h("div", { class: "stack" }, bar, h("p", { class: "small sums" }, h("span", {}), SEGMENTS.map((one) => h("span", {}, h("i", { class: `seg-${one}` }), h("span", {})))), h("p", { class: "small errors" }))));
    }
    text(cell.querySelector("caption"), t("today.parts", { queue: queue.name }));
    const rows = this.#wall.sites.map((site) => ({ id: site.id, site, part: queue.today.parts.find((one) => one.site === site.id) ?? null }));
    keyed(cell.querySelector("tbody"), rows, (one) => one.id, () => h("tr", {}, h("th", { scope: "row" }), h("td", { class: "part-age" }), PARTS.slice(2).map(() => h("td", { class: "num" }))), (row, one) => this.#part(row, one));
    const sums = outcomes(queue.today);
    SEGMENTS.forEach((one, n) => cell.querySelector(".outcome-bar").children[n].style.setProperty("flex-grow", String(sums[one])));
    const words = cell.querySelector(".sums").children;
    text(words[0], t("today.of", { n: queue.today.offered }));
    SEGMENTS.forEach((one, n) => text(words[n + 1].lastElementChild, t(`outcomes.${one}`, { n: sums[one] })));
    text(cell.querySelector(".errors"), errorWords(queue.estimateErrors));
  }

  #part(row, { site, part }) {
    text(row.cells[0], site.name);
    ["offered", "answered", "abandoned"].forEach((name, n) => text(row.cells[n + 2], part ? part[name] : "–"));
    text(row.cells[5], part ? percent(part.serviceLevel) : "–");
  }

  /** The parts grow older between two pictures. */
  #ages() {
    const passed = Date.now() - this.#at;
    for (const body of this.#table?.tBodies ?? []) {
      const queue = this.#wall?.queues.find((one) => one.id === body.dataset.key);
      if (!queue) continue;
      const parts = this.#wall.sites.map((site) => this.#standing(site, queue.today.parts.find((one) => one.site === site.id), passed));
      const stale = parts.filter((one) => one.stale).length;
      const chip = body.rows[0].querySelector(".chip");
      chip.hidden = stale === 0;
      text(chip, t("today.partial", { n: stale, of: parts.length }));
      for (const [n, row] of [...body.querySelectorAll(".parts-table tbody tr")].entries()) {
        row.classList.toggle("hatched", parts[n].stale);
        row.classList.toggle("stale", parts[n].stale);
        text(row.cells[1], parts[n].words);
      }
    }
  }

  #standing(site, part, passed) {
    const stale = part ? part.stale || isStale(site, passed) : isStale(site, passed);
    if (!part) return { stale, words: t(stale ? "today.unheard" : "today.nothing") };
    if (site.state === "self") return { stale: false, words: t("today.live") };
    return { stale, words: t(stale ? "today.stale" : "today.fresh", { age: age(part.ageMs + passed) }) };
  }
}
