// A calibration as tables: figures with their spread, and reasons for doubt.
import type { Calibration } from "../../host/calibrate.ts";
import { type FigureId, type MeasuredFigure, STEADY } from "../../host/processor/figures.ts";
import { whole } from "../../numbers.ts";
import type { DocumentPart } from "./sheet.ts";

/** Title and unit of each figure. */
export const FIGURE_TITLES: Readonly<Record<FigureId, readonly [title: string, unit: string]>> = {
  clockGigahertz: ["clock", "GHz"],
  indirectPenaltyCycles: ["indirect jump mispredicted, its target loaded just before", "cycles"],
  indirectPenaltyEarlyCycles: ["the same, its target loaded one dispatch before", "cycles"],
  conditionalPenaltyCycles: ["conditional branch mispredicted", "cycles"],
  overrideCycles: ["indirect jump predicted right, elsewhere than last time", "cycles"],
  loopLength: ["jumps of a loop that are predicted by history", "jumps"],
  targetsOfOneJump: ["targets of one jump, in turn", "targets"],
  historyJumps: ["indirect jumps back that history reaches", "jumps"],
  historyConditionals: ["taken conditionals back that history reaches", "branches"],
  returnStackDepth: ["return stack", "entries"],
  returnPenaltyCycles: ["return past the return stack, besides the call", "cycles"],
  firstBufferBranches: ["direct jumps in the first buffer", "branches"],
  firstBufferCycles: ["a direct jump in the first buffer", "cycles"],
  lastBufferBranches: ["direct jumps in the last buffer", "branches"],
  lastBufferCycles: ["a direct jump in the last buffer", "cycles"],
  beyondBufferCycles: ["a direct jump in no buffer", "cycles"],
  indirectBufferBranches: ["indirect jumps with one target each", "branches"],
  callReturnCycles: ["a call and its return, around six instructions", "cycles"],
};

const number = (value: number, isSize: boolean): string => (isSize ? whole(value) : value.toFixed(value < 100 ? 2 : 0));

/** A figure as text; a size is the last measured point on the level: the real one is between it and the next. */
function shownValue({ value, next, isSize }: MeasuredFigure): string {
  if (!isSize) return number(value, false);
  if (next === undefined) return `≥ ${whole(value)}`;
  return next === value + 1 ? whole(value) : `${whole(value)} to ${whole(next - 1)}`;
}

const spreadOf = ({ low, high }: Pick<MeasuredFigure, "low" | "high">, isSize: boolean): string =>
  low === high ? "the same" : `${number(low, isSize)} to ${number(high, isSize)}`;

export function calibrationParts({ figures, doubts, system, samples, instructionsPerCycle, interpreters }: Calibration): DocumentPart[] {
  const rows = figures.map((figure) => {
    const [title, unit] = FIGURE_TITLES[figure.id];
    return [title, unit, shownValue(figure), spreadOf(figure, figure.isSize)];
  });
  if (instructionsPerCycle !== undefined) {
    const { median, low, high } = instructionsPerCycle;
    const said = `instructions in a cycle, ${interpreters.length} runs of compiled interpreters`;
    rows.push([said, "", number(median, false), spreadOf({ low, high }, false)]);
  }
  const notes = figures.flatMap(({ id, notes }) => notes.map((note) => `${FIGURE_TITLES[id][0]}: ${note}`));
  const sure =
    doubts.length === 0
      ? [`No figure moved by more than ${100 * STEADY} % between repeats, and nothing disturbed the measurement.`]
      : doubts;
  return [
    `${system.processor}, ${system.architecture}, ${system.system}`,
    { head: ["measured by the clock", "", "value", `in each of ${samples.rounds} repeats`], rows, left: 2 },
    ...sure.map((line) => line.replace(/^./, (letter) => letter.toUpperCase())),
    ...notes.map((line) => `· ${line}`),
  ];
}
