// Fields of the rules' forms: each knows its value, how to show it, and what is wrong with it while it is typed.
import { attr, freshID, h, text } from "./dom.js";
import { icon } from "./icons.js";
import { onLanguage, t } from "./i18n.js";
import { hoursProblem, skillsProblem, split } from "./rules-values.js";

/** A field: label, control, hint and what is wrong; `get` and `set` speak the API's language. */
function field(name, control, { hint = null, check = () => null, note = () => null, get, set, wide = false, label = `rules.f.${name}` }) {
  const error = h("p", { class: "error", hidden: true });
  const remark = h("p", { class: "note small", role: "status" });
  const help = hint ? h("p", { class: "small quiet", t: `rules.h.${hint}` }) : null;
  const about = h("div", { class: "about", id: freshID("about") }, help, error);
  control.id ||= freshID(name);
  attr(control, "aria-describedby", about.id);
  const node = h("div", { class: `field f-${name} ${wide ? "wide" : ""}` }, h("label", { for: control.id, t: label }), control, about, remark);
  const fail = (message) => {
    text(error, message ?? "");
    error.hidden = !message;
    attr(control, "aria-invalid", message ? "true" : null);
  };
  const problem = () => check(get());
  let isTouched = false;
  const look = () => {
    fail(isTouched ? problem() : null);
    text(remark, error.hidden ? note(get()) ?? "" : "");
  };
  control.addEventListener("blur", () => {
    isTouched = true;
    look();
  });
  control.addEventListener("input", look);
  onLanguage(() => node.isConnected && look());
  const show = (value) => {
    isTouched = false;
    set(value);
    look();
  };
  return { name, node, get, set: show, fail, problem, focus: () => control.focus(), control };
}

/** A line of text; empty is null. */
export function line(name, { required = false, hint, check, wide, label } = {}) {
  const input = h("input", { type: "text", autocomplete: "off", spellcheck: "false", required, maxlength: "200" });
  return field(name, input, {
    hint, wide, label, get: () => input.value.trim() || null, set: (value) => (input.value = value ?? ""),
    check: (value) => (required && value === null ? t("rules.bad.missing") : check?.(value ?? "") ?? null),
  });
}

/** A whole number within bounds; empty is null, the default, which `usual` shows. */
export function number(name, min, max, { hint, required = false, usual = null } = {}) {
  const input = h("input", { type: "text", inputmode: "numeric", autocomplete: "off", placeholder: usual });
  return field(name, input, {
    hint, get: () => (input.value.trim() === "" ? null : /^\d+$/.test(input.value.trim()) ? Number(input.value) : NaN),
    set: (value) => (input.value = value ?? ""),
    check: (value) => {
      if (value === null) return required ? t("rules.bad.missing") : null;
      return value >= min && value <= max ? null : t("rules.bad.number", { min, max });
    },
  });
}

/** One of some values; `options()` returns [value, label] pairs, "" stands for null. */
export function choice(name, options, { hint, check, label } = {}) {
  const list = h("select", {});
  const fill = (value) => {
    const pairs = options();
    if (value && !pairs.some(([one]) => one === value)) pairs.push([value, value]);
    list.replaceChildren(...pairs.map(([one, words]) => h("option", { value: one }, words)));
    list.value = value ?? "";
  };
  onLanguage(() => fill(list.value));
  return field(name, list, { hint, label, check, get: () => list.value || null, set: fill });
}

/** Yes or no. */
export function flag(name, hint) {
  const box = h("input", { type: "checkbox" });
  const made = field(name, box, { hint, get: () => box.checked, set: (value) => (box.checked = Boolean(value)) });
  made.node.classList.add("flag");
  return made;
}

/** Yes, no, or the house's rule. */
export function answer(name, hint) {
  const made = choice(name, () => [["", t("rules.houseRule")], ["true", t("rules.yes")], ["false", t("rules.no")]], { hint });
  return { ...made, get: () => (made.get() === null ? null : made.get() === "true"), set: (value) => made.set(value === null || value === undefined ? null : String(value)) };
}

/** Several values between commas. */
export function words(name, { hint, check, note, label } = {}) {
  const input = h("input", { type: "text", autocomplete: "off", spellcheck: "false" });
  return field(name, input, { hint, label, wide: true, check, note, get: () => split(input.value), set: (value) => (input.value = (value ?? []).join(", ")) });
}

/** Skills as `skill:level`. */
export const skills = (name, more = {}) => words(name, { hint: "skills", check: skillsProblem, ...more });
/** Times of a day. */
export const hours = (name, more = {}) => words(name, { check: hoursProblem, ...more });

/** A list of rows, each several fields; rows can be added, removed and, where their order counts, moved. */
export function rows(name, make, { max, ordered = false, hint = null } = {}) {
  const list = h("ol", { class: "rows" });
  const error = h("p", { class: "error", hidden: true });
  const add = h("button", { class: "button slim", type: "button" }, icon("plus"), h("span", { t: `rules.add.${name}` }));
  const node = h("div", { class: `field wide f-${name}` }, hint ? h("p", { class: "small quiet", t: `rules.h.${hint}` }) : null, list, error, add);
  const changed = () => {
    add.hidden = list.children.length >= max;
    node.dispatchEvent(new Event("input", { bubbles: true }));
  };
  const row = (value) => {
    const made = make(value);
    const button = (sign, key, work) => {
      const one = h("button", { class: "button bare icon slim", type: "button", tLabel: key, tTitle: key, on: { click: work } }, icon(sign));
      return one;
    };
    const item = h("li", { class: "rule-row" }, h("div", { class: "parts" }, made.node), h("div", { class: "row" },
      ordered ? [button("caretUp", "rules.earlier", () => move(item, -1)), button("caretDown", "rules.later", () => move(item, 1))] : null,
      button("close", "rules.remove", () => {
        const next = item.nextElementSibling ?? item.previousElementSibling;
        item.remove();
        (next?.querySelector("input, select, button") ?? add).focus();
        changed();
      })));
    item.rule = made;
    return item;
  };
  const move = (item, step) => {
    const other = step < 0 ? item.previousElementSibling : item.nextElementSibling;
    if (!other) return;
    if (step < 0) other.before(item);
    else other.after(item);
    item.querySelectorAll("button")[step < 0 ? 0 : 1].focus();
    changed();
  };
  add.addEventListener("click", () => {
    list.append(row(null));
    list.lastElementChild.querySelector("input, select").focus();
    changed();
  });
  const all = () => [...list.children].map((item) => item.rule);
  const fail = (message) => {
    text(error, message ?? "");
    error.hidden = !message;
  };
  return {
    name, node, fail, focus: () => (list.querySelector("[aria-invalid=true], input, select") ?? add).focus(),
    get: () => all().map((one) => one.get()),
    set: (values) => {
      fail(null);
      list.replaceChildren(...(values ?? []).map(row));
      add.hidden = list.children.length >= max;
    },
    problem: () => all().map((one) => one.problem()).find(Boolean) ?? null,
  };
}

/** Fields side by side that make one object; `pick` turns their values into it. */
export function group(fields, value, pick = (all) => all) {
  for (const one of fields) one.set(value?.[one.name] ?? null);
  return {
    node: fields.map((one) => one.node),
    get: () => pick(Object.fromEntries(fields.map((one) => [one.name, one.get()]))),
    problem: () => {
      const found = fields.filter((one) => !one.node.hidden).map((one) => [one, one.problem()]).filter(([, problem]) => problem);
      for (const [one, problem] of found) one.fail(problem);
      return found[0]?.[1] ?? null;
    },
  };
}
