// A page in a single file that works from file://: it contains style, scripts, pictures and numbers, and its content security policy
// allows nothing else, neither from the network nor from names in the results.
import { createHash } from "node:crypto";
import { theme } from "../drawing/drawing.ts";
import { bundles, versions } from "./bundles.ts";
import { html, jsonFor, type Markup, safe } from "./html.ts";
import { BASE_STYLE } from "./style.ts";

export interface Page {
  readonly title: string;
  /** The question that the page answers, below its title. */
  readonly lead: Markup;
  /** Sections with headings; the id is the target of links. */
  readonly sections: readonly PageSection[];
  /** Whether it has charts; if not, their libraries are left out. */
  readonly charts?: boolean;
  /** The command that makes the same page again. */
  readonly command: string;
  /** Set if its numbers are measured by a clock, so that no other run gives the same. */
  readonly measured?: true;
  /** Style and script of a page without charts. */
  readonly own?: { readonly style: string; readonly script: string };
}

export interface PageSection {
  readonly id: string;
  readonly title: string;
  readonly content: Markup;
}

const STYLE = `${BASE_STYLE}.faint, figcaption { color: var(--faint); }
figure { margin: 1rem 0; } figcaption { margin: 0.5rem 0; max-width: 45rem; }
.scroll { overflow-x: auto; max-width: 100%; }
.static { display: block; max-width: 100%; height: auto; } .drawn .static { display: none; }
.live.vega-embed { padding-right: 38px; }
table { border-collapse: collapse; font-size: 0.9rem; } th, td { padding: 0.25rem 0.75rem 0.25rem 0; text-align: left; vertical-align: top; border-bottom: 1px solid var(--line); }
td { min-width: 4.5rem; } .number { text-align: right; font-variant-numeric: tabular-nums; overflow-wrap: normal; }
.sortable td { min-width: 0; } .sortable .number { white-space: nowrap; } .sortable th button { font: inherit; font-weight: 600; color: inherit; background: none; border: 0; padding: 0; cursor: pointer; white-space: nowrap; }
.sortable th[aria-sort=ascending] button::after { content: " ▲"; } .sortable th[aria-sort=descending] button::after { content: " ▼"; }
.best { background: var(--shade); font-weight: 600; } .hidden { position: absolute; left: -999rem; }
.wide td { min-width: 9rem; } .wide td:first-child { min-width: 0; white-space: nowrap; }
dl { display: grid; grid-template-columns: minmax(7rem, max-content) 1fr; gap: 0.25rem 1rem; } dt { color: var(--faint); } dd { margin: 0; }
@media (max-width: 40rem) { dl { grid-template-columns: 1fr; gap: 0; } dd { margin-bottom: 0.5rem; } }
pre { overflow-x: auto; background: var(--shade); padding: 0.75rem; border: 1px solid var(--line); white-space: pre-wrap; overflow-wrap: anywhere; }
blockquote { margin: 0.5rem 0; padding-left: 1rem; border-left: 3px solid var(--line); }
summary { cursor: pointer; padding: 0.25rem 0; }
.verdict { font-weight: 600; white-space: nowrap; } .surprise { display: block; font-weight: 400; white-space: normal; }
@media (max-width: 40rem) { .live svg { max-width: 100%; height: auto; } .live.vega-embed { padding-right: 0; width: 100%; } }
@media print {
  body { max-width: none; padding: 0; font-size: 10pt; } .skip, .live.vega-embed, summary { display: none !important; }
  .static, .drawn .static { display: block; max-width: 100%; height: auto; } figure, tr { break-inside: avoid; } h2, h3 { break-after: avoid; }
  .scroll { overflow: visible; } table { font-size: 8.5pt; } .verdict { white-space: normal; } td, .wide td { min-width: 0; } a { color: inherit; }
}
`;

/** Draws each chart when it comes near the window, and again when the colour scheme changes. */
const SCRIPT = `
"use strict";
(() => {
  const themes = JSON.parse(document.getElementById("themes").textContent);
  const dark = matchMedia("(prefers-color-scheme: dark)");
  const views = new Map();
  /** On a phone panels stand below each other, and lines below titles are short; what is still too wide is made smaller. */
  const fitted = (spec) => {
    if (innerWidth > 640) return spec;
    const { hconcat, ...rest } = spec;
    const lines = (spec.title?.subtitle ?? []).flatMap((line) => line.match(/\\S.{0,45}(?=\\s|$)/g) ?? []);
    const title = spec.title?.subtitle === undefined ? spec.title : { ...spec.title, subtitle: lines };
    return { ...rest, title, ...(hconcat ? { vconcat: hconcat } : {}), ...(spec.columns ? { columns: 1 } : {}) };
  };
  const draw = async (figure) => {
    const spec = fitted(JSON.parse(figure.querySelector(".spec").textContent));
    const live = figure.querySelector(".live");
    views.get(figure)?.finalize();
    const result = await vegaEmbed(live, { ...spec, config: dark.matches ? themes.dark : themes.light }, {
      mode: "vega-lite", renderer: "svg", ast: true, downloadFileName: figure.dataset.name,
      actions: { export: true, source: false, compiled: false, editor: false },
      tooltip: { theme: dark.matches ? "dark" : "light" },
    });
    views.set(figure, result);
    figure.classList.add("drawn");
  };
  const near = new IntersectionObserver((entries) => {
    for (const { isIntersecting, target } of entries) {
      if (!isIntersecting) continue;
      near.unobserve(target);
      draw(target).catch((error) => console.error(error));
    }
  }, { rootMargin: "800px" });
  for (const figure of document.querySelectorAll("figure.chart")) near.observe(figure);
  dark.addEventListener("change", () => { for (const figure of views.keys()) draw(figure).catch((error) => console.error(error)); });
})();
`;

/** Sorts a table by the column whose head is clicked: numbers from the largest, reversed by a second click. */
const TABLES_SCRIPT = `
"use strict";
(() => {
  const text = new Intl.Collator("en", { numeric: true });
  for (const table of document.querySelectorAll("table.sortable")) {
    const heads = [...table.tHead.rows[0].cells];
    const body = table.tBodies[0];
    table.tHead.addEventListener("click", ({ target }) => {
      const head = target.closest("th");
      if (head === null || target.closest("button") === null) return;
      const at = heads.indexOf(head);
      const number = head.classList.contains("number");
      const was = head.getAttribute("aria-sort");
      const way = was === null ? (number ? "descending" : "ascending") : was === "descending" ? "ascending" : "descending";
      for (const other of heads) other.removeAttribute("aria-sort");
      head.setAttribute("aria-sort", way);
      const sign = way === "descending" ? -1 : 1;
      const value = (row) => row.cells[at].dataset.value;
      const compare = (a, b) => {
        if (!number) return sign * text.compare(a.cells[at].textContent, b.cells[at].textContent);
        const [x, y] = [value(a), value(b)];
        return x === undefined || y === undefined ? (x === undefined) - (y === undefined) : sign * (x - y);
      };
      body.append(...[...body.rows].sort(compare));
    });
  }
})();
`;

/** A page; the same input gives the same bytes. */
export function renderPage({ title, lead, sections, command, charts = false, measured, own }: Page): string {
  const scripts = [...(charts ? [...bundles(), SCRIPT] : []), TABLES_SCRIPT, ...(own === undefined ? [] : [own.script])];
  const hashes = scripts.map((text) => `'sha256-${createHash("sha256").update(text).digest("base64")}'`);
  // the scripts set styles of single elements, which no hash can cover
  const policy = `default-src 'none'; script-src ${hashes.join(" ")}; style-src 'unsafe-inline'; img-src data:; base-uri 'none'; form-action 'none'`;
  const themes = { light: theme(false, null), dark: theme(true, null) };
  const { markup } = html`<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${safe(policy)}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="referrer" content="no-referrer">
<link rel="icon" href="data:,">
<title>${title}</title>
<style>${safe(STYLE + (own?.style ?? ""))}</style>
</head>
<body>
<a class="skip" href="#content">Skip to the content</a>
<header>
<h1>${title}</h1>
${lead}
</header>
<nav aria-label="Contents">
<ul>
${sections.map((section) => html`<li><a href="#${section.id}">${section.title}</a></li>\n`)}<li><a href="#again">How to repeat this</a></li>
</ul>
</nav>
<main id="content" tabindex="-1">
${sections.map((section) => html`<section aria-labelledby="${section.id}">\n<h2 id="${section.id}">${section.title}</h2>\n${section.content}\n</section>\n`)}<section aria-labelledby="again">
<h2 id="again">How to repeat this</h2>
<pre tabindex="0"><code>${command}</code></pre>
<p class="faint">Made with ${versions()}. ${measured ? "Measured by a clock: another run gives other numbers." : "The same command on the same input gives the same bytes."}</p>
</section>
</main>
${charts ? html`<script type="application/json" id="themes">${jsonFor(themes)}</script>\n` : undefined}${scripts.map((text) => html`<script>${safe(text)}</script>\n`)}</body>
</html>
`;
  return markup;
}
