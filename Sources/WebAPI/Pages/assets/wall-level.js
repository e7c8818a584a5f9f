// Which of the four ways of counting a service level the wall shows; chosen once, remembered on this machine.
import { freshID, h } from "./dom.js";
import { preference, setPreference } from "./prefs.js";
import { LEVELS } from "./wall-model.js";

let variant = LEVELS.find((one) => one === preference("serviceLevel", "")) ?? LEVELS[0];

/** The variant in use. */
export function levelVariant() {
  return variant;
}

/** The menu of variants; `changed` is called after each choice. */
export function levelChoice(changed) {
  const id = freshID("level");
  const list = h("select", { id }, LEVELS.map((one) => h("option", { value: one, t: `levels.${one}` })));
  list.value = variant;
  list.addEventListener("change", () => {
    variant = list.value;
    setPreference("serviceLevel", variant);
    changed();
  });
  return h("div", { class: "row level-choice" }, h("label", { for: id, class: "small", t: "levels.label" }), list);
}
