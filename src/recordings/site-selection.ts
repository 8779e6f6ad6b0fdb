// Branches selected by place: functions, files, addresses, ranges.
import { basename } from "#platform/path";
import { KINDS } from "../branch.ts";
import { UsageError } from "../errors.ts";
import type { RecordedModule, SymbolTable } from "./symbols.ts";

/** Value of `--dispatch` that accepts the proposal. */
export const BUSIEST = "busiest";

/** Addresses; the end is not included. */
interface AddressRange {
  readonly start: bigint;
  readonly end: bigint;
}

/** Branches of some kinds at some addresses. */
export interface SiteRange extends AddressRange {
  readonly kinds: number;
}

export interface SiteSelection {
  /** As it was written. */
  readonly text: string;
  matches(address: bigint, kind: number, symbols: SymbolTable): boolean;
  /** The selected addresses of a mapped file. */
  rangesIn(module: RecordedModule): SiteRange[];
}

/** One item of a selection. */
interface SelectionTerm {
  readonly kinds: number;
  /** Undefined for plain addresses. */
  readonly name?: string;
  /** Offsets from the name, or addresses; all of a name by default. */
  readonly range?: AddressRange;
}

const ANY = -1;
const ADDRESS = "0x[0-9a-f]{1,16}";
const RANGE = new RegExp(`^(${ADDRESS})(?:-(${ADDRESS}))?$`, "i");
const OFFSET = new RegExp(`^(.+)\\+(${ADDRESS})$`, "i");

function termOf(option: string, text: string): SelectionTerm {
  const colon = text.lastIndexOf(":");
  const kind = KINDS.find(([, name]) => name === text.slice(colon + 1));
  const place = kind === undefined || colon < 0 ? text : text.slice(0, colon);
  const kinds = kind === undefined || colon < 0 ? ANY : kind[0];
  if (place === "") {
    throw new UsageError(`${option} must be functions, files or addresses (main, main+0x1f, libc.so.6, 0x401000-0x402000), got "${text}"`);
  }
  const range = RANGE.exec(place);
  if (range !== null) {
    const start = BigInt(range[1]);
    const end = range[2] === undefined ? start + 1n : BigInt(range[2]);
    if (end <= start) throw new UsageError(`${option}: a range must end after its start, got ${place}`);
    return { kinds, range: { start, end } };
  }
  const offset = OFFSET.exec(place);
  if (offset === null) return { kinds, name: place };
  const start = BigInt(offset[2]);
  return { kinds, name: offset[1], range: { start, end: start + 1n } };
}

const overlap = (a: SiteRange, b: AddressRange): SiteRange => ({
  ...a,
  start: a.start > b.start ? a.start : b.start,
  end: a.end < b.end ? a.end : b.end,
});

/**
 * @param option the option's name in messages: "--in"
 * @param text   separated by commas: `main`, `main+0x1f`, `libc.so.6`, `0x401000`, `0x401000-0x402000`; each optionally with a
 *               kind of branch: `main:indirect-jump`
 * @throws UsageError when it is invalid
 */
export function readSiteSelection(option: string, text: string): SiteSelection {
  const parts = text.split(",").map((part) => termOf(option, part.trim()));
  return {
    text,
    matches(address, kind, symbols) {
      const found = symbols.find(address);
      return parts.some(({ kinds, name, range }) => {
        if ((kinds & kind) === 0) return false;
        const place = name === undefined ? address : found?.name === name ? found.offset : undefined;
        if (place !== undefined) return range === undefined || (place >= range.start && place < range.end);
        return range === undefined && found?.module === name;
      });
    },
    rangesIn(module) {
      const whole = { start: module.start, end: module.start + module.size };
      return parts
        .flatMap(({ kinds, name, range }): SiteRange[] => {
          if (name === undefined) return range === undefined ? [] : [{ ...range, kinds }];
          if (range === undefined && basename(module.path) === name) return [{ ...whole, kinds }];
          return module.symbols
            .filter((symbol) => symbol.name === name)
            .map(({ start, size }) => {
              const { start: from, end: to } = range ?? { start: 0n, end: size };
              return { start: start + from, end: start + to, kinds };
            });
        })
        .map((range) => overlap(range, whole))
        .filter(({ start, end }) => start < end);
    },
  };
}
