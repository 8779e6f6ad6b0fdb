// Forth's exceptions: numbers that THROW carries (Forth 2012, table 9.1), with the words that people read.

/** What THROW throws. Not an Error: it is thrown often, is caught by CATCH, and needs no JavaScript stack. */
export class ForthException {
  readonly code: number;
  /** Details, if more is known than the code's own text. */
  readonly detail: string | undefined;
  /** Place of the text interpreter, "fib.fs:12", filled in by the innermost source that it leaves. */
  place: string | undefined = undefined;
  /** The word that the text interpreter was working on there. */
  word: string | undefined = undefined;
  constructor(code: number, detail?: string) {
    this.code = code;
    this.detail = detail;
  }
  /** What happened, in a few words. */
  get what(): string {
    return this.detail ?? messages[-this.code] ?? `exception ${this.code}`;
  }
}

/** @throws what was thrown unless Forth has a number for it: JavaScript's own stack is one that can overflow */
export function asForthException(thrown: unknown): ForthException {
  if (thrown instanceof ForthException) return thrown;
  if (thrown instanceof RangeError && /call stack/.test(thrown.message)) return new ForthException(-5, "too many nested interpreters");
  throw thrown;
}

/** Ends the whole run at once (BYE, an instruction limit); CATCH does not see it. */
export class Halt {
  readonly reason: "bye" | "limit" | "output closed";
  readonly exitCode: number;
  /** Where the text interpreter stood, and the word that it was working on. */
  place: string | undefined = undefined;
  word: string | undefined = undefined;
  constructor(reason: Halt["reason"], exitCode = 0) {
    this.reason = reason;
    this.exitCode = exitCode;
  }
}

const messages: Record<number, string> = {
  1: "aborted",
  2: "aborted",
  3: "stack overflow",
  4: "stack underflow",
  5: "return stack overflow",
  6: "return stack underflow",
  7: "do-loops nested too deeply",
  8: "dictionary overflow",
  9: "invalid memory address",
  10: "division by zero",
  11: "result out of range",
  12: "argument type mismatch",
  13: "undefined word",
  14: "interpreting a compile-only word",
  15: "invalid FORGET",
  16: "attempt to use a zero-length string as a name",
  17: "pictured numeric output string overflow",
  18: "parsed string overflow",
  19: "definition name too long",
  20: "write to a read-only location",
  21: "unsupported operation",
  22: "control structure mismatch",
  23: "address alignment exception",
  24: "invalid numeric argument",
  25: "return stack imbalance",
  26: "loop parameters unavailable",
  27: "invalid recursion",
  28: "user interrupt",
  29: "compiler nesting",
  30: "obsolescent feature",
  31: ">BODY used on a word that CREATE did not make",
  32: "invalid name argument",
  33: "block read exception",
  34: "block write exception",
  35: "invalid block number",
  36: "invalid file position",
  37: "file I/O exception",
  38: "non-existent file",
  39: "unexpected end of file",
  40: "invalid BASE for floating-point conversion",
  41: "loss of precision",
  42: "floating-point division by zero",
  43: "floating-point result out of range",
  44: "floating-point stack overflow",
  45: "floating-point stack underflow",
  46: "invalid floating-point argument",
  49: "search order overflow",
  50: "search order underflow",
  57: "exception in sending or receiving a character",
  58: "[IF], [ELSE] or [THEN] exception",
  59: "ALLOCATE failed",
  60: "FREE failed",
  61: "RESIZE failed",
  62: "CLOSE-FILE failed",
  63: "CREATE-FILE failed",
  64: "DELETE-FILE failed",
  65: "FILE-POSITION failed",
  66: "FILE-SIZE failed",
  67: "FILE-STATUS failed",
  68: "FLUSH-FILE failed",
  69: "OPEN-FILE failed",
  70: "READ-FILE failed",
  71: "READ-LINE failed",
  72: "RENAME-FILE failed",
  73: "REPOSITION-FILE failed",
  74: "RESIZE-FILE failed",
  75: "WRITE-FILE failed",
  76: "WRITE-LINE failed",
  77: "malformed character",
  78: "SUBSTITUTE failed",
  79: "REPLACES failed",
};
