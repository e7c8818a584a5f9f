// The sign-in page.
import "./prefs.js";
import { api } from "./api.js";
import { brand, choice } from "./chrome.js";
import { h } from "./dom.js";
import { icon } from "./icons.js";
import { apply, language, languages, setLanguage } from "./i18n.js";
import { homeOf, keepSession, rememberedSites, session } from "./session.js";

const known = new URLSearchParams(location.search);
const already = session();
if (already && !known.has("why")) location.replace(homeOf(already.account));

const login = h("input", { id: "login", name: "login", autocomplete: "username", required: true, autocapitalize: "none", spellcheck: "false" });
const password = h("input", { id: "password", name: "password", type: "password", autocomplete: "current-password", required: true });
const problem = h("p", { class: "error", role: "alert", id: "problem" });
const submit = h("button", { class: "button primary big", t: "signin.submit" });
const elsewhere = h("div", { class: "elsewhere", hidden: true });
const form = h("form", { class: "stack", novalidate: true, "aria-labelledby": "signin-title" },
  h("div", { class: "field" }, h("label", { for: "login", t: "signin.login" }), login),
  h("div", { class: "field" }, h("label", { for: "password", t: "signin.password" }), password),
  problem, submit);

form.addEventListener("submit", async (event) => {
  event.preventDefault();
  problem.textContent = "";
  const missing = [login, password].find((one) => one.value === "");
  for (const one of [login, password]) one.setAttribute("aria-invalid", String(one === missing));
  if (missing) {
    show("signin.missing");
    return missing.focus();
  }
  submit.disabled = true;
  try {
    const got = await api.signIn(login.value.trim(), password.value);
    keepSession(got);
    const wanted = known.get("to");
    location.assign(wanted === "/wall" || wanted === "/desk" ? allowed(wanted, got.account) : homeOf(got.account));
  } catch (error) {
    submit.disabled = false;
    if (error.status === 401) {
      show("signin.refused");
      password.select();
    } else if (error.status === 0) {
      show("signin.silent");
      offerOthers();
    } else problem.textContent = error.message;
  }
});

/** Only an agent has a desk. */
function allowed(wanted, account) {
  return wanted === "/desk" && !account.agent ? "/wall" : wanted;
}

function show(key) {
  problem.replaceChildren(h("span", { t: key }));
}

/** This site does not answer: the other sites' pages are one step away. */
function offerOthers() {
  const { here, sites } = rememberedSites();
  const others = sites.filter((site) => site.id !== here && site.url);
  elsewhere.hidden = others.length === 0;
  elsewhere.replaceChildren(h("p", { t: "signin.elsewhere" }), h("ul", { class: "row wrap" },
    others.map((site) => h("li", {}, h("a", { class: "button", href: site.url }, icon("site"), site.name)))));
}

const why = known.get("why");
const note = why === "expired" || why === "out" ? h("p", { class: "note", role: "status", t: `signin.${why}` }) : null;
const remembered = rememberedSites();
const here = remembered.sites.find((site) => site.id === remembered.here);

document.querySelector("main").append(h("div", { class: "sheet" },
  h("header", { class: "stack" }, brand(), h("h1", { id: "signin-title", t: "signin.title" }),
    h("p", { class: "quiet" }, here ? h("span", { t: ["signin.at", { site: here.name }] }) : h("span", { t: "signin.lead" }))),
  note, form, elsewhere,
  h("footer", {}, choice("language", languages.map((one) => [one.code, one.name]), language(), (code) => {
    setLanguage(code);
    document.title = `${document.querySelector("h1").textContent} · Tandem`;
  }))));
apply(document);
document.title = `${document.querySelector("h1").textContent} · Tandem`;
login.focus();
