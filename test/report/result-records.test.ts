// Results files: what is read from them, and the errors of files that are not results.
import { describe, expect, it } from "vitest";
import { simulate, UsageError } from "../../dist/src/index.js";
import { toCsv } from "../../dist/src/report/csv.js";
import { withParameters } from "../../dist/src/report/named-parameters.js";
import { readParquet } from "../../dist/src/report/parquet-records.js";
import { readRecords, recordsOf } from "../../dist/src/report/result-records.js";
import { rowColumns } from "../../dist/src/results/columns.js";
import { writeParquet } from "../../dist/src/sweep/parquet.js";
import { csvOf, HOSTILE, run, SAMPLES } from "./samples.js";

const messageOf = (text: string): string => {
  try {
    readRecords(text, "a.csv");
  } catch (error) {
    expect(error).toBeInstanceOf(UsageError);
    return (error as Error).message;
  }
  return "";
};

describe("a results file", () => {
  it("holds the records that it was written from", async () => {
    const results = await simulate({ inputs: ["A B A GOTO"], predictor: "btb:unbounded,gshare", technique: "all", icache: true });
    const columns = rowColumns;
    const { of, records } = readRecords(toCsv(columns, results.rows), "a.csv");
    expect(of).toBe("rows");
    const empty = (cell: unknown): unknown => (cell === "" ? null : cell);
    const plain = (record: object): object => Object.fromEntries(Object.entries(record).map(([name, cell]) => [name, empty(cell)]));
    expect(records.map(plain)).toEqual(recordsOf(columns, results.rows).map(plain));
    expect(records[0].storage_bits).toBe("unbounded");
  });

  it("is recognised by its columns: sites, intervals, rows", () => {
    expect(readRecords(csvOf(SAMPLES["by-site"]), "a.csv").of).toBe("sites");
    expect(readRecords(csvOf(SAMPLES["over-time"]), "a.csv").of).toBe("intervals");
  });

  it("may have a byte-order mark, CRLF, blank lines, and columns of the reader's own", () => {
    const text = `\uFEFF${csvOf({ of: "rows", records: run({ rate: 1, remark: "mine" }) }).replaceAll("\n", "\r\n")}\r\n\r\n`;
    const { records } = readRecords(text, "a.csv");
    expect([records.length, records[0].program, records[0].mispredictions, records[0].remark]).toEqual([5, "lz", 10, "mine"]);
  });

  it("keeps programs that are called like numbers texts", () => {
    expect(readRecords(csvOf({ of: "rows", records: run({ rate: 1, program: "42" }) }), "a.csv").records[0].program).toBe("42");
  });

  const good = csvOf({ of: "rows", records: run({ rate: 1 }) });
  it.each([
    ["", /^a\.csv: it is empty; expected results/],
    ["\n\n", /^a\.csv: it is empty/],
    ["name,age\nAda,36\n", /^a\.csv: not results of bplab: it has none of the columns program, technique/],
    ["\u0000PNG\u0001\u0002", /^a\.csv: not results of bplab/],
    [good.split("\n")[0], /^a\.csv: it has columns, but no rows$/],
    [
      good.replace('"mispredictions"', '"mispredicitons"'),
      /^a\.csv: no column mispredictions, which results have \(docs\/columns\.md\); is it "mispredicitons"\?$/,
    ],
    [good.replace('"mispredictions"', '"branches"'), /^a\.csv: the column "branches" is there twice$/],
    [good.replace('"1000"', '"many"'), /^a\.csv: row 2: virtual_instructions must be a number, got "many"$/],
    [good.replace('"1000"', '"NaN"'), /^a\.csv: row 2: virtual_instructions must be a number/],
    [`${good}lz,test\n`, /^a\.csv: row 7 has 2 fields, the header \d+$/],
    [`${good}"lz`, /^a\.csv: not CSV: .*, row 7$/],
  ])("says in one line what is wrong with %j", (text, message) => {
    expect(messageOf(text)).toMatch(message);
    expect(messageOf(text)).not.toContain("\n");
  });
});

describe("results as Parquet", () => {
  const columns = [
    "program",
    "technique",
    "predictor",
    "kind",
    "virtual_instructions",
    "branches",
    "mispredictions",
    "icache",
    "not_modelled",
    "storage_bits",
  ];
  const cells = [
    ["lz", "switch", "btb", "dispatch", 2 ** 40, 10, 3, null, "return", 4096],
    ["lz", "switch", "btb:unbounded", "dispatch", 10, 10, null, "bytes=8192", "", "unbounded"],
  ];
  const provenance = { study: "s", study_sha256: "12", bplab_version: "0.1.0+1" };
  const bytes = async (): Promise<Uint8Array<ArrayBuffer>> => {
    const pieces: Uint8Array[] = [];
    await writeParquet({ columns, provenance, rows: () => [cells] }, (piece) => void pieces.push(piece));
    return new Uint8Array(Buffer.concat(pieces));
  };

  it("are the records that the same rows are as CSV", async () => {
    const csv = [columns, ...cells].map((row) => row.map((cell) => cell ?? "").join(",")).join("\n");
    expect(await readParquet(await bytes(), "a.parquet")).toEqual(readRecords(csv, "a.csv"));
  });

  it("are refused in one line where they are damaged", async () => {
    const whole = await bytes();
    for (const broken of [whole.slice(0, 5), whole.slice(0, whole.length - 20), whole.slice(0, 8)])
      await expect(readParquet(broken, "a.parquet")).rejects.toThrow(/^a\.parquet: a Parquet file that cannot be read: [^\n]*$/);
    const torn = Uint8Array.from(whole).fill(255, 10, 60);
    await expect(readParquet(torn, "a.parquet")).rejects.toThrow(/^a\.parquet: a Parquet file that cannot be read: [^\n]*$/);
  });
});

describe("what names say", () => {
  it("values that are given, and defaults for the others", async () => {
    const [record] = await withParameters(
      run({ rate: 1, technique: "static-both:replicas=7", predictor: "btb:ways=2:returns+gshare:historyBits=3" }),
    );
    expect(record).toMatchObject({ "technique:superinstructions": 200, "technique:replicas": 7, "technique:id": "static-both" });
    expect(record).toMatchObject({ "predictor:sets": 512, "predictor:ways": 2, "predictor:returns": true, "predictor:historyBits": 3 });
  });

  it("year and title of a machine", async () => {
    expect((await withParameters(run({ rate: 1, predictor: "haswell" })))[0]).toMatchObject({
      "machine:year": 2013,
      "machine:title": "Intel Haswell",
    });
  });

  it("nothing for what is not ours: a file is never loaded because results name it", async () => {
    for (const predictor of ["./mine.js:sets=4", "../../etc/passwd", "constructor", HOSTILE.predictor]) {
      const [record] = await withParameters(run({ rate: 1, predictor, technique: predictor }));
      expect(Object.keys(record).filter((name) => /^(technique|predictor|machine):/.test(name))).toEqual([]);
    }
  });
});
