// All machines of the lab.
import { unknownName } from "../../parameters.ts";
import { AMD } from "./amd.ts";
import { APPLE } from "./apple.ts";
import { ARM } from "./arm.ts";
import { INTEL } from "./intel.ts";
import type { Machine } from "./machine.ts";
import { POWER } from "./power.ts";
import { QUALCOMM } from "./qualcomm.ts";
import { SAMSUNG } from "./samsung.ts";
import { TOOLS } from "./tools.ts";
import { XUANTIE } from "./xuantie.ts";

export const MACHINES: readonly Machine[] = [...INTEL, ...AMD, ...POWER, ...APPLE, ...ARM, ...XUANTIE, ...QUALCOMM, ...SAMSUNG, ...TOOLS];

/** @throws UsageError for an unknown id, naming the nearest */
export function findMachine(id: string): Machine {
  const machine = MACHINES.find((known) => known.id === id);
  if (machine === undefined)
    throw unknownName(
      "machine",
      id,
      MACHINES.map((known) => known.id),
    );
  return machine;
}
