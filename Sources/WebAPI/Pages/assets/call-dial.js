// Calls a number: one of the open file, or one that is typed. The agent's own phone rings first.
import { api } from "./api.js";
import { attempt, plainNumber } from "./call-run.js";
import { attr, h, text } from "./dom.js";
import { icon } from "./icons.js";
import { t } from "./i18n.js";
import { dialog } from "./ui.js";

/** Opens the dialog; a customer and a ticket, when given, are what the call is filed under. */
export function dial({ customer = null, ticket = null } = {}) {
  const error = h("p", { class: "error", role: "status", id: "dial-error" });
  const input = h("input", { id: "dial-number", type: "tel", autocomplete: "off", maxlength: "60", "aria-describedby": "dial-error", autofocus: true });
  const call = h("button", { class: "button go", type: "submit", form: "dial-form" }, icon("talking"), h("span", { t: "dial.call" }), h("kbd", { class: "key" }, "Enter"));
  let done = null;
  const send = async (button, written) => {
    const number = plainNumber(written.trim());
    attr(input, "aria-invalid", number === null ? "true" : null);
    if (number === null) {
      text(error, t("dial.bad"));
      input.focus();
      return;
    }
    const filed = { ...(ticket ? { ticket: ticket.id } : {}), ...(customer ? { customer: customer.id } : {}) };
    if (await attempt(button, error, () => api.dial({ number, ...filed }))) done(true);
  };
  return dialog({
    title: "dial.title",
    fill: (body, close) => {
      done = close;
      const numbers = customer?.phones ?? [];
      const form = h("form", { id: "dial-form", class: "field", novalidate: true, tLabel: "dial.title" }, h("label", { for: "dial-number", t: "dial.number" }), input);
      form.addEventListener("submit", (event) => {
        event.preventDefault();
        send(call, input.value);
      });
      body.append(...[h("p", { class: "small quiet", t: "dial.lead" }),
        ticket ? h("p", { class: "strong", t: ["dial.ticket", { number: ticket.number }] }) : null, customer ? h("p", { t: ["dial.customer", { name: customer.name }] }) : null,
        numbers.length ? h("h3", { class: "small quiet", t: "dial.known" }) : null,
        numbers.length ? h("div", { class: "row wrap" }, numbers.map((number) => {
          const button = h("button", { class: "button", type: "button", tLabel: ["dial.callTo", { number }] }, icon("talking"), h("span", { class: "mono" }, number));
          button.addEventListener("click", () => send(button, number));
          return button;
        })) : null,
        form, error].filter(Boolean));
    },
    buttons: (close) => [h("button", { class: "button", type: "button", t: "cancel", on: { click: () => close() } }), call],
  });
}

/** A button that calls a customer, for the head of a file or ticket. */
export function callButton(customer, ticket = null) {
  return h("button", { class: "button slim call-out", type: "button", "aria-label": t("dial.callWho", { name: customer.name }), on: { click: () => dial({ customer, ticket }) } }, icon("talking"), t("dial.call"));
}
