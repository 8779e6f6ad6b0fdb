// The native code of a program as a compiler left it: bodies and dispatch sites at the addresses that a recording showed. A layout
// like those of techniques, but of one binary.
import type { NativeInstruction, Site } from "../dispatch/native-code.ts";
import { NEXT } from "../dispatch/native-code.ts";
import type { Technique } from "../dispatch/techniques.ts";
import { hexadecimal, INDIRECT_JUMP } from "../branch.ts";
import type { Alignment, BodyMap } from "./alignment.ts";

const site = (address: number, kind: number, when: Site["when"]): Site => ({
  address: address | 0,
  kind,
  target: NEXT,
  after: (address + 2) | 0,
  dispatch: true,
  when,
  owner: hexadecimal(address),
});

/** Where a body is mostly entered and left. */
function instructionOf({ entries, exits, takenExits }: BodyMap, kind: number): NativeInstruction {
  const [[out] = takenExits[0] ?? [0]] = exits;
  const [[taken] = [out]] = takenExits;
  const sites = out === taken ? [site(out, kind, "always")] : [site(out, kind, "fall-through"), site(taken, kind, "taken")];
  return { entry: entries[0][0] | 0, nativeInstructions: 0, sites, code: [] };
}

/** A body that the recording does not show. */
const UNSEEN: NativeInstruction = { entry: 0, nativeInstructions: 0, sites: [site(0, INDIRECT_JUMP, "always")], code: [] };

/**
 * Bodies that are entered in several places or left through several sites count as the most frequent ones.
 * @param kind of its dispatch branches: indirect jumps, or calls
 */
export function layoutOf({ bodies, entry }: Alignment, kind: number): Technique {
  const byOpcode = new Map(bodies.map((body) => [body.opcode, instructionOf(body, kind)]));
  return {
    name: "binary",
    trains: false,
    view: () => undefined,
    layout: (program) => ({
      entry: site(entry, kind, "always"),
      // blocks are laid out that only the text interpreter executed, untraced: it ran one instruction of them
      at: (address) => byOpcode.get(program.opcodeAt(address)) ?? UNSEEN,
      pieces: () => [],
    }),
  };
}

/** A merge map in the form of native-code/*.sites.csv. */
export function mergeMapText({ bodies, entry }: Alignment, names: readonly string[], comments: readonly string[]): string {
  const rows = bodies.map(({ opcode, executed, entries, exits, takenExits }) => {
    const others = [exits, takenExits].flatMap((tally) => tally.slice(1)).reduce((sum, [, times]) => sum + times, 0);
    const [[out] = takenExits[0] ?? [0]] = exits;
    const [[taken] = [out]] = takenExits;
    const name = /[",]/.test(names[opcode]) ? `"${names[opcode].replaceAll('"', '""')}"` : names[opcode];
    return [name, hexadecimal(out), taken === out ? "" : hexadecimal(taken), hexadecimal(entries[0][0]), executed, others].join(",");
  });
  return [
    ...comments.map((line) => `# ${line}`),
    "opcode,dispatch_site,taken_dispatch_site,body_address,executed,through_other_sites",
    `(entry),${hexadecimal(entry)},,,1,0`,
    ...rows,
    "",
  ].join("\n");
}
