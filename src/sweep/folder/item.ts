// A work item of a sweep: one input, size and technique with a group of front ends, which share one expansion of the blocks. Its
// key is a hash of everything that determines its result, so that a result with the same key need not be computed again.
import { createHash } from "node:crypto";
import type { Size } from "../../guests/programs.ts";
import type { OptionValues } from "../../options/request.ts";

/** Everything that determines the rows of an item. */
export interface ItemRequest {
  /** The digest of the code that makes rows. */
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
  /** Undefined: the machine's, or the assumed one. */
  readonly penalties?: readonly number[];
  /** Options of every point of the study. */
  readonly options: OptionValues;
  /** SHA-256 of the users' files that techniques, front ends and options name. */
  readonly files: Readonly<Record<string, string>>;
}

/** One front end with one penalty, as rows name them; null if the study gives no penalties. */
export type Skip = readonly [predictor: string, penalty: number | null];

/** One line of an items file. */
export interface Item extends ItemRequest {
  /** 32 hexadecimal digits; the name of its result. */
  readonly key: string;
  /** Its length in replays of 100 thousand blocks, from the known or assumed length of its input. */
  readonly weight: number;
  /** Pairs whose rows are not part of the study: excluded, or replayed only as the baseline of speedups. */
  readonly skips?: readonly Skip[];
}

/** The key, independent of the order of the request's properties. */
export function itemKey(request: ItemRequest): string {
  const { code, input, inputSha256, size, technique, seed, machines, predictors, penalties } = request;
  const sorted = (record: object): unknown => Object.entries(record).sort(([a], [b]) => (a < b ? -1 : 1));
  const parts = [code, input, inputSha256, size, technique, seed, machines, predictors, penalties];
  return createHash("sha256")
    .update(JSON.stringify([...parts.map((part) => part ?? null), sorted(request.options), sorted(request.files)]))
    .digest("hex")
    .slice(0, 32);
}

/** An item's name in messages. */
export function itemName({ input, size, technique, machines, predictors }: Item): string {
  const frontEnds = [...machines, ...predictors];
  const more = frontEnds.length > 1 ? ` and ${frontEnds.length - 1} more` : "";
  return [input, size, technique, `${frontEnds[0]}${more}`].filter((part) => part !== undefined).join(", ");
}
