// Definitions of buffers of targets that are not found by the address of a branch alone, but by what an interpreter knows when it
// dispatches: the opcode that it has loaded, or where its virtual program counter points. An indirect branch at which the key
// decides has one target per key, however many it has altogether.
//
//     branch target buffer       address ───────────────► last target
//     keyed buffer               key(address, opcode) ──► last target
import { INDIRECT, NONE } from "../branch.ts";
import { associativeBits, GEOMETRY } from "./associative-table.ts";
import { createAddressPath, createPathTable, learning } from "./path-table.ts";
import { type Context, definePredictor, type PredictorDefinition } from "./predictor.ts";

const PARAMETERS = {
  sets: { ...GEOMETRY.sets, default: 64, description: "sets; the low bits of the key select one" },
  ways: GEOMETRY.ways,
  tagBits: { ...GEOMETRY.tagBits, min: 1, description: "bits of the key above the set index that an entry remembers; 32: all" },
} as const;

/**
 * A buffer that is keyed by `keyOf`, an Int32 made from the address of the branch and the context that it declares. The key is known
 * when the branch is predicted.
 */
export const defineKeyedBuffer = (
  title: string,
  source: string,
  context: Context,
  keyOf: (pc: number, context: number) => number,
): PredictorDefinition<typeof PARAMETERS> =>
  definePredictor({
    title,
    source,
    covers: INDIRECT,
    declares: [context],
    parameters: PARAMETERS,
    // An entry: tag, 32-bit target, LRU rank.
    storageBits: ({ sets, ways, tagBits }) => associativeBits(sets, ways, tagBits, 32),
    create({ sets, ways, tagBits }) {
      const table = createPathTable(createAddressPath(sets), sets * ways, ways, tagBits);
      const learn = learning(table, 1);
      return {
        predict(pc, _staticTarget, told) {
          const place = table.find(keyOf(pc, told));
          return place < 0 ? NONE : table.target(place);
        },
        train: (pc, target, _taken, told) => learn(keyOf(pc, told), target),
        inspect(pc, _staticTarget, told) {
          const { columns, rows, ...entries } = table.inspectEntries(keyOf(pc, told));
          const last = columns.length - 1; // the state, which is always 0
          return [{ ...entries, columns: columns.slice(0, last), rows: rows.map((row) => row.slice(0, last)) }];
        },
      };
    },
  });
