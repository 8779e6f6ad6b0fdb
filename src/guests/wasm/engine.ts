// The host's own WebAssembly: what of its interface we use. TypeScript knows it from browsers alone.

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
/** What a module imports: by the module's name and its own. */
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

/** What was there when this file was loaded: a preload may put another one in its place. */
export const engine: Engine = (globalThis as unknown as { WebAssembly: Engine }).WebAssembly;
