// Who is signed in on this tab, where, and which sites there are.
// The token is kept per tab: closing it forgets it, and two tabs can be two people. Sites are remembered for the next sign-in.
const SESSION = "tandem.session";
const SITES = "tandem.sites";

/** The session of this tab, or null. */
export function session() {
  try {
    const kept = JSON.parse(sessionStorage.getItem(SESSION) ?? "null");
    return kept && Date.parse(kept.expiresAt) > Date.now() ? kept : null;
  } catch {
    return null;
  }
}

/** Keeps a session as the server gave it. */
export function keepSession(value) {
  sessionStorage.setItem(SESSION, JSON.stringify(value));
  try {
    localStorage.setItem(SITES, JSON.stringify({ here: value.site, sites: value.sites }));
  } catch { /* only a convenience */ }
}

/** Forgets the session and goes to the sign-in page, with the reason to show there. */
export function leave(reason) {
  sessionStorage.removeItem(SESSION);
  const back = location.pathname === "/" ? "" : `&to=${encodeURIComponent(location.pathname)}`;
  location.replace(`/?why=${reason}${back}`);
}

/** The sites known from earlier sessions. */
export function rememberedSites() {
  try {
    return JSON.parse(localStorage.getItem(SITES) ?? "null") ?? { here: null, sites: [] };
  } catch {
    return { here: null, sites: [] };
  }
}

/** The addresses to try, the site of this page first; an empty base is this page's own origin. */
export function addresses(of = session()) {
  if (!of) return [];
  const here = of.sites.find((site) => site.id === of.site) ?? { id: of.site, name: of.site };
  const others = of.sites.filter((site) => site.id !== of.site && site.url);
  return [{ id: here.id, name: here.name, base: "" }, ...others.map((site) => ({ id: site.id, name: site.name, base: origin(site.url) }))];
}

function origin(url) {
  try {
    return new URL(url, location.href).origin;
  } catch {
    return "";
  }
}

/** Where a role begins its work. */
export function homeOf(account) {
  return account.role === "agent" ? "/desk" : "/wall";
}
