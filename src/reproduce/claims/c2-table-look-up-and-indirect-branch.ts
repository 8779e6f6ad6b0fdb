// C2: a virtual machine dispatches by a table from opcode to address, and an indirect branch.
import { defineClaim } from "../claim.ts";
import { EXACT } from "../experiments.ts";

export default defineClaim({
  title: "every virtual instruction costs a look into a table and an indirect branch",
  quote: "looks up the address of the code in a table that maps from opcode to address. It then executes an indirect branch",
  source: "rust",
  place: "second paragraph",
  evidence: "law",
  method:
    "All programs, switch and token threading: executed indirect branches per virtual instruction, and bytes of tables. Direct " +
    "threading beside them: there the address stands in the virtual code, and no table is needed.",
  experiments: { all: { technique: "switch,token-threading,direct-threading", predictor: EXACT } },
  expected: { what: "exactly 1 indirect branch per virtual instruction", from: "how these techniques are built", confidence: "primary" },
  shows: { measure: "branches", kind: "indirect", published: [{ low: 1, high: 1, what: "exactly one" }] },
  expectedVerdict: "by construction",
  judge({ all }) {
    const looks = ["switch", "token-threading"].map((technique) => all.where({ technique, kind: "indirect" }));
    const ratios = looks.map(({ branches, virtualInstructions }) => branches / virtualInstructions);
    const each = looks.every(({ rows }) => rows.every((row) => row.branches === row.virtualInstructions && row.footprint.bytes.table > 0));
    const tables = Math.max(...all.where({ technique: "direct-threading" }).rows.map(({ footprint }) => footprint.bytes.table));
    const shape = `${ratios.map((ratio) => ratio.toFixed(3)).join(" (switch) and ")} (token) indirect branches per virtual instruction`;
    return {
      verdict: each ? "by construction" : ratios.every((ratio) => ratio > 0.5) ? "reproduced in part" : "not reproduced",
      measured: `${shape}, through tables; direct threading keeps addresses in the virtual code: ${tables} bytes of tables`,
    };
  },
});
