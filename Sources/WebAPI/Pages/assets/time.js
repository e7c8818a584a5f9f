// Times of the server shown on this machine: its clock may be off, so ages are measured against the server's.
import { language, t } from "./i18n.js";

let offset = 0;
const ticking = new Set();

/** Learns the server's clock from a stamp that has just arrived. */
export function learnClock(stamp) {
  const at = Date.parse(stamp);
  if (Number.isFinite(at)) offset = at - Date.now();
}

/** The server's time now, in milliseconds. */
export function now() {
  return Date.now() + offset;
}

/** 4:05, 12:40, 1:02:33. */
export function duration(ms) {
  const seconds = Math.max(0, Math.floor(ms / 1000));
  const pad = (n) => String(n).padStart(2, "0");
  const hours = Math.floor(seconds / 3600);
  const minutes = Math.floor(seconds / 60) % 60;
  return hours > 0 ? `${hours}:${pad(minutes)}:${pad(seconds % 60)}` : `${minutes}:${pad(seconds % 60)}`;
}

/** "12 s", "4 min", "3 h": an age in words. */
export function age(ms) {
  const seconds = Math.max(0, Math.round(ms / 1000));
  if (seconds < 120) return t("age.seconds", { n: seconds });
  if (seconds < 7200) return t("age.minutes", { n: Math.floor(seconds / 60) });
  if (seconds < 172800) return t("age.hours", { n: Math.floor(seconds / 3600) });
  return t("age.days", { n: Math.floor(seconds / 86400) });
}

/** A clock time with its zone. */
export function clock(stamp) {
  return format(stamp, { hour: "2-digit", minute: "2-digit", hourCycle: "h23", timeZoneName: "short" });
}

/** A date and clock time with its zone. */
export function dateTime(stamp) {
  return format(stamp, {
    year: "numeric", month: "short", day: "numeric", hour: "2-digit", minute: "2-digit", hourCycle: "h23", timeZoneName: "short",
  });
}

/** A short date. */
export function day(stamp) {
  return format(stamp, { year: "numeric", month: "short", day: "numeric" });
}

function format(stamp, options) {
  const at = typeof stamp === "number" ? stamp : Date.parse(stamp);
  return Number.isFinite(at) ? new Intl.DateTimeFormat(language(), options).format(at) : "";
}

/** Calls `show` now and each second while `node` is on the page. */
export function tick(node, show) {
  const entry = { node, show };
  ticking.add(entry);
  show();
  return () => ticking.delete(entry);
}

function beat() {
  for (const entry of ticking) if (entry.node.isConnected) entry.show();
  setTimeout(beat, 1000 - (Date.now() % 1000));
}
beat();

/** Time since `since`, or until `until`, ticking. `warn` seconds turn it to a warning. */
export class Timer extends HTMLElement {
  #since = null;
  #until = null;
  #warn = Infinity;
  #stop = null;

  connectedCallback() {
    this.setAttribute("role", "timer");
    this.#stop ??= tick(this, () => this.#show());
  }

  disconnectedCallback() {
    this.#stop?.();
    this.#stop = null;
  }

  /** Counts up from a stamp; null shows a dash. */
  since(stamp, warn = Infinity) {
    [this.#since, this.#until, this.#warn] = [stamp, null, warn];
    this.#show();
  }

  /** Counts down to a stamp. */
  until(stamp) {
    [this.#since, this.#until, this.#warn] = [null, stamp, Infinity];
    this.#show();
  }

  #show() {
    const from = this.#until ?? this.#since;
    const ms = from === null ? null : (this.#until ? Date.parse(from) - now() + 999 : now() - Date.parse(from));
    const next = ms === null || Number.isNaN(ms) ? "–" : duration(ms);
    if (this.textContent !== next) this.textContent = next;
    this.classList.toggle("late", ms !== null && ms / 1000 > this.#warn);
  }
}
customElements.define("tandem-timer", Timer);
