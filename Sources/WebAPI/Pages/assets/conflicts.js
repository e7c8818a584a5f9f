// Values that were overwritten while sites were apart: shown with author, site and time, to be brought back or let go.
import { api } from "./api.js";
import { h } from "./dom.js";
import { icon } from "./icons.js";
import { has, t } from "./i18n.js";
import { busy, moment } from "./parts.js";
import { complain, dialog, toast } from "./ui.js";

/** Shows the overwritten values of one customer; `settled()` is called after each decision. */
export async function showConflicts(customer, settled) {
  let items;
  try {
    items = (await api.conflicts()).items.filter((one) => one.document?.key === customer.id);
  } catch (error) {
    return complain(error);
  }
  return dialog({
    title: "conflicts.title", params: { name: customer.name },
    fill: (body, close) => {
      body.append(h("p", { t: "conflicts.lead" }), ...items.map((one) => entry(one, settled, () => body.querySelector(".conflict") || close())));
      if (items.length === 0) body.append(h("p", { class: "quiet", t: "conflicts.none" }));
    },
  });
}

function entry(item, settled, next) {
  const node = h("section", { class: "conflict", "aria-label": label(item.field) });
  const act = (key, sign, action, kind) => {
    const button = h("button", { class: `button slim ${kind}`, type: "button" }, icon(sign), h("span", { t: key }));
    button.addEventListener("click", () => busy(button, async () => {
      try {
        await api.settleConflict(item.id, action);
        toast("good", action === "restore" ? "conflicts.restored" : "conflicts.dismissed");
        node.remove();
        settled();
        next();
      } catch (error) {
        complain(error);
      }
    }));
    return button;
  };
  node.append(h("h3", {}, label(item.field)), h("div", { class: "pair" }, side("conflicts.lost", item.lost), side("conflicts.won", item.won)),
    h("div", { class: "row" }, act("conflicts.restore", "restore", "restore", "primary"), act("conflicts.dismiss", "check", "dismiss", "")));
  return node;
}

function side(key, { value, by, site, at }) {
  const words = Array.isArray(value) ? value.join(", ") : String(value ?? "");
  return h("div", { class: "stack tight" }, h("span", { class: "small quiet", t: key }), h("span", { class: "value" }, words || t("value.empty")),
    h("span", { class: "small quiet" }, [by, site].filter(Boolean).join(" · "), " · ", moment(at)));
}

function label(field) {
  return has(`customer.${field}`) ? t(`customer.${field}`) : String(field);
}
