// No other programs: no compilers, no assemblers.
export const spawnSync = (program: string) => ({
  error: Object.assign(new Error(`spawnSync ${program} ENOENT`), { code: "ENOENT" }),
  status: null,
  stdout: "",
  stderr: "",
});

export function spawn(program: string): never {
  throw Object.assign(new Error(`spawn ${program} ENOENT`), { code: "ENOENT", syscall: `spawn ${program}` });
}
