// The engines of `bplab sweep --engine=…`, each loaded only when it is asked for.
import type { Engine } from "./engine.ts";

export const ENGINES = {
  local: async (): Promise<Engine> => (await import("./engines/local.ts")).local,
} as const;

export type EngineName = keyof typeof ENGINES;
