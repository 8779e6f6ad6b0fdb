// C1: computed gotos help the branch predictor, in virtual machines and in state machines.
import { NO_GAP, percent, points } from "../bands.ts";
import { defineClaim } from "../claim.ts";
import { NO_VIRTUAL_MACHINES, SHARED_OR_OWN, STATE_MACHINE } from "../experiments.ts";

export default defineClaim({
  title: "computed gotos improve branch prediction in virtual machines and state machines",
  quote: "can improve CPU branch predictor success rate in VM dispatch and state machines",
  source: "rust",
  place: "second paragraph",
  evidence: "simulation",
  method:
    "All virtual machines' programs and one state machine (a tokenizer's states), switch against direct threading: on a branch target " +
    "buffer, on one that replaces a target after two misses, and on ITTAGE. Means of the programs' rates.",
  experiments: { all: SHARED_OR_OWN },
  expected: {
    what: "fewer mispredictions on predictors of the last target; a difference near 0 on ITTAGE",
    from: "M. A. Ertl and D. Gregg, JILP 5, 2003; E. Rohou, B. N. Swamy and A. Seznec, CGO 2015, abstract (no longer critical)",
    confidence: "secondary",
  },
  expectedVerdict: "depends on the predictor",
  judge({ all }) {
    const machines = all.except(NO_VIRTUAL_MACHINES);
    const both = ["switch", "direct-threading"] as const;
    const rates = (predictor: string, among = machines): number[] =>
      both.map((technique) => among.where({ technique, predictor }).meanRate);
    const gains = ["btb", "btb-2bit", "ittage"].map((predictor) => {
      const [[shared, own], [stateShared, stateOwn]] = [
        rates(predictor),
        rates(predictor, all.where({ program: STATE_MACHINE, predictor })),
      ];
      const text =
        `${predictor} ${percent(shared)} to ${percent(own)} in virtual machines, ${percent(stateShared)} to ` +
        `${percent(stateOwn)} in the state machine`;
      return { machine: shared - own, state: stateShared - stateOwn, text };
    });
    const everywhere = gains.every(({ machine, state }) => machine > NO_GAP && state > NO_GAP);
    const somewhere = gains.some(({ machine }) => machine > NO_GAP);
    return {
      verdict: everywhere ? "reproduced" : somewhere ? "depends on the predictor" : "not reproduced",
      measured:
        `mispredicted, from switch to direct threading: ${gains.map(({ text }) => text).join("; ")}. ` +
        `With the last target alone, the state machine ${gains[0].state < 0 ? "loses" : "gains"} ` +
        `${points(Math.abs(gains[0].state))}: in a run of one state, a shared ` +
        "jump misses at its beginning, a jump for each state at its beginning and at its end",
    };
  },
});
