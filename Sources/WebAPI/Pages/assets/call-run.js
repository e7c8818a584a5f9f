// What calls share: a command whose refusal is said beside its button, and numbers as the API takes them.
import { text } from "./dom.js";
import { busy } from "./parts.js";
import { t } from "./i18n.js";

/** What went wrong, for people. */
export function said(error) {
  if (error.status === 0) return t("command.offline");
  return [error.message ?? String(error), ...(error.fields ?? []).map((one) => `${one.field}: ${one.message}`)].join(" ");
}

/** Runs a command from a button; true when it was taken. What the site refuses stands in `place`, beside the button. */
export function attempt(button, place, work) {
  return busy(button, async () => {
    text(place, "");
    try {
      await work();
      return true;
    } catch (error) {
      text(place, said(error));
      return false;
    }
  });
}

/** A number without what people write between its digits; null when something else is in it. */
export function plainNumber(written) {
  const plain = written.replace(/[\s().\-/\u2010-\u2013]/gu, "");
  return /^\+?\d+$/u.test(plain) && plain.length <= 32 ? plain : null;
}
