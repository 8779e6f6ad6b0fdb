// What the explorer's page looks like: three columns on a wide screen, one on a phone, larger in a lecture hall, plain on paper.
import { INSPECTION_STYLE } from "../report/drawing/inspection.ts";
import { BASE_STYLE } from "../report/pages/style.ts";

export const EXPLORER_STYLE = `${BASE_STYLE}
:root { --heat: #0072b2; --wrong: #b3261e; } @media screen and (prefers-color-scheme: dark) { :root { --wrong: #ff9d94; } }
[hidden] { display: none !important; }
body { max-width: none; } h2 { margin-top: 0; font-size: 1.15rem; } h3 { margin-top: 1rem; font-size: 1rem; }
header { display: flex; flex-wrap: wrap; gap: 0.5rem 1rem; align-items: baseline; } header h1 { margin: 0; } header p { margin: 0; }
.row, .controls { display: flex; flex-wrap: wrap; gap: 0.5rem; align-items: center; margin: 0.5rem 0; }
button, input, select, textarea { font: inherit; max-width: 100%; color: inherit; background: var(--paper); border: 1px solid var(--faint); border-radius: 4px; }
button { padding: 0.3rem 0.7rem; min-height: 2.2rem; cursor: pointer; background: var(--shade); } button:disabled { opacity: 0.55; cursor: default; }
button[aria-pressed=true] { outline: 3px solid var(--ink); outline-offset: -3px; font-weight: 700; }
input[type=text], select, textarea { width: 100%; padding: 0.3rem; min-height: 2.2rem; } input[type=range] { width: 100%; accent-color: var(--heat); }
.panes { display: grid; grid-template-columns: minmax(0, 1fr); gap: 1rem; margin-top: 1rem; align-items: start; }
.tall { max-height: 26rem; overflow-y: auto; } .tall thead th { position: sticky; top: 0; background: var(--paper); }
.panes > div { min-width: 0; display: grid; gap: 1rem; align-content: start; }
section, .scene { border: 1px solid var(--line); border-radius: 6px; padding: 0.75rem; min-width: 0; }
@media (max-width: 61.99rem) { .panes { display: flex; flex-direction: column; } .setup:not([hidden]), .results { display: contents !important; } .panes section { width: 100%; } .matrix-panel { order: 1; } .sliders { order: 2; } .cell { order: 3; } }
@media (min-width: 62rem) { .panes { grid-template-columns: minmax(15rem, 19rem) minmax(0, 1fr); } .results { grid-column: 2; } }
@media (min-width: 90rem) { .panes.three { grid-template-columns: minmax(15rem, 19rem) minmax(0, 1fr) minmax(0, 1fr); } .panes.three .results { display: contents; } }
.panes.alone, .panes.alone.three { grid-template-columns: minmax(0, 1fr); } .alone .results, .three.alone .results { grid-column: 1; display: grid; }
@media (min-width: 75rem) { .panes.alone.three .results { grid-template-columns: minmax(0, 1fr) minmax(0, 1fr); } }
fieldset { border: 1px solid var(--line); border-radius: 4px; margin: 0; padding: 0.25rem 0.5rem 0.5rem; min-width: 0; } fieldset.inline { display: flex; gap: 1rem; }
.choices { max-height: 16rem; overflow-y: auto; border: 1px solid var(--line); padding: 0.25rem; } .choice { display: block; padding: 0.2rem 0; overflow-wrap: anywhere; } .choice .faint { font-size: 0.85em; }
.slider { display: grid; grid-template-columns: 1fr auto; gap: 0 0.5rem; margin: 0.4rem 0; } .slider label { font-size: 0.9em; } .slider input { grid-column: 1 / -1; grid-row: 2; } .slider output { font-variant-numeric: tabular-nums; font-weight: 600; overflow-wrap: anywhere; text-align: right; }
.scroll { overflow-x: auto; max-width: 100%; } .scroll svg { display: block; max-width: none; height: auto; }
table { border-collapse: collapse; font-size: 0.9rem; } th, td { padding: 0.25rem 0.6rem 0.25rem 0; text-align: left; vertical-align: top; border-bottom: 1px solid var(--line); } caption { text-align: left; color: var(--faint); }
.number { text-align: right; font-variant-numeric: tabular-nums; white-space: nowrap; } thead th { font-weight: 600; } tbody th { font-weight: 400; } th button { min-height: 1.8rem; padding: 0 0.5rem; }
.bar { background: linear-gradient(to right, color-mix(in srgb, var(--heat) 35%, transparent) var(--share), transparent var(--share)); }
.matrix td { padding: 1px; border: 0; } .matrix thead th { font-weight: 400; font-size: 0.85em; padding-right: 0.5rem; max-width: 12rem; overflow-wrap: anywhere; vertical-align: bottom; } .matrix tbody th { max-width: 14rem; overflow-wrap: anywhere; }
.matrix td button { width: 100%; min-width: 4rem; border-color: var(--line); font-variant-numeric: tabular-nums; background: color-mix(in srgb, var(--heat) var(--depth, 0%), var(--paper)); } .matrix td.deep button { color: #fff; } .matrix td button.stale { font-style: italic; opacity: 0.6; }
.matrix td.deep button[aria-pressed=true] { outline-color: #fff; }
.hidden { position: absolute; left: -999rem; } .error, .miss.said { color: var(--wrong); font-weight: 600; }
.sides { display: grid; grid-template-columns: repeat(auto-fit, minmax(min(100%, 24rem), 1fr)); gap: 1rem 2rem; } .side { min-width: 0; }
.ways { display: grid; grid-template-columns: repeat(auto-fit, minmax(min(100%, 13rem), 1fr)); gap: 0.5rem; align-items: end; }
.controls input[type=range] { flex: 1 1 10rem; width: auto; } .controls output { font-variant-numeric: tabular-nums; }
.words { font-size: 1.2em; } .words span { display: inline-block; padding: 0.1rem 0.5rem; margin: 0.1rem; border: 2px solid var(--line); border-radius: 4px; } .words .now { border-color: var(--link); font-weight: 700; }
.trail { display: flex; flex-wrap: wrap; font-family: ui-monospace, monospace; } .trail span { width: 1.1em; text-align: center; } .trail .miss { color: var(--wrong); font-weight: 700; } .trail .now { outline: 2px solid var(--link); }
.changed { outline: 2px solid var(--link); font-weight: 700; } .used { background: var(--shade); font-weight: 700; }
.scenes ul { display: flex; flex-wrap: wrap; gap: 0.25rem 1.25rem; list-style: none; padding: 0; margin: 0.25rem 0; } .scenes [aria-current] { font-weight: 700; }
.scene { border-width: 2px; border-color: var(--link); } .question { font-size: 1.15em; max-width: 50rem; } .scene .right { border: 3px solid var(--heat); font-weight: 700; opacity: 1; }
.command { display: block; white-space: pre-wrap; overflow-wrap: anywhere; background: var(--shade); padding: 0.4rem 0.6rem; border: 1px solid var(--line); }
pre { overflow: auto; max-height: 20rem; background: var(--shade); padding: 0.5rem; } summary { cursor: pointer; padding: 0.25rem 0; }
dl { display: grid; grid-template-columns: minmax(5rem, max-content) 1fr; gap: 0.25rem 1rem; } dt { color: var(--faint); } dd { margin: 0; min-width: 0; }
.dropping { outline: 4px dashed var(--link); outline-offset: -6px; }
.large { font-size: 1.5rem; } .large .setup, .large header p, .large .keys, .large .ways { display: none; } .large .sides { grid-template-columns: repeat(auto-fit, minmax(min(100%, 19rem), 1fr)); } .large .inspection table { font-size: 1em; } .large table { font-size: 1.2rem; } .large .panes, .large .panes.three { grid-template-columns: minmax(0, 1fr); } .large .results { grid-column: 1; display: grid; }
${INSPECTION_STYLE}
@media (prefers-reduced-motion: no-preference) { .matrix td button { transition: background-color 120ms; } }
@media print { .setup, .scenes, .controls, .ways, header button, .row button, .keys { display: none !important; } body { padding: 0; } .panes { display: block; } section { break-inside: avoid; border: 0; } .scroll, .tall { overflow: visible; max-height: none; } .matrix td.deep button { color: #000; } }
`;
