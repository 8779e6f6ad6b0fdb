// Classes that the agent has shown, and the virtual program that grows out of them: a method gets its virtual addresses when it is
// first executed, so that they do not depend on when classes are loaded, nor on methods that never run.
import { grown } from "../../files/grown.ts";
import type { Flow } from "../../trace/virtual.ts";
import { type ClassFile, FLAGS, type Instruction, instructionsOf, type Member, type Method, readClassFile } from "./class-file.ts";
import { codeOf } from "./instructions.ts";
import { opcodes } from "./opcodes.ts";

/** How control arrives at the beginning of a probe's block: bits. */
export const ARRIVES = { entry: 1, afterCall: 2, handler: 4 } as const;
/** How it leaves at the end: bits; `onward` if the next block may simply follow. */
export const LEAVES = { onward: 1, calling: 2, returning: 4, raising: 8 } as const;

const LEAVES_BY: Readonly<Partial<Record<Flow, number>>> = {
  next: LEAVES.onward,
  "indirect-call": LEAVES.calling,
  return: LEAVES.returning,
  raise: LEAVES.raising,
};

/** A class with probes. */
interface Loaded {
  /** Empty for hidden classes, which nothing else can name. */
  readonly name: string;
  readonly bytes: Buffer;
  /** Of each method with code, in the file's order: which instructions begin blocks. */
  readonly starts: readonly Int32Array[];
  file?: ClassFile;
}

/** A method with probes. */
interface Probed {
  readonly loaded: Loaded;
  /** Among the methods of its class that have code. */
  readonly index: number;
  /** The number of its first block. */
  readonly first: number;
}

/** Of addresses without an instruction. */
const NO_CODE = 0xffff;

/** What a call may enter: a name with its descriptor, by number, or … */
const ANY = -1;
const FOR_METHOD_HANDLES = -2;

const INVOKE_PACKAGE = "java/lang/invoke/";
const LINKER = "java/lang/invoke/MethodHandleNatives";
/** Owners whose native methods call what a method handle holds. */
const POLYMORPHIC = ["java/lang/invoke/MethodHandle", "java/lang/invoke/VarHandle"];

const [STATIC, SPECIAL, DYNAMIC, INTERFACE] = ["static", "special", "dynamic", "interface"].map((kind) => codeOf(`invoke${kind}`));
const FLOWS: readonly Flow[] = opcodes.map(({ flow }) => flow);

export class Picture {
  readonly #byName = new Map<string, Loaded>();
  /** Ascending by `first`. */
  readonly #methods: Probed[] = [];
  readonly #names = new Map<string, number>();

  /** By virtual address. */
  #codes = new Uint16Array(1 << 12);
  /** 1 where a call is of native code, and goes on. */
  #native = new Uint8Array(1 << 12);
  #targets = new Int32Array(1 << 12);
  #entered = new Uint8Array(1 << 12);
  /** What a call may enter. */
  #callees = new Int32Array(1 << 12);
  addressCount = 0;
  /** Called with each method that gets addresses: its class, the method, its instructions, and its first address. */
  onMethod: (file: ClassFile, method: Method, code: readonly Instruction[], base: number) => void = () => {};

  /** By probe's block: virtual addresses of its first instruction, or -1 as long as its method was never executed, and after its last one. */
  starts = new Int32Array(1 << 12).fill(-1);
  ends = new Int32Array(1 << 12);
  arrives = new Uint8Array(1 << 12);
  leaves = new Uint8Array(1 << 12);
  /** Of blocks that are entries: the method's name and descriptor, by number; its class may be a part of the method handles' machinery. */
  #entries = new Map<number, { readonly name: number; readonly owner: string }>();

  /** Takes the agent's message of a class: Rewriter.java describes it. */
  add(body: Buffer): void {
    let at = 0;
    const word = (): number => {
      at += 4;
      return body.readInt32LE(at - 4);
    };
    const bytes = (): Buffer => {
      const length = word();
      const piece = Buffer.from(body.subarray(at, at + length));
      at += (length + 3) & ~3;
      return piece;
    };
    let first = word();
    const name = bytes().toString("latin1");
    const file = bytes();
    const starts = Array.from({ length: word() }, () => Int32Array.from({ length: word() }, word));
    const loaded: Loaded = { name, bytes: file, starts };
    if (name !== "") this.#byName.set(name, loaded);
    for (const [index, { length }] of starts.entries()) {
      if (length > 0) this.#methods.push({ loaded, index, first });
      first += length;
    }
    if (first > this.starts.length) this.#makeBlocks(first);
  }
  #makeBlocks(count: number): void {
    const before = this.starts.length;
    this.starts = grown(this.starts, count);
    this.starts.fill(-1, before);
    this.ends = grown(this.ends, count);
    this.arrives = grown(this.arrives, count);
    this.leaves = grown(this.leaves, count);
  }

  /** Gives addresses to the method of a block. */
  learn(block: number): void {
    let low = 0;
    for (let high = this.#methods.length; high - low > 1; ) {
      const middle = (low + high) >> 1;
      if (this.#methods[middle].first <= block) low = middle;
      else high = middle;
    }
    const { loaded, index, first } = this.#methods[low];
    const file = this.#fileOf(loaded);
    const method = file.methods.filter(({ codeBytes }) => codeBytes > 0)[index];
    const code = instructionsOf(file, method);
    const base = this.#addInstructions(file, code);
    this.onMethod(file, method, code, base);
    this.#addBlocks(first, loaded.starts[index], base, code.length, method, code);
    this.#entries.set(first, { name: this.#number(`${method.name}${method.descriptor}`), owner: file.name });
  }
  #fileOf(loaded: Loaded): ClassFile {
    loaded.file ??= readClassFile(loaded.bytes, loaded.name);
    return loaded.file;
  }
  #number(name: string): number {
    const known = this.#names.get(name);
    if (known !== undefined) return known;
    this.#names.set(name, this.#names.size);
    return this.#names.size - 1;
  }

  #addInstructions(file: ClassFile, code: readonly Instruction[]): number {
    const base = this.addressCount;
    // an address without an instruction separates methods
    const count = base + code.length + 1;
    this.#codes = grown(this.#codes, count);
    this.#native = grown(this.#native, count);
    this.#targets = grown(this.#targets, count);
    this.#entered = grown(this.#entered, count);
    this.#callees = grown(this.#callees, count);
    this.addressCount = count;
    const addresses = new Map(code.map(({ offset }, i) => [offset, base + i]));
    for (const [i, { code: opcode, targets, constant }] of code.entries()) {
      const address = base + i;
      this.#codes[address] = opcode;
      this.#targets[address] = -1;
      for (const target of targets) this.#entered[addresses.get(target) ?? address] = 1;
      if (targets.length === 1 && FLOWS[opcode] !== "switch") this.#targets[address] = addresses.get(targets[0]) ?? -1;
      if (FLOWS[opcode] === "indirect-call") this.#addCall(file, address, opcode, constant);
    }
    this.#codes[count - 1] = NO_CODE;
    this.#targets[count - 1] = -1;
    return base;
  }
  #addCall(file: ClassFile, address: number, opcode: number, constant: number): void {
    const { owner, name, descriptor } = file.member(constant);
    if (opcode === DYNAMIC) this.#callees[address] = FOR_METHOD_HANDLES;
    else if (POLYMORPHIC.includes(owner) && this.#isNative(opcode, owner, name, undefined))
      this.#callees[address] = name.startsWith("linkTo") ? ANY : FOR_METHOD_HANDLES;
    else {
      this.#callees[address] = this.#number(`${name}${descriptor}`);
      if (this.#isNative(opcode, owner, name, descriptor)) this.#native[address] = 1;
    }
  }
  /** Whether a call always executes native code, as far as the classes at hand say. @param descriptor undefined: any */
  #isNative(opcode: number, owner: string, name: string, descriptor: string | undefined): boolean {
    if (opcode === INTERFACE) return false;
    for (let type: string | undefined = owner; type !== undefined; ) {
      const loaded = this.#byName.get(type);
      if (loaded === undefined) return false;
      const file = this.#fileOf(loaded);
      const method = file.methods.find((one) => one.name === name && (descriptor === undefined || one.descriptor === descriptor));
      if (method !== undefined) {
        const bound =
          opcode === STATIC ||
          opcode === SPECIAL ||
          ((method.flags | file.flags) & FLAGS.final) !== 0 ||
          (method.flags & FLAGS.private) !== 0;
        return bound && !this.#hasProbes(loaded, file, method);
      }
      type = file.superName;
    }
    return false;
  }
  #hasProbes({ starts }: Loaded, file: ClassFile, method: Method): boolean {
    if (method.codeBytes === 0) return (method.flags & FLAGS.native) === 0;
    const index = file.methods.filter(({ codeBytes }) => codeBytes > 0).indexOf(method);
    return starts[index].length > 0;
  }

  #addBlocks(first: number, starts: Int32Array, base: number, length: number, { handlers }: Method, code: readonly Instruction[]): void {
    for (const [i, start] of starts.entries()) {
      const block = first + i;
      const end = base + (i + 1 < starts.length ? starts[i + 1] : length);
      const address = base + start;
      this.starts[block] = address;
      this.ends[block] = end;
      const handles = handlers.includes(code[start].offset);
      if (handles || start === 0) this.#entered[address] = 1;
      this.arrives[block] =
        (start === 0 ? ARRIVES.entry : this.flowAt(address - 1) === "indirect-call" ? ARRIVES.afterCall : 0) |
        (handles ? ARRIVES.handler : 0);
      this.leaves[block] = LEAVES_BY[this.flowAt(end - 1)] ?? 0;
    }
  }

  /** The flags of a member and of the class that has it, where the class that is named and its superclasses are at hand. */
  find(kind: "fields" | "methods", { owner, name, descriptor }: Member): { readonly flags: number; readonly ofClass: number } | undefined {
    for (let type: string | undefined = owner; type !== undefined; ) {
      const loaded = this.#byName.get(type);
      if (loaded === undefined) return undefined;
      const file = this.#fileOf(loaded);
      const found = file[kind].find((one) => one.name === name && one.descriptor === descriptor);
      if (found !== undefined) return { flags: found.flags, ofClass: file.flags };
      type = file.superName;
    }
    return undefined;
  }

  /** Whether a call may have led to a block which is an entry. */
  mayCall(address: number, block: number): boolean {
    const entry = this.#entries.get(block);
    if (entry === undefined) return false;
    const callee = this.#callees[address];
    if (callee === ANY) return true;
    if (callee === FOR_METHOD_HANDLES) return entry.owner.startsWith(INVOKE_PACKAGE) && entry.owner !== LINKER;
    return callee === entry.name;
  }

  /** The instruction at an address has got another opcode, which leaves in the same way. */
  replace(address: number, opcode: number): void {
    this.#codes[address] = opcode;
  }
  codeAt(address: number): number {
    const code = address < this.addressCount ? this.#codes[address] : NO_CODE;
    return code === NO_CODE ? -1 : code;
  }
  flowAt(address: number): Flow {
    const code = this.codeAt(address);
    if (code < 0) return "halt";
    return this.#native[address] === 1 ? "next" : FLOWS[code];
  }
  targetAt(address: number): number {
    return address < this.addressCount ? this.#targets[address] : -1;
  }
  enteredAt(address: number): boolean {
    return this.#entered[address] === 1;
  }
}
