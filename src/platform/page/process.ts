// The page's worker as a process: no environment, no terminal; what is printed goes nowhere.

/** The folder of the files that the page hands over. */
export const HOME = "/home";

const nowhere = () => ({ isTTY: false, write: (_: unknown): boolean => true });

export const process = {
  env: {} as Record<string, string | undefined>,
  cwd: (): string => HOME,
  pid: 1,
  versions: { node: "none" },
  stdin: { isTTY: false },
  stdout: nowhere(),
  stderr: nowhere(),
  nextTick: (action: () => void): void => queueMicrotask(action),
  kill: (): boolean => true,
};
