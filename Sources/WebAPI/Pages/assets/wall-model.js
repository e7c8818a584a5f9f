// Figures of the wall that are derived from its parts: pure functions, so that tests can check them.

/** Data older than this is shown as stale even before the site is declared overdue. */
const STALE_MS = 6_000;

/** Sums over all sites and queues. */
export function totals(wall, variant) {
  const sum = (list, name) => list.reduce((total, one) => total + (one[name] ?? 0), 0);
  const since = wall.queues.map((one) => one.longestSince).filter(Boolean).sort();
  return {
    waiting: sum(wall.queues, "waiting"), longestSince: since[0] ?? null,
    ready: sum(wall.sites, "agentsReady"), busy: sum(wall.sites, "agentsBusy"), notReady: sum(wall.sites, "agentsNotReady"),
    answered: sum(wall.queues, "answeredToday"), abandoned: sum(wall.queues, "abandonedToday"), serviceLevel: serviceLevel(wall.queues, variant),
  };
}

/** The ways of counting a service level: A answered and B abandoned in time, N all that were answered, abandoned or wait too long. */
export const LEVELS = ["ignoreAbandons", "negative", "positive", "handledOnly"];

/** One queue's service level; null before the first contact. */
export function level(queue, variant = LEVELS[0]) {
  return queue.today?.serviceLevels?.[variant] ?? null;
}

/** The service level over several queues, from the counts behind their shares: A = negative · N, B = (positive − negative) · N. */
export function serviceLevel(queues, variant = LEVELS[0]) {
  const sum = { good: 0, base: 0 };
  for (const { today } of queues) {
    if (!today) continue;
    const all = today.answered + today.abandoned + today.overdue;
    const inTime = Math.round((today.serviceLevels.negative ?? 0) * all);
    const left = Math.max(0, Math.round((today.serviceLevels.positive ?? 0) * all) - inTime);
    const [good, base] = { ignoreAbandons: [inTime, all - left], negative: [inTime, all], positive: [inTime + left, all], handledOnly: [inTime, today.answered] }[variant];
    sum.good += good;
    sum.base += base;
  }
  return sum.base > 0 ? sum.good / sum.base : null;
}

/** What became of a queue's contacts of the day; `open` is the rest. */
export function outcomes({ offered, answered, abandoned, shortAbandoned, other }) {
  return { answered, abandoned, short: shortAbandoned, other, open: Math.max(0, offered - answered - abandoned - shortAbandoned - other) };
}

/** Time on contacts, of it and time waiting for one, over several groups of agents; null when neither was. */
export function occupancy(groups) {
  const sum = (name) => groups.reduce((total, one) => total + one[name], 0);
  const [handling, idle] = [sum("handlingMs"), sum("idleMs")];
  return handling + idle > 0 ? handling / (handling + idle) : null;
}

/** A share as a whole percentage, never rounded up to 100. */
export function percent(share) {
  return share === null || share === undefined ? "–" : `${Math.min(share < 1 ? 99 : 100, Math.round(share * 100))} %`;
}

/** Links seen from two ends become one: `oneWay` when the ends disagree. */
export function links(rows) {
  const pairs = new Map();
  for (const row of rows) {
    const [a, b] = [row.from, row.to].sort();
    const key = `${a}|${b}`;
    pairs.set(key, [...(pairs.get(key) ?? []), row]);
  }
  return [...pairs].map(([key, views]) => {
    const [a, b] = key.split("|");
    const states = views.map((one) => one.state);
    const isDown = states.includes("down");
    const shown = isDown ? "down" : states.includes("up") ? "up" : "unknown";
    const view = views.find((one) => one.state === shown);
    return { key, a, b, state: shown, oneWay: isDown && states.includes("up"), rttMs: view.rttMs ?? null, since: view.since ?? null };
  }).sort((one, other) => (one.key < other.key ? -1 : 1));
}

/** How old a site's figures are now; null when it was never heard. `passed` is the time since the wall arrived. */
export function siteAge(site, passed) {
  if (site.state === "self") return passed;
  return site.ageMs === null || site.ageMs === undefined ? null : site.ageMs + passed;
}

/** True when a site's figures may no longer be so. */
export function isStale(site, passed) {
  const known = siteAge(site, passed);
  return site.state === "unreachable" || site.state === "suspect" || known === null || known > STALE_MS;
}

/** Since when the longest waits at one site. */
export function longestAt(wall, site) {
  return wall.contacts.filter((one) => one.site === site && one.state === "waiting").map((one) => one.since).sort()[0] ?? null;
}

/** Where a site is drawn, on a square of 100: by compass where the names tell, else on a circle. */
export function places(ids) {
  const compass = { north: [50, 16], east: [84, 50], south: [50, 84], west: [16, 50], centre: [50, 50], center: [50, 50] };
  if (ids.every((id) => compass[id])) return Object.fromEntries(ids.map((id) => [id, compass[id]]));
  const turn = (2 * Math.PI) / Math.max(1, ids.length);
  return Object.fromEntries(ids.map((id, n) => [id, [50 + 34 * Math.sin(n * turn), 50 - 34 * Math.cos(n * turn)]]));
}

/** Sorted copy by a column; times and numbers by value, words by the language's order. */
export function sorted(rows, { column, descending }, value) {
  const sign = descending ? -1 : 1;
  return [...rows].sort((a, b) => {
    const [x, y] = [value(a, column), value(b, column)];
    const order = typeof x === "number" && typeof y === "number" ? x - y : String(x ?? "").localeCompare(String(y ?? ""), document.documentElement.lang);
    return sign * order || (a.id < b.id ? -1 : 1);
  });
}

/** The last minutes of one figure. */
export class Trail {
  #samples = [];

  constructor(span, samplesMax) {
    this.span = span;
    this.samplesMax = samplesMax;
  }

  /** Notes a value at a time; values in the same second replace each other. */
  add(at, value) {
    const last = this.#samples.at(-1);
    if (last && at - last.at < 1000) last.value = Math.max(last.value, value);
    else this.#samples.push({ at, value });
    this.#samples = this.#samples.filter((one, n, all) => at - one.at <= this.span || (all[n + 1] && at - all[n + 1].at <= this.span)).slice(-this.samplesMax);
  }

  /** The samples, oldest first. */
  get samples() {
    return this.#samples;
  }

  /** A stepped line over a width and height, {line, start}; `now` is the right edge, `start` where the line begins. */
  path(now, width, height) {
    const top = Math.max(1, ...this.#samples.map((one) => one.value));
    const x = (at) => Math.max(0, width * (1 - (now - at) / this.span)).toFixed(1);
    const y = (value) => (height - (height * value) / top).toFixed(1);
    const steps = this.#samples.map((one, n) => (n === 0 ? `M${x(one.at)} ${y(one.value)}` : `H${x(one.at)}V${y(one.value)}`));
    return steps.length === 0 ? { line: "", start: width } : { line: `${steps.join("")}H${width}`, start: x(this.#samples[0].at) };
  }
}
