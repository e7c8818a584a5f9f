// Icons drawn as strokes on a 24-unit square; always beside words, so hidden from assistive technology.
import { svg } from "./dom.js";

const PATHS = {
  ready: "M12 3a9 9 0 1 0 0 18a9 9 0 0 0 0-18M8 12.2l2.8 2.8L16.2 9.4",
  notReady: "M12 3a9 9 0 1 0 0 18a9 9 0 0 0 0-18M9.7 8.8v6.4M14.3 8.8v6.4",
  ringing: "M6 16.5V11a6 6 0 0 1 12 0v5.5l1.5 1.5h-15zM10 20.5h4M3 7.5A9 9 0 0 1 5.5 4M21 7.5A9 9 0 0 0 18.5 4",
  talking: "M5 4h4l1.6 4.5-2.3 1.7a12 12 0 0 0 5.5 5.5l1.7-2.3L20 15v4c0 1-.8 1.5-1.8 1.4C10.5 19.5 4.5 13.5 3.6 5.8C3.5 4.8 4 4 5 4z",
  held: "M12 3a9 9 0 1 0 0 18a9 9 0 0 0 0-18M12 7v5l3.2 2",
  wrapUp: "M4 20l.8-4L15.5 5.3a2 2 0 0 1 2.9 0l.4.4a2 2 0 0 1 0 2.9L8 19.2zM13.5 7.5l3 3",
  notResponding: "M12 4L2.8 20h18.4zM12 10v4.5M12 17.2v.1",
  loggedOut: "M12 3v8M7 6a8 8 0 1 0 10 0",
  unreachable: "M4 4l16 16M9 6.5A10 10 0 0 1 21 9.5M3 9.5a13 13 0 0 1 3-2M7 13.5a7 7 0 0 1 4.5-2M17 13.5l-.6-.5M12 18.5v.1",
  hangUp: "M3 14.5c0-5 18-5 18 0v2.5l-5-.8v-2.7a13 13 0 0 0-8 0v2.7L3 17z",
  search: "M10.5 4a6.5 6.5 0 1 0 0 13a6.5 6.5 0 0 0 0-13M15.5 15.5L21 21",
  user: "M12 4a4 4 0 1 0 0 8a4 4 0 0 0 0-8M4.5 20.5c.8-4 3.8-5.5 7.5-5.5s6.7 1.5 7.5 5.5",
  ticket: "M4 6h16v4a2 2 0 0 0 0 4v4H4v-4a2 2 0 0 0 0-4zM14 6v2.5M14 11v2M14 15.5V18",
  note: "M5 3.5h14v11L13.5 20.5H5zM19 14.5h-5.5v6M8.5 8.5h7M8.5 12h4",
  history: "M4 5v4.5h4.5M4.6 9.2A8.3 8.3 0 1 1 3.8 13M12 8v4.5l3 1.8",
  clock: "M12 3a9 9 0 1 0 0 18a9 9 0 0 0 0-18M12 7.5V12l3 2",
  link: "M10 14a4 4 0 0 0 5.7 0l3-3A4 4 0 0 0 13 5.3l-1 1M14 10a4 4 0 0 0-5.7 0l-3 3A4 4 0 0 0 11 18.7l1-1",
  merge: "M4 4c0 5 3 8 8 8h7.5M4 20c0-5 3-8 8-8M15.5 8l4 4-4 4",
  cut: "M3.5 12h6M14.5 12h6M10.5 7.5l3 9",
  site: "M4 20.5V9l8-5 8 5v11.5zM9.5 20.5v-6h5v6",
  help: "M12 3a9 9 0 1 0 0 18a9 9 0 0 0 0-18M9.5 9.7a2.5 2.5 0 1 1 3.7 2.2c-.8.5-1.2 1-1.2 2M12 16.8v.1",
  close: "M6 6l12 12M18 6L6 18",
  plus: "M12 5v14M5 12h14",
  caretDown: "M6.5 9.5L12 15l5.5-5.5",
  caretUp: "M6.5 14.5L12 9l5.5 5.5",
  left: "M14.5 6.5L9 12l5.5 5.5",
  chat: "M4 5h16v11h-8l-4.5 4v-4H4zM8 9.2h8M8 12.2h5",
  email: "M3.5 6h17v12h-17zM3.5 7l8.5 6.5L20.5 7",
  portal: "M4 4.5h16v15H4zM4 8.5h16M7 12h6M7 15.5h9",
  callback: "M5 4h4l1.6 4.5-2.3 1.7a12 12 0 0 0 5.5 5.5l1.7-2.3L20 15v4c0 1-.8 1.5-1.8 1.4C10.5 19.5 4.5 13.5 3.6 5.8C3.5 4.8 4 4 5 4zM20.5 4L15 9.5M15 5v4.5h4.5",
  right: "M9.5 6.5L15 12l-5.5 5.5",
  expand: "M4 9V4h5M20 9V4h-5M4 15v5h5M20 15v5h-5",
  alert: "M12 4L2.8 20h18.4zM12 10v4.5M12 17.2v.1",
  live: "M3 12h4l2.5-7 5 14 2.5-7h4",
  refresh: "M20 5v5h-5M4 19v-5h5M19.3 9.5A8 8 0 0 0 5.3 7.5M4.7 14.5a8 8 0 0 0 14 2",
  phone: "M8 3h8a1.5 1.5 0 0 1 1.5 1.5v15A1.5 1.5 0 0 1 16 21H8a1.5 1.5 0 0 1-1.5-1.5v-15A1.5 1.5 0 0 1 8 3M11 18h2",
  phoneOff: "M8 3h8a1.5 1.5 0 0 1 1.5 1.5v15A1.5 1.5 0 0 1 16 21H8a1.5 1.5 0 0 1-1.5-1.5v-15A1.5 1.5 0 0 1 8 3M3.5 3.5l17 17",
  out: "M10 4H5v16h5M14 8l4 4-4 4M18 12H9",
  wall: "M3.5 4.5h7v7h-7zM13.5 4.5h7v4h-7zM13.5 11.5h7v8h-7zM3.5 14.5h7v5h-7z",
  restore: "M9 5L4.5 9.5 9 14M4.5 9.5H14a5 5 0 0 1 0 10h-3",
  transfer: "M3 8h14M13 4l4 4-4 4M21 16H7M11 12l-4 4 4 4",
  ask: "M4 5h16v11h-8l-4.5 4v-4H4zM10 8.6a2 2 0 1 1 2.8 1.9c-.6.3-.8.6-.8 1.2M12 13.4v.1",
  handOver: "M4 12h13M12.5 7.5L17 12l-4.5 4.5M20.5 5v14",
  three: "M12 4.5a2.6 2.6 0 1 0 0 5.2a2.6 2.6 0 0 0 0-5.2M6 13a2.4 2.4 0 1 0 0 4.8a2.4 2.4 0 0 0 0-4.8M18 13a2.4 2.4 0 1 0 0 4.8a2.4 2.4 0 0 0 0-4.8M10.3 9.5L7.5 13.2M13.7 9.5l2.8 3.7M8.5 15.5h7",
  digits: "M6 6v.1M12 6v.1M18 6v.1M6 11v.1M12 11v.1M18 11v.1M6 16v.1M12 16v.1M18 16v.1M12 20.5v.1",
  record: "M12 4a8 8 0 1 0 0 16a8 8 0 0 0 0-16M12 9a3 3 0 1 0 0 6a3 3 0 0 0 0-6",
  pause: "M8.5 5.5v13M15.5 5.5v13",
  play: "M7.5 5l11 7-11 7z",
  listen: "M5 13v-1.5a7 7 0 0 1 14 0V13M5 13h3v6H5zM16 13h3v6h-3z",
  save: "M12 4v10M7.5 10L12 14.5 16.5 10M5 19.5h14",
  check: "M5 12.5l4.5 4.5L19 7.5",
};
const ALIAS = { reserved: "ringing", offered: "ringing", waiting: "clock", self: "ready", suspect: "alert", draining: "out", up: "check", down: "close", unknown: "help", voice: "phone" };

/** The named icon. */
export function icon(name) {
  const path = PATHS[name] ?? PATHS[ALIAS[name]] ?? PATHS.help;
  const node = svg("svg", { class: "i", viewBox: "0 0 24 24", "aria-hidden": "true", focusable: "false" }, svg("path", { d: path }));
  node.dataset.icon = name;
  return node;
}

/** Puts another icon into a holder when it differs. */
export function setIcon(holder, name) {
  if (holder.firstElementChild?.dataset.icon !== name) holder.replaceChildren(icon(name));
}

/** The mark: two rings in tandem. */
export function mark() {
  return svg("svg", { viewBox: "0 0 32 32", "aria-hidden": "true", focusable: "false" },
    svg("circle", { class: "one", cx: 12, cy: 16, r: 7.5 }), svg("circle", { class: "two", cx: 20, cy: 16, r: 7.5 }));
}
