// MEMORY: ALLOCATE, FREE and RESIZE over the heap.
import type { Forth } from "../forth.ts";

export function defineMemory(forth: Forth): void {
  const { machine: m } = forth;
  const word = forth.word.bind(forth);
  word(
    "allocate",
    "u -- a x",
    () => {
      const address = forth.heap.allocate(m.pop());
      m.push(address);
      m.push(address === 0 ? -59 : 0);
    },
    { body: "allocate" },
  );
  word("free", "a -- x", () => m.push(forth.heap.free(m.pop()) ? 0 : -60), { body: "free" });
  word(
    "resize",
    "a u -- a x",
    () => {
      const size = m.pop();
      const old = m.pop();
      const oldSize = forth.heap.size(old);
      const address = oldSize === undefined ? 0 : forth.heap.allocate(size);
      if (oldSize === undefined || address === 0) {
        m.push(old);
        m.push(-61);
        return;
      }
      m.bytes.copyWithin(address, old, old + Math.min(oldSize, size));
      forth.heap.free(old);
      m.push(address);
      m.push(0);
    },
    { body: "resize" },
  );
}
