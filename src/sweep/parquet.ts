// Writes a merged table as Parquet: counts are 64-bit integers, rates and cycles doubles, unknown values null. The study and the
// versions are in the file's metadata as well as in its columns.
import { type Cell, type CellType, COLUMNS } from "../results/columns.ts";
import type { MergedTable } from "./merge.ts";

/** Rows that are held at a time. */
const GROUP_ROWS = 20_000;

type Type = "STRING" | "DOUBLE" | "INT64";

const TYPES: Readonly<Record<CellType, Type>> = { text: "STRING", list: "STRING", integer: "INT64", number: "DOUBLE", bits: "DOUBLE" };

/** An unknown column comes from results of another version, and is stored as text. */
const typeOf = (column: string): Type => TYPES[COLUMNS.rows.get(column)?.type ?? "text"];

/** Storage without bounds is infinite; the CSV says "unbounded". */
function typed(cell: Cell, type: Type): string | number | bigint | null {
  if (cell === null) return null;
  if (type === "STRING") return String(cell);
  if (cell === "unbounded") return Number.POSITIVE_INFINITY;
  return type === "INT64" ? BigInt(cell) : Number(cell);
}

/** @param write takes the file's bytes, piece by piece */
export async function writeParquet({ columns, provenance, rows }: MergedTable, write: (bytes: Uint8Array) => void): Promise<void> {
  const { ByteWriter, ParquetWriter, schemaFromColumnData } = await import("hyparquet-writer");
  const types = columns.map(typeOf);
  const bytes = new ByteWriter();
  const flush = (): void => {
    write(new Uint8Array(bytes.buffer.slice(0, bytes.index)));
    bytes.index = 0;
  };
  const schema = schemaFromColumnData({ columnData: columns.map((name, i) => ({ name, data: [], type: types[i] })) });
  const kvMetadata = Object.entries(provenance).map(([key, value]) => ({ key, value }));
  const writer = new ParquetWriter({
    writer: Object.assign(bytes, { flush, finish: flush }),
    schema,
    kvMetadata,
    createdBy: `bplab ${provenance.bplab_version}`,
  });
  let held: (readonly Cell[])[] = [];
  const end = (): void => {
    const columnData = columns.map((name, i) => ({ name, data: held.map((row) => typed(row[i], types[i])), type: types[i] }));
    writer.write({ columnData, rowGroupSize: GROUP_ROWS });
    held = [];
  };
  for (const some of rows()) {
    for (const row of some) held.push(row);
    if (held.length >= GROUP_ROWS) end();
  }
  if (held.length > 0) end();
  writer.finish();
}
