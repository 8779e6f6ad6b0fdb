// Every claim says what stands where, comes out as its author expects, and would come out otherwise if the simulator counted
// otherwise.
// @module-tag slow
import { readdirSync } from "node:fs";
import { beforeAll, describe, expect, it, vi } from "vitest";
import { type Claim, EVIDENCE, SOURCES, VERDICTS } from "../../dist/src/reproduce/claim.js";
import { findClaims, type NamedClaim } from "../../dist/src/reproduce/claims.js";
import { missingFor, otherLanguages, otherPrograms } from "../../dist/src/reproduce/other-programs.js";
import { type Outcome, reproduce } from "../../dist/src/reproduce/reproduce.js";
import { type Selection, select } from "../../dist/src/reproduce/selection.js";
import type { Row } from "../../dist/src/results/rows.js";

type Rows = readonly Row[];
type Mutation = (rows: Rows) => Row[];

const each =
  (change: (row: Row) => Partial<Row>): Mutation =>
  (rows) =>
    rows.map((row) => ({ ...row, ...change(row) }));

/** Rows with other mispredictions, and the cycles that follow from them. */
const mispredicted = (change: (mispredictions: number, row: Row) => number): Mutation =>
  each((row) => {
    if (row.mispredictions === undefined) return {};
    const mispredictions = change(row.mispredictions, row);
    const cyclesLost = mispredictions * row.cost.penaltyCycles;
    return { mispredictions, cyclesLost, estimatedCycles: (row.estimatedCycles ?? 0) - (row.cyclesLost ?? 0) + cyclesLost };
  });

/** Rows under each other's names: the first has the last one's. */
const otherWayRound =
  (key: "technique" | "predictor"): Mutation =>
  (rows) => {
    const names = [...new Set(rows.map((row) => row[key]))];
    const reversed = new Map(names.map((name, i) => [name, names[names.length - 1 - i]]));
    const order = (row: Row): number => names.indexOf(row[key]);
    return rows.map((row) => ({ ...row, [key]: reversed.get(row[key]) ?? row[key] })).toSorted((a, b) => order(a) - order(b));
  };

/** What another simulator might have said of the rows of one experiment. */
const MUTATIONS: Readonly<Record<string, Mutation>> = {
  "nothing is mispredicted": mispredicted(() => 0),
  "everything is mispredicted": mispredicted((_, { branches }) => branches),
  "switch is mispredicted half as often": mispredicted((count, { technique }) => (technique.startsWith("switch") ? count / 2 : count)),
  "one more is mispredicted with threaded code": mispredicted((count, { technique }) =>
    /^(direct|token)/.test(technique) ? count + 1 : count,
  ),
  "a branch for every virtual instruction": each(({ virtualInstructions = 0 }) => ({ branches: virtualInstructions })),
  "twice as many branches": each(({ branches }) => ({ branches: branches * 2 })),
  "time is instructions": each(({ nativeInstructions }) => ({ cyclesLost: 1, estimatedCycles: nativeInstructions })),
  "larger tables": each(({ footprint }) => ({
    footprint: footprint && { ...footprint, bytes: { ...footprint.bytes, table: footprint.bytes.table + 1024 } },
  })),
  "a stack that does not grow": each(() => ({ stackBytes: undefined })),
  "a virtual address says no more than a branch's": each(({ contexts }) => ({
    contexts: contexts && { ...contexts, entropyGivenVirtualAddress: contexts.entropyGivenSite },
  })),
  "techniques the other way round": otherWayRound("technique"),
  "predictors the other way round": otherWayRound("predictor"),
};

const claims: readonly NamedClaim[] = await findClaims([]);
const evidence = new Map<string, Readonly<Record<string, Selection>>>();
let outcomes: Outcome[] = [];

beforeAll(async () => {
  const folder = new URL("../../dist/src/reproduce/claims/", import.meta.url);
  for (const { id } of claims) {
    const file = readdirSync(folder).find((name) => name.startsWith(`${id.toLowerCase()}-`) && name.endsWith(".js")) ?? expect.fail(id);
    const module: { default: Claim } = await import(new URL(file, folder).href);
    const { judge } = module.default;
    vi.spyOn(module.default, "judge").mockImplementation((given) => {
      evidence.set(id, given);
      return judge(given);
    });
  }
  outcomes = await reproduce();
}, 900_000);

describe.each(claims)("$id: $title", (claim) => {
  const { id, judge, on: ofOthers, title, quote, place, method, expected, source, evidence: kind, expectedVerdict } = claim;

  it("says what is claimed where, and what is expected on whose word", () => {
    for (const text of [title, quote, place, method, expected.what, expected.from]) expect(text.trim()).not.toBe("");
    expect(Object.keys(SOURCES)).toContain(source);
    expect(VERDICTS).toContain(expectedVerdict);
    expect(Object.keys(EVIDENCE)).toContain(kind);
  });

  it("comes out as its author expects, with numbers", () => {
    const { finding, rows } = outcomes.find(({ claim }) => claim.id === id) ?? expect.fail(`${id} was not run`);
    expect(rows.length).toBeGreaterThan(0);
    expect(finding.verdict).toBe(expectedVerdict);
    expect(finding.measured).toMatch(/\d/);
    expect(finding.measured).not.toMatch(/NaN|Infinity|undefined|-0\.0+ /);
  });

  it.for(otherLanguages)("says what it comes to on programs in %s, or why not", (language, { skip }) => {
    const { on } = outcomes.find(({ claim }) => claim.id === id) ?? expect.fail(`${id} was not run`);
    const part = ofOthers?.[language];
    if (part === undefined) return skip(`nothing is measured on ${language}`);
    const { measured, verdict, rows } = on[language] ?? expect.fail("said nothing");
    const missing = missingFor(language);
    if (missing !== undefined) expect([measured, rows]).toEqual([`left out: ${missing}`, []]);
    else {
      expect([...new Set(rows.map(({ program }) => program))].sort()).toEqual(otherPrograms(language));
      expect(measured).toMatch(/\d/);
      expect(measured).not.toMatch(/NaN|Infinity|undefined|-0\.0+ /);
      const others = Object.values(MUTATIONS).map((mutate) => part.measured(select(mutate(rows))));
      expect(others.some((other) => other !== measured)).toBe(true);
      const { verdict: verdictOf } = part;
      if (verdictOf !== undefined) {
        expect(VERDICTS).toContain(verdict);
        expect(Object.values(MUTATIONS).some((mutate) => verdictOf(select(mutate(rows))) !== verdict)).toBe(true);
      }
    }
    for (const text of Object.values(part.published ?? {})) expect(text.trim()).not.toBe("");
  });

  it("would say other numbers, and come out otherwise unless out of reach, if the rows were others", () => {
    const given = evidence.get(id) ?? expect.fail(`${id} was not judged`);
    const original = judge(given);
    expect(kind === "law" ? "reproduced" : "by construction").not.toBe(original.verdict);
    const others = Object.values(MUTATIONS).map((mutate) =>
      judge(Object.fromEntries(Object.entries(given).map(([name, { rows }]) => [name, select(mutate(rows))]))),
    );
    expect(others.some(({ measured }) => measured !== original.measured)).toBe(true);
    const turned = others.some(({ verdict }) => verdict !== original.verdict);
    expect(turned).toBe(original.verdict !== "out of reach");
  });
});
