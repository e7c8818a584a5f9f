// Teams and sites: who is signed in, what they did today, and how much of their time contacts took.
import { h, text } from "./dom.js";
import { t } from "./i18n.js";
import { duration } from "./time.js";
import { occupancy, percent } from "./wall-model.js";
import { Table } from "./wall-tables.js";

/** The panel. */
export class WallGroups {
  #table;
  #all = h("span", { class: "small quiet" });

  constructor(names) {
    const count = (name, field) => ({ name, num: true, value: (row) => row[field] });
    this.#table = new Table({
      caption: "groups.caption", empty: "groups.none", order: { column: "kind", descending: true },
      columns: [
        { name: "group", value: (row) => (row.kind === "site" ? names.site(row.name) : row.name) },
        { name: "kind", value: (row) => t(`group.${row.kind}`) },
        count("signedIn", "agents"), count("ready", "agentsReady"), count("busy", "agentsBusy"), count("notReady", "agentsNotReady"), count("answered", "contacts"),
        { name: "aht", num: true, value: (row) => (row.contacts > 0 ? row.handlingMs / row.contacts : -1), show: (cell, row) => text(cell, row.contacts > 0 ? duration(row.handlingMs / row.contacts) : "–") },
        { name: "occupancy", num: true, value: (row) => row.occupancy ?? -1, cell: (cell) => cell.append(h("span", { class: "level-bar", "aria-hidden": "true" }, h("span", {})), h("span", { class: "level-words" })), show: (cell, row) => {
          cell.querySelector(".level-bar > span").style.setProperty("width", `${100 * (row.occupancy ?? 0)}%`);
          text(cell.lastElementChild, percent(row.occupancy));
        } },
      ],
    });
    this.element = h("section", { class: "panel groups", "aria-labelledby": "groups-title" }, h("header", {}, h("h2", { id: "groups-title", class: "grow", t: "wall.groups" }), this.#all), this.#table.element);
  }

  /** Shows a new picture. */
  show({ teams, staff }) {
    const rows = (kind, list) => list.map((one) => ({ ...one, kind, id: `${kind}:${one.name}` }));
    this.#table.show([...rows("team", teams), ...rows("site", staff)]);
    text(this.#all, t("groups.all", { share: percent(occupancy(staff)) }));
  }
}
