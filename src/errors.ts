// Errors that users can mend: one line each, with the exit code of the command.
// Anything else that is thrown is our own bug (exit 70, with its stack).

/** Wrong usage or bad input: exit 2. The message says what was expected, what came, where, what to do. */
export class UsageError extends Error {
  readonly exitCode: number = 2;
}

/** What was run failed: a program's uncaught exception, a failed check: exit 1. */
export class RunError extends Error {
  readonly exitCode: number = 1;
}

/** The error for a user's file that cannot be read. @param what expected kind: "a Forth source" */
export function unreadable(path: string, what: string, error: unknown): UsageError {
  const { code, message } = error as NodeJS.ErrnoException;
  if (code === "ENOENT") return new UsageError(`no such file: ${path}`);
  if (code === "EISDIR") return new UsageError(`${path} is a folder, expected ${what}`);
  return new UsageError(`cannot read ${path}: ${message}`);
}

/** A message without the file's name at its beginning, where the program's name, the file with its options and words, stands before it. */
function afterFile(program: string, message: string): string {
  const end = message.indexOf(": ");
  return end > 0 && program.startsWith(`${message.slice(0, end)} `) ? message.slice(end + 2) : message;
}

/** An error in the run of a program, with the program's name unless the message already names it or begins with file and line. */
export function ofProgram(program: string, error: unknown): unknown {
  if (error instanceof Error && error.message.startsWith(`${program}: `)) return error;
  if (error instanceof RunError && !/^.+?:\d+: /.test(error.message))
    return new RunError(`${program}: ${afterFile(program, error.message)}`);
  if (error instanceof UsageError) return new UsageError(`${program}: ${afterFile(program, error.message)}`);
  return error;
}

/** The message of anything that was thrown, on one line. */
export function messageOf(thrown: unknown): string {
  const text = thrown instanceof Error ? thrown.message : String(thrown);
  return text.replace(/\s*\n\s*/g, " ");
}

/** The folder of the running program's own files, which users' files are not in. */
const OURS = decodeURIComponent(new URL("../", import.meta.url).pathname);

/** The place in a user's file where something was thrown, "mine.ts:12"; undefined if no line of the stack is of a user's file. */
function userPlace(stack: string): string | undefined {
  for (const line of stack.split("\n")) {
    const [, path, number] = /(?:\(|at )(?:file:\/\/)?(\/[^()]*|[A-Za-z]:\\[^()]*):(\d+):\d+\)?$/.exec(line) ?? [];
    if (path !== undefined && !path.startsWith(OURS) && !path.includes("node_modules")) return `${path.replace(/^.*[/\\]/, "")}:${number}`;
  }
  return undefined;
}

/** The message of what a user's code threw, with file and line. */
export function messageInUserCode(thrown: unknown): string {
  const place = thrown instanceof Error ? userPlace(thrown.stack ?? "") : undefined;
  return place === undefined ? messageOf(thrown) : `${messageOf(thrown)} (at ${place})`;
}
