// Builds and updates elements without innerHTML: no markup from data, no lost focus.
import { bind } from "./i18n.js";

const SVG = "http://www.w3.org/2000/svg";
const BINDINGS = { t: "text", tLabel: "aria-label", tTitle: "title", tPlaceholder: "placeholder" };

/** An element. `t`, `tLabel`, `tTitle`, `tPlaceholder` take a message key or [key, parameters] and follow the language. */
export function h(tag, props = {}, ...children) {
  const node = document.createElement(tag);
  for (const [name, value] of Object.entries(props)) {
    if (value === undefined || value === null) continue;
    if (name in BINDINGS) bind(node, BINDINGS[name], ...[].concat(value));
    else if (name === "on") for (const [type, listener] of Object.entries(value)) node.addEventListener(type, listener);
    else if (name === "prop") Object.assign(node, value);
    else if (name === "data") Object.assign(node.dataset, value);
    else if (value === true) node.setAttribute(name, "");
    else if (value !== false) node.setAttribute(name, value);
  }
  node.append(...flat(children));
  return node;
}

/** An SVG element. */
export function svg(tag, attributes = {}, ...children) {
  const node = document.createElementNS(SVG, tag);
  for (const [name, value] of Object.entries(attributes)) if (value !== undefined) node.setAttribute(name, value);
  node.append(...flat(children));
  return node;
}

function flat(children) {
  return children.flat(Infinity).filter((child) => child !== null && child !== undefined && child !== false);
}

/** Sets the text when it differs, so that live regions and selections rest. */
export function text(node, value) {
  const next = String(value ?? "");
  if (node.textContent !== next) node.textContent = next;
}

/** Sets or removes an attribute when it differs. */
export function attr(node, name, value) {
  if (value === null || value === undefined || value === false) node.removeAttribute(name);
  else if (node.getAttribute(name) !== String(value)) node.setAttribute(name, value);
}

/** Replaces the one class of a family such as `st-…`. */
export function family(node, prefix, value) {
  const next = prefix + value;
  if (node.classList.contains(next)) return;
  for (const name of [...node.classList]) if (name.startsWith(prefix)) node.classList.remove(name);
  node.classList.add(next);
}

/**
 * Makes the children of `parent` show `items`: keeps, moves, makes and removes by key.
 * `create(item)` returns the element, `update(element, item)` fills it.
 */
export function keyed(parent, items, keyOf, create, update) {
  const had = new Map();
  for (const child of parent.children) had.set(child.dataset.key, child);
  const focused = parent.contains(document.activeElement) ? document.activeElement : null;
  let cursor = parent.firstElementChild;
  for (const item of items) {
    const key = String(keyOf(item));
    let node = had.get(key);
    if (node) had.delete(key);
    else {
      node = create(item);
      node.dataset.key = key;
    }
    if (node === cursor) cursor = cursor.nextElementSibling;
    else parent.insertBefore(node, cursor);
    update?.(node, item);
  }
  for (const node of had.values()) node.remove();
  if (focused && focused !== document.activeElement && focused.isConnected) focused.focus({ preventScroll: true });
}

/** True while a person is entering text, or a dialog or menu has the keyboard. */
export function isTyping(target = document.activeElement) {
  return Boolean(target?.closest?.("input:not([type=checkbox]), textarea, select, [contenteditable]"));
}

let counter = 0;
/** An id for tying labels to fields. */
export function freshID(prefix = "x") {
  counter += 1;
  return `${prefix}-${counter}`;
}
