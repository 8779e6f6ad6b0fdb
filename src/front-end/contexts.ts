// What inputs say of a branch beside its address, and who asks for what they do not say.
import type { Context } from "../models/predictor.ts";
import type { FrontEnd } from "./front-end.ts";

/** What is known of the branches of each kind of input. */
const KNOWN = {
  programs: ["highAddressBits", "virtualAddress", "nextVirtualAddress", "opcode"],
  recordings: ["gap", "highAddressBits"],
} as const satisfies Record<string, readonly Context[]>;
type Branches = keyof typeof KNOWN;

const NAMES: Readonly<Record<Context, string>> = {
  gap: "gaps (native instructions between branches)",
  highAddressBits: "high address bits",
  virtualAddress: "virtual addresses",
  nextVirtualAddress: "virtual addresses",
  opcode: "virtual opcodes",
};

const WHOSE: Readonly<Record<Branches, string>> = { programs: "branches of simulated programs", recordings: "recorded branches" };

/** Says that a front end needs what an input does not have; undefined if it can replay it. */
export function missingContext({ name, models }: FrontEnd, of: Branches): string | undefined {
  const missing = models.flatMap(({ declares }) => declares).find((context) => !KNOWN[of].some((known) => known === context));
  return missing && `predictor ${name} needs ${NAMES[missing]}, which ${WHOSE[of]} do not have`;
}
