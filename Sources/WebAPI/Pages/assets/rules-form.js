// One record of the rules in a form: checks while typing, saves only what changed, and asks when somebody else was faster.
import { h, text } from "./dom.js";
import { icon } from "./icons.js";
import { t } from "./i18n.js";
import { busy } from "./parts.js";
import { complain, dialog, toast } from "./ui.js";

const REBASES_MAX = 3;
const same = (a, b) => JSON.stringify(a) === JSON.stringify(b);

/** `sections`: [[title key, [fields]]]; `save(id, patch, version)` and `load(id)` return records. */
export class RuleForm {
  #spec;
  #fields;
  #record = null;
  #base = {};
  #error = h("p", { class: "error", role: "alert", hidden: true });
  #count = h("span", { class: "grow quiet" });

  constructor(spec) {
    this.#spec = spec;
    this.#fields = spec.sections.flatMap(([, fields]) => fields);
    const save = h("button", { class: "button primary", type: "submit" }, icon("check"), h("span", { t: "save" }));
    const discard = h("button", { class: "button", type: "button", t: "discard", on: { click: () => this.show(this.#record) } });
    this.#bar = h("div", { class: "row bar wrap" }, this.#count, discard, save);
    this.#box = h("fieldset", { class: "all", disabled: !spec.mayEdit }, h("legend", { class: "sr", t: spec.legend }),
      spec.sections.map(([title, fields]) => h("fieldset", { class: "part" }, h("legend", { t: title }), h("div", { class: "grid" }, fields.map((one) => one.node)))));
    this.element = h("form", { class: "rule-form", novalidate: true, tLabel: spec.legend, on: { submit: (event) => {
      event.preventDefault();
      busy(save, () => this.save());
    } } }, this.#box, this.#error, spec.mayEdit ? this.#bar : null);
    this.element.addEventListener("input", () => this.#mark());
    this.element.addEventListener("change", () => this.#mark());
    this.element.addEventListener("keydown", (event) => {
      if ((event.ctrlKey || event.metaKey) && event.key.toLowerCase() === "s") {
        event.preventDefault();
        this.element.requestSubmit();
      }
    });
  }

  #bar;
  #box;

  /** Shows a record; one without a version is new. */
  show(record) {
    this.#record = record;
    for (const field of this.#fields) field.set(field.read ? field.read(record) : record[field.name] ?? null);
    this.#base = this.#values();
    this.#fail(null);
    this.#mark();
  }

  /** A newer state of the same record: taken over unless something is being edited; then saving will ask. */
  refresh(record) {
    if (this.isDirty || record.version === this.#record.version || this.element.contains(document.activeElement)) return;
    this.show(record);
  }

  /** The record shown. */
  get record() {
    return this.#record;
  }

  /** True when something is not saved. */
  get isDirty() {
    return this.#changed().length > 0;
  }

  /** Puts the keyboard into the first field, or the one that a finding is about. */
  focus(name = null) {
    (this.#field(name) ?? this.#fields[0]).focus();
  }

  /** Sends what was changed. */
  async save() {
    const wrong = this.#fields.map((field) => [field, field.problem()]).filter(([, problem]) => problem);
    for (const [field, problem] of wrong) field.fail(problem);
    if (wrong.length > 0) return wrong[0][0].focus();
    try {
      for (let turn = 0; turn < REBASES_MAX; turn += 1) {
        const names = this.#changed();
        if (names.length === 0 && !this.#spec.isNew?.(this.#record)) return undefined;
        const values = this.#values();
        try {
          const saved = await this.#spec.save(this.#record, Object.fromEntries(names.map((name) => [name, values[name]])), this.#record.version);
          toast("good", "save.done");
          this.show(saved);
          return this.#spec.saved(saved);
        } catch (error) {
          if (error.status !== 412) throw error;
          if (!(await this.#rebase(names, values))) return undefined;
        }
      }
      toast("warning", "save.again");
    } catch (error) {
      this.#refused(error);
    }
    return undefined;
  }

  /** The site names the fields at fault: each is told there, and the keyboard goes to the first. */
  #refused(error) {
    const told = (error.fields ?? []).filter((one) => this.#field(one.field));
    for (const { field, message } of told) this.#field(field).fail(message);
    if (told.length > 0) return this.#field(told[0].field).focus();
    if (error.status === 0) return this.#fail(t("rules.offline"));
    this.#fail(error.message);
    return complain(error);
  }

  #fail(message) {
    text(this.#error, message ?? "");
    this.#error.hidden = !message;
  }

  /** The field of a name such as `overflow[0].queue`. */
  #field(name) {
    const plain = (name ?? "").split(/[.[]/)[0];
    return this.#fields.find((one) => one.name === plain);
  }

  /** Somebody saved meanwhile: what only they changed is taken over, what both changed is put to the person. */
  async #rebase(names, mine) {
    const current = await this.#spec.load(this.#record.id);
    const before = this.#base;
    this.show(current);
    const theirs = this.#base;
    const contested = names.filter((name) => !same(theirs[name], before[name]) && !same(theirs[name], mine[name]));
    const choice = contested.length === 0 ? {} : await this.#compare(contested, mine, theirs);
    const kept = choice === null ? names : names.filter((name) => choice[name] !== "theirs");
    for (const name of kept) this.#fields.find((one) => one.name === name).set(mine[name]);
    this.#mark();
    return choice !== null;
  }

  #compare(names, mine, theirs) {
    const chosen = Object.fromEntries(names.map((name) => [name, "mine"]));
    const option = (name, side, value) => {
      const input = h("input", { type: "radio", name: `clash-${name}`, value: side, on: { change: () => (chosen[name] = side) } });
      input.checked = side === "mine";
      return h("label", { class: "side" }, input, h("span", { class: "stack" }, h("span", { class: "small quiet", t: `clash.${side}` }), h("span", { class: "value" }, shown(value))));
    };
    return dialog({
      title: "clash.title",
      fill: (body) => body.append(h("p", { t: "clash.lead" }), ...names.map((name) => h("fieldset", { class: "clash" }, h("legend", { t: `rules.f.${name}` }),
        option(name, "mine", mine[name]), option(name, "theirs", theirs[name])))),
      buttons: (close) => [
        h("button", { class: "button", type: "button", t: "clash.later", on: { click: () => close(null) } }),
        h("button", { class: "button primary", type: "button", t: "clash.save", on: { click: () => close(chosen) } }),
      ],
    });
  }

  #values() {
    return Object.fromEntries(this.#fields.map((field) => [field.name, field.get()]));
  }

  #changed() {
    const now = this.#values();
    return Object.keys(now).filter((name) => !same(now[name], this.#base[name]));
  }

  #mark() {
    const changed = this.#changed();
    for (const field of this.#fields) field.node.classList.toggle("changed", changed.includes(field.name) && !this.#spec.isNew?.(this.#record));
    text(this.#count, changed.length === 0 ? "" : t("save.unsaved", { n: changed.length }));
    this.#bar.classList.toggle("dirty", changed.length > 0);
  }
}

/** A value for the eye: lists and objects as short texts. */
function shown(value) {
  if (value === null || value === undefined || value === "" || (Array.isArray(value) && value.length === 0)) return t("value.empty");
  if (Array.isArray(value)) return value.map(shown).join("; ");
  if (typeof value === "object") return Object.values(value).filter((one) => one !== null && !(Array.isArray(one) && one.length === 0)).map(shown).join(" ");
  return String(value);
}
