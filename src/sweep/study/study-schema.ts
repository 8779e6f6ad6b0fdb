// The schema of studies: it checks studies, and `npm run schema` writes it for editors.
import { z } from "zod";
import { SIZES } from "../../guests/programs.ts";
import { OPTIONS } from "../../options/table.ts";
import { optionsSchema, valueSchema } from "./option-schema.ts";

/** Whole numbers in a row, written `64..4096`. */
const range = (what: string) => z.string({ error: `expected ${what}` }).regex(/^\d{1,10}\.\.\d{1,10}$/, { error: `expected ${what}` });

const oneOrMore = <T extends z.ZodType>(one: T, what: string) =>
  z.union([one, z.array(one).min(1, { error: `expected ${what}, got an empty list` })], { error: `expected ${what}, or a list of them` });

const listOf = <T extends z.ZodType>(one: T, what: string) =>
  z.array(one, { error: `expected a list of ${what}` }).min(1, { error: `expected ${what}, got an empty list` });

const SIZE = SIZES.join(" or ");
const sizes = oneOrMore(z.enum(SIZES, { error: `expected ${SIZE}` }), SIZE);

/** Values of a parameter: numbers, ranges, words, flags. */
const values = oneOrMore(z.union([z.number(), z.string(), z.boolean()]), "a number, a range (64..4096), a word, true or false");

/** Models of a front end, or a technique, by id, each with its parameters. */
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

const PENALTY = "cycles (15), or a range (10..20)";
const SEED = "a seed from 0 to 4294967295, or a range (0..9)";

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
    penalties: oneOrMore(z.union([valueSchema(OPTIONS.penalty.value), range(PENALTY)], { error: `expected ${PENALTY}` }), PENALTY)
      .optional()
      .describe("Cycles lost by a misprediction; default: the machine's, or 15."),
    seeds: oneOrMore(
      z.union([valueSchema({ ...OPTIONS.layoutSeed.value, expected: SEED }), range(SEED)], { error: `expected ${SEED}` }),
      SEED,
    )
      .optional()
      .describe("Layout seeds: how bodies are permuted and padded in memory; default: 0, the order of the opcode table."),
    exclude: listOf(z.record(z.string(), values), "rules, each {column: values}")
      .optional()
      .describe("Points to leave out: those of which every column of some rule has one of its values."),
    options: optionsSchema.optional().describe("Options of every point, by the names of bplab simulate's options."),
  })
  .describe("A study of bplab: a grid of simulations (bplab sweep).");

export type Study = z.infer<typeof studySchema>;
