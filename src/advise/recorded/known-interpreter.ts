// Interpreters whose opcodes' numbers are known: a table in the program's file leads from a number to the address of its body.

/** Where an interpreter was found. */
export interface FoundInterpreter {
  /** The name of the file that holds the bodies, without its folder; it is the one that was recorded, by its build id. */
  readonly file: string;
  /** The same with its folder. */
  readonly path: string;
  /** The function of most bodies; "" where it has no name. */
  readonly interpreter: string;
  /** The program that was recorded; "" if that is not known. */
  readonly program: string;
  /** How many addresses the table has. */
  readonly entries: number;
}

export interface KnownInterpreter {
  readonly name: string;
  recognises(found: FoundInterpreter): boolean;
  /** How its source dispatches: the id of a technique. */
  readonly technique: string;
  /** Lengths that its table may have. */
  readonly entries: readonly number[];
  /** Names by number; undefined if they cannot be found. The table has the addresses of bodies in the file. */
  names(found: FoundInterpreter & { readonly table: readonly bigint[] }): readonly string[] | undefined;
  /** Opcodes after which another one than the next of the program may run. */
  readonly transfers: { test(opcode: string): boolean };
}
