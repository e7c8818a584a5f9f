// Toasts, dialogs, menus: the few things that lie above the page.
import { h } from "./dom.js";
import { icon } from "./icons.js";
import { apply } from "./i18n.js";

const TOASTS_MAX = 4;
const TOAST_MS = 8_000;
let holder = null;

/** Says something politely; faults stay until closed. `key` is a message key, or null with `said` as plain words. */
export function toast(level, key, params = {}, said = null) {
  holder ??= document.body.appendChild(h("div", { class: "toasts", role: "status", "aria-live": "polite" }));
  const words = said === null ? h("p", { t: [key, params] }) : h("p", {}, said);
  const close = h("button", { class: "button bare icon slim", type: "button", tLabel: "close" }, icon("close"));
  const node = h("div", { class: `toast ${level}` }, words, close);
  close.addEventListener("click", () => node.remove());
  holder.append(node);
  while (holder.children.length > TOASTS_MAX) holder.firstElementChild.remove();
  if (level !== "fault") setTimeout(() => node.remove(), TOAST_MS);
}

/** Tells of a failed call in the server's words. */
export function complain(error) {
  const fields = (error?.fields ?? []).map((one) => `${one.field}: ${one.message}`);
  toast("fault", null, {}, [error?.message ?? String(error), ...fields].join("\n"));
}

/**
 * A modal dialog. `fill(body, close)` builds the content, `buttons(close)` the foot.
 * Resolves with the value given to `close`, or null when it was dismissed.
 */
export function dialog({ title, params, fill, buttons, wide = false }) {
  return new Promise((resolve) => {
    const head = h("h2", { id: "dialog-title", t: [title, params] });
    const shut = h("button", { class: "button bare icon", type: "button", tLabel: "close" }, icon("close"));
    const body = h("div", { class: "body stack" });
    const node = h("dialog", { "aria-labelledby": "dialog-title", class: wide ? "wide" : null }, h("header", {}, head, shut), body);
    const back = document.activeElement;
    let result = null;
    const close = (value = null) => {
      result = value;
      node.close();
    };
    fill(body, close);
    const foot = buttons?.(close);
    if (foot) node.append(h("footer", {}, foot));
    shut.addEventListener("click", () => close());
    node.addEventListener("click", (event) => event.target === node && close());
    node.addEventListener("close", () => {
      node.remove();
      back?.focus?.({ preventScroll: true });
      resolve(result);
    });
    document.body.append(node);
    node.showModal();
    apply(node);
  });
}

/** Asks yes or no. */
export function confirm({ title, message, params, yes, danger = false }) {
  return dialog({
    title, params,
    fill: (body) => body.append(h("p", { t: [message, params] })),
    buttons: (close) => [
      h("button", { class: "button", type: "button", autofocus: true, t: "cancel", on: { click: () => close(false) } }),
      h("button", { class: `button ${danger ? "danger" : "primary"}`, type: "button", t: yes, on: { click: () => close(true) } }),
    ],
  });
}

/** Ties a button to a menu: `items()` returns elements; those with class `item` take part in arrow keys. */
export function menuButton(button, items, { label = null } = {}) {
  const menu = h("div", { class: "menu", popover: "auto", role: "group", tLabel: label });
  button.setAttribute("aria-haspopup", "true");
  button.setAttribute("aria-expanded", "false");
  document.body.append(menu);
  const open = () => {
    menu.replaceChildren(...items(() => menu.hidePopover()));
    menu.showPopover();
    place(menu, button);
    menu.querySelector("button, select, input")?.focus();
  };
  button.addEventListener("click", () => (menu.matches(":popover-open") ? menu.hidePopover() : open()));
  menu.addEventListener("toggle", (event) => {
    button.setAttribute("aria-expanded", String(event.newState === "open"));
    if (event.newState === "closed" && (menu.contains(document.activeElement) || document.activeElement === document.body)) button.focus();
  });
  menu.addEventListener("keydown", (event) => {
    const list = [...menu.querySelectorAll("button.item:not(:disabled)")];
    const at = list.indexOf(document.activeElement);
    const step = { ArrowDown: at + 1, ArrowUp: at - 1, Home: 0, End: list.length - 1 }[event.key];
    if (step === undefined || list.length === 0 || event.target.matches("select")) return;
    event.preventDefault();
    list.at(step % list.length).focus();
  });
  return { menu, open };
}

function place(menu, button) {
  const box = button.getBoundingClientRect();
  const width = menu.offsetWidth;
  const left = Math.max(8, Math.min(box.left, innerWidth - width - 8));
  const below = box.bottom + 4;
  const top = below + menu.offsetHeight > innerHeight - 8 ? Math.max(8, box.top - menu.offsetHeight - 4) : below;
  menu.style.left = `${left}px`;
  menu.style.top = `${top}px`;
}

/** One line of a menu. */
export function menuItem(name, key, params, choose, checked = null) {
  const node = h("button", { class: "item", type: "button", "aria-pressed": checked === null ? null : String(checked), on: { click: choose } },
    icon(name), h("span", { class: "grow", t: [key, params] }), checked ? icon("check") : null);
  return node;
}
