// The forms of a calendar and of a break reason.
import { h } from "./dom.js";
import { t } from "./i18n.js";
import { choice, flag, group, hours, line, number, rows } from "./rules-fields.js";
import { RuleForm } from "./rules-form.js";
import { dateProblem, keyProblem } from "./rules-values.js";

const DAYS = ["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"];

export function calendarForm(spec) {
  const id = line("id", { required: true, hint: "id", check: keyProblem });
  const form = new RuleForm({
    ...spec, legend: "rules.calendar",
    sections: [
      ["rules.part.basics", [id, line("name", { required: true }), line("zone", { required: true, hint: "zone" })]],
      ["rules.part.week", [week()]],
      ["rules.part.holidays", [holidays()]],
      ["rules.part.emergency", [emergency()]],
    ],
  });
  return { form, id };
}

/** The hours of the seven days as one value. */
function week() {
  const days = DAYS.map((day) => hours(day, { label: `rules.day.${day}` }));
  const node = h("div", { class: "field wide f-hours" }, h("p", { class: "small quiet", t: "rules.h.hours" }), days.map((one) => one.node));
  const error = h("p", { class: "error", hidden: true });
  node.append(error);
  return {
    name: "hours", node,
    get: () => Object.fromEntries(days.map((one) => [one.name, one.get()])),
    set: (value) => days.forEach((one) => one.set(value?.[one.name] ?? [])),
    problem: () => {
      const wrong = days.map((one) => [one, one.problem()]).filter(([, problem]) => problem);
      for (const [one, problem] of wrong) one.fail(problem);
      return wrong[0]?.[1] ?? null;
    },
    fail: (message) => {
      const isTold = days.some((one) => one.control.getAttribute("aria-invalid") === "true");
      error.textContent = message && !isTold ? message : "";
      error.hidden = error.textContent === "";
    },
    focus: () => (days.find((one) => one.control.getAttribute("aria-invalid") === "true") ?? days[0]).focus(),
  };
}

function holidays() {
  const make = (value) => group([
    line("date", { required: true, check: dateProblem }), line("name", { label: "rules.f.holidayName" }), hours("hours", { label: "rules.f.holidayHours" }),
  ], value, (all) => ({ ...all, name: all.name ?? "" }));
  return rows("holidays", make, { max: 400, hint: "holidays" });
}

/** Closing or opening out of turn: what, why, until when. */
function emergency() {
  const state = choice("emergency", () => [["", t("rules.emergency.none")], ["closed", t("rules.emergency.closed")], ["open", t("rules.emergency.open")]]);
  const reason = line("reason");
  const until = line("until", { hint: "until", check: (value) => (value === "" || !Number.isNaN(Date.parse(value)) ? null : t("rules.bad.date")) });
  until.control.type = "datetime-local";
  const node = h("div", { class: "field wide f-emergency" }, h("div", { class: "parts" }, state.node, reason.node, until.node));
  const fit = () => (reason.node.hidden = until.node.hidden = state.get() === null);
  state.control.addEventListener("change", fit);
  let given = null;
  return {
    name: "emergency", node, focus: () => state.focus(), fail: state.fail, problem: () => (state.get() ? until.problem() : null),
    get: () => {
      if (state.get() === null) return null;
      const moment = until.get() && !Number.isNaN(Date.parse(until.get())) ? new Date(until.get()).toISOString() : null;
      // The field shows minutes; what was not touched stays as exact as it was.
      const same = given?.until && moment && local(given.until) === local(moment);
      return { open: state.get() === "open", reason: reason.get() ?? "", until: same ? given.until : moment };
    },
    set: (value) => {
      given = value;
      state.set(value ? (value.open ? "open" : "closed") : "");
      reason.set(value?.reason ?? "");
      until.set(value?.until ? local(value.until) : "");
      fit();
    },
  };
}

/** A moment as the browser's field wants it, in the reader's own zone. */
function local(stamp) {
  const at = new Date(stamp);
  return new Date(at.getTime() - at.getTimezoneOffset() * 60_000).toISOString().slice(0, 16);
}

export function breakForm(spec) {
  const id = line("id", { required: true, hint: "id", check: keyProblem });
  const form = new RuleForm({
    ...spec, legend: "rules.break",
    sections: [
      ["rules.part.basics", [id, line("name", { required: true, label: "rules.f.nameEn" }), line("nameHans"), line("nameHant")]],
      ["rules.part.use", [flag("active", "active"), flag("paid"), number("longestMinutes", 1, 1440, { hint: "longest" }), number("order", 0, 1000, { hint: "order", required: true })]],
    ],
  });
  return { form, id };
}
