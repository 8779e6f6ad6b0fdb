// Which technique is the fastest of each means, without replaying all of them: no processor executes a technique in fewer cycles than
// with every branch predicted, so that one which is slower than another even then needs no replay.
import type { Means } from "../dispatch/native-code.ts";
import type { FrontEnd } from "../front-end/front-end.ts";
import type { Machine } from "../front-end/machines/machine.ts";
import { costsOn, estimatedCycles } from "../results/cost.ts";
import { groupBy } from "../results/group-by.ts";
import { joined, type Layout } from "./candidates.ts";

/** The front end under which nothing is mispredicted. */
export const PERFECT = "perfect";

export type FitMachine = FrontEnd & { readonly machine: Machine };

/** Whether to replay a technique on a machine, by their names. */
export type PairFilter = (technique: string, machine: string) => boolean;

/** Techniques of the same means on one machine, those with the fewest cycles under perfect prediction first. */
interface Field {
  readonly machine: string;
  readonly techniques: readonly string[];
  /** Cycles if nothing is mispredicted. */
  least(technique: string): number;
  /** Cycles in a replay. */
  cycles(technique: string, replayed: Layout): number;
}

/**
 * Replays the technique of today and what may be the fastest of its means on a machine: of each means first the one with the fewest
 * cycles under perfect prediction, then those that have no more of them than that one has in its replay.
 * @param perfect all techniques under perfect prediction
 */
export async function replayPromising(
  techniques: ReadonlyMap<string, Means>,
  now: string,
  machines: readonly FitMachine[],
  perfect: Layout,
  replay: (names: readonly string[], pairs: PairFilter) => Promise<Layout>,
): Promise<Layout> {
  const fields = machines.flatMap(({ name: machine, machine: model }): Field[] => {
    const costs = costsOn(model, {}).values;
    const least = (technique: string): number => estimatedCycles(perfect.of(technique, PERFECT).charges, costs);
    const cycles = (technique: string, replayed: Layout): number => estimatedCycles(replayed.of(technique, machine).charges, costs);
    return [...groupBy([...techniques], ([, means]) => means).values()].map((group) => ({
      machine,
      techniques: group.map(([technique]) => technique).sort((a, b) => least(a) - least(b)),
      least,
      cycles,
    }));
  });
  const replayAll = async (chosen: (field: Field) => readonly string[]): Promise<Layout[]> => {
    const names = new Map(machines.map(({ name }) => [name, new Set<string>()]));
    for (const field of fields) for (const technique of chosen(field)) names.get(field.machine)?.add(technique);
    const all = new Set([...names.values()].flatMap((of) => [...of]));
    return all.size === 0 ? [] : [await replay([...all], (technique, machine) => names.get(machine)?.has(technique) === true)];
  };
  const [leaders] = await replayAll(({ techniques: [leader] }) => [now, leader]);
  const rest = await replayAll(({ machine, techniques: [leader, ...others], least, cycles }) => {
    const most = cycles(leader, leaders);
    return others.filter((technique) => !leaders.has(technique, machine) && least(technique) <= most);
  });
  return joined([leaders, ...rest]);
}
