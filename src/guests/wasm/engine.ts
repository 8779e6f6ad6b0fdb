// Types of the host's WebAssembly interface, which TypeScript has only for browsers.

export interface EngineModule {
  readonly [Symbol.toStringTag]: string;
}
export interface Memory {
  readonly buffer: ArrayBuffer;
}
export interface Counter {
  value: number;
}
export interface Table {
  set(index: number, value: unknown): void;
}
export interface Instance {
  readonly exports: Readonly<Record<string, unknown>>;
}
/** Imports by module name and name. */
export type Imports = Readonly<Record<string, Readonly<Record<string, unknown>>>>;

interface Engine {
  readonly Module: new (bytes: Uint8Array) => EngineModule;
  readonly Instance: new (module: EngineModule, imports?: Imports) => Instance;
  readonly CompileError: new () => Error;
  readonly LinkError: new () => Error;
  readonly RuntimeError: new () => Error;
  readonly Exception?: new () => Error;
  validate(bytes: Uint8Array): boolean;
}

/** The engine at the time when this file was loaded: a preload may replace it later. */
export const engine: Engine = (globalThis as unknown as { WebAssembly: Engine }).WebAssembly;
