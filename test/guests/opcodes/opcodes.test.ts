// Opcode streams: what may stand in a file, what is read out of it, what becomes of instructions that are rewritten.
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { bplab, countAll, temporaryFolder } from "../../support.js";
import { executeStream, startStream, writeStream } from "./streams.js";

describe("a stream of opcodes", () => {
  it("is one opcode a line", () => {
    expect(executeStream(startStream("add\nadd\njump\nadd\n")).names).toEqual(["add", "add", "jump", "add"]);
  });

  it("is one address and opcode a line, with a header, comments, blank lines, blanks and CRLF", () => {
    const text = "\ufeff# a log\r\nAddress, Opcode\r\n\r\n 0x10 , add\r\n18,,\r\n".replace("18,,", "18,jump");
    expect(executeStream(startStream(text)).names).toEqual(["add", "jump"]);
  });

  it("may lack the last end of line, and may be a single instruction", () => {
    expect(executeStream(startStream("1,halt")).names).toEqual(["halt"]);
    expect(executeStream(startStream("halt")).names).toEqual(["halt"]);
  });

  it("may name opcodes # behind an address, and with letters of any language", () => {
    expect(executeStream(startStream("7,#\n8,größer\n")).names).toEqual(["#", "größer"]);
  });

  it("gives every opcode the median measured body", () => {
    const [add] = startStream("add\n").program.opcodes;
    expect(add).toMatchObject({ name: "add", bodyBytes: 29, nativeInstructions: 6, relocatable: true });
  });

  it("is read in chunks: lines across their borders stay whole", () => {
    // lines of many lengths, more than two chunks of 256 kB in all
    const lines = Array.from({ length: 60_000 }, (_, i) => `${(i * 7919) % 4001},op${"x".repeat((i * 31) % 11)}${(i * 7919) % 4001}`);
    const distinct = new Map<string, string>();
    const fixed = lines.map((line) => {
      const [address] = line.split(",");
      if (!distinct.has(address)) distinct.set(address, line);
      return distinct.get(address) ?? line;
    });
    expect(fixed.join("\n").length).toBeGreaterThan(600_000);
    expect(executeStream(startStream(fixed.join("\n"))).names).toEqual(fixed.map((line) => line.split(",")[1]));
  });

  it("skips comments of any length", () => {
    expect(executeStream(startStream(`# ${"long ".repeat(200_000)}\nadd\n#${"x".repeat(300_000)}`)).names).toEqual(["add"]);
  });

  it("repeats the lines after a repeat line, as often as the size says", () => {
    const text = "1,start\n# repeat: test=2 full=3\n2,work\n3,loop\n";
    expect(executeStream(startStream(text)).names.join(" ")).toBe("start work loop work loop");
    expect(executeStream(startStream(text, true)).names.join(" ")).toBe("start work loop work loop work loop");
  });
});

describe("what is no stream of opcodes is an error of one line that says where", () => {
  const cases: readonly (readonly [string, string, string])[] = [
    ["opcodes among addresses", "1,add\nadd\n", ':2: expected address,opcode as in line 1, got "add"'],
    ["addresses among opcodes", "# log\nadd\n1,add\n", ':3: expected opcode as in line 2, got "1,add"'],
    ["what the header does not say", "address,opcode\nadd\n", ':2: expected address,opcode as in line 1, got "add"'],
    ["a header in the middle", "add\nopcode\n", ":2: expected opcode as in line 1, got a header"],
    ["an address that is no number", "12x,add\n", ':1: expected an address from 0 to 9007199254740991, decimal or 0x…, got "12x"'],
    ["an address below 0", "-1,add\n", ':1: expected an address from 0 to 9007199254740991, decimal or 0x…, got "-1"'],
    [
      "an address above 2^53",
      "9007199254740992,add\n",
      ':1: expected an address from 0 to 9007199254740991, decimal or 0x…, got "9007199254740992"',
    ],
    ["no address", ",add\n", ":1: expected an address from 0 to 9007199254740991, decimal or 0x…, got nothing"],
    ["no opcode", "1,add\n\n2,\n", ":3: expected an opcode after the comma, got nothing"],
    ["more than two fields", "1,add,3\n", ':1: expected opcode or address,opcode, got "1,add,3"'],
    ["operands", "LOAD_FAST 0\n", ':1: expected one opcode a line, without blanks or operands, got "LOAD_FAST 0"'],
    ["a repeat line without numbers", "# repeat: 3\nadd\n", ':1: expected "# repeat: test=N full=M", from 1 to 1000000, got "# repeat: 3"'],
    [
      "a second repeat line",
      "# repeat: test=1 full=2\nadd\n# repeat: test=1 full=2\n",
      ":3: expected one repeat line, got a second after line 1",
    ],
    [
      "a line too long",
      `add\n${"x".repeat(2000)}\n`,
      `:2: expected a line shorter than 1024 bytes, got a longer one: "${"x".repeat(40)}…"`,
    ],
    [
      "a line longer than a chunk",
      `${"x".repeat(600_000)}\n`,
      `:1: expected a line shorter than 1024 bytes, got a longer one: "${"x".repeat(40)}…"`,
    ],
    ["comments only", "# nothing\n\n", ": expected executed instructions, got none in the whole file"],
  ];
  it.each(cases)("%s", { tags: "slow" }, (_, text, message) => {
    const path = writeStream(text);
    expect(bplab(["run", path])).toEqual({ code: 2, stdout: "", stderr: `${path}${message}\n` });
  });

  it("more than 65535 opcodes", () => {
    const path = writeStream(Array.from({ length: 65_536 }, (_, i) => `op${i}\n`).join(""));
    expect(bplab(["run", path]).stderr).toBe(`${path}:65536: expected at most 65535 distinct opcodes, got one more\n`);
  });

  it("no file, a folder, an empty file", () => {
    const cwd = temporaryFolder();
    writeFileSync(join(cwd, "empty.opcodes"), "");
    const simulate = (file: string) => bplab(["simulate", file, "--technique=switch"], { cwd });
    expect(simulate("none.opcodes")).toEqual({ code: 2, stdout: "", stderr: "no such file: none.opcodes\n" });
    expect(simulate("empty.opcodes").stderr).toBe("empty.opcodes is empty, expected a stream of opcodes\n");
  });

  it("and of a stream that is longer than a window the rows are of its beginning", () => {
    const path = writeStream("add\nadd\nadd\n");
    const { code, stdout, stderr } = bplab(["simulate", path, "--technique=switch", "--max-instructions=2"]);
    expect([code, stderr]).toEqual([0, ""]);
    expect(stdout.replace(/\s+/g, " ")).toContain("only the first 2 (--max-instructions)");
  });
});

describe("with addresses", () => {
  // 10 if · 12 add · 14 loop to 10 · 20 out, and 30 that leads to 20 and 40
  const text =
    "10,if\n12,add\n14,loop\n10,if\n14,loop\n10,if\n12,add\n14,loop\n10,if\n14,loop\n20,out\n30,odd\n40,end\n30,odd\n20,out\n30,odd\n10,if\n";
  const run = startStream(text);
  const { program } = run;
  const { addresses, names } = executeStream(run);

  it("numbers them in ascending order, with gaps between neighbours that never ran one after the other", () => {
    expect([...new Set(addresses)].sort((a, b) => a - b)).toEqual([0, 1, 2, 3, 4, 5]);
    const apart = startStream("1,a\n3,c\n1,a\n2,b\n");
    expect([...new Set(executeStream(apart).addresses)]).toEqual([0, 3, 1]);
    expect(apart.program.opcodeAt(2)).toBe(-1);
    expect(apart.program.addressCount).toBe(4);
  });

  it("executes what the file says", () => {
    expect(names.join(" ")).toBe("if add loop if loop if add loop if loop out odd end odd out odd if");
  });

  it("tells how control leaves an address from all that followed it", () => {
    expect(Array.from({ length: 6 }, (_, at) => program.flowAt(at))).toEqual([
      "conditional",
      "next",
      "conditional",
      "next",
      "switch",
      "jump",
    ]);
    expect(Array.from({ length: 6 }, (_, at) => program.targetAt(at))).toEqual([2, -1, 0, -1, -1, 4]);
  });

  it("tells where control arrives from elsewhere", () => {
    expect(Array.from({ length: 6 }, (_, at) => program.enteredAt(at))).toEqual([true, false, true, true, true, false]);
  });

  it("gives an opcode the most general flow of its addresses", () => {
    const flows = startStream("5,z\n1,x\n2,x\n9,y\n1,x\n2,x\n9,y\n").program.opcodes.map(({ name, flow }) => `${name} ${flow}`);
    expect(flows).toEqual(["z jump", "x conditional", "y jump"]);
  });

  it("cuts long straight runs where a static basic block ends", () => {
    const list = Array.from({ length: 1000 }, (_, i) => `${i},op${i % 7}`);
    const entered = startStream([...list, ...list.slice(500)].join("\n"));
    const { names: executed, ids } = executeStream(entered);
    expect(executed.length).toBe(1500);
    expect(ids).toEqual([0, 1, 1]);
  });
});

describe("without addresses", () => {
  const { program } = startStream("a\na\nb\nc\nb\na\n");

  it("every opcode is an address, and control is always transferred", () => {
    expect(program.addressCount).toBe(5);
    expect([0, 1, 2, 3, 4].map((at) => program.opcodeAt(at))).toEqual([0, -1, 1, -1, 2]);
    expect([0, 2, 4].map((at) => program.flowAt(at))).toEqual(["switch", "switch", "jump"]);
    expect(program.targetAt(4)).toBe(2);
    expect([0, 2, 4].every((at) => program.enteredAt(at))).toBe(true);
  });
});

describe("an instruction that is rewritten", () => {
  it("keeps its address, and is the new one from then on", () => {
    const run = startStream("1,get\n2,loop\n1,get_quick\n2,loop\n1,get_quick\n2,loop\n");
    const { names, addresses } = executeStream(run);
    expect(names.join(" ")).toBe("get loop get_quick loop get_quick loop");
    expect(addresses).toEqual([0, 1, 0, 1, 0, 1]);
    expect(run.program.opcodes[run.program.opcodeAt(0)].name).toBe("get_quick");
  });

  it("may be the very first one, executed again at once; the first time it stands apart", () => {
    const run = startStream("1,get\n1,get_quick\n2,loop\n1,get_quick\n");
    const { names, addresses } = executeStream(run);
    expect(names.join(" ")).toBe("get get_quick loop get_quick");
    expect(addresses[0]).not.toBe(addresses[1]);
    expect(run.program.flowAt(addresses[0])).toBe("jump");
    expect(run.program.flowAt(addresses[1])).toBe("next");
  });

  it("may be dispatched again at once, which is no way that control leaves it", () => {
    const { program } = startStream("0,go\n1,get\n1,get_quick\n2,loop\n0,go\n1,get_quick\n2,loop\n");
    expect(program.opcodes.map(({ name, flow }) => `${name} ${flow}`)).toEqual(["go next", "get next", "get_quick next", "loop jump"]);
    expect(program.enteredAt(1)).toBe(true);
  });

  it("is an old block again if it is rewritten back", () => {
    const run = startStream("9,go\n8,on\n# repeat: test=50 full=50\n1,a\n2,x\n1,b\n2,x\n");
    expect(executeStream(run).names.length).toBe(202);
    expect(run.program.blockCount).toBe(4);
  });

  it("is laid out as it stood whenever it ran: random streams, expanded as soon as the sink may look", () => {
    const walk = fc.array(fc.tuple(fc.nat(6), fc.constantFrom(0, 0, 0, 0, 1, 2), fc.boolean()), { minLength: 1, maxLength: 60 });
    fc.assert(
      fc.property(walk, fc.nat(12), fc.integer({ min: 1, max: 3 }), (steps, before, rounds) => {
        let at = 0;
        const version = new Map<number, number>();
        const lines = steps.map(([to, bump, straight]) => {
          at = straight ? at + 1 : to;
          version.set(at, ((version.get(at) ?? 0) + bump) % 3);
          return `${at * 3},${at % 3}v${version.get(at)}`;
        });
        const cut = Math.min(before, lines.length);
        const text = [...lines.slice(0, cut), `# repeat: test=${rounds} full=1`, ...lines.slice(cut)].join("\n");
        const tail = Array.from({ length: rounds }, () => lines.slice(cut)).flat();
        const executed = [...lines.slice(0, cut), ...tail].map((line) => line.split(",")[1]);
        const run = startStream(text);
        const { program } = run;
        const { names, addresses } = executeStream(run);
        expect(names).toEqual(executed);
        addresses.forEach((address, i) => {
          if (i === addresses.length - 1) return;
          const next = addresses[i + 1];
          const flow = program.flowAt(address);
          // an instruction that rewrote itself and was dispatched again
          if (next === address) {
            expect(program.enteredAt(next)).toBe(true);
            if (names[i] !== names[i + 1]) return;
          }
          if (next === address + 1) expect(["next", "conditional", "switch"]).toContain(flow);
          else {
            expect(["jump", "conditional", "switch"]).toContain(flow);
            expect(program.enteredAt(next)).toBe(true);
            if (flow !== "switch") expect(program.targetAt(address)).toBe(next);
          }
        });
      }),
      { seed: 20261120, numRuns: 400 },
    );
  });

  it("costs a shared dispatch what the executed opcodes say: 1 + changes with unbounded tables", async () => {
    const versions = [0, 0, 0, 0, 0];
    let state = 1;
    const executed = Array.from({ length: 3000 }, () => {
      state = (Math.imul(state, 1103515245) + 12345) >>> 0;
      const at = (state >>> 16) % 5;
      if ((state >>> 24) % 97 === 0) versions[at]++;
      return [at * 2, `op${at % 3}v${versions[at]}`] as const;
    });
    expect(versions.reduce((sum, version) => sum + version)).toBeGreaterThan(5);
    const text = executed.map((fields) => `${fields.join(",")}\n`).join("");
    const changes = executed.filter(([, opcode], i) => i > 0 && opcode !== executed[i - 1][1]).length;
    const techniques = "switch,call-threading,direct-threading,token-threading";
    const counts = await countAll(startStream(text), techniques, "btb:unbounded");
    for (const name of ["switch", "call-threading"]) {
      const { branches, mispredictions } = counts.get(`${name} btb:unbounded`)?.byKind.dispatch ?? {};
      expect({ branches, mispredictions }).toEqual({ branches: executed.length, mispredictions: 1 + changes });
    }
    // one site a body: each opcode's last successor
    const last = new Map<string, string>();
    let misses = 1;
    executed.forEach(([, opcode], i) => {
      if (i > 0 && last.get(executed[i - 1][1]) !== opcode) misses++;
      if (i > 0) last.set(executed[i - 1][1], opcode);
    });
    for (const name of ["direct-threading", "token-threading"]) {
      expect(counts.get(`${name} btb:unbounded`)?.byKind.dispatch.mispredictions).toBe(misses);
    }
  });
});
