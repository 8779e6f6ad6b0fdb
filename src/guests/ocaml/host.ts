// The world around an OCaml program: standard input and output, files, the environment.
import type { Console } from "../console.ts";
import type { Surroundings } from "../guest.ts";

export interface Host {
  readonly console: Console;
  /** Empty when a run must be the same wherever it happens. */
  readonly environment: Readonly<Record<string, string | undefined>>;
  /** Gets told of the files that the program uses. */
  readonly surroundings?: Surroundings | undefined;
}
