// The world around a module: arguments, clocks, chance, files below named folders, nothing else.
import { mkdirSync, readFileSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { readFolder } from "../../../dist/src/guests/wasm/wasi/folders.js";
import { bplab, temporaryFolder } from "../../support.ts";
import { assemble, fileNamed, NO_WABT, type TraceRequest, traceText } from "./modules.ts";

const SIGNATURES: Readonly<Record<string, string>> = {
  args_sizes_get: "i32 i32",
  args_get: "i32 i32",
  clock_time_get: "i32 i64 i32",
  random_get: "i32 i32",
  fd_write: "i32 i32 i32 i32",
  fd_read: "i32 i32 i32 i32",
  fd_readdir: "i32 i32 i32 i64 i32",
  path_open: "i32 i32 i32 i32 i32 i64 i64 i32 i32",
  path_filestat_get: "i32 i32 i32 i32 i32",
  path_unlink_file: "i32 i32 i32",
  poll_oneoff: "i32 i32 i32 i32",
  sock_shutdown: "i32 i32",
  fd_prestat_get: "i32 i32",
  fd_close: "i32",
};

/** A module that prints what an expression comes to; `texts` stand in its memory from 1000 on. */
function resultOf(code: string, request: TraceRequest = {}, text = ""): string {
  const imports = Object.entries(SIGNATURES).map(
    ([name, types]) => `(import "wasi_snapshot_preview1" "${name}" (func $${name} (param ${types}) (result i32)))`,
  );
  const module = `(module ${imports.join("\n")} (memory (export "memory") 1) (data (i32.const 1000) "${text}")
    (func (export "f") (result i64) ${code}))`;
  const { output, error } = traceText(module, { ...request, invoke: "f" });
  if (error !== undefined) throw error;
  return output.trimEnd();
}
const errno = (call: string): string => `(i64.extend_i32_u ${call})`;
const open = (path: string, follow = 1, flags = 0, rights = 2): string =>
  `(call $path_open (i32.const 3) (i32.const ${follow}) (i32.const 1000) (i32.const ${path.length}) (i32.const ${flags}) (i64.const ${rights}) (i64.const 0) (i32.const 0) (i32.const 8))`;

describe.skipIf(NO_WABT)("WASI preview 1", () => {
  it("has a clock that advances by a nanosecond with every instruction, and by what is slept", () => {
    const read = (at: number): string => `(drop (call $clock_time_get (i32.const 1) (i64.const 0) (i32.const ${at})))`;
    const difference = "(i64.sub (i64.load (i32.const 8)) (i64.load (i32.const 0)))";
    // drop, three constants and the call
    expect(resultOf(`${read(0)} ${read(8)} ${difference}`)).toBe("5");
    const sleep =
      "(i64.store (i32.const 124) (i64.const 0)) (i32.store (i32.const 116) (i32.const 1)) (i64.store (i32.const 124) (i64.const 1000000)) (drop (call $poll_oneoff (i32.const 100) (i32.const 200) (i32.const 1) (i32.const 300)))";
    expect(Number(resultOf(`${read(0)} ${sleep} ${read(8)} ${difference}`))).toBeGreaterThan(1_000_000);
    expect(Number(resultOf(`${read(0)} ${sleep} ${read(8)} ${difference}`))).toBeLessThan(1_000_100);
  });

  it("gives the same chance every time", () => {
    const random = "(drop (call $random_get (i32.const 0) (i32.const 8))) (i64.load (i32.const 0))";
    expect(resultOf(random)).toBe(resultOf(random));
    expect(resultOf(random)).not.toBe("0");
  });

  it("answers EFAULT for what is not in memory, EBADF for what is not open, ENOSYS for what is not there, which is named once", () => {
    expect(resultOf(errno("(call $random_get (i32.const 65535) (i32.const 2))"))).toBe("21");
    expect(resultOf(errno("(call $fd_write (i32.const 1) (i32.const -8) (i32.const 1) (i32.const 0))"))).toBe("21");
    expect(resultOf(errno("(call $fd_close (i32.const 9))"))).toBe("8");
    expect(resultOf(errno("(call $fd_prestat_get (i32.const 3) (i32.const 0))"))).toBe("8");
    const twice = "(drop (call $sock_shutdown (i32.const 1) (i32.const 1)))";
    expect(resultOf(`${twice} ${errno("(call $sock_shutdown (i32.const 1) (i32.const 1))")}`)).toBe(
      "!!the program calls sock_shutdown, which is not there: it gets ENOSYS\n52",
    );
  });

  it("reads standard input, and what it is told", () => {
    const vector = "(i32.store (i32.const 0) (i32.const 16)) (i32.store (i32.const 4) (i32.const 8))";
    const read = `${vector} (drop (call $fd_read (i32.const 0) (i32.const 0) (i32.const 1) (i32.const 8))) (i64.load (i32.const 16))`;
    expect(BigInt(resultOf(read, { input: "abc" }))).toBe(0x636261n);
    expect(resultOf("(drop (call $args_sizes_get (i32.const 0) (i32.const 4))) (i64.load (i32.const 0))")).toBe(String(1 + 2 ** 32 * 10));
  });

  const folder = temporaryFolder();
  mkdirSync(join(folder, "in/sub"), { recursive: true });
  writeFileSync(join(folder, "secret"), "secret");
  writeFileSync(join(folder, "in/file"), "file");
  symlinkSync("../secret", join(folder, "in/out"));
  symlinkSync(join(folder, "secret"), join(folder, "in/absolute"));
  symlinkSync("sub/../file", join(folder, "in/inside"));
  symlinkSync("loop", join(folder, "in/loop"));
  const request = { folders: [readFolder(`${join(folder, "in")}::/data`)] };

  it.each([
    ["file", "0"],
    ["sub/../file", "0"],
    ["inside", "0"],
    ["../secret", "76"],
    ["sub/../../secret", "76"],
    ["/etc/passwd", "76"],
    ["out", "76"],
    ["absolute", "76"],
    ["loop", "32"],
    ["none", "44"],
    ["file/x", "54"],
  ])("opens nothing outside of a named folder: %s is %s", (path, expected) => {
    expect(resultOf(errno(open(path)), request, path)).toBe(expected);
  });

  it("makes and deletes files in a named folder, and not without one", () => {
    expect(resultOf(errno(open("new", 1, 1, 64)), request, "new")).toBe("0");
    expect(readFileSync(join(folder, "in/new"), "utf8")).toBe("");
    expect(resultOf(errno("(call $path_unlink_file (i32.const 3) (i32.const 1000) (i32.const 3))"), request, "new")).toBe("0");
    expect(resultOf(errno("(call $path_unlink_file (i32.const 3) (i32.const 1000) (i32.const 9))"), request, "../secret")).toBe("76");
    expect(resultOf(errno(open("file")), {}, "file")).toBe("8");
  });

  it("lists a folder in order", () => {
    const list =
      "(drop (call $fd_readdir (i32.const 3) (i32.const 2000) (i32.const 4000) (i64.const 0) (i32.const 0))) (i64.load32_u (i32.const 0))";
    const names = [".", "..", "absolute", "file", "inside", "loop", "out", "sub"];
    expect(resultOf(list, request)).toBe(String(names.reduce((sum, name) => sum + 24 + name.length, 0)));
  });
});

describe.skipIf(NO_WABT)("a program with what it is given", () => {
  const text = `(module (func (export "sum") (param i32 i32) (result i32) (i32.add (local.get 0) (local.get 1))))`;
  const path = fileNamed("sum.wasm");
  if (!NO_WABT) writeFileSync(path, assemble(text));

  it("is one text for simulate, its id in results", () => {
    const id = `${path} --invoke=sum --form=side-table -- 30 -12`;
    const { stdout, stderr } = bplab(["simulate", id, "--technique=switch", "--format=csv"]);
    expect(stderr).toBe("");
    expect(stdout).toContain(id);
    expect(bplab(["run", "--invoke=sum", path, "30", "-12"]).stdout).toBe("18\n");
    expect(bplab(["run", `${path} --invoke=sum`, "30", "-12"]).stdout).toBe("18\n");
  });

  it.each([
    [`${path} --from=x`, "a WebAssembly module has no option --from (it has --stdin, --form, --dir, --invoke)"],
    [`${path} --form=register`, "unknown form: register (known: in-place, side-table, wamr)"],
    [`${path} --invoke=a --invoke=b`, "invoke: expected once, got a and b"],
    [`${path} --dir=${path}`, "dir: expected a folder, got the file"],
    [`${path} --invoke`, "expected --OPTION=VALUE, or -- and the program's words, got --invoke"],
    ["queens -- 3", "queens: a Forth source reads no words after --"],
  ])("is refused where it makes no sense: %s", { tags: "slow" }, (id, message) => {
    const { stderr, code } = bplab(["simulate", id]);
    expect(stderr).toContain(message);
    expect(code).toBe(2);
  });
});
