// The page of advice: the same sentences and tables, with the best technique of every means, advised or not.
import type { Advice } from "../../advise/advise.ts";
import { adviceParts } from "../tables/advice.ts";
import { html } from "./html.ts";
import { renderPage } from "./page.ts";
import { shownPart } from "./part.ts";

/** @param command what to type to make the page again */
export function advicePage(advice: Advice, command: string): string {
  const parts = adviceParts(advice, true);
  return renderPage({
    title: `How to dispatch ${advice.programs.join(", ")}`,
    lead: html`<p>What does dispatch cost these programs now, and what would another technique gain? For each machine the best technique that each means of building an interpreter allows, simulated.</p>`,
    sections: [{ id: "advice", title: "Advice", content: html`${parts.map(shownPart)}` }],
    command,
  });
}
