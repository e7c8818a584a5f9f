// What a person types in the rules' forms, as values, and what is wrong with it. Pure but for the language.
import { has, t, word } from "./i18n.js";

/** The parts of a text between commas. */
export function split(value) {
  return value.split(/[,，、]/).map((one) => one.trim()).filter(Boolean);
}

/** The first skill that is none. */
export function skillsProblem(list) {
  const bad = list.find((one) => !/^[^\s:,]{1,48}(:[1-9])?$/.test(one));
  return bad === undefined ? null : t("rules.bad.skill", { text: bad });
}

/** What is wrong with the times of a day: written wrongly, reversed, overlapping. */
export function hoursProblem(list) {
  const read = [];
  for (const one of list) {
    const found = /^(\d\d):([0-5]\d)\s*-\s*(\d\d):([0-5]\d)$/.exec(one);
    const [from, to] = found ? [found[1] * 60 + Number(found[2]), found[3] * 60 + Number(found[4])] : [NaN, NaN];
    if (!(from <= 1440 && to <= 1440)) return t("rules.bad.hours", { text: one });
    if (from >= to) return t("rules.bad.reversed", { text: one });
    read.push([from, to, one]);
  }
  read.sort((a, b) => a[0] - b[0]);
  const at = read.findIndex((one, n) => n > 0 && read[n - 1][1] > one[0]);
  return at < 0 ? null : t("rules.bad.overlap", { first: read[at - 1][2], second: read[at][2] });
}

/** A key that can stand in an address. */
export function keyProblem(value) {
  return /^[A-Za-z0-9._-]{1,64}$/.test(value) ? null : t("rules.bad.key");
}

/** A day, or a day of every year. */
export function dateProblem(value) {
  const found = /^(\d{4}|\*)-(\d\d)-(\d\d)$/.exec(value ?? "");
  if (!found) return t("rules.bad.date");
  const year = found[1] === "*" ? 2024 : Number(found[1]);
  const day = new Date(Date.UTC(year, found[2] - 1, found[3]));
  return day.getUTCMonth() === found[2] - 1 && day.getUTCDate() === Number(found[3]) ? null : t("rules.bad.date");
}

const RANGES = ["consultant", "intermediate", "senior", "consultant..intermediate", "intermediate..senior", "consultant..senior"];

/** The choices of agents' tiers, the first for "as it is". */
export function tierChoices(asIs) {
  return [["", t(asIs)], ...RANGES.map((one) => [one, tierWords(one)])];
}

/** A range of agents' tiers in words. */
export function tierWords(range) {
  const ends = range.split("..");
  return ends.map((one) => word("agentTier", one)).join(" – ");
}

/** Severities from the worst, customer tiers from the plainest: the cases of the tier table. */
export const severities = ["critical", "high", "normal", "low"];
export const customers = ["standard", "silver", "gold", "platinum"];

/** The stated cells of a tier table: {"critical/gold": "senior"}. */
export function readTiers(value) {
  const cells = {};
  for (const entry of (value ?? "").split(" ").filter(Boolean)) {
    const [name, range] = entry.split("=");
    const [severity, customer] = name.split("/");
    for (const one of severities) {
      for (const two of customers) if ((severity === "*" || severity === one) && (customer === "*" || customer === two)) cells[`${one}/${two}`] = range;
    }
  }
  return cells;
}

/** The table as the API writes it; null when nothing is stated. */
export function writeTiers(cells) {
  const stated = severities.flatMap((one) => customers.map((two) => [`${one}/${two}`, cells[`${one}/${two}`]])).filter(([, range]) => range);
  return stated.map(([name, range]) => `${name}=${range}`).join(" ") || null;
}

/** A finding of the check, in the reader's language; the site's own English for one that is not known here. */
export function findingWords(finding) {
  const key = `finding.${finding.code}`;
  if (!has(key)) return finding.message;
  const { severity, customer, tiers, day } = finding.names;
  const names = {
    ...finding.names, severity: severity ? t(`severity.${severities.indexOf(severity) + 1}`) : "", customer: word("tier", customer),
    tiers: tiers ? tierWords(tiers) : "", day: day ? t(`rules.day.${day}`) : "",
  };
  return t(key, names);
}
