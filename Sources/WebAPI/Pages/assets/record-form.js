// A record edited in place: drafts survive a reload, saving names the version seen, and a clash shows both values.
import { attr, freshID, h, text } from "./dom.js";
import { dropDraft, draft, keepDraft } from "./drafts.js";
import { icon } from "./icons.js";
import { t, word } from "./i18n.js";
import { busy } from "./parts.js";
import { complain, dialog, toast } from "./ui.js";

/** A save is rebased on newer versions so often before it is given back to the person. */
const REBASES_MAX = 3;

const same = (a, b) => JSON.stringify(a ?? "") === JSON.stringify(b ?? "");

/**
 * `fields`: [{name, type: text|textarea|select|list, options?, words?, required?, optional?, wide?, allowed?(record)}].
 * `save(record, patch, version)` sends the change and returns the new record; `load(record)` fetches the present one.
 * `title` names the form, `create` = true: a new record, everything filled in is sent.
 */
export class RecordForm {
  #spec;
  #inputs = new Map();
  #record = null;
  #base = {};
  #version = null;
  #bar;
  #count;
  #button;

  constructor(spec) {
    this.#spec = spec;
    this.#count = h("span", { class: "grow small", role: "status" });
    this.#button = h("button", { class: "button primary slim", t: spec.submit ?? "save" });
    const discard = h("button", { class: "button slim", type: "button", t: spec.create ? "clear" : "discard", on: { click: () => this.discard() } });
    this.#bar = h("div", { class: "savebar row" }, this.#count, discard, this.#button);
    this.element = h("form", { class: "record", novalidate: true, tLabel: spec.title }, spec.fields.map((field) => this.#field(field)), this.#bar);
    this.element.addEventListener("submit", (event) => {
      event.preventDefault();
      busy(this.#button, () => this.save());
    });
    this.element.addEventListener("input", () => this.#edited());
    this.element.addEventListener("keydown", (event) => {
      if ((event.ctrlKey || event.metaKey) && (event.key === "s" || event.key === "Enter")) {
        event.preventDefault();
        this.element.requestSubmit();
      }
    });
  }

  /** Shows a record, with the draft kept for it. */
  show(record) {
    const kept = draft(this.#spec.kind, record.id);
    this.#record = record;
    this.#base = kept?.base ?? this.#read(record);
    this.#version = kept ? kept.version : record.version;
    for (const { name } of this.#spec.fields) this.#set(name, kept && name in kept.values ? kept.values[name] : this.#read(record)[name]);
    this.#allow();
    this.#mark();
  }

  /** A newer state of the same record arrived: what is not being edited follows it. */
  refresh(record) {
    if (this.#record?.id !== record.id) return this.show(record);
    if (this.isDirty) return undefined;
    if (this.element.contains(document.activeElement) && same(this.#read(record), this.#base)) this.#version = record.version;
    else this.show(record);
    return undefined;
  }

  /** The record shown. */
  get record() {
    return this.#record;
  }

  /** True when something is not saved. */
  get isDirty() {
    return this.#changed().length > 0;
  }

  /** Offers only what may follow the value that stands. */
  #allow() {
    for (const field of this.#spec.fields.filter((one) => one.allowed)) {
      const may = [this.#base[field.name], ...field.allowed(this.#record)];
      for (const option of this.#inputs.get(field.name).input.options) option.disabled = !may.includes(option.value);
    }
  }

  /** Puts the keyboard into a field. */
  focus(name) {
    this.#inputs.get(name)?.focus();
  }

  /** Throws the draft away. */
  discard() {
    dropDraft(this.#spec.kind, this.#record.id);
    this.show(this.#record);
  }

  /** Sends what was changed. */
  async save() {
    const missing = this.#spec.fields.find((field) => field.required && !this.#get(field.name));
    for (const [name, { input }] of this.#inputs) if (input) attr(input, "aria-invalid", name === missing?.name ? "true" : null);
    if (missing) return this.focus(missing.name);
    try {
      for (let turn = 0; turn < REBASES_MAX; turn += 1) {
        const patch = Object.fromEntries(this.#changed().map((name) => [name, this.#sent(name)]));
        if (Object.keys(patch).length === 0 && !this.#spec.create) return this.discard();
        try {
          return this.#saved(await this.#spec.save(this.#record, patch, this.#version));
        } catch (error) {
          if (error.status !== 412) throw error;
          if (!(await this.#rebase(patch))) return undefined;
        }
      }
      toast("warning", "save.again");
    } catch (error) {
      if (error.status === 0) toast("fault", "save.offline");
      else this.#refused(error);
    }
    return undefined;
  }

  /** The server names the fields at fault: they are marked, and the keyboard goes to the first. */
  #refused(error) {
    complain(error);
    const named = (error.fields ?? []).map((one) => one.field);
    for (const [name, { input }] of this.#inputs) if (input) attr(input, "aria-invalid", named.includes(name) ? "true" : null);
    this.#inputs.get(named.find((name) => this.#inputs.has(name)))?.focus();
  }

  #saved(record) {
    dropDraft(this.#spec.kind, this.#record.id);
    if (record && !this.#spec.create) this.show(record);
    toast("good", this.#spec.create ? "save.created" : "save.done");
    this.#spec.saved?.(record);
  }

  /** Someone saved another version meanwhile: fields changed on both sides are put to the person. False = not now. */
  async #rebase(patch) {
    const current = await this.#spec.load(this.#record);
    const theirs = this.#read(current);
    const contested = Object.keys(patch).filter((name) => !same(theirs[name], this.#base[name]) && !same(theirs[name], patch[name]));
    const choice = contested.length === 0 ? {} : await this.#compare(contested, patch, theirs);
    if (choice === null) return false;
    for (const name of Object.keys(theirs)) if (!(name in patch) || choice[name] === "theirs") this.#set(name, theirs[name]);
    this.#record = current;
    this.#base = theirs;
    this.#version = current.version;
    this.#edited();
    return true;
  }

  #compare(names, mine, theirs) {
    const chosen = Object.fromEntries(names.map((name) => [name, "mine"]));
    const shown = (value) => (Array.isArray(value) ? value.join(", ") : String(value ?? "")) || t("value.empty");
    return dialog({
      title: "clash.title",
      fill: (body) => body.append(h("p", { t: "clash.lead" }), ...names.map((name) => {
        const field = this.#spec.fields.find((one) => one.name === name);
        const option = (side, value) => {
          const input = h("input", { type: "radio", name: `clash-${name}`, value: side, on: { change: () => (chosen[name] = side) } });
          input.checked = side === "mine";
          return h("label", { class: "side" }, input, h("span", { class: "stack" }, h("span", { class: "small quiet", t: `clash.${side}` }),
            h("span", { class: "value" }, field.words ? word(field.words, value) : shown(value))));
        };
        return h("fieldset", { class: "clash" }, h("legend", { t: `${this.#spec.kind}.${name}` }), option("mine", mine[name]), option("theirs", theirs[name]));
      })),
      buttons: (close) => [
        h("button", { class: "button", type: "button", t: "clash.later", on: { click: () => close(null) } }),
        h("button", { class: "button primary", type: "button", t: "clash.save", on: { click: () => close(chosen) } }),
      ],
    });
  }

  #read(record) {
    const value = (field) => (field.read ? field.read(record) : record[field.name]) ?? (field.type === "list" ? [] : "");
    return Object.fromEntries(this.#spec.fields.map((field) => [field.name, value(field)]));
  }

  #changed() {
    return this.#spec.fields.map((field) => field.name).filter((name) => !same(this.#get(name), this.#base[name]));
  }

  #edited() {
    const changed = this.#changed();
    const values = Object.fromEntries(changed.map((name) => [name, this.#get(name)]));
    if (changed.length === 0) dropDraft(this.#spec.kind, this.#record.id);
    else keepDraft(this.#spec.kind, this.#record.id, { base: this.#base, version: this.#version, values, label: this.#spec.label?.(this.#record) });
    this.#mark();
  }

  /** What goes into the patch: an emptied field that may be absent is sent as null. */
  #sent(name) {
    const value = this.#get(name);
    return value === "" && this.#spec.fields.find((field) => field.name === name).optional ? null : value;
  }

  #mark() {
    const changed = this.#changed();
    for (const [name, input] of this.#inputs) (input.box ?? input).classList.toggle("changed", !this.#spec.create && changed.includes(name));
    this.#bar.classList.toggle("dirty", changed.length > 0);
    this.#bar.hidden = changed.length === 0 && !this.#spec.create;
    text(this.#count, changed.length === 0 || this.#spec.create ? "" : t("save.unsaved", { n: changed.length }));
  }

  #get(name) {
    return this.#inputs.get(name).get();
  }

  #set(name, value) {
    this.#inputs.get(name).set(value);
  }

  #field(field) {
    const id = freshID(field.name);
    const label = h("label", { for: id, t: `${this.#spec.kind}.${field.name}` });
    const box = h("div", { class: `field ${field.wide ? "wide" : ""} f-${field.name}` }, label);
    const entry = field.type === "list" ? this.#list(field, id, box) : this.#single(field, id, box);
    this.#inputs.set(field.name, { box, ...entry });
    return box;
  }

  #single(field, id, box) {
    const tag = { textarea: "textarea", select: "select" }[field.type] ?? "input";
    const input = h(tag, { id, autocomplete: "off", required: field.required, spellcheck: tag === "textarea" ? null : "false", list: field.list, lang: field.lang });
    if (tag === "textarea") input.rows = field.rows ?? 3;
    for (const option of field.options ?? []) input.append(h("option", { value: option, t: `${field.words}.${option}` }));
    box.append(input);
    const numeric = field.numeric ? (value) => (value === "" ? value : Number(value)) : (value) => value;
    return { input, focus: () => input.focus(), get: () => numeric(input.value.trim()), set: (value) => this.#fill(input, value) };
  }

  /** A select keeps a value that it has no word for. */
  #fill(input, value) {
    const wanted = String(value ?? "");
    if (input.tagName === "SELECT" && wanted !== "" && ![...input.options].some((one) => one.value === wanted)) input.append(h("option", { value: wanted }, wanted));
    if (input.value !== wanted) input.value = wanted;
  }

  /** Several values: a line each, with a button to remove it and one to add another. */
  #list(field, id, box) {
    const lines = h("div", { class: "stack lines" });
    const line = (value, first) => {
      const input = h("input", { id: first ? id : null, type: field.inputType ?? "text", autocomplete: "off", tLabel: first ? null : `${this.#spec.kind}.${field.name}` });
      input.value = value;
      const remove = h("button", { class: "button bare icon slim", type: "button", tLabel: `remove.${field.name}` }, icon("close"));
      remove.addEventListener("click", () => {
        if (lines.children.length > 1) remove.parentElement.remove();
        else input.value = "";
        if (!lines.querySelector(`#${id}`)) lines.querySelector("input").id = id;
        this.#edited();
        lines.querySelector("input").focus();
      });
      return h("div", { class: "row" }, input, remove);
    };
    const add = h("button", { class: "button bare icon slim add", type: "button", tLabel: `add.${field.name}` }, icon("plus"));
    add.addEventListener("click", () => {
      lines.append(line("", false));
      lines.lastElementChild.querySelector("input").focus();
    });
    box.append(lines, add);
    const get = () => [...lines.querySelectorAll("input")].map((input) => input.value.trim()).filter(Boolean);
    const set = (values) => {
      const next = values?.length ? values : [""];
      if (lines.children.length && same(get(), next.filter(Boolean))) return;
      lines.replaceChildren(...next.map((value, n) => line(value, n === 0)));
    };
    return { get, set, focus: () => lines.querySelector("input").focus() };
  }
}
