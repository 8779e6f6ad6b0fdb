// Every machine that front ends can be named after.
import { unknown } from "../parameters.ts";
import { INTEL } from "./intel.ts";
import type { Machine } from "./machine.ts";

export const MACHINES: readonly Machine[] = [...INTEL];

/** @throws UsageError for an unknown id, naming the nearest */
export function findMachine(id: string): Machine {
  const machine = MACHINES.find((known) => known.id === id);
  if (machine === undefined)
    throw unknown(
      "machine",
      id,
      MACHINES.map((known) => known.id),
    );
  return machine;
}
