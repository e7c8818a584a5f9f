// The files of a ticket: attach by choosing or pasting, with progress; save one, wherever in the cluster its content is.
import { api } from "./api.js";
import { freshID, h, text } from "./dom.js";
import { icon } from "./icons.js";
import { t } from "./i18n.js";
import { busy, moment } from "./parts.js";
import { complain, toast } from "./ui.js";

const BYTES_MAX = 25 * 1024 * 1024;
/** How often a content that is on its way from another site is asked for before the person is told to come back. */
const TRIES_MAX = 20;

/** A size in the words of the page's language. */
export function fileSize(bytes) {
  const units = ["byte", "kilobyte", "megabyte"];
  const step = bytes < 1_000 ? 0 : bytes < 1_000_000 ? 1 : 2;
  const number = bytes / 1_000 ** step;
  return new Intl.NumberFormat(document.documentElement.lang, { style: "unit", unit: units[step], unitDisplay: "short", maximumFractionDigits: step === 0 || number >= 10 ? 0 : 1 }).format(number);
}

/** `changed(ticket)` takes the ticket as it is after a file was attached. */
export class Attachments {
  #id = null;
  #changed;
  #list = h("ul", { class: "lines-list" });
  #sending = h("ul", { class: "lines-list", "aria-live": "polite" });
  #picker = h("input", { type: "file", multiple: true, hidden: true, tabindex: "-1", tLabel: "files.add" });

  constructor({ changed }) {
    this.#changed = changed;
    const add = h("button", { class: "button slim attach", type: "button" }, icon("plus"), h("span", { t: "files.add" }));
    add.addEventListener("click", () => this.#picker.click());
    this.#picker.addEventListener("change", () => {
      this.send([...this.#picker.files]);
      this.#picker.value = "";
    });
    const title = freshID("files");
    this.element = h("div", { class: "files", role: "group", "aria-labelledby": title },
      h("div", { class: "row" }, h("span", { class: "legend grow", id: title, t: "files.title" }), h("span", { class: "small quiet", t: "files.paste" }), add, this.#picker), this.#sending, this.#list);
  }

  /** Takes files out of a paste into the panel; text goes where it always goes. */
  paste(event) {
    const files = [...(event.clipboardData?.files ?? [])];
    if (files.length === 0 || !this.#id || !this.element.isConnected) return;
    event.preventDefault();
    this.send(files.map((one) => (one.type.startsWith("image/") ? new File([one], screenshot(one.type), { type: one.type }) : one)));
  }

  /** Shows the files of a ticket. */
  show(ticket) {
    if (this.#id !== ticket.id) this.#sending.replaceChildren();
    this.#id = ticket.id;
    const files = ticket.attachments ?? [];
    const stamp = JSON.stringify([ticket.id, files, document.documentElement.lang]);
    if (this.#list.stamp === stamp) return;
    this.#list.stamp = stamp;
    this.#list.replaceChildren(...(files.length === 0 ? [h("li", { class: "quiet small", t: "files.none" })] : files.map((one) => this.#line(ticket.id, one))));
  }

  /** Attaches files one after the other. */
  async send(files) {
    const id = this.#id;
    for (const file of files) await this.#send(id, file);
  }

  async #send(id, file) {
    if (file.size > BYTES_MAX) return toast("fault", "files.tooLarge", { name: file.name });
    const bar = h("progress", { max: "100", value: "0", "aria-label": t("files.sending", { name: file.name }) });
    const line = h("li", { class: "row small" }, h("span", { class: "grow clip", t: ["files.sending", { name: file.name }] }), bar);
    if (id === this.#id) this.#sending.append(line);
    try {
      const ticket = await api.attach(id, file, (share) => (bar.value = Math.round(100 * share)));
      toast("good", "files.saved", { name: file.name });
      this.#changed(ticket);
    } catch (error) {
      if (error.status === 0) toast("fault", "save.offline");
      else complain(error);
    } finally {
      line.remove();
    }
  }

  #line(id, file) {
    const state = h("span", { class: "small quiet", role: "status" });
    const get = h("button", { class: "line", type: "button", title: t("files.get", { name: file.name }) },
      h("span", { class: "subject" }, file.name),
      h("span", { class: "row wrap small quiet" }, fileSize(file.size), file.by, moment(file.at), file.of ? h("span", { class: "mono" }, file.of.name) : null, state));
    get.addEventListener("click", () => busy(get, () => this.#get(id, file, state)));
    return h("li", {}, get);
  }

  /** Saves a file; one that another site has is asked for until it is here. */
  async #get(id, file, state) {
    try {
      for (let tries = 0; tries < TRIES_MAX; tries += 1) {
        const answer = await api.attachment(id, file.id);
        if (answer.content) return save(answer.content, file.name);
        text(state, t("files.fetching", { percent: Math.floor((100 * answer.bytes) / answer.of) }));
        await new Promise((resolve) => setTimeout(resolve, answer.again));
      }
      toast("fault", "files.later", { name: file.name });
    } catch (error) {
      if (error.status === 0) toast("fault", "save.offline");
      else complain(error);
    } finally {
      text(state, "");
    }
  }
}

/** The name of a pasted picture: what and when, so that several on one ticket can be told apart. */
function screenshot(type) {
  const now = new Date();
  const two = (number) => String(number).padStart(2, "0");
  const when = `${now.getFullYear()}${two(now.getMonth() + 1)}${two(now.getDate())}-${two(now.getHours())}${two(now.getMinutes())}${two(now.getSeconds())}`;
  return `screenshot-${when}.${type === "image/jpeg" ? "jpg" : type.slice(6).replace(/\W.*/u, "")}`;
}

function save(content, name) {
  const address = URL.createObjectURL(content);
  const link = h("a", { href: address, download: name });
  link.click();
  // After the browser has taken it.
  setTimeout(() => URL.revokeObjectURL(address), 60_000);
}
