// Words of Gforth that look into the system itself: addresses of its stacks, its command line, files read by the key.
import { ForthException } from "../../exceptions.ts";
import type { Forth } from "../../forth.ts";
import { moveLocals, moveStack, stackAddress } from "../../machine/stack-addresses.ts";
import type { WordSet } from "../../optional-words.ts";

export const system: WordSet<Forth> = {
  words: [
    ["sp@", "-- a", (m) => m.push(stackAddress(m, "data")), { body: "sp_fetch" }],
    ["sp!", "a --", (m) => moveStack(m, "data", m.pop()), { body: "sp_store", ends: true }],
    ["rp@", "-- a", (m) => m.push(stackAddress(m, "return")), { body: "rp_fetch" }],
    ["rp!", "a --", (m) => moveStack(m, "return", m.pop()), { body: "rp_store", ends: true }],
    ["lp@", "-- a", (m) => m.push(m.lp), { body: "paren_docon" }],
    ["lp!", "a --", (m) => moveLocals(m, m.pop()), { body: "lp_store" }],
    [
      "key-file",
      "n -- c",
      (m, forth) => {
        const file = forth.files.byId(m.pop());
        if (file === undefined) throw new ForthException(-37, "KEY-FILE of a file that is not open");
        const byte = new Uint8Array(1);
        m.push(file.read(byte, 1) === 1 ? byte[0] : -1);
      },
    ],
    [
      "key?-file",
      "n -- f",
      (m, forth) => {
        const file = forth.files.byId(m.pop());
        m.push(file !== undefined && file.position < file.size ? -1 : 0);
      },
    ],
    [
      "system",
      "a u --",
      (m) => {
        const command = m.popText();
        throw new ForthException(-21, `SYSTEM is refused: a run is the same everywhere, and "${command}" is another program's`);
      },
    ],
    [
      "sh",
      "--",
      () => {
        throw new ForthException(-21, "SH is refused: a run is the same everywhere, and shells are not");
      },
    ],
    ["root", "--", (_, { dictionary }) => dictionary.searchRoot()],
    [
      "interpret/compile:",
      "xt xt --",
      (m, forth) => {
        const compilation = m.pop();
        const interpretation = m.pop();
        forth.dictionary.add(forth.newName() ?? "", interpretation).compilation = compilation;
      },
    ],
  ],
  prelude: `
variable $?
: cstring>sstring ( a -- a u ) dup begin dup c@ while 1+ repeat over - ;
: s, ( a u -- ) dup c, mem, align ;
create (argument) 5 c, char b c, char p c, char l c, char a c, char b c, 0 c,
align create (arguments) (argument) 1+ , 0 ,
variable argv (arguments) argv !
`,
};
