// The branches of a clicked cell, and the targets of the one that was clicked among them.
import { whole } from "../../../numbers.ts";
import type { ResultRecord } from "../../protocol.ts";
import type { App } from "../app.ts";
import { h } from "../dom.ts";
import { count, type Details, percent } from "./details.ts";

/** Rows that a table shows. */
const MOST_SITES = 40;

/** The dispatch branches of a cell, worst first. */
export function drawSites(app: App, { given }: Details, dispatch: ResultRecord | undefined): HTMLElement {
  const sites = given.sites.filter((row) => row.dispatch !== "no");
  const missed = count(dispatch ?? {}, "mispredictions");
  const drawRow = (row: ResultRecord): HTMLElement => {
    const site = String(row.site);
    const open = app.state().site === site;
    const button = h(
      "button",
      {
        type: "button",
        "data-key": `site ${site}`,
        "aria-pressed": open ? "true" : "false",
        on: { click: () => app.change({ site: open ? "" : site }) },
      },
      String(row.owner ?? site),
    );
    const share = h("td", { class: "number bar" }, percent(count(row, "mispredictions"), missed));
    share.style.setProperty("--share", percent(count(row, "mispredictions"), missed).replace(" ", ""));
    return h(
      "tr",
      {},
      h("th", { scope: "row" }, button),
      h("td", {}, h("code", {}, site)),
      h("td", { class: "number" }, whole(count(row, "branches"))),
      h("td", { class: "number" }, row.mispredictions === null ? "–" : whole(count(row, "mispredictions"))),
      h("td", { class: "number" }, percent(count(row, "mispredictions"), count(row, "branches"))),
      share,
    );
  };
  return h(
    "div",
    { class: "scroll tall", role: "region", "aria-label": "branches", tabindex: 0 },
    h(
      "table",
      {},
      h(
        "caption",
        {},
        sites.length > MOST_SITES ? `The worst ${MOST_SITES} of ${sites.length} dispatch branches` : "Dispatch branches, worst first",
      ),
      h(
        "thead",
        {},
        h(
          "tr",
          {},
          ["opcode", "address", "executed", "mispredicted", "rate", "share of all misses"].map((name) => h("th", { scope: "col" }, name)),
        ),
      ),
      h("tbody", {}, sites.slice(0, MOST_SITES).map(drawRow)),
    ),
  );
}

/** Where one branch goes, and the virtual instructions there. */
export function drawTargets(app: App, { given, layout }: Details): HTMLElement | undefined {
  const { site } = app.state();
  const targets = given.targets.filter((row) => row.site === site).sort((a, b) => count(b, "branches") - count(a, "branches"));
  if (site === "" || targets.length === 0) return undefined;
  const all = targets.reduce((sum, row) => sum + count(row, "branches"), 0);
  const instructionsAt = (target: string): string => {
    const there = (layout?.instructions ?? []).filter(({ entry }) => `0x${entry.toString(16)}` === target);
    return there.length === 0
      ? ""
      : `${there
          .slice(0, 12)
          .map(({ virtualAddress }) => virtualAddress)
          .join(" ")}${there.length > 12 ? " …" : ""}`;
  };
  return h(
    "div",
    {},
    h("h3", {}, `Targets of ${String(targets[0].owner)} ${site}`),
    h(
      "p",
      {},
      targets.length === 1
        ? "One target: a last-target buffer is always right here, after the first time."
        : `${targets.length} targets take turns; a buffer with one entry for this branch is wrong at each change.`,
    ),
    h(
      "div",
      { class: "scroll tall", role: "region", "aria-label": "targets", tabindex: 0 },
      h(
        "table",
        {},
        h(
          "thead",
          {},
          h(
            "tr",
            {},
            ["next opcode", "address", "times", "share", "virtual addresses with this code"].map((name) => h("th", { scope: "col" }, name)),
          ),
        ),
        h(
          "tbody",
          {},
          targets
            .slice(0, MOST_SITES)
            .map((row) =>
              h(
                "tr",
                {},
                h("th", { scope: "row" }, String(row.target_owner ?? "")),
                h("td", {}, h("code", {}, String(row.target))),
                h("td", { class: "number" }, whole(count(row, "branches"))),
                h("td", { class: "number" }, percent(count(row, "branches"), all)),
                h("td", {}, instructionsAt(String(row.target))),
              ),
            ),
        ),
      ),
    ),
  );
}
