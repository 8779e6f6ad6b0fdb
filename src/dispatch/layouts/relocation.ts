// Which bodies may be copied. A body that calls a function or branches out of itself contains relative addresses, and works
// only at its original address.
import type { Opcode } from "../../trace/virtual.ts";

/** The parameter of every technique that copies bodies. */
export const relocation = {
  relocatable: {
    type: "choice",
    choices: ["measured", "all"],
    default: "measured",
    description: "bodies that may be copied: those without calls and branches that leave them, as measured, or all, the ideal",
  },
} as const;

/** Whether a body may be copied, by the value of the parameter. */
export const relocates =
  (relocatable: "measured" | "all") =>
  (opcode: Opcode): boolean =>
    relocatable === "all" || opcode.relocatable;
