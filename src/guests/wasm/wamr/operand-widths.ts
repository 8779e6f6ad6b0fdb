// How wide the operands on the stack are, instruction by instruction: WAMR's loader asks that of `drop` and `select`. What
// validation found out is taken for granted: V8 has taken the module.
import { instructions } from "../instructions.ts";

/** 32 or 64 bits; references count as 32. In code that is never executed a width may be unknown. */
export type Width = 32 | 64 | undefined;

/** Of a value type's byte. */
export const widthOf = (type: number): 32 | 64 => (type === 0x7e || type === 0x7c ? 64 : 32);

/** What an instruction takes off the stack and what it leaves there. */
interface Effect {
  readonly pops: number;
  readonly push: Width;
}

/** By name, the first that fits; `own` is the width of the type that the name begins with. */
const EFFECTS: readonly (readonly [names: RegExp, pops: number, push: 32 | 64 | "own" | undefined])[] = [
  [/\.const$/, 0, "own"],
  [/\.load/, 1, "own"],
  [/\.store/, 2, undefined],
  [/\.rmw.*cmpxchg/, 3, "own"],
  [/\.rmw/, 2, "own"],
  [/^memory\.atomic\.notify$/, 2, 32],
  [/^memory\.atomic\.wait/, 3, 32],
  [/^memory\.size$|^table\.size$|^ref\.(null|func)$/, 0, 32],
  [/^memory\.grow$|^table\.get$|^ref\.is_null$/, 1, 32],
  [/^table\.grow$/, 2, 32],
  [/^table\.set$/, 2, undefined],
  [/^(memory|table)\.(init|copy|fill)$/, 3, undefined],
  [/^(data|elem)\.drop$|^atomic\.fence$|^nop$/, 0, undefined],
  [/\.eqz$/, 1, 32],
  [/^[if](32|64)\.(eq|ne|[lg][te])(_[su])?$/, 2, 32],
  [/\.(clz|ctz|popcnt|abs|neg|ceil|floor|trunc|nearest|sqrt|wrap|extend|convert|demote|promote|reinterpret)(\d+_s|_.*)?$/, 1, "own"],
  [/^[if](32|64)\./, 2, "own"],
];

/** By opcode; undefined for what names its operands, and for what transfers control. */
export const EFFECT_OF: readonly (Effect | undefined)[] = instructions.map(({ name }) => {
  const [, pops, push] = EFFECTS.find(([names]) => names.test(name)) ?? [];
  if (pops === undefined) return undefined;
  return { pops, push: push === "own" ? (/^[if]64/.test(name) ? 64 : 32) : push };
});

interface Frame {
  readonly height: number;
  readonly parameters: readonly Width[];
  readonly results: readonly Width[];
}

export class OperandStack {
  readonly #widths: Width[] = [];
  readonly #frames: Frame[] = [];

  get depth(): number {
    return this.#frames.length;
  }
  push(width: Width): void {
    this.#widths.push(width);
  }
  pushAll(widths: readonly Width[]): void {
    for (const width of widths) this.#widths.push(width);
  }
  pop(): Width {
    return this.#widths.length > (this.#frames.at(-1)?.height ?? 0) ? this.#widths.pop() : undefined;
  }
  popMany(count: number): void {
    for (let i = 0; i < count; i++) this.pop();
  }

  /** A block begins, whose parameters are on the stack. */
  open(parameters: readonly Width[], results: readonly Width[]): void {
    this.popMany(parameters.length);
    this.#frames.push({ height: this.#widths.length, parameters, results });
    this.pushAll(parameters);
  }
  /** The other side of an `if` begins. */
  turn(): void {
    const frame = this.#frames.at(-1);
    if (frame === undefined) return;
    this.#widths.length = frame.height;
    this.pushAll(frame.parameters);
  }
  close(): void {
    const frame = this.#frames.pop();
    if (frame === undefined) return;
    this.#widths.length = frame.height;
    this.pushAll(frame.results);
  }
  /** Control does not come to what follows. */
  leave(): void {
    this.#widths.length = this.#frames.at(-1)?.height ?? 0;
  }
}
