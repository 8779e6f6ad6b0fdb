// The parts of README.md that are computed: the output of the main command, the table of programs, the lists of
// techniques and predictors. `npm run readme` writes them; a test computes them again and compares.
import { readFileSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { techniqueDefinition, techniqueIds } from "../src/dispatch/techniques.ts";
import { predictorDefinition } from "../src/front-end/load-predictor.ts";
import { ORACLES } from "../src/front-end/oracles.ts";
import { programPurpose, type Size } from "../src/guests/programs.ts";
import { findProgram, predictorIds, programIds, simulate } from "../src/index.ts";
import type { Parameters } from "../src/parameters.ts";
import { simulationParts } from "../src/report/tables/table.ts";
import { toText } from "../src/report/tables/text-table.ts";

const README = fileURLToPath(new URL("../../README.md", import.meta.url));
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
      const { title, parameters } = await predictorDefinition(id);
      return `| \`${id}\` | ${title} | ${parameterNames(parameters)} |`;
    }),
  );
  for (const [id, { title }] of Object.entries(ORACLES)) rows.push(`| \`${id}\` | ${title} | |`);
  return ["| predictor | what it is | parameters and defaults |", "|---|---|---|", ...rows].join("\n");
}

/** README.md with every computed part computed anew. */
export async function freshReadme(text: string): Promise<string> {
  const parts: Record<string, string> = {
    simulate: `\`\`\`\n${toText(simulationParts(await simulate({ inputs: ["queens", "tokenizer"], technique: "all", predictor: "btb" })))}\`\`\``,
    programs: await programTable(),
    techniques: await techniqueTable(),
    predictors: await predictorTable(),
  };
  let result = text;
  for (const [name, part] of Object.entries(parts)) {
    const between = new RegExp(`(<!-- ${name} -->\\n)[\\s\\S]*?(<!-- /${name} -->)`);
    if (!between.test(result)) throw new Error(`README.md has no place for ${name}`);
    result = result.replace(between, (_, before: string, after: string) => `${before}${part}\n${after}`);
  }
  return result;
}

if (process.argv[1] === fileURLToPath(import.meta.url)) writeFileSync(README, await freshReadme(readFileSync(README, "utf8")));
