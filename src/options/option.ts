// What an option of simulations is: one entry of the table (table.ts), from which the command's flags, the library's request and
// its checks, the schema of studies, the settings of sweep items, the columns of results and the tables in docs/ follow.
import type { CostName } from "../front-end/machines/costs.ts";
import type { Counts } from "../replay/statistics.ts";
import type { NumberValue, OptionValue } from "./value.ts";

/** Kinds of inputs: programs, which run under techniques, and files of recorded branches. */
export const INPUT_KINDS = ["programs", "recordings"] as const;
export type InputKind = (typeof INPUT_KINDS)[number];

/** Headings in the command's help and in docs/options.md. */
export const GROUPS = ["What is simulated", "How it is replayed", "What is counted", "What the estimate of cycles assumes"] as const;

/** What all options have in common. */
interface Described {
  readonly group: (typeof GROUPS)[number];
  readonly value: OptionValue;
  /** The value's name on the command line: "<cycles>", "[spec]"; left out for a flag. */
  readonly argument?: string;
  /** What a number counts: "cycles". */
  readonly unit?: string;
  /** What it does, for the command's help, the schema and docs/options.md. */
  readonly help: string;
  /** The default in words; if left out, `default`, or no default. */
  readonly otherwise?: string;
  readonly actsOn: readonly InputKind[];
  /** Why it is refused if it acts on none of the inputs; by default, that it changes nothing there. */
  readonly idle?: string;
  /** Set if it is not under `options` in studies: they have a separate list for it, or do not allow it. */
  readonly study?: "list" | "none";
}

/** Chooses inputs, techniques and front ends: read by `simulate` itself. */
export interface SubjectOption extends Described {
  readonly role: "subject";
}

/** Sets how a replay is done, or what it counts: a part of Settings. */
export interface SettingOption extends Described {
  readonly role: "setting";
  readonly default?: number;
  /** The column of rows that holds it; left out if rows show it in another way. */
  readonly column?: {
    readonly name: string;
    /** The column's value, if the option's is not a number. */
    readonly cell?: (read: never) => string | number | null;
  };
}

/** An assumed value and its range of uncertainty. */
export interface Assumption {
  readonly value: number;
  readonly low: number;
  readonly high: number;
}

/** Cycles, or instructions per cycle, that the estimate assumes: a part of CostParameters. */
export interface CostOption extends Described {
  readonly role: "cost";
  readonly value: NumberValue;
  readonly unit: string;
  /** Its name in CostParameters. */
  readonly parameter: CostName;
  /** The value assumed if neither users nor their machine give one; left out if the cost is then zero. */
  readonly assumed?: Assumption;
  /** What the assumption rests on. */
  readonly because: string;
  readonly column: { readonly name: string };
  /**
   * How often a run pays it.
   * @param stalls whether every indirect branch stalls, predicted or not
   */
  readonly charge: (counts: Counts, stalls: boolean) => number;
}

export type SimulationOption = SubjectOption | SettingOption | CostOption;
