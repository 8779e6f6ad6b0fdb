// npm run bench: how fast the lab is, stage by stage, each measurement beside a bare typed-array loop that does the same
// work in the same run (bare/ says what each loop does). `-- --format=csv` gives CSV. The ratios count; a machine that is
// busy with other things can still miss a bound, so the exit code is always 0.
import { parseArgs } from "node:util";
import { FORTH } from "../src/guests/languages.ts";
import { programIdsOf } from "../src/guests/programs.ts";
import { benchDiverse } from "./diverse.ts";
import { gforthInstalled } from "./gforth.ts";
import { benchGuest } from "./guest.ts";
import { benchLowering } from "./lowering.ts";
import { benchMemory } from "./memory.ts";
import { benchOcaml } from "./ocaml.ts";
import { benchRecorded } from "./recorded.ts";
import { benchFiles } from "./recorded-files.ts";
import { record } from "./recording.ts";
import { benchBtb, benchEvery, benchOthers } from "./replay.ts";
import { type Result, resultCsv, resultTable } from "./result.ts";
import { benchStartUp } from "./start-up.ts";
import { benchWasm } from "./wasm.ts";

const PROGRAMS = ["queens", "compiler", "lz"];
const BLOCKS = 200_000;

const { values } = parseArgs({ options: { format: { type: "string", default: "table" } } });
if (values.format !== "table" && values.format !== "csv") throw new Error(`--format must be table or csv, got ${values.format}`);
const csv = values.format === "csv";
const all: (Result & { section: string })[] = [];

function report(section: string, explanation: string, results: readonly Result[]): void {
  all.push(...results.map((result) => ({ section, ...result })));
  if (!csv) process.stdout.write(`${section}: ${explanation}\n${resultTable(results)}\n\n`);
}

const recordings = await Promise.all(PROGRAMS.map((program) => record(program, BLOCKS)));
const traces = `${PROGRAMS.join(", ")}, ${BLOCKS.toLocaleString("en-US")} blocks of each`;
report("Replay", `btb with 512 sets of 4 ways, over ${traces}`, await benchBtb(recordings));
report(
  "Other predictors",
  `over the same; a front end of several models beside their bare loops one after another`,
  await benchOthers(recordings),
);
report("Every predictor", "over the same, where branches of its kinds occur", await benchEvery(recordings));
report(
  "Every predictor among all others",
  "over recorded branches of ocamlrun and two small interpreters in C, all kinds counted",
  await benchRecorded(),
);
report("Recorded branches", "ocamlrun and two small interpreters in C; whole processes 40 times over", await benchFiles());
report(
  "A diverse recording",
  "CPython, 20 million branches of tens of thousands of sites: whole processes (the first pass), then in memory (the steady state)",
  await benchDiverse(),
);
report("Memory", "the most that was resident in a process of its own", benchMemory());
report("Lowering", "all blocks of the programs, expanded and admitted to a replay", await benchLowering(recordings));
const forthPrograms = programIdsOf(FORTH);
const beside = gforthInstalled() ? "" : " (beside nothing: gforth-itc is not installed)";
report("Guest", `whole Forth programs at size full, virtual instructions${beside}`, benchGuest(forthPrograms));
report("OCaml guest", "the lab's programs in OCaml at size full, each run a process of its own", await benchOcaml());
report("WebAssembly guest", "V8 runs modules with probes; a random walk that branches, calls and stores", await benchWasm());
report("Start-up", "whole commands, user and system time", benchStartUp());
if (csv) process.stdout.write(resultCsv(all));
