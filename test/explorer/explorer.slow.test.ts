// The explorer in a browser, from file://, offline: its lab counts what the command counts.
// @module-tag slow
import { existsSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { type Browser, chromium, type Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { SimulateAsks, SimulateGives } from "../../dist/src/explorer/protocol.js";
import { bplab, temporaryFolder } from "../support.js";
import { explain, PAGE, simulate, workerProgram } from "./node-lab.js";

const CHROMIUM = "/usr/bin/chromium";

/** What users bring, by name. */
const FILES: Readonly<Record<string, string | Buffer>> = {
  "pasted.fs": ": fib ( n -- n ) dup 2 < if exit then dup 1- recurse swap 2 - recurse + ;\n15 fib drop\n",
  "log.opcodes": "0,load\n1,add\n2,jump\n0,load\n1,add\n2,jump\n0,load\n3,halt\n".repeat(20),
  "kb.sbbt.gz": readFileSync(new URL("../data/truth/ocamlrun-kb.sbbt.gz", import.meta.url)),
  "mine.js": `import { definePredictor, INDIRECT, NONE } from "bplab/models";
export default definePredictor({ title: "mine", source: "made up", covers: INDIRECT, storageBits: ({ entries }) => entries * 32,
  parameters: { entries: { default: 512, min: 1, max: 65536, powerOfTwo: true, unit: "entries", description: "rows of the table" } },
  create({ entries }) {
    const targets = new Int32Array(entries).fill(NONE);
    return { predict: (pc) => targets[pc & (entries - 1)], train(pc, target) { targets[pc & (entries - 1)] = target; } };
  },
});`,
  "host.json": JSON.stringify({
    format: "bplab-machine-1",
    title: "A machine of one's own",
    like: "golden-cove",
    costs: { penaltyCycles: { value: 17, basis: "assumed", source: "a test" } },
    source: "a test",
  }),
};

/** Experiments with what comes with the lab. */
const OURS: readonly SimulateAsks[] = [
  { inputs: ["queens"], options: { technique: "switch,direct-threading", predictor: "btb,ittage" } },
  { inputs: ["queens"], options: { technique: "all", predictor: "btb:sets=64:ways=2", maxInstructions: 50_000 } },
  { inputs: ["sieve"], options: { technique: "switch,direct-threading", machine: "pentium-mmx,pentium-4-northwood,haswell,zen-4" } },
  {
    inputs: ["life"],
    options: { technique: "switch,tail-call-threading", predictor: "ittage+tage,two-level,cascaded", ipc: 3, penalty: 20 },
  },
  { inputs: ["quicksort"], options: { technique: "subroutine-threading,context-threading", predictor: "btb:returns", layoutSeed: 7 } },
  { inputs: ["regex"], options: { technique: "unrolled-switch,catenation", predictor: "btb+gshare", contexts: true }, sites: true },
  { inputs: ["tokenizer-states"], options: { technique: "switch,replicated-switch", predictor: "btb,ittage", interval: 20000 } },
  { inputs: ["nested-loop"], options: { technique: "compare-tree,switch", predictor: "tage,perceptron,bimodal" } },
  { inputs: ["quickening"], options: { technique: "dynamic-replication,dynamic-superinstructions", predictor: "btb,oracle,perfect" } },
  { inputs: ["matrix"], options: { technique: "static-superinstructions,static-both", predictor: "btb", train: ["queens", "sieve"] } },
  { inputs: ["wasm/json"], options: { technique: "switch,token-threading", predictor: "btb,ittage" } },
  {
    inputs: ["compiler"],
    options: { technique: "switch,context-threading", predictor: "btb:sets=16..128", warmup: 10000, icache: true, dcache: "bytes=16384" },
  },
  { inputs: ["A B A GOTO"], options: { technique: "switch,direct-threading", predictor: "btb" }, sites: true },
  {
    inputs: ["queens", "A B C B GOTO"],
    options: { technique: "direct-threading:merge=all", predictor: "btb:unbounded", penalty: [10, 20] },
  },
  {
    inputs: ["hash-table"],
    options: { bodies: "ocamlrun-4.13-gcc12", technique: "selective-inlining", predictor: "target-cache", flush: 5000 },
  },
];

/** Those with users' files, which the command reads from its folder. */
const THEIRS: readonly SimulateAsks[] = [
  { inputs: ["./pasted.fs"], options: { technique: "switch,across-basic-blocks", predictor: "btb,ittage" } },
  { inputs: ["./log.opcodes"], options: { technique: "switch,direct-threading", predictor: "btb" } },
  { inputs: ["./kb.sbbt.gz"], options: { predictor: "ittage+tage,btb", maxInstructions: 200_000 } },
  { inputs: ["fibonacci"], options: { technique: "switch,indirect-threading", predictor: "./mine.js:entries=64,btb" } },
  { inputs: ["bubble-sort"], options: { technique: "switch,direct-threading", machine: "./host.json" } },
];

const flagsOf = (options: SimulateAsks["options"]): string[] =>
  Object.entries(options).map(([name, value]) => `--${name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}=${value}`);

/** In the page: starts a worker as the page does, and asks it one thing after the other. Files are texts in base64. */
const askWorker = (program: string): string => `
  const worker = document.getElementById("workers").contentWindow.startWorker(${JSON.stringify(program)});
  globalThis.askWorker = ({ kind, asks: { files = [], ...asks } }) =>
    new Promise((resolve) => {
      worker.onmessage = ({ data }) => void ("progress" in data || resolve(data));
      const bytesOf = (base64) => Uint8Array.from(atob(base64), (one) => one.charCodeAt(0));
      worker.postMessage({ id: 1, kind, asks: { ...asks, files: files.map(({ name, base64 }) => ({ name, content: bytesOf(base64) })) } });
    });
`;

/** In the page: whether it can be made to evaluate text. */
const EVALUATES = `new Promise((resolve) => {
  const script = document.createElement("script");
  script.textContent = "window.evaluated = true";
  document.body.append(script);
  try {
    setTimeout("window.evaluated = true", 0);
  } catch {}
  setTimeout(() => resolve("evaluated" in window), 50);
})`;

describe.skipIf(!existsSync(CHROMIUM) && process.env.CI === undefined)(
  `the explorer in a browser (skipped only where there is no ${CHROMIUM})`,
  () => {
    let browser: Browser;
    let page: Page;
    const complaints: string[] = [];

    /** Asks a worker of the page. */
    const ask = (kind: string, asks: object): Promise<{ given?: SimulateGives; error?: { message: string } }> =>
      page.evaluate(`askWorker(${JSON.stringify({ kind, asks })})`);

    beforeAll(async () => {
      browser = await chromium.launch({ executablePath: CHROMIUM, args: ["--no-sandbox"] });
      page = await (await browser.newContext({ offline: true })).newPage();
      const url = pathToFileURL(PAGE).href;
      page.on("console", (message) => complaints.push(`console: ${message.text()}`));
      page.on("pageerror", (error) => complaints.push(`error: ${error.message}`));
      page.on("request", (request) => {
        if (!/^(blob|data|about):/.test(request.url()) && !request.url().startsWith(url)) complaints.push(`request: ${request.url()}`);
      });
      await page.goto(url);
      // the page may have taken its own copy of the program away
      await page.waitForFunction("document.getElementById('workers')?.contentWindow?.startWorker !== undefined");
      await page.evaluate(askWorker(workerProgram()));
    }, 600_000);
    afterAll(() => browser.close());

    it.each(OURS)("counts what the library counts: $inputs $options", async (asks) => {
      const { given, error } = await ask("simulate", asks);
      expect(error).toBeUndefined();
      // through JSON, which is how a test's page answers
      expect(given).toEqual(JSON.parse(JSON.stringify(await simulate(asks))));
    });

    it.each(THEIRS)("counts what the command counts of users' files: $inputs $options", async (asks) => {
      const folder = temporaryFolder();
      for (const [name, content] of Object.entries(FILES)) writeFileSync(join(folder, name), content);
      const files = Object.entries(FILES).map(([name, content]) => ({ name, base64: Buffer.from(content).toString("base64") }));
      const { given, error } = await ask("simulate", { ...asks, files });
      expect(error).toBeUndefined();
      const { code, stdout, stderr } = bplab(["simulate", ...asks.inputs, ...flagsOf(asks.options), "--format=json"], { cwd: folder });
      expect([code, stderr]).toEqual([0, ""]);
      const rows = (JSON.parse(stdout) as Record<string, unknown>[]).map(({ statistics: _, ...columns }) => columns);
      expect(given?.rows.map((row) => ({ ...row }))).toEqual(rows);
    });

    it("explains what the command explains", async () => {
      const { given } = await ask("explain", { loop: "A B A C GOTO", technique: "direct-threading", predictor: "ittage" });
      expect(given).toEqual(JSON.parse(JSON.stringify(await explain("A B A C GOTO", "direct-threading", "ittage"))));
    });

    it("lays out every technique: an execution's branches lie in the code that it fetches, or in dispatch code", async () => {
      const { given: listed } = (await ask("lists", {})) as unknown as { given: { techniques: { id: string }[] } };
      for (const { id } of listed.techniques) {
        const { given, error } = (await ask("layout", { input: "nested-loop", technique: id, most: 20 })) as unknown as {
          given: {
            instructions: { sites: { address: number }[]; code: { start: number; end: number }[] }[];
            pieces: { kind: string; start: number; end: number }[];
          };
          error: unknown;
        };
        expect([id, error]).toEqual([id, undefined]);
        expect(given.instructions.length).toBeGreaterThan(0);
        const dispatch = given.pieces.filter(({ kind }) => kind === "dispatch");
        for (const { sites, code } of given.instructions)
          for (const { address } of sites)
            expect([...code, ...dispatch].some(({ start, end }) => start <= address && address < end)).toBe(true);
      }
    });

    it("may not evaluate text itself: only its workers may", async () => {
      expect(await page.evaluate(EVALUATES)).toBe(false);
      // that the policy refused both is said on the console
      expect(complaints.splice(0).filter((complaint) => !/Content Security Policy/.test(complaint))).toEqual([]);
    });

    it("asks nothing of any network, and complains of nothing", () => {
      expect(complaints).toEqual([]);
    });

    it("is one file below 2 MB", () => {
      expect(statSync(PAGE).size).toBeLessThan(2_000_000);
    });
  },
);
