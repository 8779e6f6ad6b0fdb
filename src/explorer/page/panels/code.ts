// Native code: the body of one virtual instruction, byte by byte, with its dispatch marked.
import { counted } from "../../../numbers.ts";
import { drawBody } from "../../../report/drawing/body-drawing.ts";
import type { App } from "../app.ts";
import { draw, h } from "../dom.ts";
import type { Details } from "./details.ts";

/** The body that owns the clicked site, or the first one. */
export function drawCode(app: App, { layout, given }: Details): HTMLElement | undefined {
  if (layout === undefined || layout.instructions.length === 0) return undefined;
  const site = app.state().site || String(given.sites[0]?.site ?? "");
  const has = layout.instructions.find(({ sites }) => sites.some(({ address }) => `0x${address.toString(16)}` === site));
  const instruction = has ?? layout.instructions[0];
  const said = (branch: (typeof instruction.sites)[number]): string => {
    const target = branch.target === null ? "the next virtual instruction" : `0x${branch.target.toString(16)}`;
    const when = branch.when === "always" ? "" : `, ${branch.when}`;
    return `${branch.kind} to ${target}${when}`;
  };
  const name = `Native code of ${instruction.opcode} (virtual address ${instruction.virtualAddress}): ${counted(instruction.nativeInstructions, "native instruction")}`;
  const body = drawBody({
    title: name,
    code: instruction.code,
    branches: instruction.sites.map((branch) => ({ ...branch, text: said(branch) })),
  });
  return h(
    "details",
    { open: true },
    h("summary", {}, "Native code"),
    h("p", {}, `${name}. ◆ dispatches, ◇ other branches.`),
    h("div", { class: "scroll", role: "region", "aria-label": name, tabindex: 0 }, draw(body)),
  );
}
