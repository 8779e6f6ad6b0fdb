// The layout of one binary: bodies and dispatch sites at the addresses found in a recording, in the same form as the layouts of
// techniques.

import { hexadecimal, INDIRECT_JUMP } from "../branch.ts";
import type { NativeInstruction, Site } from "../dispatch/native-code.ts";
import { NEXT } from "../dispatch/native-code.ts";
import type { Technique } from "../dispatch/techniques.ts";
import type { Opcode } from "../trace/virtual.ts";
import { type AddressTally, type Alignment, type BodyMap, elsewhere } from "./alignment.ts";

const site = (address: number, kind: number, when: Site["when"]): Site => ({
  address: address | 0,
  kind,
  target: NEXT,
  after: (address + 2) | 0,
  dispatch: true,
  when,
  owner: hexadecimal(address),
});

/** The sites through which a body mostly leaves. A body that was left in only one direction uses the same site for the other. */
function mainExits(exits: AddressTally, takenExits: AddressTally): { readonly out: number; readonly taken: number } {
  const out = (exits[0] ?? takenExits[0] ?? [0])[0];
  return { out, taken: takenExits[0]?.[0] ?? out };
}

/** The most frequent entry and exits of a body. */
function instructionOf({ entries, exits, takenExits }: BodyMap, kind: number): NativeInstruction {
  const { out, taken } = mainExits(exits, takenExits);
  const sites = out === taken ? [site(out, kind, "always")] : [site(out, kind, "fall-through"), site(taken, kind, "taken")];
  return { entry: entries[0][0] | 0, nativeInstructions: 0, sites, code: [] };
}

/** A body that does not occur in the recording. */
const UNSEEN: NativeInstruction = { entry: 0, nativeInstructions: 0, sites: [site(0, INDIRECT_JUMP, "always")], code: [] };

/**
 * Bodies that are entered in several places or left through several sites count as the most frequent ones.
 * @param kind of its dispatch branches: indirect jumps, or calls
 */
export function binaryTechnique({ bodies, entry }: Alignment, kind: number): Technique {
  const byOpcode = new Map(bodies.map((body) => [body.opcode, instructionOf(body, kind)]));
  return {
    name: "binary",
    trains: false,
    choice: () => undefined,
    view: () => undefined,
    layout: (program) => ({
      entry: site(entry, kind, "always"),
      // blocks that only the text interpreter executed, without a trace, are laid out, too: it ran one instruction of them
      at: (address) => byOpcode.get(program.opcodeAt(address)) ?? UNSEEN,
      pieces: () => [],
    }),
  };
}

/** A merge map from several recordings of one binary. */
export interface RecordedMap {
  add(alignment: Alignment, opcodes: readonly Opcode[]): void;
  /** In the form of native-code/*.sites.csv. */
  text(comments: readonly string[]): string;
}

export function createMap(): RecordedMap {
  const bodies = new Map<string, BodyMap>();
  let entrySite = 0;
  return {
    add({ bodies: found, entry }, opcodes) {
      entrySite = entry;
      for (const body of found) {
        const { name, flow } = opcodes[body.opcode];
        const known = bodies.get(name);
        // an exception leaves through the dispatch site of the instruction that raises it, not through this body
        const own = flow === "next" ? { ...body, takenExits: [] } : body;
        bodies.set(
          name,
          known === undefined
            ? own
            : {
                opcode: known.opcode,
                executed: known.executed + body.executed,
                entries: sumOf(known.entries, body.entries),
                exits: sumOf(known.exits, body.exits),
                takenExits: sumOf(known.takenExits, own.takenExits),
              },
        );
      }
    },
    text(comments) {
      const rows = [...bodies]
        // the last instruction of a run is never left
        .filter(([, { exits, takenExits }]) => exits.length + takenExits.length > 0)
        .sort(([a], [b]) => (a < b ? -1 : 1))
        .map(([name, { executed, entries, exits, takenExits }]) => {
          const others = elsewhere(exits) + elsewhere(takenExits);
          const { out, taken } = mainExits(exits, takenExits);
          const cell = /[",]/.test(name) ? `"${name.replaceAll('"', '""')}"` : name;
          const site = hexadecimal(out);
          return [cell, site, taken === out ? "" : hexadecimal(taken), hexadecimal(entries[0][0]), executed, others].join(",");
        });
      return [
        ...comments.map((line) => `# ${line}`),
        "opcode,dispatch_site,taken_dispatch_site,body_address,executed,through_other_sites",
        `(entry),${hexadecimal(entrySite)},,,1,0`,
        ...rows,
        "",
      ].join("\n");
    },
  };
}

function sumOf(a: AddressTally, b: AddressTally): AddressTally {
  const times = new Map(a);
  for (const [address, count] of b) times.set(address, (times.get(address) ?? 0) + count);
  return [...times].sort(([x, m], [y, n]) => n - m || x - y);
}
