// A recording with its picture: keyboard seeking, speed, and a copy only for who may have one.
import { api } from "./api.js";
import { said } from "./call-run.js";
import { attr, freshID, h, svg, text } from "./dom.js";
import { icon, setIcon } from "./icons.js";
import { busy, moment } from "./parts.js";
import { session } from "./session.js";
import { t } from "./i18n.js";
import { dateTime, duration } from "./time.js";

const COLUMNS = 240;
const RATES = [0.75, 1, 1.25, 1.5, 2];
const STEP_S = 5;
const LEAP_S = 30;
const TRIES_MAX = 20;

/** The recordings of the contacts of a ticket: one contact's at a time, below the list. */
export class Recordings {
  #ticket = null;
  #contact = null;
  element = h("section", { class: "recordings stack", hidden: true });

  /** True when this session may hear a contact. */
  static mayHear(contact) {
    const { role, agent } = session().account;
    return role !== "agent" || (Boolean(agent) && (contact.agents ?? [contact.agent]).includes(agent));
  }

  /** Another ticket takes its recordings with it. */
  show(ticket) {
    if (this.#ticket === ticket) return;
    this.#ticket = ticket;
    this.close();
  }

  /** The contact whose recordings are shown. */
  get contact() {
    return this.#contact;
  }

  close() {
    this.#contact = null;
    this.element.hidden = true;
    this.element.replaceChildren();
  }

  /** Opens a contact's recordings, or closes them when they are open. */
  async toggle(contact) {
    if (this.#contact === contact.id) return this.close();
    this.#contact = contact.id;
    const status = h("p", { class: "small quiet", role: "status" });
    const title = h("h3", {}, t("record.of", { at: dateTime(contact.startedAt) }));
    this.element.replaceChildren(h("div", { class: "row" }, title, h("span", { class: "grow" }), h("span", { class: "small quiet" }, t("record.audited"))), status);
    this.element.hidden = false;
    try {
      const { items } = await api.recordings(contact.id);
      if (this.#contact !== contact.id) return undefined;
      text(status, items.length === 0 ? t("record.none") : "");
      this.element.append(...items.map((one) => new Player(contact.id, one).element));
    } catch (error) {
      text(status, said(error));
    }
    return undefined;
  }
}

/** What people call a site. */
function siteName(id) {
  return session().sites.find((one) => one.id === id)?.name ?? id;
}

/** That a site cannot be reached, and since when, where that is known. */
function awayWords(site, since) {
  return since ? t("record.awaySince", { site: siteName(site), since: dateTime(since) }) : t("record.away", { site: siteName(site) });
}

/**
 * One recording. What is heard is fetched at the first press, not before: every access is noted.
 * One of another site comes over this one as it is played; when that ends in the middle, pressing again goes on from there.
 */
export class Player {
  #contact;
  #recording;
  #audio = new Audio();
  #content = null;
  /** What has come of it so far. */
  #held = { parts: [], bytes: 0, of: 0 };
  #place = 0;
  #played = svg("rect", { x: 0, y: 0, width: 0, height: 100 });
  #time = h("span", { class: "mono small" });
  #status = h("span", { class: "small quiet", role: "status" });
  #retry = h("button", { class: "button slim", type: "button", hidden: true, on: { click: () => this.toggle() } }, icon("refresh"), h("span", {}, t("record.retry")));

  constructor(contact, recording) {
    this.#contact = contact;
    this.#recording = recording;
    this.#play = h("button", { class: "button icon play", type: "button", on: { click: () => this.toggle() } }, h("span", {}));
    this.#wave = h("div", { class: "wave", role: "slider", tabindex: "0", "aria-label": t("record.place"), "aria-valuemin": "0", "aria-valuemax": String(Math.round(recording.seconds)) }, picture(recording.peaks, this.#played));
    this.#wave.addEventListener("keydown", (event) => this.#key(event));
    this.#wave.addEventListener("click", (event) => this.seek((event.offsetX / this.#wave.clientWidth) * recording.seconds));
    const id = freshID("rate");
    const rate = h("select", { id, on: { change: () => (this.#audio.playbackRate = this.#audio.defaultPlaybackRate = Number(rate.value)) } }, RATES.map((one) => h("option", { value: one, selected: one === 1 }, `${one}×`)));
    const save = h("button", { class: "button slim", type: "button" }, icon("save"), h("span", {}, t("record.save")));
    save.addEventListener("click", () => busy(save, () => this.#save()));
    const label = t("record.one", { at: dateTime(recording.startedAt), length: duration(recording.seconds * 1000) });
    this.element = h("div", { class: "player", role: "group", "aria-label": label }, this.#play, this.#wave,
      h("div", { class: "row wrap player-foot" }, this.#time, moment(recording.startedAt), recording.incomplete ? h("strong", { class: "small" }, t("record.incomplete")) : null, this.#from(), this.#status, this.#retry, h("span", { class: "grow" }), h("label", { for: id, class: "small" }, t("record.rate")), rate, session().account.role === "agent" ? null : save));
    for (const type of ["play", "pause", "ended", "timeupdate", "seeked"]) this.#audio.addEventListener(type, () => this.#show());
    this.#audio.addEventListener("error", () => this.#audio.src && text(this.#status, t("record.broken")));
    if (recording.standing === "away") text(this.#status, awayWords(recording.site, recording.awaySince));
    if (recording.standing === "unreadable") text(this.#status, t("record.unreadable", { site: siteName(recording.site) }));
    this.#show();
  }

  #play;
  #wave;

  get #length() {
    return this.#recording.seconds;
  }

  /** Plays or pauses. */
  toggle() {
    return busy(this.#play, async () => {
      if (!this.#audio.paused) return this.#audio.pause();
      if (!(await this.#load())) return undefined;
      return this.#audio.play().catch((error) => error.name === "AbortError" || text(this.#status, t("record.broken")));
    });
  }

  /** Goes to a place, in seconds; before anything is fetched it is where playing will begin. */
  seek(seconds) {
    this.#place = Math.min(Math.max(seconds, 0), this.#length);
    if (this.#content) this.#audio.currentTime = this.#place;
    this.#show();
  }

  #key(event) {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const at = this.#place;
    const next = { ArrowRight: at + STEP_S, ArrowUp: at + STEP_S, ArrowLeft: at - STEP_S, ArrowDown: at - STEP_S, PageUp: at + LEAP_S, PageDown: at - LEAP_S, Home: 0, End: this.#length }[event.key];
    if (next === undefined && event.key !== " ") return;
    event.preventDefault();
    event.stopPropagation();
    if (next === undefined) this.toggle();
    else this.seek(next);
  }

  /** Where it lies, when that is another site. */
  #from() {
    const { site, standing } = this.#recording;
    return !site || standing === "here" ? null : h("span", { class: "small quiet" }, t("record.lies", { site: siteName(site) }));
  }

  /** Fetches the recording, over another site if need be; false when it cannot be had. */
  async #load() {
    if (this.#content) return true;
    this.#retry.hidden = true;
    for (let tries = 1; this.element.isConnected; tries += 1) {
      const before = this.#held.bytes;
      this.#tell();
      try {
        this.#content = await api.recording(this.#contact, this.#recording.file, this.#held, () => this.#tell());
        break;
      } catch (error) {
        // One that was cut goes on where it ended as long as something comes; else the next answer says why nothing does.
        const isWorthIt = error.cut && tries < TRIES_MAX && (this.#held.bytes > before || tries === 1);
        if (!isWorthIt) return this.#failed(error);
      }
    }
    if (!this.#content) return false;
    this.#held.parts = [];
    this.#audio.src = URL.createObjectURL(this.#content);
    this.#audio.currentTime = this.#place;
    text(this.#status, "");
    if (this.#recording.peaks.length === 0) await this.#learn();
    return true;
  }

  /** How much of it is here. */
  #tell() {
    // In steps: each is read aloud.
    const percent = 10 * Math.floor((10 * this.#held.bytes) / Math.max(1, this.#held.of));
    const { site, standing } = this.#recording;
    text(this.#status, !site || standing === "here" ? t("record.loading", { percent }) : t("record.fetching", { percent, site: siteName(site) }));
  }

  /** Says why it cannot be had, and offers to try again where that may help. */
  #failed(error) {
    const percent = Math.floor((100 * this.#held.bytes) / Math.max(1, this.#held.of));
    this.#retry.hidden = error.status === 404;
    text(this.#status, error.status === 404 ? t("record.gone") : error.away ? awayWords(error.away.site, error.away.since) : error.cut ? t("record.cut", { percent }) : said(error));
    return false;
  }

  /** Its length and picture, which were not known while its site was away. */
  async #learn() {
    const found = await api.recordings(this.#contact).then(({ items }) => items.find((one) => one.file === this.#recording.file), () => null);
    if (!found || found.peaks.length === 0) return;
    this.#recording = found;
    this.#wave.replaceChildren(picture(found.peaks, this.#played));
    attr(this.#wave, "aria-valuemax", Math.round(found.seconds));
    this.#show();
  }

  async #save() {
    if (!(await this.#load())) return;
    const link = h("a", { href: URL.createObjectURL(this.#content), download: `${this.#contact}-${this.#recording.file}` });
    link.click();
    setTimeout(() => URL.revokeObjectURL(link.href), 60_000);
  }

  #show() {
    if (!this.element.isConnected && !this.#audio.paused) this.#audio.pause();
    if (this.#content && this.#audio.readyState > 0) this.#place = this.#audio.currentTime;
    const isPlaying = !this.#audio.paused;
    setIcon(this.#play.firstElementChild, isPlaying ? "pause" : "play");
    attr(this.#play, "aria-label", t(isPlaying ? "record.pause" : "record.play"));
    const at = duration(this.#place * 1000);
    const length = duration(this.#length * 1000);
    text(this.#time, `${at} / ${length}`);
    attr(this.#wave, "aria-valuenow", Math.round(this.#place));
    attr(this.#wave, "aria-valuetext", t("record.at", { at, length }));
    attr(this.#played, "width", (COLUMNS * this.#place) / Math.max(this.#length, 0.01));
  }
}

/** The loudness over time, twice: pale, and strong as far as it was played. */
function picture(peaks, played) {
  const id = freshID("clip");
  const columns = Array.from({ length: COLUMNS }, (_, n) => {
    const from = Math.floor((n * peaks.length) / COLUMNS);
    const to = Math.max(from + 1, Math.floor(((n + 1) * peaks.length) / COLUMNS));
    return Math.min(1, Math.max(0.02, ...peaks.slice(from, to)));
  });
  const path = columns.map((peak, n) => `M${n + 0.5} ${(50 - 48 * peak).toFixed(1)}V${(50 + 48 * peak).toFixed(1)}`).join("");
  return svg("svg", { viewBox: `0 0 ${COLUMNS} 100`, preserveAspectRatio: "none", "aria-hidden": "true", focusable: "false" },
    svg("clipPath", { id }, played), svg("path", { class: "pale", d: path }), svg("path", { class: "strong", d: path, "clip-path": `url(#${id})` }));
}
