// A function's code on its way from the module to the rewritten one: copied piece by piece, labels renumbered where they have another
// number there.
import type { Labels } from "../labels.ts";
import type { ModuleOutput } from "../output.ts";
import type { BinaryReader } from "../reader.ts";

export class Copier {
  readonly from: BinaryReader;
  readonly out: ModuleOutput;
  readonly #labels: Labels;
  /** Up to where the original is copied. */
  copied = 0;

  constructor(from: BinaryReader, out: ModuleOutput, labels: Labels) {
    this.from = from;
    this.out = out;
    this.#labels = labels;
  }

  /** Copies the original up to a byte. */
  copyTo(at: number): void {
    this.out.copy(this.from.bytes, this.copied, at);
    this.copied = at;
  }
  /** A label at the reader. @throws UsageError when none so far out is in reach */
  label(): number {
    const at = this.from.at;
    const label = this.from.u32();
    if (label >= this.#labels.depth) throw this.from.wrong(`there is no label ${label} around`, at);
    return label;
  }
  /** The same, rewritten if it has another number there. */
  rewriteLabel(): number {
    const at = this.from.at;
    const label = this.label();
    const rewritten = this.#labels.rewritten(label);
    if (rewritten !== label) {
      this.copyTo(at);
      this.out.unsigned(rewritten);
      this.copied = this.from.at;
    }
    return label;
  }
  /** Where what the reader is at will stand in the rewritten code, if it is copied. */
  placeOf(at: number): number {
    return this.out.length + at - this.copied;
  }
}
