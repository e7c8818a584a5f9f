// The keys of a telephone, for menus of other houses: what is pressed goes out at once and in order.
import { api } from "./api.js";
import { said } from "./call-run.js";
import { h, text } from "./dom.js";
import { dialog } from "./ui.js";

const KEYS = [..."123A456B789C*0#D"];
const SHOWN_MAX = 40;
/** As many as the site takes at once. */
const SENT_MAX = 32;

/** Opens the keys. */
export function sendDigits(store, contact) {
  const shown = h("output", { class: "mono digits-sent" });
  const error = h("p", { class: "error", role: "status" });
  let waiting = "";
  let isSending = false;
  let watch = null;
  const send = async () => {
    if (isSending || waiting === "") return;
    isSending = true;
    while (waiting !== "") {
      const digits = waiting.slice(0, SENT_MAX);
      waiting = waiting.slice(digits.length);
      try {
        await api.callOrder(contact.id, "digits", { digits });
        text(error, "");
        text(shown, (shown.textContent + digits).slice(-SHOWN_MAX));
      } catch (problem) {
        // Later digits without the earlier ones would choose something else.
        waiting = "";
        text(error, said(problem));
      }
    }
    isSending = false;
  };
  const press = (digit) => {
    waiting += digit;
    send();
  };
  return dialog({
    title: "digits.title",
    fill: (body, close) => {
      const pad = h("div", { class: "digits-pad" }, KEYS.map((digit) => h("button", { class: "button", type: "button", tLabel: ["digits.key", { digit }], autofocus: digit === "5", on: { click: () => press(digit) } }, digit)));
      body.append(h("p", { class: "small quiet", t: "digits.lead" }), h("div", { class: "row digits-line" }, h("span", { class: "small quiet", t: "digits.sent" }), shown), pad, error);
      const keys = (event) => {
        const digit = event.key.toUpperCase();
        if (event.ctrlKey || event.metaKey || event.altKey || !KEYS.includes(digit)) return;
        event.preventDefault();
        press(digit);
      };
      body.closest("dialog").addEventListener("keydown", keys);
      watch = () => store.contacts.some((one) => one.id === contact.id && one.call) || close();
      store.addEventListener("desk", watch);
    },
  }).finally(() => store.removeEventListener("desk", watch));
}
