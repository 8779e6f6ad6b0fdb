// What verdicts rest on is said of every claim, and laws are counted apart.
import { describe, expect, it } from "vitest";
import { countedApart, evidenceText, verdictColumns, verdictText } from "../../dist/src/report/tables/verdicts.js";
import { EVIDENCE } from "../../dist/src/reproduce/claim.js";
import { claimIds, findClaims } from "../../dist/src/reproduce/claims.js";
import { atFull, type Outcome } from "../../dist/src/reproduce/reproduce.js";

const claims = await findClaims([]);
const outcomes = claims.map(
  (claim): Outcome => ({ claim, finding: { verdict: claim.expectedVerdict, measured: "1" }, rows: [], experiments: {}, on: {}, shown: [] }),
);
const unlaid = (outcome: Outcome) => ({ ...outcome, layouts: [] });
const idsOf = (kind: string): string[] => claims.filter(({ evidence }) => evidence === kind).map(({ id }) => id);

describe("claims", () => {
  it("are numbered from 1 without a gap", () => {
    const numbers = [...new Set(claimIds().map((id) => Number.parseInt(id.slice(1), 10)))];
    expect(numbers).toEqual(numbers.map((_, i) => i + 1));
  });

  it("rest on a law exactly where nothing in the lab could contradict them, and are then never called reproduced", () => {
    expect(Object.keys(EVIDENCE)).toEqual(["law", "assumption", "simulation", "compiler", "clock"]);
    expect(idsOf("law")).toEqual(expect.arrayContaining(["C2", "C6", "C7", "C10", "C12", "C13", "C14", "C16b", "C17", "C34", "C49"]));
    for (const { id, evidence, expectedVerdict } of claims)
      expect([id, expectedVerdict]).not.toEqual([id, evidence === "law" ? "reproduced" : "by construction"]);
  });

  it("may expect another verdict at size full, which then is expected there alone", () => {
    for (const claim of claims) {
      expect(atFull(claim).expectedVerdict).toBe(claim.expectedAtFull ?? claim.expectedVerdict);
      expect([claim.id, claim.expectedAtFull]).not.toEqual([claim.id, claim.expectedVerdict]);
    }
    expect(claims.flatMap(({ id, expectedAtFull }) => (expectedAtFull === undefined ? [] : [[id, expectedAtFull]]))).toEqual([
      ["C30", "reproduced"],
    ]);
  });

  it("say that a clock or a compiler would decide them, where one would", () => {
    const decidedBy = (what: string) => claims.filter(({ wouldDecide }) => wouldDecide === what).map(({ id }) => id);
    expect(decidedBy("clock")).toEqual([
      "C3",
      "C5",
      "C9",
      "C18",
      "C19",
      "C23",
      "C30",
      "C33",
      "C48",
      "C50",
      "C52",
      "C53",
      "C54",
      "C55",
      "C56",
    ]);
    expect(decidedBy("compiler")).toEqual(["C8", "C12", "C13", "C15"]);
    expect(evidenceText(outcomes[claimIds().indexOf("C3")])).toContain("a processor's clock would decide: bplab calibrate");
  });
});

describe("verdicts", () => {
  it("are counted apart: laws that the lab implements, and the others, each claim once", () => {
    const [laws, others] = countedApart(outcomes);
    const count = ({ verdicts }: typeof laws) => verdicts.reduce((sum, [, each]) => sum + each, 0);
    expect([count(laws), count(others)]).toEqual([idsOf("law").length, claims.length - idsOf("law").length]);
    expect(laws.verdicts.map(([verdict]) => verdict)).not.toContain("reproduced");
    expect(others.verdicts.map(([verdict]) => verdict)).not.toContain("by construction");
    expect(verdictText(outcomes.map(unlaid))).toContain(
      `${idsOf("law").length} laws that the lab implements, which are no reproductions: `,
    );
  });

  it("stand in a column beside their evidence", () => {
    const columns = Object.fromEntries(verdictColumns.map(([name, of]) => [name, of(unlaid(outcomes[2]))]));
    expect(columns).toMatchObject({ claim: "C3", evidence: "assumption", would_decide: "clock" });
  });
});
