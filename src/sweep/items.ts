// Divides a grid into work items. An item is one input, seed and technique under a group of front ends. Hashes of the front ends'
// names decide where groups are cut, so that adding or removing one changes one item and not all later ones. A switch that is
// needed only as the baseline of speedups is an item, too, without rows.
import { actingOn, type OptionValues } from "../options/request.ts";
import { BASELINE, RECORDED } from "../results/rows.ts";
import { UNITS_TO_BEGIN } from "../simulate/length.ts";
import { sha256Of } from "./folder/folder.ts";
import { type Item, type ItemRequest, itemKey, type Skip } from "./folder/item.ts";
import type { Axes, StudyFrontEnd, StudyTechnique } from "./study/axes.ts";
import { type ExclusionRule, isExcluded } from "./study/exclusions.ts";

/** Average and largest number of front ends in a group. With 16, laying out code and playing the tape are a small part of the work. */
const GROUP = 16;
const MOST_IN_GROUP = 32;
/** Most modelled storage of a group, whose models are all in memory at once: 16 MB of modelled storage take about 60 MB here. */
const MOST_GROUP_BITS = 2 ** 27;

/** Groups of front ends, by index. Each user's file has a separate group, so that it can disturb no other. */
export function groupsOf(frontEnds: readonly Pick<StudyFrontEnd, "name" | "foreign" | "storageBits">[]): number[][] {
  const groups: number[][] = [];
  let group: number[] = [];
  let bits = 0;
  const end = (): void => {
    if (group.length > 0) groups.push(group);
    group = [];
    bits = 0;
  };
  for (const [place, { name, foreign, storageBits }] of frontEnds.entries()) {
    // an unbounded model grows with the run
    const own = Number.isFinite(storageBits) ? storageBits : 0;
    if (foreign || bits + own > MOST_GROUP_BITS) end();
    group.push(place);
    bits += own;
    const cut = Number.parseInt(sha256Of(name).slice(0, 8), 16) % GROUP === 0;
    if (foreign || cut || group.length === MOST_IN_GROUP) end();
  }
  end();
  return groups;
}

/** The study's options that act on a line's input. */
function optionsFor(options: OptionValues, recording: boolean, trains: boolean): OptionValues {
  const acting = actingOn(recording ? "recordings" : "programs", options);
  return trains ? acting : { ...acting, train: undefined };
}

/** An object without its undefined properties, for files. */
const defined = <T extends object>(object: T): T =>
  Object.fromEntries(Object.entries(object).filter(([, value]) => value !== undefined)) as T;

export interface Planned {
  readonly item: Item;
  /** Number of points whose rows it has. */
  readonly points: number;
}

/** One line of a grid: an input, a seed and a technique, by their indices on the axes. */
interface GridLine {
  readonly input: number;
  /** One past the last index if there is none. */
  readonly seed: number;
  readonly technique: number;
  readonly of: StudyTechnique;
}

/** Index of a switch that is only a baseline. */
const NOWHERE = -1;

const unasked = (name: string): StudyTechnique => ({ name, trains: false, files: [] });

/** The lines of one input and seed, in the order of the study; a switch that only speedups need goes first. */
function gridLinesOf({ inputs, seeds, techniques }: Axes, input: number, seed: number): GridLine[] {
  if (inputs[input].size === undefined) return [{ input, seed: seeds.length, technique: techniques.length, of: unasked(RECORDED) }];
  const lines = techniques.map((of, technique): GridLine => ({ input, seed, technique, of }));
  const asked = techniques.some(({ name }) => name === BASELINE);
  return asked ? lines : [{ input, seed, technique: NOWHERE, of: unasked(BASELINE) }, ...lines];
}

/** The request for a line under some front ends, by index. */
function requestOf(axes: Axes, line: GridLine, frontEnds: readonly StudyFrontEnd[], code: string): ItemRequest {
  const { input, sha256, size } = axes.inputs[line.input];
  const recording = size === undefined;
  const options = defined(optionsFor(axes.options, recording, line.of.trains));
  const named = new Set([...line.of.files, ...frontEnds.flatMap(({ files }) => files), options.bodies, ...(options.train ?? [])]);
  const namesOf = (machines: boolean): string[] => frontEnds.flatMap(({ name, machine }) => (machine === machines ? name : []));
  return defined({
    code,
    input,
    inputSha256: sha256,
    size,
    technique: recording ? undefined : line.of.name,
    seed: recording ? undefined : axes.seeds[line.seed],
    machines: namesOf(true),
    predictors: namesOf(false),
    penalties: axes.penalties,
    options,
    files: Object.fromEntries(Object.entries(axes.files).filter(([file]) => named.has(file))),
  });
}

/** All items, in the order of the study's rows. @param code the digest of the code that makes rows */
export function* itemsOf(axes: Axes, rules: readonly ExclusionRule[], code: string): Generator<Planned> {
  const { inputs, seeds, frontEnds, penalties } = axes;
  const groups = groupsOf(frontEnds);
  const penaltyPlaces = (penalties ?? [undefined]).map((_, place) => place);
  const wants = ({ input, seed, technique }: GridLine, frontEnd: number, penalty: number): boolean =>
    technique !== NOWHERE && !isExcluded(rules, { input, seed, technique, frontEnd, penalty });
  const wantsAny = (line: GridLine, frontEnd: number): boolean => penaltyPlaces.some((penalty) => wants(line, frontEnd, penalty));

  function planned(line: GridLine, group: readonly number[]): Planned {
    const request = requestOf(
      axes,
      line,
      group.map((place) => frontEnds[place]),
      code,
    );
    const skips = group.flatMap((place) =>
      penaltyPlaces
        .filter((penalty) => !wants(line, place, penalty))
        .map((penalty): Skip => [frontEnds[place].name, penalties?.[penalty] ?? null]),
    );
    const weight = Number((group.length * (UNITS_TO_BEGIN + inputs[line.input].length)).toPrecision(6));
    const item = defined({ key: itemKey(request), ...request, weight, skips: skips.length > 0 ? skips : undefined });
    return { item, points: group.length * penaltyPlaces.length - skips.length };
  }

  for (const input of inputs.keys()) {
    for (const seed of inputs[input].size === undefined ? [seeds.length] : seeds.keys()) {
      const lines = gridLinesOf(axes, input, seed);
      for (const line of lines) {
        /** Whether switch is needed as a baseline under a front end: if another technique has points with it. */
        const isNeeded = (frontEnd: number): boolean =>
          wantsAny(line, frontEnd) || (line.of.name === BASELINE && lines.some((other) => wantsAny(other, frontEnd)));
        for (const group of groups.map((places) => places.filter(isNeeded))) if (group.length > 0) yield planned(line, group);
      }
    }
  }
}
