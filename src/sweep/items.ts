// A grid as work items. An item is one input, seed and technique under a group of front ends; groups are cut by the front ends'
// own names, so that one more or less changes one item and not all behind it. Where speedups compare with a switch that is not
// asked for, it is an item, too, without rows of its own.
import { BASELINE, RECORDED } from "../rows.ts";
import { UNITS_TO_BEGIN } from "../simulate.ts";
import type { Axes, StudyFrontEnd } from "./axes.ts";
import { isExcluded, type Rule } from "./exclusions.ts";
import { sha256Of } from "./folder.ts";
import { type Item, type ItemOptions, type ItemRequest, keyOf, type Skip } from "./item.ts";

/** Front ends of a group: on average, and at most. With 16, laying out code and playing the tape are a small part of the work. */
const GROUP = 16;
const MOST_IN_GROUP = 32;
/** All of them are there at the same time: large ones must not fill the memory. 16 MB of modelled storage take about 60 here. */
const MOST_GROUP_BITS = 2 ** 27;

/** Places of front ends in groups. What a user's file does is its own item's alone. */
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
    // what has no bounds grows with what runs
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

/** What is said of recordings, and what of programs. */
function optionsFor(options: ItemOptions, recording: boolean, trains: boolean): ItemOptions {
  const { icache, dcache, bodies, dispatch, train, "max-instructions": limit, ...common } = options;
  if (recording) return { ...common, dispatch };
  return { ...common, icache, dcache, bodies, "max-instructions": limit, train: trains ? train : undefined };
}

/** What of an object is defined: what is not has no place in a file. */
const defined = <T extends object>(object: T): T =>
  Object.fromEntries(Object.entries(object).filter(([, value]) => value !== undefined)) as T;

export interface Planned {
  readonly item: Item;
  /** Points whose rows it has. */
  readonly points: number;
}

/** All items, in the order in which the study's rows stand. @param code the digest of what makes rows */
export function* itemsOf(axes: Axes, rules: readonly Rule[], code: string): Generator<Planned> {
  const { inputs, seeds, techniques, frontEnds, penalties, options, files } = axes;
  const groups = groupsOf(frontEnds);
  const penaltyPlaces = (penalties ?? [undefined]).map((_, place) => place);
  /** Two techniques more: those of recordings, and a switch that nobody asked for. */
  const recorded = { name: RECORDED, trains: false, files: [] };
  const baseline = { name: BASELINE, trains: false, files: [] };
  const asked = techniques.findIndex(({ name }) => name === BASELINE);

  for (const [inputPlace, { input, sha256, size, length }] of inputs.entries()) {
    const recording = size === undefined;
    for (const seedPlace of recording ? [seeds.length] : seeds.keys()) {
      const wants = (technique: number, frontEnd: number, penalty: number): boolean =>
        !isExcluded(rules, { input: inputPlace, seed: seedPlace, technique, frontEnd, penalty });
      const anyPenalty = (technique: number, frontEnd: number): boolean =>
        penaltyPlaces.some((penalty) => wants(technique, frontEnd, penalty));
      /** Whether the speedup of another technique needs switch under a front end. */
      const isCompared = (frontEnd: number): boolean => techniques.some((_, place) => place !== asked && anyPenalty(place, frontEnd));
      const lanes = recording
        ? [{ technique: recorded, place: techniques.length }]
        : [...(asked < 0 ? [{ technique: baseline, place: -1 }] : []), ...techniques.map((technique, place) => ({ technique, place }))];
      for (const { technique, place } of lanes) {
        const compares = technique.name === BASELINE;
        for (const group of groups) {
          const replayed = group.filter((frontEnd) => (place >= 0 && anyPenalty(place, frontEnd)) || (compares && isCompared(frontEnd)));
          if (replayed.length === 0) continue;
          const skips = replayed.flatMap((frontEnd) =>
            penaltyPlaces
              .filter((penalty) => place < 0 || !wants(place, frontEnd, penalty))
              .map((penalty): Skip => [frontEnds[frontEnd].name, penalties?.[penalty] ?? null]),
          );
          const namesOf = (machine: boolean): string[] =>
            replayed.map((frontEnd) => frontEnds[frontEnd]).flatMap((frontEnd) => (frontEnd.machine === machine ? frontEnd.name : []));
          const said = defined(optionsFor(options, recording, technique.trains));
          const named = [
            ...technique.files,
            ...replayed.flatMap((frontEnd) => frontEnds[frontEnd].files),
            said.bodies ?? "",
            ...(said.train ?? []),
          ];
          const request: ItemRequest = defined({
            code,
            input,
            inputSha256: sha256,
            size,
            technique: recording ? undefined : technique.name,
            seed: recording ? undefined : seeds[seedPlace],
            machines: namesOf(true),
            predictors: namesOf(false),
            penalties,
            options: said,
            files: Object.fromEntries(Object.entries(files).filter(([file]) => named.includes(file))),
          });
          const item: Item = defined({
            key: keyOf(request),
            ...request,
            weight: Number((replayed.length * (UNITS_TO_BEGIN + length)).toPrecision(6)),
            skips: skips.length > 0 ? skips : undefined,
          });
          yield { item, points: replayed.length * penaltyPlaces.length - skips.length };
        }
      }
    }
  }
}
