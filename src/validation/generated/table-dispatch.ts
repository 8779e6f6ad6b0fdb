// Interpreters whose virtual code consists of opcodes: dispatch goes through a table, shared or at the end of every body, or through a
// tree of comparisons. Compilers merge, duplicate and rearrange these; generated code has exactly the technique's dispatches.
import { fallsThrough } from "../../dispatch/layouts/load-order.ts";
import type { Label } from "./code-buffer.ts";
import { type Generator, isLoaded, type ProgramToGenerate, plainOf } from "./program-code.ts";

/** The opcodes of the loaded program as data; returns where they are. */
function putOpcodes({ code, program }: ProgramToGenerate): Label {
  const at = code.here();
  code.words(Array.from({ length: program.addressCount }, (_, address) => Math.max(0, program.opcodeAt(address))));
  return () => at;
}

/** Puts a set of bodies, each followed by `leave`; returns their addresses by opcode. */
function putBodies(loaded: ProgramToGenerate, leave: (opcode: number) => void): readonly number[] {
  const { code, program } = loaded;
  return program.opcodes.map(({ name }, opcode) => {
    const at = code.here();
    code.body(plainOf(loaded, name));
    leave(opcode);
    return at;
  });
}

/** Labels of bodies, resolved when all are placed. */
const labelsOf = (count: number, bodies: () => readonly number[]): readonly Label[] =>
  Array.from({ length: count }, (_, opcode) => () => bodies()[opcode]);

const addressesOf = (loaded: ProgramToGenerate, bodies: readonly number[]): ReadonlyMap<number, number> =>
  new Map(
    Array.from({ length: loaded.program.addressCount }, (_, address) => address).flatMap((address) =>
      isLoaded(loaded, address) ? [[address, bodies[loaded.program.opcodeAt(address)]]] : [],
    ),
  );

/** One jump through a table for all bodies, to which they jump back, or one at the end of each. */
export const tableDispatch =
  (sites: "shared" | "own"): Generator =>
  (loaded) => {
    const { code, program } = loaded;
    let bodies: readonly number[] = [];
    const opcodes = putOpcodes(loaded);
    const table = code.here();
    code.addresses(labelsOf(program.opcodes.length, () => bodies));
    const dispatch = (): void => code.switchOn(opcodes, () => table);
    const entry = code.here();
    dispatch();
    bodies = putBodies(loaded, () => (sites === "own" ? dispatch() : code.jump(() => entry)));
    return { addresses: addressesOf(loaded, bodies), entry };
  };

/** Several whole switches: a body continues with the next one, and with the first when control is transferred. */
export const unrolledSwitch: Generator = (loaded) => {
  const { code, program, values } = loaded;
  const copies = Number(values.copies);
  const opcodes = putOpcodes(loaded);
  const heads: number[] = [];
  const bodies: (readonly number[])[] = [];
  for (let copy = 0; copy < copies; copy++) {
    const table = code.here();
    code.addresses(labelsOf(program.opcodes.length, () => bodies[copy]));
    heads.push(code.here());
    code.switchOn(opcodes, () => table);
    const onward = (): void => code.jump(() => heads[(copy + 1) % copies]);
    const over = (): void => code.jump(() => heads[0]);
    bodies.push(
      putBodies(loaded, (opcode) => {
        const { flow } = program.opcodes[opcode];
        if (flow === "next") onward();
        else if (!fallsThrough(flow)) over();
        else {
          let transferred = 0;
          code.branch("transferred", () => transferred);
          onward();
          transferred = code.here();
          over();
        }
      }),
    );
  }
  return { addresses: addressesOf(loaded, bodies[0]), entry: heads[0] };
};

/** Comparisons that halve the opcodes, down to the body. */
export const compareTree: Generator = (loaded) => {
  const { code, program } = loaded;
  let bodies: readonly number[] = [];
  const opcodes = putOpcodes(loaded);
  const entry = code.here();
  const head = (): number => start;
  code.jump(head);
  const start = code.here();
  code.loadOpcode(opcodes);
  function putTree(from: number, to: number): void {
    if (to - from === 1) {
      code.jump(() => bodies[from]);
      return;
    }
    const middle = Math.ceil((from + to) / 2);
    let upper = 0;
    const alone = to - middle === 1;
    code.branchFrom(middle, () => (alone ? bodies[middle] : upper));
    putTree(from, middle);
    upper = code.here();
    if (!alone) putTree(middle, to);
  }
  putTree(0, program.opcodes.length);
  bodies = putBodies(loaded, () => code.jump(head));
  return { addresses: addressesOf(loaded, bodies), entry };
};
