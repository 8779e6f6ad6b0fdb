// C13: with an end tag, LLVM makes one jump per prong.
import { percent } from "../bands.ts";
import { defineClaim } from "../claim.ts";
import { EXACT } from "../experiments.ts";
import { agree } from "../selection.ts";

export default defineClaim({
  title: "an end tag in the list instead of a length: no test, and a jump for every prong, predicted as threaded code",
  quote: "It's perfect! This is exactly what we wanted.",
  source: "zig",
  place: "EDIT: New Discovery",
  evidence: "law",
  wouldDecide: "compiler",
  method:
    "The two forms as their assembly shows them: switch:counted tests the length in front of a shared jump, switch:sentinel needs no " +
    "test and jumps from every prong. All programs, two predictors without bounds: native branches per virtual instruction, and " +
    "mispredictions against switch and direct threading.",
  experiments: { all: { technique: "switch:counted,switch:sentinel,switch,direct-threading", predictor: EXACT } },
  expected: {
    what: "3 native branches and a switch's mispredictions with a length, 1 branch and threaded code's with an end tag",
    from: "the assembly quoted there",
    confidence: "primary",
  },
  shows: {
    measure: "branches",
    kind: "all",
    published: [
      { low: 3, high: 3, what: "with a length" },
      { low: 1, high: 1, what: "with an end tag" },
    ],
  },
  expectedVerdict: "by construction",
  byCompilers({ rows }) {
    const of = (wanted: string) =>
      rows.filter(({ compiler, source, options }) => /clang|zig/.test(compiler) && source === wanted && options !== "-O0");
    const tagged = of("end-tag");
    if (tagged.length === 0) return undefined;
    const split = tagged.filter(({ left, opcodes }) => left.jumps >= opcodes);
    const each = ({ version, options, left }: (typeof rows)[number]): string => `${version} ${options} ${left.jumps}`;
    return {
      verdict: split.length === 0 ? "not reproduced" : split.length < tagged.length ? "reproduced in part" : "reproduced",
      measured: `indirect jumps that installed LLVM compilers made of one switch: with an end tag ${tagged.map(each).join(", ")}; with a length ${of("length-test").map(each).join(", ")}`,
    };
  },
  judge({ all }) {
    const same = (a: string, b: string): boolean =>
      all.predictors.every((predictor) => agree(all.where({ technique: a, predictor }), all.where({ technique: b, predictor })));
    const alike = same("switch:counted", "switch") && same("switch:sentinel", "direct-threading");
    const [counted, sentinel] = ["switch:counted", "switch:sentinel"].map((technique) => {
      const { branches, virtualInstructions } = all.where({ technique, kind: "all", predictor: "btb:unbounded" });
      return { branches: branches / virtualInstructions, rate: all.where({ technique, predictor: "btb:unbounded" }).rate };
    });
    const better = sentinel.branches === 1 && sentinel.rate < counted.rate;
    return {
      verdict: better && alike ? "by construction" : better ? "reproduced in part" : "not reproduced",
      measured:
        `${counted.branches.toFixed(2)} native branches per virtual instruction with a length, ${sentinel.branches.toFixed(2)} ` +
        "with an end tag; mispredicted dispatches " +
        `${percent(counted.rate)} and ${percent(sentinel.rate)}, ${alike ? "exactly" : "not exactly"} those of a plain switch ` +
        "and of direct threading",
    };
  },
});
