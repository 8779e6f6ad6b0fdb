// Generates a C interpreter for the Forth guest's virtual code, in one of several forms, from the same instruction table as the
// guest's own interpreter.
import { bodiesOf } from "./c-bodies.ts";
import { DECLARED, type FormName, formOf } from "./c-forms.ts";
import { mainText, supportText } from "./c-support.ts";

export interface CInterpreter {
  readonly text: string;
  /** Names of opcodes by the C side's numbers. */
  readonly names: readonly string[];
  /** The C side's number of an opcode of the guest's machine; -1 if it has none. */
  opcode(number: number): number;
}

/**
 * @param technique which form
 * @param hostWords  words of the host that get a body: number and name in the guest's machine
 * @param hot        opcodes, by name, that get their own dispatch in a replicated switch
 */
export function writeInterpreter(technique: FormName, hostWords: ReadonlyMap<number, string>, hot: ReadonlySet<string>): CInterpreter {
  const { bodies, opcode } = bodiesOf(hostWords);
  const names = bodies.map(({ name }) => name);
  const form = formOf(technique, bodies.length, new Set(names.flatMap((name, i) => (hot.has(name) ? i : []))));
  const text = `${supportText}${DECLARED[technique]}#define STOP ${form.stop}\n#define RAISE ${form.raise}\n${form.write(bodies, (i) => `op_${i}`)}\n${form.around ?? ""}${mainText(form.bind ?? "")}`;
  return { text, names, opcode };
}
