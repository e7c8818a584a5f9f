// Calls of the HTTP API: JSON in and out, problems as errors, always to the site that serves this page now.
import { leave, session } from "./session.js";
import { t } from "./i18n.js";

const TIMEOUT_MS = 10_000;
const STALL_MS = 25_000;
let base = "";

/** What went wrong, as the server says it; status 0 when no answer came. */
export class Problem extends Error {
  constructor(status, body = {}) {
    super(body.detail || body.title || (status === 0 ? t("error.offline") : t("error.status", { status })));
    this.status = status;
    /** The site that cannot be reached, where that is why: {site, since}. */
    this.away = body.away ?? null;
    /** True for an answer that ended before its end. */
    this.cut = false;
    /** The fields at fault: [{field, message}]. */
    this.fields = (body.errors ?? []).filter((one) => one.field);
  }
}

/** Sends later calls to another site. */
export function setBase(next) {
  base = next;
}

/** One call. Returns {data, etag}. */
export async function request(method, path, { body, version, at = base, timeout = TIMEOUT_MS, token = session()?.token } = {}) {
  const headers = { Accept: "application/json" };
  if (token) headers.Authorization = `Bearer ${token}`;
  if (body !== undefined) headers["Content-Type"] = method === "PATCH" ? "application/merge-patch+json" : "application/json";
  if (version) headers["If-Match"] = `"${version}"`;
  let response;
  try {
    response = await fetch(`${at}/api/v1${path}`, {
      method, headers, cache: "no-store", credentials: "omit", signal: AbortSignal.timeout(timeout),
      body: body === undefined ? undefined : JSON.stringify(body),
    });
  } catch {
    throw new Problem(0);
  }
  const content = await response.text().catch(() => "");
  const data = parse(content);
  if (response.ok) return { data, etag: response.headers.get("ETag") };
  if (response.status === 401 && token) leave("expired");
  throw new Problem(response.status, data ?? {});
}

/** Sends a file, and tells how much of it is out (0 to 1); `fetch` cannot tell that. Resolves with the ticket. */
function attach(id, file, progress) {
  return new Promise((resolve, reject) => {
    const call = new XMLHttpRequest();
    call.open("POST", `${base}/api/v1/tickets/${part(id)}/attachments?name=${part(file.name)}`);
    call.setRequestHeader("Authorization", `Bearer ${session()?.token}`);
    call.setRequestHeader("Content-Type", file.type || "application/octet-stream");
    call.upload.addEventListener("progress", (event) => event.lengthComputable && progress(event.loaded / event.total));
    call.addEventListener("error", () => reject(new Problem(0)));
    call.addEventListener("load", () => {
      const body = parse(call.responseText);
      if (call.status === 401) leave("expired");
      if (call.status >= 200 && call.status < 300) resolve(body);
      else reject(new Problem(call.status, body ?? {}));
    });
    call.send(file);
  });
}

/**
 * A recording, told of as it comes. `held` keeps what came, {parts, bytes, of}: a read that was cut goes on there when it is asked for again.
 * Gives the whole recording; whatever is short of it is an error, never half a recording.
 */
async function recording(contact, file, held, progress) {
  const stop = new AbortController();
  let timer;
  const alive = () => {
    clearTimeout(timer);
    timer = setTimeout(() => stop.abort(), STALL_MS);
  };
  const headers = { Authorization: `Bearer ${session()?.token}`, ...(held.bytes > 0 ? { Range: `bytes=${held.bytes}-` } : {}) };
  let response;
  alive();
  try {
    response = await fetch(`${base}/api/v1/contacts/${part(contact)}/recordings/${part(file)}`, { headers, cache: "no-store", credentials: "omit", signal: stop.signal });
    if (response.ok) await take(response, held, () => {
      alive();
      progress();
    });
  } catch {
    const problem = new Problem(0);
    problem.cut = response !== undefined;
    throw problem;
  } finally {
    clearTimeout(timer);
  }
  if (response.ok) return new Blob(held.parts, { type: "audio/wav" });
  if (response.status === 401) leave("expired");
  throw new Problem(response.status, parse(await response.text().catch(() => "")) ?? {});
}

/** Takes in an answer piece by piece; throws when it ends before its length. */
async function take(response, held, came) {
  if (response.status !== 206) Object.assign(held, { parts: [], bytes: 0 });
  held.of = held.bytes + Number(response.headers.get("Content-Length"));
  const reader = response.body.getReader();
  for (let piece = await reader.read(); !piece.done; piece = await reader.read()) {
    held.parts.push(piece.value);
    held.bytes += piece.value.length;
    came();
  }
  if (held.bytes !== held.of) throw new RangeError("cut");
}

/** A file of a ticket: {content}, or {bytes, of, again} while it comes from another site; `again` in milliseconds. */
function attachment(id, file) {
  return content(`/tickets/${part(id)}/attachments/${part(file)}`);
}

async function content(path) {
  let response;
  try {
    response = await fetch(`${base}/api/v1${path}`, {
      headers: { Authorization: `Bearer ${session()?.token}` }, cache: "no-store", credentials: "omit",
    });
    if (response.ok) return { content: await response.blob() };
  } catch {
    throw new Problem(0);
  }
  const body = parse(await response.text().catch(() => "")) ?? {};
  if (response.status === 503 && body.progress) return { ...body.progress, again: 1_000 * (Number(response.headers.get("Retry-After")) || 2) };
  if (response.status === 401) leave("expired");
  throw new Problem(response.status, body);
}

function parse(content) {
  try {
    return content === "" ? null : JSON.parse(content);
  } catch {
    return null;
  }
}

const part = encodeURIComponent;
const data = async (promise) => (await promise).data;

/** A query string of the parameters that are set. */
export function query(params) {
  const kept = Object.entries(params).filter(([, value]) => value !== undefined && value !== null && value !== "");
  return kept.length === 0 ? "" : `?${new URLSearchParams(kept)}`;
}

/** The calls by name. */
export const api = {
  signIn: (login, password) => data(request("POST", "/session", { body: { login, password }, at: "", token: null })),
  desk: () => data(request("GET", "/desk")),
  deskSignIn: () => data(request("POST", "/desk/sign-in", { body: {} })),
  deskSignOut: () => data(request("POST", "/desk/sign-out", { body: {} })),
  setState: (state, reason) => data(request("POST", "/desk/state", { body: reason ? { state, reason } : { state } })),
  wrapUp: (action) => data(request("POST", "/desk/wrap-up", { body: { action } })),
  hangUp: (contact) => data(request("POST", "/desk/hang-up", { body: { contact } })),
  contactOrder: (contact, order) => data(request("POST", `/desk/contacts/${part(contact)}/${order}`, { body: {} })),
  callOrder: (contact, order, body = {}) => data(request("POST", `/desk/contacts/${part(contact)}/${order}`, { body })),
  dial: (body) => data(request("POST", "/desk/calls", { body })),
  targets: (q) => data(request("GET", `/desk/targets${query({ q })}`)),
  supervise: (contact, mode) => data(request("POST", "/desk/supervision", { body: { contact, mode } })),
  stopSupervising: () => data(request("POST", "/desk/supervision/leave", { body: {} })),
  recordings: (contact) => data(request("GET", `/contacts/${part(contact)}/recordings`)),
  recording,
  contactWrapUp: (contact, action) => data(request("POST", `/desk/contacts/${part(contact)}/wrap-up`, { body: { action } })),
  explanation: (contact) => data(request("GET", `/contacts/${part(contact)}/explanation`)),
  linkCustomer: (contact, customer) => data(request("POST", "/desk/link-customer", { body: { contact, customer } })),
  customers: (params) => data(request("GET", `/customers${query(params)}`)),
  customer: (id) => data(request("GET", `/customers/${part(id)}`)),
  createCustomer: (body) => data(request("POST", "/customers", { body })),
  patchCustomer: (id, body, version) => data(request("PATCH", `/customers/${part(id)}`, { body, version })),
  noteCustomer: (id, note) => data(request("POST", `/customers/${part(id)}/notes`, { body: { text: note } })),
  mergeCustomer: (id, other) => data(request("POST", `/customers/${part(id)}/merge`, { body: { other } })),
  unmergeCustomer: (id, other) => data(request("POST", `/customers/${part(id)}/unmerge`, { body: { other } })),
  tickets: (params) => data(request("GET", `/tickets${query(params)}`)),
  ticket: (id) => data(request("GET", `/tickets/${part(id)}`)),
  createTicket: (body) => data(request("POST", "/tickets", { body })),
  patchTicket: (id, body, version) => data(request("PATCH", `/tickets/${part(id)}`, { body, version })),
  noteTicket: (id, note) => data(request("POST", `/tickets/${part(id)}/notes`, { body: { text: note } })),
  attach,
  attachment,
  mergeTicket: (id, other) => data(request("POST", `/tickets/${part(id)}/merge`, { body: { other } })),
  unmergeTicket: (id, other) => data(request("POST", `/tickets/${part(id)}/unmerge`, { body: { other } })),
  conflicts: () => data(request("GET", "/conflicts")),
  settleConflict: (id, action) => data(request("POST", `/conflicts/${part(id)}/${action}`, { body: {} })),
  cutLink: (peer, cut, at) => data(request("POST", `/site/links/${part(peer)}`, { body: { cut }, ...(at === undefined ? {} : { at }) })),
};
