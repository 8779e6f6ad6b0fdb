// Whether a compiler undid a technique: clang 19 merges the dispatches of all bodies of direct threading into two.
import type { Binary } from "./binary.ts";
import type { FormName } from "./c-forms.ts";

/** Forms whose bodies are to end with a dispatch of their own each. */
const OWN_DISPATCH: readonly FormName[] = ["token-threading", "direct-threading", "tail-call-threading"];

/** Of the bodies, the share that must have kept a dispatch: gcc merges those of a few equal bodies, and host words. */
const KEPT = 0.5;

/**
 * What became of the technique, in a sentence; undefined where it stands in the binary.
 * @param bodies how many the interpreter has
 */
export function undone(technique: FormName, { sites, calls }: Pick<Binary, "sites" | "calls">, bodies: number): string | undefined {
  const jumps = sites.length - calls;
  if (technique === "switch" && jumps > 2) return `the compiler made ${jumps} dispatches of the one in the source: that is threaded code`;
  if (technique === "switch" && sites.length === 0) return "the compiler left no indirect jump: it compares opcodes one after the other";
  if (technique === "replicated-switch" && jumps <= 2) return `the compiler merged all dispatches into ${jumps}: that is a switch`;
  if (OWN_DISPATCH.includes(technique) && jumps < KEPT * bodies)
    return `the compiler merged the dispatches of ${bodies} bodies into ${jumps}: ${jumps <= 2 ? "that is a switch, not " : "too few for "}${technique}`;
  return undefined;
}
