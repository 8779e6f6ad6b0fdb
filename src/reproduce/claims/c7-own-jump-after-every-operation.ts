// C7: threaded code ends every operation with a jump of its own through the table.
import { percent } from "../bands.ts";
import { defineClaim } from "../claim.ts";
import { DISTINCT, EXACT, LOOPS } from "../experiments.ts";

export default defineClaim({
  title: "every operation should end with its own jump through the table",
  quote: "goto jump_table[next_op]",
  source: "rust",
  place: "Threaded dispatch",
  evidence: "law",
  method:
    "Token threading, which is that assembly: load, advance, jump through a table. All programs: native branches of every kind per " +
    "virtual instruction. And a loop of six distinct instructions: if every operation has its own jump, a predictor of the last target " +
    "misses none of them. Switch beside it.",
  experiments: {
    all: { technique: "switch,token-threading", predictor: EXACT },
    loop: { ...LOOPS, technique: "switch,token-threading" },
  },
  expected: {
    what: "1 branch per virtual instruction, none mispredicted in the loop",
    from: "the assembly quoted there",
    confidence: "primary",
  },
  expectedVerdict: "by construction",
  judge({ all, loop }) {
    const [shared, own] = ["switch", "token-threading"].map((technique) => {
      const { branches, virtualInstructions } = all.where({ technique, kind: "all" });
      return { branches: branches / virtualInstructions, rate: loop.where({ technique, program: DISTINCT }).rate };
    });
    const table = all.where({ technique: "token-threading" }).rows.every(({ footprint }) => footprint.bytes.table > 0);
    return {
      verdict:
        own.branches === 1 && own.rate === 0 && table
          ? "by construction"
          : own.rate < shared.rate
            ? "reproduced in part"
            : "not reproduced",
      measured:
        `${own.branches.toFixed(2)} native branches per virtual instruction (switch ${shared.branches.toFixed(2)}), ` +
        `${percent(own.rate)} of the loop's dispatches mispredicted (switch ${percent(shared.rate)})`,
    };
  },
});
