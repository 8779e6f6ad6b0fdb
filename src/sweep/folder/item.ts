// A work item of a sweep: one input, size and technique with a group of front ends, so that one expansion of its blocks serves
// them all. Its key is a hash of everything that decides its result: whoever has that result need not compute it again.
import { createHash } from "node:crypto";
import type { Size } from "../../guests/programs.ts";
import type { OptionValues } from "../../options/request.ts";

/** What decides the rows of an item. */
export interface ItemRequest {
  /** A digest of what of bplab makes rows. */
  readonly code: string;
  /** A program's id, or a path that is relative to the folder of the study. */
  readonly input: string;
  /** As rows have it: the first 16 hexadecimal digits. */
  readonly inputSha256: string;
  /** Undefined for a recording, like the technique and the seed. */
  readonly size?: Size;
  readonly technique?: string;
  readonly seed?: number;
  readonly machines: readonly string[];
  readonly predictors: readonly string[];
  /** Undefined: the machine's, or what is assumed. */
  readonly penalties?: readonly number[];
  /** What every point of the study has in common. */
  readonly options: OptionValues;
  /** SHA-256 of the users' files that techniques, front ends and options name. */
  readonly files: Readonly<Record<string, string>>;
}

/** One front end under one penalty, as rows name them; no penalty where the study says none. */
export type Skip = readonly [predictor: string, penalty: number | null];

/** One line of an items file. */
export interface Item extends ItemRequest {
  /** 32 hexadecimal digits; the name of its result. */
  readonly key: string;
  /** How long it takes, in replays of 100 thousand blocks: what its input's length was known or thought to be. */
  readonly weight: number;
  /** Pairs whose rows are not the study's: excluded, or replayed because speedups compare with them. */
  readonly skips?: readonly Skip[];
}

/** The same for equal requests, whatever the order in which their properties were written down. */
export function itemKey(request: ItemRequest): string {
  const { code, input, inputSha256, size, technique, seed, machines, predictors, penalties } = request;
  const sorted = (record: object): unknown => Object.entries(record).sort(([a], [b]) => (a < b ? -1 : 1));
  const parts = [code, input, inputSha256, size, technique, seed, machines, predictors, penalties];
  return createHash("sha256")
    .update(JSON.stringify([...parts.map((part) => part ?? null), sorted(request.options), sorted(request.files)]))
    .digest("hex")
    .slice(0, 32);
}

/** How messages name an item. */
export function itemName({ input, size, technique, machines, predictors }: Item): string {
  const frontEnds = [...machines, ...predictors];
  const more = frontEnds.length > 1 ? ` and ${frontEnds.length - 1} more` : "";
  return [input, size, technique, `${frontEnds[0]}${more}`].filter((part) => part !== undefined).join(", ");
}
