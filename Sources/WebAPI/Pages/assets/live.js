// The live stream: one fetch() at a time, read as server-sent events; on loss the same site again, then the others.
import { setBase } from "./api.js";
import { addresses, leave, session } from "./session.js";
import { EventParser } from "./sse.js";

/** Bounds: an answer is awaited so long; silence beyond three keep-alives is a loss; pauses grow to a ceiling. */
const ANSWER_MS = 5_000;
const SILENCE_MS = 45_000;
const PAUSE_MS = 250;
const PAUSE_MAX_MS = 8_000;
/** Tries at the site that was lost before others are asked: a restart should not move an agent. */
const LOYAL_TRIES = 4;

/**
 * Events: one per kind of the stream (`wall`, `desk`, `notice`; detail = parsed data),
 * `status` (detail = {state, site, heardAt}), `moved` (detail = {from, to}) when another site serves.
 */
export class Live extends EventTarget {
  #sites = addresses();
  #index = 0;
  #failures = 0;
  #lastID = "";
  #stopped = false;
  #wake = null;
  #served = null;
  #homeIsUp = false;
  /** `connecting`, `live`, `reconnecting`. */
  state = "connecting";
  /** When something was heard last, on this machine's clock. */
  heardAt = null;

  /** The site that serves, or is being asked. */
  get site() {
    return this.#sites[this.#index];
  }

  /** Runs until stopped. */
  async run() {
    addEventListener("online", () => this.#wake?.());
    while (!this.#stopped) {
      await this.#connect().catch(() => {});
      if (this.#stopped) return;
      this.#failures += 1;
      this.#become("reconnecting");
      await this.#pause();
      if (this.#failures > LOYAL_TRIES) this.#index = (this.#index + 1) % this.#sites.length;
    }
  }

  /** Ends for good. */
  stop() {
    this.#stopped = true;
    this.#wake?.();
    this.#abort?.abort();
  }

  /** The site of this page when another one serves it and has heard from it again; else null. */
  get awayFrom() {
    return this.state === "live" && this.#index !== 0 && this.#homeIsUp ? this.#sites[0] : null;
  }

  /** Goes back to the site of this page; when it does not answer, the search begins anew. */
  goHome() {
    this.#index = 0;
    this.#failures = 0;
    this.#abort?.abort();
  }

  #abort = null;

  async #connect() {
    const abort = (this.#abort = new AbortController());
    const site = this.site;
    let guard = setTimeout(() => abort.abort(), ANSWER_MS);
    try {
      const headers = { Accept: "text/event-stream", Authorization: `Bearer ${session()?.token ?? ""}` };
      if (this.#lastID && this.#served === site) headers["Last-Event-ID"] = this.#lastID;
      const response = await fetch(`${site.base}/api/v1/events`, { headers, cache: "no-store", credentials: "omit", signal: abort.signal });
      // Another site may not have this site's key yet: only the site that knew the token can say that it has ended.
      if (response.status === 401 && (this.#served === site || (this.#served === null && this.#index === 0))) return leave("expired");
      if (!response.ok) return;
      const parser = new EventParser((event) => this.#deliver(event, site));
      const reader = response.body.pipeThrough(new TextDecoderStream()).getReader();
      for (;;) {
        clearTimeout(guard);
        guard = setTimeout(() => abort.abort(), SILENCE_MS);
        const { done, value } = await reader.read();
        if (done) return;
        this.heardAt = Date.now();
        parser.feed(value);
        this.#lastID = parser.lastID;
      }
    } finally {
      clearTimeout(guard);
      abort.abort();
    }
  }

  #deliver({ type, data }, site) {
    let detail;
    try {
      detail = JSON.parse(data);
    } catch {
      return;
    }
    if (type === "wall") this.#homeIsUp = detail.sites?.some((one) => one.id === this.#sites[0].id && (one.state === "up" || one.state === "self")) ?? false;
    if (this.state !== "live" || this.#served !== site) this.#arrive(site);
    this.dispatchEvent(new CustomEvent(type, { detail }));
  }

  /** The first event proves that the site works: only now do calls of the API follow. */
  #arrive(site) {
    // A page whose own site died before it was heard once has moved as well.
    const from = this.#served ?? this.#sites[0];
    this.#served = site;
    this.#failures = 0;
    setBase(site.base);
    this.#become("live");
    if (from !== site) this.dispatchEvent(new CustomEvent("moved", { detail: { from, to: site } }));
  }

  #become(state) {
    this.state = state;
    this.dispatchEvent(new CustomEvent("status", { detail: { state, site: this.site, heardAt: this.heardAt } }));
  }

  /** Full jitter, so that a thousand desks do not return in step. */
  #pause() {
    const ceiling = Math.min(PAUSE_MAX_MS, PAUSE_MS * 2 ** Math.min(this.#failures - 1, 6));
    return new Promise((resolve) => {
      const timer = setTimeout(resolve, 50 + Math.random() * ceiling);
      this.#wake = () => {
        clearTimeout(timer);
        resolve();
      };
    });
  }
}
