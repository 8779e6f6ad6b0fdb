// Results as Parquet, as `bplab sweep merge --format=parquet` writes them, read as records.
import { messageOf, UsageError } from "../errors.ts";
import { type Cell, type CellType, COLUMNS } from "../results/columns.ts";
import { blankRecord, checkColumns, kindOf, type ResultTable, UNBOUNDED } from "./result-records.ts";

/** Counts are exact up to 2 ** 53; unbounded storage is infinite; an empty text is null, as in CSV. */
function cellOf(type: CellType | undefined, value: unknown): Cell {
  if (value === null || value === undefined || (value === "" && type !== "list")) return null;
  if (typeof value === "bigint") return Number(value);
  if (value === Number.POSITIVE_INFINITY) return UNBOUNDED;
  return typeof value === "number" ? value : String(value);
}

/**
 * @param file its name, for messages
 * @throws UsageError in one line
 */
export async function readParquet(bytes: Uint8Array<ArrayBuffer>, file: string): Promise<ResultTable> {
  const { parquetMetadata, parquetRead, parquetSchema } = await import("hyparquet");
  const source = {
    byteLength: bytes.byteLength,
    slice: (from: number, to?: number) => bytes.buffer.slice(bytes.byteOffset + from, bytes.byteOffset + (to ?? bytes.byteLength)),
  };
  const tried = async <T>(action: () => T | Promise<T>): Promise<T> => {
    try {
      return await action();
    } catch (error) {
      throw new UsageError(`${file}: a Parquet file that cannot be read: ${messageOf(error)}`);
    }
  };
  const metadata = await tried(() => parquetMetadata(source.slice(0)));
  const columns = parquetSchema(metadata).children.map(({ element }) => element.name);
  const of = kindOf(columns);
  checkColumns(columns, of, file);
  const blank = blankRecord(columns);
  const records = Array.from({ length: Number(metadata.num_rows) }, () => ({ ...blank }));
  if (records.length === 0) throw new UsageError(`${file}: it has columns, but no rows`);
  // column by column: all at once take more memory than the records
  for (const name of columns) {
    const texts = new Map<string, Cell>();
    const type = COLUMNS[of].get(name)?.type;
    const onChunk = ({ columnData, rowStart }: { readonly columnData: ArrayLike<unknown>; readonly rowStart: number }): void => {
      for (let i = 0; i < columnData.length; i++) {
        const cell = cellOf(type, columnData[i]);
        if (typeof cell === "string" && !texts.has(cell)) texts.set(cell, cell);
        records[rowStart + i][name] = typeof cell === "string" ? (texts.get(cell) ?? cell) : cell;
      }
    };
    await tried(() => parquetRead({ file: source, metadata, columns: [name], onChunk }));
  }
  return { of, records };
}
