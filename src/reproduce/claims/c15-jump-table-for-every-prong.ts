// C15: a jump table for each of 200 prongs takes 156 KiB.
import { defineClaim } from "../claim.ts";
import { COMPILER_PASS } from "../experiments.ts";

/** As many tags as the proposal expects of a real compiler, each once in a loop. */
const TAGS = Array.from({ length: 200 }, (_, tag) => `t${tag + 1}`).join(" ");
const TABLES = "replicated-switch,replicated-switch:tables=private,replicated-switch:tables=private:entryBytes=8";
const PLAIN = "switch";
const KIBIBYTE = 1024;

export default defineClaim({
  title: "a jump table for each of 200 prongs takes 156 KiB and wrecks the cache",
  quote: "It would be 156 KiB just for the jump tables alone. That would wreak havoc on the cache.",
  source: "zig",
  place: "How to Lower this to LLVM",
  evidence: "assumption",
  wouldDecide: "compiler",
  method:
    "A loop of 200 tags, a replicated switch with one shared table and with a table for each prong: bytes of tables, with entries of 4 " +
    "bytes as the proposal counts and of 8 as its assembly has them. For the cache, a data cache of 32 KiB for tables alone (what other " +
    "data suffers is not seen), the compiler pass and two programs of a machine with 440 opcodes: havoc if the misses that private tables add " +
    "cost more than a jump for each prong saves over a plain switch, at 12 cycles a miss and 15 a misprediction.",
  experiments: {
    tags: { inputs: [TAGS], technique: TABLES, predictor: "btb:unbounded" },
    cache: {
      inputs: [COMPILER_PASS, "compiler", "tokenizer"],
      technique: `${PLAIN},${TABLES}`,
      predictor: "btb:unbounded",
      dcache: "bytes=32768:ways=8:line=64",
    },
  },
  expected: {
    what: "200 × 200 × 4 bytes = 156.25 KiB, twice that with the entries of its assembly; 800 bytes if shared",
    from: "arithmetic; the 256 KiB of first-level cache that it compares with are more than one core has (32 to 48 KiB)",
    confidence: "primary",
  },
  shows: { measure: "tables", kind: "all", experiment: "tags", published: [{ low: 160, high: 160, what: "156.25 KiB" }] },
  expectedVerdict: "reproduced in part",
  byCompilers({ rows }) {
    const split = rows.filter(
      ({ compiler, source, left, opcodes }) =>
        /clang|zig/.test(compiler) && ["end-tag", "zig-labeled-switch"].includes(source) && left.jumps >= opcodes,
    );
    const known = split.flatMap(({ version, options, source, left: { jumps, tables } }) =>
      tables === undefined ? [] : [{ tables, text: `${version} ${options}, ${source}: ${tables} for ${jumps} jumps` }],
    );
    if (known.length === 0) return undefined;
    return {
      verdict: known.every(({ tables }) => tables > 1)
        ? "reproduced"
        : known.some(({ tables }) => tables > 1)
          ? "reproduced in part"
          : "not reproduced",
      measured: `jump tables that installed LLVM compilers made of a dispatch for every prong: ${known.map(({ text }) => text).join("; ")}; one table costs no more than a switch's`,
    };
  },
  judge({ tags, cache }) {
    const [shared, own, wide] = TABLES.split(",").map((technique) => {
      const rows = cache.where({ technique });
      const missed = rows.rows.map(({ dcacheMisses = 0, virtualInstructions }) => dcacheMisses / virtualInstructions);
      const [{ footprint }] = tags.where({ technique }).rows;
      return {
        bytes: footprint.bytes.table,
        missed: Math.max(...missed),
        most: Math.max(...rows.rows.map((row) => row.footprint.bytes.table)),
      };
    });
    const arithmetic = own.bytes === 200 * shared.bytes && Math.floor(own.bytes / KIBIBYTE) === 156;
    const cost = (technique: string): number => {
      const { cyclesLost, virtualInstructions, total } = cache.where({ technique });
      return (cyclesLost + total(({ dcacheMisses, cost: each }) => (dcacheMisses ?? 0) * each.dcacheMissCycles)) / virtualInstructions;
    };
    const [plain, together, apart] = [PLAIN, ...TABLES.split(",")].map(cost);
    const havoc = apart > plain;
    const kib = (bytes: number): string => `${(bytes / KIBIBYTE).toFixed(2)} KiB`;
    const per1000 = ({ missed }: { readonly missed: number }): string => (missed * 1000).toFixed(2);
    return {
      verdict: !arithmetic ? "not reproduced" : havoc ? "reproduced" : "reproduced in part",
      measured:
        `${shared.bytes} bytes for a shared table, ${kib(own.bytes)} for 200 of them, ${kib(wide.bytes)} with 8-byte entries. ` +
        "Misses of the cache per 1000 virtual " +
        `instructions, at worst: ${per1000(shared)} shared, ${per1000(own)} private (up to ${kib(own.most)}), ${per1000(wide)} ` +
        `with 8 bytes: of a table only what follows its prong is read. Cycles lost to mispredictions and tables per virtual instruction: ` +
        `${plain.toFixed(2)} with a plain switch, ${together.toFixed(2)} with one table, ${apart.toFixed(2)} with private ones`,
    };
  },
});
