// C33: context threading performs well compared to the techniques of the chapter.
import { FEWER_BY_CONTEXT_THREADING, inBand, PUBLISHED_LESS_TIME, percent, rangeText } from "../bands.ts";
import { defineClaim, type OnOthers, onEach, type Verdict } from "../claim.ts";
import { ratioText } from "../clock.ts";
import { timesTheCycles } from "../estimates.ts";
import { cyclesPerVirtual, OCAMLRUN, PENTIUM_4, POWERPC_970, VM_PROGRAMS } from "../experiments.ts";

const CONTEXT = "context-threading";
const DIRECT = "direct-threading";
/** Those of the chapter that dispatch; the paper found selective inlining about as fast. */
const DISPATCHING = [
  "switch",
  "call-threading",
  DIRECT,
  "subroutine-threading",
  "static-superinstructions",
  "selective-inlining",
  "dynamic-replication",
];
/** Techniques that copy bodies across basic blocks, with few dispatches left. */
const COPYING = ["across-basic-blocks", "catenation"];

interface Others {
  /** A technique as an installed interpreter is compiled. */
  readonly asCompiled?: string;
  /** Techniques for published figures. */
  readonly more?: readonly string[];
  /** The time that context threading saved in the language, as published for the Pentium 4. */
  readonly lessTime?: number;
}

/** The same on programs in other languages. */
const onOthers = ({ asCompiled, more = [], lessTime }: Others = {}): OnOthers => ({
  experiment: {
    technique: [
      CONTEXT,
      DIRECT,
      ...(asCompiled === undefined ? [] : [asCompiled]),
      "subroutine-threading",
      "selective-inlining",
      ...more,
    ].join(","),
    machine: `${PENTIUM_4},${POWERPC_970}`,
  },
  /** As many fewer mispredictions, in fewer cycles than what dispatches; all of it if the time published for the language is met, too. */
  verdict(others): Verdict {
    const [predictor] = others.predictors;
    const misses = (program: string, technique: string) => others.where({ program, technique, predictor, kind: "all" }).mispredictions;
    const shares = others.programs.map((program) => 1 - misses(program, CONTEXT) / misses(program, DIRECT));
    const fewer = shares.reduce((sum, share) => sum + share, 0) / shares.length;
    const [direct, context] = [DIRECT, CONTEXT].map((technique) => others.where({ technique, predictor }));
    const faster = others.techniques
      .filter((technique) => DISPATCHING.includes(technique))
      .every((technique) => cyclesPerVirtual(context) < cyclesPerVirtual(others.where({ technique, predictor })));
    const { low, high } = timesTheCycles(direct, context);
    const sameSize = lessTime === undefined || inBand(lessTime, { low: 1 - 1 / low, high: 1 - 1 / high });
    if (!inBand(fewer, FEWER_BY_CONTEXT_THREADING)) return "not reproduced";
    return faster && sameSize ? "reproduced" : "reproduced in part";
  },
  measured(others) {
    const [pentium, powerpc] = others.predictors;
    const less = (technique: string, predictor = pentium): string => {
      const [some, direct] = [technique, DIRECT].map((each) => cyclesPerVirtual(others.where({ technique: each, predictor })));
      return percent(1 - some / direct, 0);
    };
    const fewer = (technique: string): number[] =>
      others.programs.map((program) => {
        const of = (each: string) => others.where({ program, technique: each, predictor: pentium, kind: "all" }).mispredictions;
        return 1 - of(technique) / of(DIRECT);
      });
    const shares = fewer(CONTEXT);
    const mean = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0) / values.length;
    const compiled = asCompiled === undefined ? "" : `; as Debian's ocamlrun is compiled, ${percent(-mean(fewer(asCompiled)))} more`;
    return (
      `on a Pentium 4 ${percent(mean(shares))} fewer mispredictions than direct threading on average (${rangeText(Math.min(...shares), Math.max(...shares), percent)}; ` +
      `subroutine threading alone ${percent(mean(fewer("subroutine-threading")))}${compiled}), and by ` +
      `estimate ${less(CONTEXT)} less time (selective inlining ${less("selective-inlining")}), on a PowerPC 970 ${less(CONTEXT, powerpc)}; the time of the primitives ` +
      "and of the garbage collector, which no technique changes, is not in the estimate"
    );
  },
});

const PUBLISHED = { from: "Berndl, Vitale, Zaleski and Brown, Context Threading, CGO 2005, abstract", confidence: "primary" } as const;

export default defineClaim({
  title: "context threading performs well compared to the rest of the chapter",
  quote: "context threading, performs well compared to the interpretation techniques we have described in this chapter",
  source: "zaleski",
  place: "section 7, Chapter Summary",
  evidence: "assumption",
  wouldDecide: "clock",
  method:
    "Programs on virtual machines, a model of the paper's processor (pentium-4-northwood, an approximation from memory in part): mispredictions of all kinds, and " +
    "estimated cycles, against the other techniques of the chapter. Well: at least 85 % fewer mispredictions than direct threading, fewer than any other, and in " +
    "fewer cycles than each technique that dispatches, without a tolerance; and the size, too: the time saved over direct threading, over the range of its costs, has to meet the 19 to 25 % that were published. Techniques that copy bodies across basic blocks are shown beside them.",
  experiments: { vm: { inputs: VM_PROGRAMS, technique: [CONTEXT, ...DISPATCHING, ...COPYING].join(","), machine: PENTIUM_4 } },
  expected: {
    what: "95 % fewer mispredictions than direct threading on a Pentium 4, 19 to 25 % less time, and about the speed of selective inlining",
    from: "Berndl, Vitale, Zaleski and Brown, Context Threading, CGO 2005, abstract",
    confidence: "primary",
  },
  shows: { measure: "misses", kind: "all" },
  expectedVerdict: "reproduced in part",
  byClock: {
    techniques: [CONTEXT, DIRECT, "switch", "call-threading", "subroutine-threading", "dynamic-replication"],
    judge(clock) {
      const times = clock.times(DIRECT, CONTEXT);
      const others = ["switch", "call-threading", "subroutine-threading", "dynamic-replication"].map(
        (technique) => [technique, clock.times(technique, CONTEXT)] as const,
      );
      if (times === undefined) return undefined;
      const saved = 1 - 1 / times.mean;
      const first = others.every(([, ratio]) => ratio === undefined || ratio.mean > 1);
      return {
        verdict: saved <= 0 ? "not reproduced" : first && inBand(saved, PUBLISHED_LESS_TIME) ? "reproduced" : "reproduced in part",
        measured:
          `${clock.by}, direct threading takes ${ratioText(times)} the cycles of context threading, ${percent(saved, 0)} less time (19 to 25 % published, of a Pentium 4); ` +
          others.flatMap(([technique, ratio]) => (ratio === undefined ? [] : [`${technique} ${ratioText(ratio)}`])).join(", "),
      };
    },
  },
  judge({ vm }) {
    const misses = (technique: string): number => vm.where({ technique, kind: "all" }).mispredictions;
    const cycles = (technique: string): number => cyclesPerVirtual(vm.where({ technique }));
    const programs = vm.programs.map((program) => {
      const [context, direct] = [CONTEXT, DIRECT].map((technique) => vm.where({ program, technique, kind: "all" }).mispredictions);
      return 1 - context / direct;
    });
    const fewer = programs.reduce((sum, share) => sum + share, 0) / programs.length;
    const fewest = [...DISPATCHING, ...COPYING].every((technique) => misses(CONTEXT) < misses(technique));
    const faster = DISPATCHING.every((technique) => cycles(CONTEXT) < cycles(technique));
    const [saved, least, most] = ((): number[] => {
      const { value, low, high } = timesTheCycles(vm.where({ technique: DIRECT }), vm.where({ technique: CONTEXT }));
      return [value, low, high].map((times) => 1 - 1 / times);
    })();
    const sameSize = least <= PUBLISHED_LESS_TIME.high && most >= PUBLISHED_LESS_TIME.low;
    const order = vm.techniques
      .toSorted((a, b) => cycles(a) - cycles(b))
      .map((technique) => `${technique} ${cycles(technique).toFixed(1)}`);
    return {
      verdict: !inBand(fewer, FEWER_BY_CONTEXT_THREADING)
        ? "not reproduced"
        : fewest && faster && sameSize
          ? "reproduced"
          : "reproduced in part",
      measured:
        `${percent(fewer)} fewer mispredictions than direct threading on average (${rangeText(Math.min(...programs), Math.max(...programs), percent)})` +
        `${fewest ? ", fewer than any other technique" : ""}; ${percent(saved, 0)} less time by estimate (${percent(least, 0)} to ${percent(most, 0)} over what the costs may be, ` +
        `19 to 25 % published: bodies are short here, so that more of the time is dispatch than in Java); estimated cycles per virtual instruction: ${order.join(", ")}`,
    };
  },
  on: {
    ...onEach(onOthers()),
    java: {
      ...onOthers({ more: ["switch", "across-basic-blocks"], lessTime: PUBLISHED_LESS_TIME.high }),
      published: {
        ...PUBLISHED,
        what:
          "95 % fewer mispredicted branches on average over OCaml and Java, and 25 % less time for Java, on a Pentium 4; 82 % fewer cycles of branch stalls for Java " +
          "on a PowerPC; almost as fast as selective inlining in SableVM (the dissertation, introduction of chapter 5)",
      },
      unjudged:
        "stalls of the PowerPC, which a model without its pipeline does not have; how long native methods and the garbage collector take",
    },
    ocaml: {
      ...onOthers({ asCompiled: OCAMLRUN, lessTime: PUBLISHED_LESS_TIME.low }),
      published: {
        ...PUBLISHED,
        what:
          "95 % fewer mispredicted branches on average over OCaml and Java, and 19 % less time for OCaml, on a Pentium 4; 37 % less time for OCaml on a PowerPC 970; " +
          "about the speed of selective inlining",
      },
    },
  },
});
