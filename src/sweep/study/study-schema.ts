// What a study may say, as a schema: it checks studies, and `npm run schema` writes it down for editors.
import { z } from "zod";
import { SIZES } from "../../guests/programs.ts";

/** Whole numbers in a row, written `64..4096`. */
const range = (what: string) => z.string({ error: `expected ${what}` }).regex(/^\d{1,10}\.\.\d{1,10}$/, { error: `expected ${what}` });

const oneOrMore = <T extends z.ZodType>(one: T, what: string) =>
  z.union([one, z.array(one).min(1, { error: `expected ${what}, got an empty list` })], { error: `expected ${what}, or a list of them` });

const listOf = <T extends z.ZodType>(one: T, what: string) =>
  z.array(one, { error: `expected a list of ${what}` }).min(1, { error: `expected ${what}, got an empty list` });

const SIZE = SIZES.join(" or ");
const sizes = oneOrMore(z.enum(SIZES, { error: `expected ${SIZE}` }), SIZE);

/** What a parameter may be: numbers, ranges, words, flags. */
const values = oneOrMore(z.union([z.number(), z.string(), z.boolean()]), "a number, a range (64..4096), a word, true or false");

/** Models of a front end, or a technique, by id; behind each its parameters. */
const models = z.record(
  z.string(),
  z.union([z.record(z.string(), values), z.null()], { error: "expected parameters (sets: 64..4096), or nothing" }),
);

const input = z.union(
  [
    z.string(),
    z.strictObject({
      input: oneOrMore(z.string(), "a program's id, a path, or a pattern (*.bpt)"),
      sizes: sizes.optional(),
    }),
  ],
  { error: "expected a program's id, a path, a pattern (*.bpt), or {input: …, sizes: …}" },
);

const CYCLES = { error: "expected a number of cycles from 0 to 1000000" };
const cycles = z.number(CYCLES).min(0, CYCLES).max(1e6, CYCLES);
const count = (least: number) => {
  const expected = { error: `expected a whole number, ${least} or more` };
  return z.int(expected).min(least, expected);
};
const IPC = { error: "expected a number above 0, at most 100" };
const PENALTY = "cycles (15), or a range (10..20)";
const SEED = "a seed from 0 to 4294967295, or a range (0..9)";
const LAST_SEED = 2 ** 32 - 1;
const seed = z
  .int({ error: `expected ${SEED}` })
  .min(0, { error: `expected ${SEED}` })
  .max(LAST_SEED, { error: `expected ${SEED}` });

const options = z.strictObject({
  ipc: z.number(IPC).gt(0, IPC).max(100, IPC).optional().describe("native instructions per cycle"),
  "taken-branch": cycles.optional().describe("cycles of every taken branch"),
  call: cycles.optional().describe("cycles of every call, besides those of an instruction"),
  return: cycles.optional().describe("cycles of every return, besides those of an instruction"),
  bubble: cycles.optional().describe("cycles of a front-end bubble, where the front end models them"),
  "icache-miss": cycles.optional().describe("cycles of a miss of the instruction cache"),
  "dcache-miss": cycles.optional().describe("cycles of a miss of the data cache"),
  "indirect-stall": cycles.optional().describe("cycles that every indirect branch costs on a machine that predicts none"),
  icache: z
    .union([z.string(), z.literal(true)])
    .optional()
    .describe("an instruction cache: bytes=32768:ways=8:line=64, or true"),
  dcache: z
    .union([z.string(), z.literal(true)])
    .optional()
    .describe("a data cache for jump tables, written likewise"),
  warmup: count(0).optional().describe("instructions before counting starts, virtual ones of programs, native ones of recordings"),
  flush: count(1).optional().describe("native branches after which predictors forget everything"),
  "max-instructions": count(1).optional().describe("virtual instructions after which a program is stopped with an error"),
  bodies: z.string().optional().describe("native bodies of a measured interpreter: an id of bplab list bodies, or a file"),
  dispatch: z.string().optional().describe("which indirect branches of recordings are an interpreter's dispatch"),
  train: listOf(z.string(), "programs").optional().describe("programs that train techniques which choose by a profile"),
});

export const studySchema = z
  .strictObject({
    $schema: z.string().optional(),
    inputs: listOf(input, "programs and files").describe(
      "Programs of the lab by id (all: every one), files of programs and of recorded branches, patterns of file names (*.bpt), loops of words. Paths start from the study's folder.",
    ),
    sizes: sizes.optional().describe("How much work programs do; default: test."),
    techniques: listOf(z.union([z.string(), models], { error: "expected a technique, or {technique: {parameter: values}}" }), "techniques")
      .optional()
      .describe("Dispatch techniques by id, as --technique takes them, or with lists and ranges: {static-both: {replicas: [50, 400]}}."),
    predictors: listOf(z.union([z.string(), models], { error: "expected a front end, or {predictor: {parameter: values}}" }), "front ends")
      .optional()
      .describe("Front ends as --predictor takes them, or with lists and ranges: {btb: {sets: 64..4096, ways: [1, 4]}, gshare: {}}."),
    machines: listOf(z.string(), "machines").optional().describe("Front ends of real processors (bplab list machines)."),
    penalties: oneOrMore(z.union([cycles, range(PENALTY)], { error: `expected ${PENALTY}` }), PENALTY)
      .optional()
      .describe("Cycles lost by a misprediction; default: the machine's, or 15."),
    seeds: oneOrMore(z.union([seed, range(SEED)], { error: `expected ${SEED}` }), SEED)
      .optional()
      .describe("Layout seeds: how bodies are permuted and padded in memory; default: 0, the order of the opcode table."),
    exclude: listOf(z.record(z.string(), values), "rules, each {column: values}")
      .optional()
      .describe("Points to leave out: those of which every column of some rule has one of its values."),
    options: options.optional().describe("What holds for every point, by the names of bplab simulate's options."),
  })
  .describe("A study of bplab: a grid of simulations (bplab sweep).");

export type Study = z.infer<typeof studySchema>;
