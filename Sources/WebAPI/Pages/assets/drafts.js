// What has been typed and not yet saved, kept on this machine until it is: a reload or a lost site costs no word.
import { session } from "./session.js";

const DRAFTS_MAX = 200;

function prefix() {
  return `tandem.draft.${session()?.account?.login ?? ""}.`;
}

/** The draft of a record or note, or null. */
export function draft(kind, id) {
  try {
    return JSON.parse(localStorage.getItem(`${prefix()}${kind}.${id}`) ?? "null");
  } catch {
    return null;
  }
}

/** Keeps a draft; the oldest make room when there are too many. */
export function keepDraft(kind, id, value) {
  try {
    const all = drafts();
    for (const old of all.slice(0, Math.max(0, all.length - DRAFTS_MAX))) dropDraft(old.kind, old.id);
    localStorage.setItem(`${prefix()}${kind}.${id}`, JSON.stringify({ ...value, at: Date.now() }));
  } catch { /* storage full or refused: the words stay on the page */ }
}

/** Forgets a draft. */
export function dropDraft(kind, id) {
  try {
    localStorage.removeItem(`${prefix()}${kind}.${id}`);
  } catch { /* nothing was kept */ }
}

/** All drafts of this account, the oldest first. */
export function drafts() {
  const found = [];
  try {
    for (const key of Object.keys(localStorage)) {
      if (!key.startsWith(prefix())) continue;
      const [kind, ...id] = key.slice(prefix().length).split(".");
      found.push({ kind, id: id.join("."), ...draft(kind, id.join(".")) });
    }
  } catch { /* no storage, no drafts */ }
  return found.sort((a, b) => (a.at ?? 0) - (b.at ?? 0));
}
