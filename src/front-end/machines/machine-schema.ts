// The schema of machine files (docs/machines.md).
import { z } from "zod";
import { BASES, COST_NAMES } from "./costs.ts";
import { CONFIDENCES, PARTS } from "./machine.ts";

export const MACHINE_FORMAT = "bplab-machine-1";

const said = (what: string) => z.string({ error: `expected ${what}` }).min(1, { error: `expected ${what}, got an empty text` });
const SOURCE = "who measured or published it, or why it is assumed";
const BASIS = { error: `expected ${BASES.join(", ")}` };

const VALUE = { error: "expected a number from 0 to 1000000" };
const value = z.number(VALUE).min(0, VALUE).max(1e6, VALUE);

const figure = z
  .strictObject({ value, low: value.optional(), high: value.optional(), basis: z.enum(BASES, BASIS), source: said(SOURCE) })
  .refine(({ value, low = value, high = value }) => low <= value && value <= high, { error: "expected low ≤ value ≤ high" });

const IPC = { error: "expected instructions per cycle above 0, at most 100" };
const ipc = figure.refine(({ value, low = value }) => value > 0 && value <= 100 && low > 0, IPC);

const ENTRIES = { error: "expected a whole number of branches, 1 or more" };
const level = z.strictObject({
  entries: z.int(ENTRIES).min(1, ENTRIES),
  cycles: value.optional(),
  basis: z.enum(BASES, BASIS),
  source: said(SOURCE),
});

const part = z.strictObject({
  published: z.string({ error: "expected what is known of the part, with units" }),
  confidence: z.enum(CONFIDENCES, { error: `expected ${CONFIDENCES.join(", ")}` }),
  approximation: said("how what stands for the part differs from it").optional(),
});

const YEAR = { error: "expected a year from 1970 to 2100" };

export const machineSchema = z
  .strictObject({
    format: z.literal(MACHINE_FORMAT, { error: `expected "${MACHINE_FORMAT}"` }),
    title: said("the processor's name"),
    year: z.int(YEAR).min(1970, YEAR).max(2100, YEAR).optional(),
    like: said("the id of one of the lab's machines").optional(),
    frontEnd: said("a list of predictors (tage-lite+btb:holds=taken+tage+return-stack:depth=32)").optional(),
    costs: z
      .strictObject(Object.fromEntries(COST_NAMES.map((name) => [name, (name === "instructionsPerCycle" ? ipc : figure).optional()])))
      .optional(),
    levels: z.array(level).min(1, { error: "expected at least one level" }).optional(),
    parts: z.strictObject(Object.fromEntries(PARTS.map((name) => [name, part.optional()]))).optional(),
    source: said("where the figures come from"),
    measurements: z.unknown().optional(),
  })
  .refine(({ like, frontEnd }) => like !== undefined || frontEnd !== undefined, {
    error: "expected frontEnd, a list of predictors, or like, the id of a machine whose list it takes",
  });

export type MachineFile = z.infer<typeof machineSchema>;
