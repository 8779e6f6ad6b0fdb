// What compilers make of dispatch code, a line for each source.
import type { CompiledRow, CompilersReport } from "../../host/compilers/compilers.ts";
import type { Column } from "../../results/columns.ts";
import { dash } from "./cells.ts";
import type { DocumentPart } from "./sheet.ts";

export function compilersParts({ compilers, rows, skipped }: CompilersReport): DocumentPart[] {
  return [
    ...compilers.map(
      ({ command, version }): DocumentPart => ({
        title: version,
        head: ["source", "options", "has", "indirect jumps", "indirect calls", "jump tables", "what the compiler did"],
        rows: rows
          .filter((row) => row.compiler === command)
          .map(({ source, options, wanted, opcodes, left, what }) => [
            source,
            options,
            wanted === "own" ? `${opcodes} dispatches` : "1 dispatch",
            String(left.jumps),
            String(left.calls),
            left.tables === undefined ? dash : String(left.tables),
            what === "" ? "as written" : what,
          ]),
        left: 3,
      }),
    ),
    ...skipped.map((line) => `Not compiled: ${line}`),
  ];
}

export const compilerColumns: readonly Column<CompiledRow>[] = [
  ["compiler", (row) => row.compiler],
  ["version", (row) => row.version],
  ["options", (row) => row.options],
  ["source", (row) => row.source],
  ["title", (row) => row.title],
  ["dispatches_in_source", (row) => (row.wanted === "own" ? row.opcodes : 1)],
  ["opcodes", (row) => row.opcodes],
  ["indirect_jumps", (row) => row.left.jumps],
  ["indirect_calls", (row) => row.left.calls],
  ["jump_tables", (row) => row.left.tables ?? null],
  ["change", (row) => row.what],
];
