// What a model shows of its state, before a branch and after it: tables with the row that answers, histories bit by bit, counters,
// stacks. The page of `explain` embeds the text of these functions, the explorer imports them: so they use each other alone.
import type { NamedPart } from "../../workbench/named-inspection.ts";
import { type Drawn, drawn, toElement } from "./elements.ts";

/** Style of these drawings: what changed has a thick frame, what answers an arrow. */
export const INSPECTION_STYLE = `
.inspection { display: grid; grid-template-columns: repeat(auto-fit, minmax(min(100%, 19rem), 1fr)); gap: 0 1.5rem; }
.inspection > div { min-width: 0; } .inspection .scroll { overflow-x: auto; max-width: 100%; }
.inspection h4 { margin: 0.5rem 0 0.25rem; font-size: 1rem; } .inspection p { margin: 0.5rem 0 0.25rem; }
.inspection table { font-size: 0.85em; } .inspection td, .inspection th { min-width: 0; padding: 0.1rem 0.6rem 0.1rem 0; white-space: nowrap; }
.inspection .used { font-weight: 700; background: var(--shade); } .inspection .changed { outline: 2px solid var(--link); outline-offset: -1px; }
.bits { display: inline-flex; flex-wrap: wrap; gap: 1px; font: 0.8em/1.4 ui-monospace, monospace; }
.bits span { width: 1.1em; text-align: center; border: 1px solid var(--line); } .bits .one { background: var(--ink); color: var(--paper); }
.counter { display: inline-flex; gap: 2px; font: 0.85em/1.5 ui-monospace, monospace; }
.counter span { width: 1.8em; text-align: center; border: 1px solid var(--line); } .counter .now { background: var(--ink); color: var(--paper); font-weight: 700; }
.stack { list-style: none; margin: 0; padding: 0; display: inline-block; } .stack li { border: 1px solid var(--line); padding: 0 0.6rem; } .stack li:first-child { border-width: 2px; font-weight: 700; }
`;

function drawEntries(part: NamedPart & { readonly shape: "entries" }, other: NamedPart | undefined): Drawn {
  const before = other?.shape === "entries" && other.title === part.title ? other : undefined;
  const row = (cells: readonly string[], i: number): Drawn => {
    const used = i === part.used;
    const changed = (k: number): boolean => before !== undefined && before.rows[i]?.[k] !== cells[k];
    return drawn(
      "tr",
      used ? { class: "used" } : {},
      drawn("td", {}, used ? "▶" : ""),
      ...cells.map((cell, k) => drawn("td", changed(k) ? { class: "changed" } : {}, cell)),
    );
  };
  const head = ["", ...part.columns].map((title) => drawn("th", { scope: "col" }, title));
  if (part.rows.length === 0) return drawn("p", {}, "no entry");
  return drawn(
    "div",
    { class: "scroll", role: "region", tabindex: 0, "aria-label": part.title },
    drawn("table", {}, drawn("thead", {}, drawn("tr", {}, ...head)), drawn("tbody", {}, ...part.rows.map(row))),
  );
}

function drawPart(part: NamedPart, other: NamedPart | undefined): Drawn {
  if (part.shape === "entries") return drawEntries(part, other);
  if (part.shape === "bits") {
    if (part.bits === "") return drawn("p", {}, "none");
    const bits = [...part.bits].map((bit) => drawn("span", bit === "1" ? { class: "one" } : {}, bit));
    return drawn("div", { class: "bits", role: "img", "aria-label": `${part.bits}, the newest last` }, ...bits);
  }
  if (part.shape === "counter") {
    const { value, max } = part;
    const said = `${value} of ${max}: predicts ${value > max / 2 ? "taken" : "not taken"}`;
    const from = Math.max(0, Math.min(value - 8, max - 15)); // of a large counter the neighbourhood of its value
    const shown = Array.from({ length: Math.min(max + 1, 16) }, (_, i) => from + i);
    const boxes = shown.map((at) => drawn("span", at === value ? { class: "now" } : {}, String(at)));
    return drawn("div", {}, drawn("div", { class: "counter", role: "img", "aria-label": said }, ...boxes), ` ${said}`);
  }
  if (part.addresses.length === 0) return drawn("p", {}, "empty");
  return drawn("ol", { class: "stack", "aria-label": "the top first" }, ...part.addresses.map((address) => drawn("li", {}, address)));
}

/** Both states beside each other, with what changed marked. */
export function drawInspection(before: readonly NamedPart[], after: readonly NamedPart[]): Drawn {
  const side = (heading: string, parts: readonly NamedPart[], others: readonly NamedPart[]): Drawn =>
    drawn("div", {}, drawn("h4", {}, heading), ...parts.flatMap((part, i) => [drawn("p", {}, part.title), drawPart(part, others[i])]));
  if (before.length === 0) return drawn("p", {}, "This model shows nothing of its state.");
  return drawn("div", { class: "inspection" }, side("before", before, []), side("after", after, before));
}

/** The text of these functions, for a page that has no modules. */
export const inspectionScript = (): string => [drawn, toElement, drawEntries, drawPart, drawInspection].map(String).join("\n");
