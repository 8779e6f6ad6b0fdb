// The sequences of opcodes that techniques gave bodies of their own: as tables and as columns.
import { counted, whole } from "../../numbers.ts";
import type { Column } from "../../results/columns.ts";
import { groupBy } from "../../results/group-by.ts";
import type { SequenceRow } from "../../simulate/sequences.ts";
import type { DocumentPart } from "./sheet.ts";

export const sequenceColumns: readonly Column<SequenceRow>[] = [
  ["program", ({ program }) => program],
  ["size", ({ size }) => size],
  ["technique", ({ technique }) => technique],
  ["opcodes", ({ opcodes }) => opcodes.join(" ")],
  ["instructions", ({ opcodes }) => opcodes.length],
  ["bodies", ({ bodies }) => bodies],
  ["executed", ({ executed }) => executed],
  ["executed_in_training", ({ trained }) => trained],
  ["training", ({ training }) => training.join(" ")],
];

/** Lines of a table; all are in the CSV. */
const MOST_LINES = 20;

export const sequenceParts = (rows: readonly SequenceRow[]): DocumentPart[] =>
  [...groupBy(rows, ({ program, technique }) => JSON.stringify([program, technique])).values()].flatMap((group): DocumentPart[] => {
    const [{ program, technique, training }] = group;
    const idle = group.filter(({ executed }) => executed === 0).length;
    const shown =
      group.length > MOST_LINES ? `The ${MOST_LINES} that it executes most of ${whole(group.length)}; --format=csv has all. ` : "";
    return [
      {
        title: `${program}, ${technique}: sequences with bodies of their own`,
        head: ["opcodes", "bodies", "executed", "in training"],
        rows: group
          .slice(0, MOST_LINES)
          .map(({ opcodes, bodies, executed, trained }) => [opcodes.join(" "), whole(bodies), whole(executed), whole(trained)]),
        left: 1,
      },
      `${shown}${program} never executes ${counted(idle, "sequence")} of them. They were chosen by ${training.join(", ")}.`,
    ];
  });
