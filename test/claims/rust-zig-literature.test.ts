// The claims of the Rust and Zig documents and of the literature behind them (C1 to C16b, C39 on): they come out as their
// authors expect, and would come out otherwise if the simulator counted otherwise.
import { beforeAll, describe, expect, it } from "vitest";
import { type Claim, type Evidence, SOURCES, VERDICTS } from "../../dist/src/claims/claim.js";
import { claimIds } from "../../dist/src/claims/claims.js";
import { select } from "../../dist/src/claims/selection.js";
import { type Outcome, reproduce } from "../../dist/src/reproduce.js";
import type { Row } from "../../dist/src/rows.js";

const IDS = claimIds().filter((id) => Number.parseInt(id.slice(1), 10) <= 16 || Number.parseInt(id.slice(1), 10) >= 39);

/** A row with other mispredictions, and the cycles that follow from them. */
function mispredicted(row: Row, change: (mispredictions: number, row: Row) => number): Row {
  if (row.mispredictions === undefined) return row;
  const mispredictions = change(row.mispredictions, row);
  const cyclesLost = mispredictions * row.cost.penaltyCycles;
  return { ...row, mispredictions, cyclesLost, estimatedCycles: (row.estimatedCycles ?? 0) - (row.cyclesLost ?? 0) + cyclesLost };
}

const OTHER_MISPREDICTIONS: Readonly<Record<string, (row: Row) => Row>> = {
  "nothing is mispredicted": (row) => mispredicted(row, () => 0),
  "everything is mispredicted": (row) => mispredicted(row, (_, { branches }) => branches),
  "switch is mispredicted half as often": (row) => (row.technique.startsWith("switch") ? mispredicted(row, (count) => count / 2) : row),
  "one more is mispredicted with threaded code": (row) =>
    /^(direct|token)/.test(row.technique) ? mispredicted(row, (count) => count + 1) : row,
};

/** Verdicts about the shape of the code hang on these. */
const OTHER_SHAPES: Readonly<Record<string, (row: Row) => Row>> = {
  "twice as many branches": (row) => ({ ...row, branches: row.branches * 2 }),
  "larger tables": (row) => ({
    ...row,
    footprint: { ...row.footprint, bytes: { ...row.footprint.bytes, table: row.footprint.bytes.table + 1024 } },
  }),
  "a stack that does not grow": (row) => ({ ...row, stackBytes: undefined }),
};
const ABOUT_SHAPE = ["C2", "C8", "C10", "C15", "C40"];

const evidenceOf = new Map<string, Evidence<string>>();
let outcomes: Outcome[] = [];

beforeAll(async () => {
  for (const id of IDS) {
    const claim: Claim = (await import(`../../dist/src/claims/${id.toLowerCase()}.js`)).default;
    const { judge } = claim;
    const listening: Claim["judge"] = (evidence) => {
      evidenceOf.set(id, evidence);
      return judge(evidence);
    };
    Object.assign(claim, { judge: listening });
  }
  outcomes = await reproduce({ claims: IDS });
}, 600_000);

const outcomeOf = (id: string): Outcome => {
  const outcome = outcomes.find(({ claim }) => claim.id === id);
  if (outcome === undefined) throw new Error(`no outcome of ${id}`);
  return outcome;
};

function judged(id: string, change: (row: Row) => Row): { verdict: string; measured: string } {
  const { claim } = outcomeOf(id);
  const evidence = Object.entries(evidenceOf.get(id) ?? {}).map(([name, { rows }]) => [name, select(rows.map(change))]);
  return claim.judge(Object.fromEntries(evidence));
}

describe.each(IDS)("%s", (id) => {
  it("says what is claimed where, what is expected and on whose word", () => {
    const { claim } = outcomeOf(id);
    for (const text of [claim.title, claim.quote, claim.place, claim.method, claim.expected.what, claim.expected.from])
      expect(text).not.toBe("");
    expect(Object.keys(SOURCES)).toContain(claim.source);
    expect(VERDICTS).toContain(claim.expectedVerdict);
  });

  it("comes out as its author expects, with numbers", () => {
    const { claim, finding } = outcomeOf(id);
    expect(finding.verdict).toBe(claim.expectedVerdict);
    expect(finding.measured).toMatch(/\d/);
    expect(finding.measured).not.toMatch(/NaN|Infinity|undefined|-0\.0+ /);
  });

  it("takes its numbers from the rows", () => {
    const { finding } = outcomeOf(id);
    const changes = Object.values({ ...OTHER_MISPREDICTIONS, ...OTHER_SHAPES });
    expect(changes.some((change) => judged(id, change).measured !== finding.measured)).toBe(true);
  });

  it("would come out otherwise if the simulator counted otherwise", () => {
    const { finding } = outcomeOf(id);
    if (finding.verdict === "out of reach") return;
    const changes = Object.values(ABOUT_SHAPE.includes(id) ? OTHER_SHAPES : OTHER_MISPREDICTIONS);
    expect(changes.filter((change) => judged(id, change).verdict !== finding.verdict)).not.toEqual([]);
  });
});
