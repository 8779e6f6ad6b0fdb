// The computed parts of README.md and docs/: outputs of commands, lists of techniques, predictors and programs, the picture.
// `npm run readme` writes them; tests compute them again and compare.
import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { techniqueDefinition, techniqueIds } from "../src/dispatch/techniques.ts";
import { predictorDefinition } from "../src/front-end/load-predictor.ts";
import { ORACLES } from "../src/front-end/oracles.ts";
import { programPurpose, type Size } from "../src/guests/programs.ts";
import { findProgram, predictorIds, programIds } from "../src/index.ts";
import { valuesOf } from "../src/models/answers.ts";
import { GROUPS } from "../src/options/option.ts";
import { flagOf, optionEntries, otherwiseOf } from "../src/options/request.ts";
import type { Parameters } from "../src/parameters.ts";
import { layoutPicture } from "./layout-pictures.ts";

const ROOT = fileURLToPath(new URL("../../", import.meta.url));
const BIN = fileURLToPath(new URL("../src/bin.js", import.meta.url));

/** The command for the picture of README.md: four techniques on processors through the decades. */
const PICTURED = [
  "simulate",
  ...["queens", "tokenizer", "lz", "regex"],
  "--technique=switch,direct-threading,dynamic-replication,context-threading",
  "--machine=pentium-mmx,pentium-4-northwood,pentium-m,nehalem,sandy-bridge,haswell,golden-cove,zen-4",
  "--format=csv",
];

const MIX = 6;

/** Virtual instructions of one run, by opcode name. */
async function opcodeCounts(id: string, size: Size): Promise<Map<string, number>> {
  const run = (await findProgram(id)).start(size, 1e9);
  const blocks: number[] = [];
  run.run((ids, count) => {
    for (let i = 0; i < count; i++) blocks[ids[i]] = (blocks[ids[i]] ?? 0) + 1;
  });
  const { program } = run;
  const counts = new Map<string, number>();
  blocks.forEach((times, block) => {
    for (let i = 0; i < program.blockLength(block); i++) {
      const { name } = program.opcodes[program.opcodeAt(program.blockStart(block) + i)];
      counts.set(name, (counts.get(name) ?? 0) + times);
    }
  });
  return counts;
}

const total = (counts: Map<string, number>): number => [...counts.values()].reduce((sum, count) => sum + count, 0);
const cell = (text: string): string => text.replaceAll("|", "\\|");

async function programTable(): Promise<string> {
  const rows: string[] = [];
  for (const id of programIds()) {
    const test = await opcodeCounts(id, "test");
    const all = total(test);
    const mix = [...test]
      .sort(([a, m], [b, n]) => n - m || (a < b ? -1 : 1))
      .slice(0, MIX)
      .map(([name, count]) => `\`${cell(name)}\` ${Math.round((count / all) * 100)}`);
    const thousands = (all / 1e3).toFixed(0);
    const millions = (total(await opcodeCounts(id, "full")) / 1e6).toFixed(1);
    rows.push(`| ${id} | ${cell(programPurpose(id))} | ${thousands} k | ${millions} M | ${mix.join(", ")} |`);
  }
  return ["| program | purpose | test | full | opcode mix, % (test) |", "|---|---|--:|--:|---|", ...rows].join("\n");
}

function parameterNames(parameters: Parameters): string {
  return Object.entries(parameters)
    .map(([name, { type, default: value }]) => `\`${type === "flag" ? name : `${name}=${value}`}\``)
    .join(" ");
}

async function techniqueTable(): Promise<string> {
  const rows = await Promise.all(
    techniqueIds().map(async (id) => {
      const { description, parameters } = await techniqueDefinition(id);
      return `| \`${id}\` | ${description} | ${parameterNames(parameters)} |`;
    }),
  );
  return ["| technique | what it does | parameters and defaults |", "|---|---|---|", ...rows].join("\n");
}

async function predictorTable(): Promise<string> {
  const rows = await Promise.all(
    predictorIds().map(async (id) => {
      const definition = await predictorDefinition(id);
      const kilobytes = (definition.storageBits(valuesOf(definition)) / 8192).toFixed(1);
      return `| \`${id}\` | ${definition.title} | ${kilobytes} | ${parameterNames(definition.parameters)} |`;
    }),
  );
  for (const [id, { title, parameters }] of Object.entries(ORACLES))
    rows.push(`| \`${id}\` | ${title} | – | ${parameterNames(parameters)} |`);
  return ["| predictor | what it is | KB | parameters and defaults |", "|---|---|--:|---|", ...rows].join("\n");
}

/** A table for each group of simulation options. */
async function optionTables(): Promise<string> {
  const tables = GROUPS.map((group) => {
    const rows = optionEntries.flatMap(([name, option]) => {
      if (option.group !== group) return [];
      const { help, argument = "", actsOn, study } = option;
      const because = option.role === "cost" ? `; ${option.because}` : "";
      const studies = study === undefined ? "`options`" : study === "list" ? "a list" : "–";
      return [
        `| \`--${flagOf(name)}\` | ${argument === "" ? "" : `\`${argument}\``} | ${cell(help)} | ${cell(`${otherwiseOf(option) ?? "–"}${because}`)} | ${actsOn.join(", ")} | ${studies} |`,
      ];
    });
    return [
      `## ${group}`,
      "",
      "| option | value | what it does | default | acts on | in studies |",
      "|---|---|---|---|---|---|",
      ...rows,
    ].join("\n");
  });
  return tables.join("\n\n");
}

const pictureOf = (id: string): string => `pictures/techniques/${id}.svg`;

async function techniquePictures(): Promise<string> {
  const parts = await Promise.all(
    techniqueIds().map(async (id) => {
      const { title, description, means } = await techniqueDefinition(id);
      return `### ${title}\n\n\`${id}\` (${means}): ${description}.\n\n![the layout of ${id}](${pictureOf(id)})`;
    }),
  );
  return `\n${parts.join("\n\n")}\n`;
}

/** Computed parts of documents, by name. */
const LISTS: Readonly<Record<string, () => Promise<string>>> = {
  programs: programTable,
  techniques: techniqueTable,
  predictors: predictorTable,
  options: optionTables,
  "technique pictures": techniquePictures,
};

/** Documents with computed parts, and pictures. */
export const COMPUTED: readonly string[] = [
  "README.md",
  "docs/start-paper.md",
  "docs/start-lecture.md",
  "docs/techniques.md",
  "docs/options.md",
  "docs/predictors.md",
  "docs/programs.md",
  "docs/glossary.md",
  "docs/pictures/machines.svg",
  ...techniqueIds().map((id) => `docs/${pictureOf(id)}`),
];

const bplab = (args: readonly string[]): string => execFileSync(process.execPath, [BIN, ...args], { encoding: "utf8" });

/** The text of a document with every computed part computed anew. */
export async function computed(document: string): Promise<string> {
  const technique = techniqueIds().find((id) => document === `docs/${pictureOf(id)}`);
  if (technique !== undefined) return layoutPicture(technique);
  if (document.endsWith(".svg")) return picture();
  let text = readFileSync(join(ROOT, document), "utf8");
  text = text.replace(
    /(<!-- output of: (.*) -->\n)[\s\S]*?(<!-- end -->)/g,
    (_, before: string, command: string, after: string) => `${before}\`\`\`\n${bplab(command.split(" "))}\`\`\`\n${after}`,
  );
  for (const [name, list] of Object.entries(LISTS)) {
    const between = new RegExp(`(<!-- ${name} -->\\n)[\\s\\S]*?(<!-- /${name} -->)`);
    if (!between.test(text)) continue;
    const part = await list();
    text = text.replace(between, (_, before: string, after: string) => `${before}${part}\n${after}`);
  }
  return text;
}

function picture(): string {
  const folder = mkdtempSync(join(tmpdir(), "bplab-"));
  try {
    const [rows, chart] = [join(folder, "rows.csv"), join(folder, "machines.svg")];
    bplab([...PICTURED, `--output=${rows}`]);
    bplab(["report", rows, "--chart=machines", `--output=${chart}`]);
    return readFileSync(chart, "utf8");
  } finally {
    rmSync(folder, { recursive: true });
  }
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  mkdirSync(join(ROOT, "docs/pictures/techniques"), { recursive: true });
  for (const document of COMPUTED) writeFileSync(join(ROOT, document), await computed(document));
}
