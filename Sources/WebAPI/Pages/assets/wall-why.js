// Why a contact is where it is: the decisions about it, in words.
import { api } from "./api.js";
import { h } from "./dom.js";
import { has, t } from "./i18n.js";
import { stateChip } from "./parts.js";
import { age, dateTime, duration } from "./time.js";
import { complain, dialog } from "./ui.js";

/** Asks the site and shows the answer. `names` gives names of agents and sites. */
export async function showWhy(contact, who, names) {
  let found;
  try {
    found = await api.explanation(contact);
  } catch (error) {
    if (error.status !== 404) {
      complain(error);
      return;
    }
    found = { decisions: [] };
  }
  await dialog({ title: "why.title", params: { who }, wide: true, fill: (body) => fill(body, found.decisions, names) });
}

function fill(body, decisions, names) {
  body.classList.add("why");
  if (decisions.length === 0) {
    body.append(h("p", { t: "why.none" }));
    return;
  }
  const [newest, ...older] = decisions;
  body.append(decision(newest, names), ...older.map((one) => earlier(one, names)));
}

function earlier(one, names) {
  const words = `${dateTime(one.at)}: ${outcome(one, names)}`;
  return h("details", { "aria-label": words }, h("summary", {}, words), decision(one, names));
}

function outcome(one, names) {
  return one.agent ? t("why.offered", { agent: names.agent(one.agent), site: names.site(one.agentSite ?? one.site) }) : t("why.waits");
}

/** The word for a name of the vocabulary, or the name itself when it is a new one. */
const named = (family, value) => (has(`${family}.${value}`) ? t(`${family}.${value}`) : value);

function decision(one, names) {
  const settled = one.agent ? t("why.rule", { rule: named("rule", one.rule) }) : t("why.because", { reason: named("waits", one.rule) });
  return h("article", { class: "decision stack" },
    h("h3", {}, t("why.at", { at: dateTime(one.at), site: names.site(one.site) })),
    h("p", {}, h("span", { class: "strong" }, outcome(one, names)), " ", settled),
    one.demand ? h("p", {}, t("why.demand", { demand: demandWords(one.demand) })) : null,
    one.nearest?.length ? [h("p", {}, t("why.nearest")), h("ul", { class: "nearest" }, one.nearest.map((each) => h("li", {}, nearestWords(each, names))))] : null,
    one.candidates?.length ? candidates(one, names) : null,
    one.omitted > 0 ? h("p", { class: "small quiet" }, t("why.omitted", { n: one.omitted })) : null,
    one.sites?.length ? sites(one, names) : null);
}

/** `skills product-x:2; tiers consultant to senior; step 1 after 60 s` in the page's language; what is written otherwise stays. */
export function demandWords(demand) {
  return demand.split("; ").map((part) => {
    if (part === "no skill") return t("why.noSkill");
    const [, skills] = /^skills (.+)$/.exec(part) ?? [];
    if (skills) return t("why.skills", { skills });
    const [, low, high] = /^tiers (.+) to (.+)$/.exec(part) ?? [];
    if (low) return t("why.tiers", { low: named("agentTier", low), high: named("agentTier", high) });
    const [, step, n] = /^step (\d+) after (\d+) s$/.exec(part) ?? [];
    return step ? t("why.step", { step, n }) : part;
  }).join("; ");
}

/** `lin at north lacks product-x:2` in the page's language. */
export function nearestWords(words, names) {
  const [, agent, site, gaps] = /^(.+) at (\S+) lacks (.+)$/.exec(words) ?? [];
  if (!agent) return words;
  const said = gaps.split(", ").map((gap) => {
    const [, tier] = /^another tier than (.+)$/.exec(gap) ?? [];
    return tier ? t("why.otherTier", { tier: named("agentTier", tier) }) : gap;
  });
  return t("why.lacks", { agent: names.agent(agent), site: names.site(site), gaps: said.join(", ") });
}

/** `behind: leastHandlingTime` in the page's language. */
export function verdictWords(verdict) {
  const [, name, what = ""] = /^(\w+)(?:: (.+))?$/.exec(verdict) ?? [];
  if (!name || !has(`verdict.${name}`)) return verdict;
  const said = { chosen: (one) => named("rule", one), behind: (one) => named("rule", one), notFree: (one) => named("state", one), noCapacity: (one) => one.split(" ")[0], wrongTier: (one) => named("agentTier", one) }[name];
  return t(`verdict.${name}`, { what: said ? said(what) : what });
}

const head = (columns, numbers) => h("thead", {}, h("tr", {}, columns.map((one) => h("th", { scope: "col", class: numbers.includes(one) ? "num" : null, t: `col.${one}` }))));
const span = (ms) => (ms === null || ms === undefined ? "–" : duration(ms));

function candidates({ candidates: rows }, names) {
  return h("div", { class: "scroll", tabindex: "0", role: "region", tLabel: "why.candidates" }, h("table", {}, h("caption", { class: "small quiet", t: "why.candidates" }), head(["agent", "site", "verdict", "handled", "inState"], ["handled", "inState"]),
    h("tbody", {}, rows.map((one) => h("tr", { class: one.chosen ? "chosen" : null }, h("th", { scope: "row" }, names.agent(one.agent)), h("td", {}, names.site(one.site)),
      h("td", { class: "verdict" }, verdictWords(one.reason)), h("td", { class: "num" }, span(one.handlingTodayMs)), h("td", { class: "num" }, span(one.idleMs)))))));
}

function sites({ sites: rows }, names) {
  return h("div", { class: "scroll", tabindex: "0", role: "region", tLabel: "why.sites" }, h("table", {}, h("caption", { class: "small quiet", t: "why.sites" }), head(["site", "state", "data", "signedIn", "fit"], ["signedIn", "fit"]),
    h("tbody", {}, rows.map((one) => h("tr", {}, h("th", { scope: "row" }, names.site(one.site)), h("td", {}, stateChip(one.state, "siteState")), h("td", {}, t("why.age", { age: age(one.ageMs) })),
      h("td", { class: "num" }, one.agents), h("td", { class: "num" }, one.fit))))));
}
