// Translates the Forth guest's instruction table from a small subset of JavaScript to C. JavaScript's numbers are exact up to 53 bits:
// a sum is 64 bits wide until `| 0` cuts it to 32, and `>>> 0` makes it unsigned. The C code has the same widths.

/** Width of a value in C: a signed cell, an unsigned cell, or a sum of cells. */
type Width = "signed" | "unsigned" | "wide";

interface Expression {
  readonly c: string;
  readonly width: Width;
}

const TOKEN = /\s*(>>>|===|!==|<<|>>|<=|>=|&&|\|\||\+\+|--|\+=|-=|\d+|[A-Za-z_]\w*|[-+*/%<>&|^~!?:;,.(){}[\]=])/y;

/** Binary operators, the tightest last. */
const LEVELS: readonly (readonly string[])[] = [
  ["||"],
  ["&&"],
  ["|"],
  ["^"],
  ["&"],
  ["===", "!=="],
  ["<", ">", "<=", ">="],
  ["<<", ">>", ">>>"],
  ["+", "-"],
  ["*", "/", "%"],
];

const SPELLED: Readonly<Record<string, string>> = { "===": "==", "!==": "!=" };

/** Return widths of C functions, by their names in the table. */
const FUNCTIONS: Readonly<Record<string, Width>> = { FETCH: "signed", BYTE: "signed", STORE: "signed", SETBYTE: "signed" };

const isNumber = (c: string): boolean => /^-?\d+$/.test(c);
const cast = (type: string, to: Width, { c, width }: Expression): string => (width === to || isNumber(c) ? c : `(${type})${c}`);
const signed = (value: Expression): string => cast("int32_t", "signed", value);
const unsigned = (value: Expression): string => cast("uint32_t", "unsigned", value);
const wide = (value: Expression): string => cast("int64_t", "wide", value);
/** A shift distance: JavaScript uses the low five bits. */
const distance = (value: Expression): string => (isNumber(value.c) ? value.c : `(${unsigned(value)} & 31)`);

function binary(operator: string, a: Expression, b: Expression): Expression {
  switch (operator) {
    case "+":
    case "-":
    case "*":
    case "/":
    case "%":
      return { c: `(${wide(a)} ${operator} ${wide(b)})`, width: "wide" };
    case "<<":
      return { c: `(int32_t)(${unsigned(a)} << ${distance(b)})`, width: "signed" };
    case ">>":
      return { c: `(${signed(a)} >> ${distance(b)})`, width: "signed" };
    case ">>>":
      return b.c === "0" ? { c: `(${unsigned(a)})`, width: "unsigned" } : { c: `(${unsigned(a)} >> ${distance(b)})`, width: "unsigned" };
    case "&":
    case "|":
    case "^":
      if (operator === "|" && b.c === "0") return { c: `(${signed(a)})`, width: "signed" };
      return { c: `(${signed(a)} ${operator} ${signed(b)})`, width: "signed" };
    case "&&":
    case "||":
      return { c: `(${a.c} ${operator} ${b.c})`, width: "signed" };
    default: {
      const same = a.width === b.width || (isNumber(b.c) && a.width === "unsigned");
      return { c: `(${same ? a.c : wide(a)} ${SPELLED[operator] ?? operator} ${same ? b.c : wide(b)})`, width: "signed" };
    }
  }
}

/**
 * Translates the code of an instruction. Checks (`if (…) fail(…)`, `token(xt)`) are left out, as in Gforth: only runs that succeeded
 * on the guest are executed. `break run` becomes RAISE, the operand A, other names stay.
 * @throws Error when the table holds something that has no translation
 */
export function translate(code: string): string {
  const tokens: string[] = [];
  TOKEN.lastIndex = 0;
  const text = code.trimEnd();
  while (TOKEN.lastIndex < text.length) {
    const from = TOKEN.lastIndex;
    const match = TOKEN.exec(text);
    if (match === null) throw new Error(`no C for ${text.slice(from)}`);
    tokens.push(match[1]);
  }
  let at = 0;
  const peek = (): string => tokens[at] ?? "";
  const next = (): string => tokens[at++] ?? "";
  function expect(token: string): void {
    const got = next();
    if (got !== token) throw new Error(`no C for ${code}: expected ${token}, got ${got}`);
  }
  const accept = (token: string): boolean => {
    if (peek() !== token) return false;
    at++;
    return true;
  };

  function list(end: string): Expression[] {
    const items: Expression[] = [];
    while (peek() !== end) {
      items.push(expression());
      if (!accept(",")) break;
    }
    expect(end);
    return items;
  }
  function primary(): Expression {
    const token = next();
    if (token === "(") {
      const inner = expression();
      expect(")");
      return inner;
    }
    if (/^\d/.test(token)) return { c: token, width: "signed" };
    if (token === "-") {
      const value = unary();
      return isNumber(value.c) ? { c: `-${value.c}`, width: "signed" } : { c: `(-${wide(value)})`, width: "wide" };
    }
    if (token === "--" || token === "++") return { c: `${token}${unary().c}`, width: "signed" };
    if (token === "~") return { c: `(~${signed(unary())})`, width: "signed" };
    if (!/^\w/.test(token)) throw new Error(`no C for ${code}: at ${token}`);
    let c = token;
    if (accept(".")) c = `${token}_${next()}`;
    if (accept("(")) {
      const given = list(")");
      if (c === "Math_imul") return { c: `(int32_t)(${given.map(unsigned).join(" * ")})`, width: "signed" };
      return { c: `${c}(${given.map(signed).join(", ")})`, width: FUNCTIONS[c] ?? "signed" };
    }
    if (accept("[")) {
      const index = expression();
      expect("]");
      c = `${c}[${index.c}]`;
    }
    if (peek() === "++" || peek() === "--") c += next();
    return { c, width: "signed" };
  }
  const unary = primary;
  function level(depth: number): Expression {
    if (depth === LEVELS.length) return unary();
    let left = level(depth + 1);
    while (LEVELS[depth].includes(peek())) {
      const operator = next();
      left = binary(operator, left, level(depth + 1));
    }
    return left;
  }
  function expression(): Expression {
    const condition = level(0);
    if (!accept("?")) return condition;
    const yes = expression();
    expect(":");
    const no = expression();
    const width = yes.width === no.width ? yes.width : "wide";
    const as = width === "wide" ? wide : (value: Expression) => value.c;
    return { c: `(${condition.c} ? ${as(yes)} : ${as(no)})`, width };
  }

  /** One of `name = value`, `name -= value`, `name++`, a call. */
  function simple(): string {
    const target = unary();
    if (accept("=")) return `${target.c} = ${signed(expression())};`;
    for (const operator of ["+=", "-="]) if (accept(operator)) return `${target.c} ${operator} ${signed(expression())};`;
    return /^(fail|token)\(/.test(target.c) ? "" : `${target.c};`;
  }
  function statement(): string {
    if (accept(";")) return "";
    if (accept("{")) {
      let inner = "";
      while (!accept("}")) inner += statement();
      return inner === "" ? "" : `{ ${inner} }`;
    }
    if (accept("if")) {
      expect("(");
      const condition = expression();
      expect(")");
      const then = statement();
      return then === "" ? "" : `if (${condition.c}) ${then} `;
    }
    if (accept("break")) {
      expect("run");
      accept(";");
      return "RAISE;";
    }
    if (accept("const")) {
      let declared = "";
      do {
        const name = next();
        expect("=");
        declared += `int32_t ${name} = ${signed(expression())}; `;
      } while (accept(","));
      accept(";");
      return declared;
    }
    const done = simple();
    accept(";");
    return done === "" ? "" : `${done} `;
  }
  let c = "";
  while (at < tokens.length) c += statement();
  return c.trim();
}
