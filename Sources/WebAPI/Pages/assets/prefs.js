// What a person chose on this machine: theme, shortcuts. Language lives in i18n.js.
const dark = matchMedia("(prefers-color-scheme: dark)");

/** Reads a stored preference. */
export function preference(name, fallback) {
  try {
    return localStorage.getItem(`tandem.${name}`) ?? fallback;
  } catch {
    return fallback;
  }
}

/** Stores a preference; without storage it lasts for this page only. */
export function setPreference(name, value) {
  try {
    localStorage.setItem(`tandem.${name}`, value);
  } catch { /* storage is a convenience here */ }
}

/** The chosen theme: `system`, `light` or `dark`. */
export function theme() {
  return preference("theme", "system");
}

/** Chooses the theme and shows it at once. */
export function setTheme(value) {
  setPreference("theme", value);
  showTheme();
}

function showTheme() {
  const chosen = theme();
  document.documentElement.dataset.theme = chosen === "system" ? (dark.matches ? "dark" : "light") : chosen;
}

dark.addEventListener("change", showTheme);
showTheme();
