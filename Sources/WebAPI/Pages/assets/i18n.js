// Messages in three languages, loaded at once: a page must speak even when its node is gone.
import en from "./i18n/en.js";
import hans from "./i18n/zh-hans.js";
import hant from "./i18n/zh-hant.js";

/** The languages offered, each named in itself. */
export const languages = [
  { code: "en", name: "English", messages: en },
  { code: "zh-Hans", name: "简体中文", messages: hans },
  { code: "zh-Hant", name: "繁體中文", messages: hant },
];

const STORED = "tandem.language";
const bound = new WeakMap();
const changes = new EventTarget();
let current = pick();

function pick() {
  const wanted = [read(), ...navigator.languages].filter(Boolean);
  for (const tag of wanted) {
    const exact = languages.find((one) => one.code.toLowerCase() === tag.toLowerCase());
    if (exact) return exact;
    if (/^zh/i.test(tag)) return languages[/hant|tw|hk|mo/i.test(tag) ? 2 : 1];
    if (/^en/i.test(tag)) return languages[0];
  }
  return languages[0];
}

function read() {
  try {
    return localStorage.getItem(STORED);
  } catch {
    return null;
  }
}

/** The tag of the language in use. */
export function language() {
  return current.code;
}

/** Switches the language of the whole page at once and remembers it. */
export function setLanguage(code) {
  current = languages.find((one) => one.code === code) ?? languages[0];
  try {
    localStorage.setItem(STORED, current.code);
  } catch { /* private mode: the choice lasts for this page */ }
  document.documentElement.lang = current.code;
  apply(document);
  changes.dispatchEvent(new Event("change"));
}

/** Calls back after each change of language. */
export function onLanguage(listener) {
  changes.addEventListener("change", listener);
}

/** The message in the language in use; `{name}` is replaced, `n` selects the plural form. */
export function t(key, params = {}) {
  let message = current.messages[key] ?? en[key];
  if (message === undefined) {
    console.error(`no message ${key}`);
    return key;
  }
  if (typeof message === "object") {
    message = message[new Intl.PluralRules(current.code).select(Number(params.n ?? 0))] ?? message.other;
  }
  return message.replace(/\{(\w+)\}/g, (whole, name) => (name in params ? String(params[name]) : whole));
}

/** True when a message of this key exists: for words that come from the server. */
export function has(key) {
  return key in en;
}

/** The word for a value of the server's vocabulary, or the value itself when it is a new one. */
export function word(prefix, value) {
  if (value === null || value === undefined || value === "") return "";
  return has(`${prefix}.${value}`) ? t(`${prefix}.${value}`) : String(value);
}

/** Ties an element's text or attribute to a message. */
export function bind(node, slot, key, params) {
  const slots = bound.get(node) ?? {};
  slots[slot] = [key, params];
  bound.set(node, slots);
  node.dataset.i18n = "";
  write(node, slot, key, params);
}

function write(node, slot, key, params) {
  const message = t(key, params);
  if (slot === "text") {
    if (node.textContent !== message) node.textContent = message;
  } else node.setAttribute(slot, message);
}

/** Rewrites all bound messages below `root`. */
export function apply(root) {
  for (const node of root.querySelectorAll("[data-i18n]")) {
    for (const [slot, [key, params]] of Object.entries(bound.get(node) ?? {})) write(node, slot, key, params);
  }
}

document.documentElement.lang = current.code;
