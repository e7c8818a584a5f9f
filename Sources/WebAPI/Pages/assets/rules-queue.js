// The form of a queue.
import { attr, freshID, h } from "./dom.js";
import { onLanguage, t, word } from "./i18n.js";
import { answer, choice, group, line, number, rows, skills, words } from "./rules-fields.js";
import { RuleForm } from "./rules-form.js";
import { customers, keyProblem, readTiers, severities, tierChoices, writeTiers } from "./rules-values.js";

const STRATEGIES = ["leastHandlingTime", "longestIdle", "fewestContacts", "roundRobin", "ordered", "weightedRandom", "ringAll"];
const CONDITIONS = ["waited", "estimate", "waiting", "noAgents", "closed"];
const ACTIONS = ["siteFirst", "site", "queue", "callback", "message", "hangUp"];
const SOUNDS = ["busy", "closed", "holiday", "emergency", "noAgents"];
const ANNOUNCEMENTS = ["off", "early", "answered"];
const LANGUAGES = ["en", "zh-hans", "zh-hant"];
const SHARES = [1, 2, 5, 10, 20, 30, 50, 75];
const DAY = 86_400;

/** `book` is what the page has read: queues, calendars, sites, skills. */
export function queueForm(book, spec) {
  const named = (list) => [["", t("rules.none")], ...list.map((one) => [one.id, one.name === one.id ? one.id : `${one.name} (${one.id})`])];
  const id = line("id", { required: true, hint: "id", check: keyProblem });
  const form = new RuleForm({
    ...spec, legend: "rules.queue",
    sections: [
      ["rules.part.basics", [id, line("name", { required: true }), words("numbers", { hint: "numbers" }), number("priority", 0, 10, { hint: "priority", required: true })]],
      ["rules.part.who", [skills("requiredSkills", { note: (list) => unknownSkill(list, book.skills) }), relaxation(), tierTable()]],
      ["rules.part.how", [choice("strategy", () => STRATEGIES.map((one) => [one, t(`rules.strategy.${one}`)])), number("ringSeconds", 5, 120, { usual: 15 }), number("wrapUpSeconds", 0, 3600, { usual: 30 }),
        number("affinitySeconds", 0, 600, { hint: "affinity", usual: 0 }), number("chatCost", 1, 100, { hint: "cost", usual: 20 }), number("emailCost", 1, 100, { usual: 20 }), number("portalCost", 1, 100, { usual: 20 })]],
      ["rules.part.target", [number("serviceLevelPercent", 1, 100), number("serviceLevelSeconds", 1, 3600, { usual: 20 }), number("shortAbandonSeconds", 0, 120, { hint: "short" }), number("maxWaiting", 1, 10_000)]],
      ["rules.part.open", [choice("calendar", () => [["", t("rules.alwaysOpen")], ...named(book.calendars).slice(1)]), siteCalendars(book, named), closedAction(book, named)]],
      ["rules.part.line", [choice("announcements", () => usual(ANNOUNCEMENTS, "rules.announcements"), { hint: "announcements" }), choice("language", () => usual(LANGUAGES, "rules.spoken")),
        number("announceEverySeconds", 15, 600, { hint: "announceEvery" }), answer("musicOnHold"), choice("recording", recordings, { hint: "recording" }), answer("recordingNotice")]],
      ["rules.part.overflow", [overflow(book, named)]],
    ],
  });
  return { form, id };
}

/** The house's rule and each value in words. */
function usual(values, words) {
  return [["", t("rules.houseRule")], ...values.map((one) => [one, t(`${words}.${one}`)])];
}

function recordings() {
  return [...usual(["off", "always"], "rules.recording"), ...SHARES.map((one) => [`share:${one}`, t("rules.recording.share", { n: one })])];
}

function relaxation() {
  const make = (value) => group([number("afterSeconds", 1, DAY, { required: true }), skills("requiredSkills"), choice("tiers", () => tierChoices("rules.tiersStay"), { label: "rules.f.stepTiers" })], value);
  return rows("relaxation", make, { max: 8, hint: "relaxation" });
}

/** A choice for each severity and customer tier. */
function tierTable() {
  const cells = new Map();
  const caption = h("caption", { class: "sr", t: "rules.f.tiers" });
  const table = h("table", { class: "tiers" }, caption);
  const draw = () => {
    const kept = Object.fromEntries([...cells].map(([name, list]) => [name, list.value]));
    cells.clear();
    const head = h("tr", {}, h("th", { scope: "col", t: "rules.severity" }), customers.map((one) => h("th", { scope: "col" }, word("tier", one))));
    const body = severities.map((one, n) => h("tr", {}, h("th", { scope: "row" }, t(`severity.${n + 1}`)), customers.map((two) => {
      const list = h("select", { id: freshID("tier") }, tierChoices("rules.houseRule").map(([value, label]) => h("option", { value }, label)));
      attr(list, "aria-label", `${t(`severity.${n + 1}`)}, ${word("tier", two)}`);
      list.value = kept[`${one}/${two}`] ?? "";
      cells.set(`${one}/${two}`, list);
      return h("td", {}, list);
    })));
    table.replaceChildren(caption, h("thead", {}, head), h("tbody", {}, body));
  };
  draw();
  onLanguage(() => table.isConnected && draw());
  const error = h("p", { class: "error", hidden: true });
  const node = h("details", { class: "field wide f-tiers", tLabel: "rules.f.tiers" }, h("summary", { t: "rules.f.tiers" }), h("p", { class: "small quiet", t: "rules.h.tiers" }), h("div", { class: "scroll" }, table), error);
  return {
    name: "tiers", node, problem: () => null, focus: () => ((node.open = true), cells.values().next().value.focus()),
    fail: (message) => ((error.textContent = message ?? ""), (error.hidden = !message)),
    get: () => writeTiers(Object.fromEntries([...cells].map(([name, list]) => [name, list.value]))),
    set: (value) => {
      const stated = readTiers(value);
      for (const [name, list] of cells) list.value = stated[name] ?? "";
      node.open = value !== null;
    },
  };
}

function siteCalendars(book, named) {
  const make = (value) => group([choice("site", () => named(book.sites).slice(1)), choice("calendar", () => named(book.calendars).slice(1), { label: "rules.f.calendar" })], value);
  return rows("siteCalendars", make, { max: 64, hint: "siteCalendars" });
}

/** The fields of an action; those that do not belong to it are hidden. */
function actionFields(book, named, actions) {
  const then = choice("then", () => actions.map((one) => [one, one === "" ? t("rules.hangUpUsual") : t(`rules.then.${one}`)]));
  const queue = choice("queue", () => named(book.queues).slice(1), { label: "rules.f.queue" });
  const sites = words("sites", { label: "rules.f.sites", check: (list) => (list.length ? null : t("rules.bad.missing")) });
  const announcement = choice("announcement", () => SOUNDS.map((one) => [one, t(`rules.announcement.${one}`)]));
  const fit = () => {
    const value = then.get();
    queue.node.hidden = value !== "queue";
    sites.node.hidden = !["site", "siteFirst"].includes(value);
    announcement.node.hidden = value !== "hangUp";
  };
  then.control.addEventListener("change", fit);
  const pick = (all) => ({
    then: all.then, queue: all.then === "queue" ? all.queue : null, sites: ["site", "siteFirst"].includes(all.then) ? all.sites : null,
    announcement: all.then === "hangUp" ? all.announcement : null,
  });
  return { fields: [then, queue, sites, announcement], fit, pick };
}

function closedAction(book, named) {
  const action = actionFields(book, named, ["", "message", "callback", "queue", "siteFirst", "site", "hangUp"]);
  const node = h("div", { class: "field wide f-closedAction" }, h("p", { class: "legend", t: "rules.f.closedAction" }));
  const error = h("p", { class: "error", hidden: true });
  let made = null;
  return {
    name: "closedAction", node, focus: () => action.fields[0].focus(), problem: () => made.problem(),
    fail: (message) => ((error.textContent = message ?? ""), (error.hidden = !message)),
    get: () => (made.get().then === null ? null : made.get()),
    set: (value) => {
      made = group(action.fields, value ?? { then: "", sites: [] }, action.pick);
      node.replaceChildren(node.firstElementChild, h("div", { class: "parts" }, made.node), error);
      error.hidden = true;
      action.fit();
    },
  };
}

function overflow(book, named) {
  const make = (value) => {
    const when = choice("when", () => CONDITIONS.map((one) => [one, t(`rules.when.${one}`)]));
    const seconds = number("seconds", 0, DAY, { required: true });
    const count = number("count", 1, 10_000, { required: true });
    const action = actionFields(book, named, ACTIONS);
    const fit = () => {
      seconds.node.hidden = !["waited", "estimate"].includes(when.get());
      count.node.hidden = when.get() !== "waiting";
    };
    when.control.addEventListener("change", fit);
    const pick = (all) => ({
      when: all.when, seconds: ["waited", "estimate"].includes(all.when) ? all.seconds : null, count: all.when === "waiting" ? all.count : null, ...action.pick(all),
    });
    const made = group([when, seconds, count, ...action.fields], value ?? { when: "waited", seconds: 60, then: "siteFirst", sites: [], announcement: "busy" }, pick);
    fit();
    action.fit();
    return made;
  };
  return rows("overflow", make, { max: 16, ordered: true, hint: "overflow" });
}

/** That nobody has a skill, as long as it is known what agents have. */
function unknownSkill(list, known) {
  const found = known.size === 0 ? undefined : list.map((one) => one.split(":")[0].toLowerCase()).find((one) => !known.has(one));
  return found === undefined ? null : t("rules.note.skill", { skill: found });
}
