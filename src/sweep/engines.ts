// The engines of `bplab sweep --engine=…`, each loaded only when it is asked for.
import type { Engine } from "./engine.ts";

export const ENGINES = {
  local: async (): Promise<Engine> => (await import("./engines/local.ts")).local,
  slurm: async (): Promise<Engine> => (await import("./engines/slurm.ts")).slurm,
  emit: async (): Promise<Engine> => (await import("./engines/emit.ts")).emit,
} as const;

export type EngineName = keyof typeof ENGINES;
