// Left: the program. Ours, a loop of words, a pasted text, or a file that is dropped on the page.
import { counted } from "../../../numbers.ts";
import type { LabFile } from "../../protocol.ts";
import { fileOf } from "../../questions.ts";
import { isResults, readResults } from "../../results-file.ts";
import type { State } from "../../state.ts";
import type { App, Panel } from "../app.ts";
import { fill, h } from "../dom.ts";

/** What a pasted text may be, with the name that says so. */
const KINDS = [
  ["pasted.fs", "Forth", ": f 1000 0 do i drop loop ; f"],
  ["pasted.opcodes", "an opcode log: one opcode a line, in the order in which they ran", "A\nB\nA\nGOTO\nA"],
] as const;

/** What of the table belongs to a program of a file of results. */
function resultsOf(app: App, program: string): Pick<State, "techniques" | "predictors" | "machines"> | undefined {
  const rows = app.results().get(program);
  if (rows === undefined) return undefined;
  const distinct = (column: string): string[] => [...new Set(rows.map((row) => String(row[column])))];
  return { techniques: distinct("technique"), predictors: distinct("predictor"), machines: [] };
}

/** Shows a file of results: its first program; the others can be chosen. */
function takeResults(app: App, name: string, text: string): void {
  const results = new Map([...readResults(text)].map(([program, rows]) => [`./${name}: ${program}`, rows] as const));
  app.addResults(results);
  const [program] = results.keys();
  app.change({ program, text: "", ...resultsOf(app, program), cell: undefined, site: "", view: "table" });
  app.say(`${name}: rows of ${counted(results.size, "program")}, to be chosen under Program. Nothing is computed here.`);
}

/** Takes a file into the page: a program, a recording, or results. */
export async function takeFile(app: App, file: File): Promise<void> {
  const name = file.name.replace(/[^\w.-]/g, "_");
  const content = new Uint8Array(await file.arrayBuffer());
  const text = new TextDecoder().decode(content);
  if (isResults(text)) return takeResults(app, name, text);
  app.addFile({ name, content } satisfies LabFile);
  app.change({ program: `./${name}`, text: "", cell: undefined, site: "", view: "table" });
  app.say(`${name}, ${content.length} bytes, is the program now. It is not part of the link: who opens the link drops the file again.`);
}

export function programPanel(app: App): Panel {
  const { programs } = app.lists;
  const use = (program: string, text = ""): void => app.change({ program, text, ...resultsOf(app, program), cell: undefined, site: "" });
  const select = h(
    "select",
    { id: "program", on: { change: () => use(select.value) } },
    programs.map(({ id }) => h("option", { value: id }, id)),
  );
  const other = h("option", { value: "" });
  const fromFiles = h("optgroup", { label: "Results" });
  const purpose = h("p", { class: "faint" });
  const source = h("details", {}, h("summary", {}, "Its source"), h("pre", { tabindex: 0 }));

  const loop = h("input", { id: "loop-program", type: "text", value: "A B A GOTO", spellcheck: "false", autocomplete: "off" });
  const useLoop = (event: Event): void => {
    event.preventDefault();
    if (loop.value.trim() !== "") use(loop.value.trim().replace(/\s+/g, " "));
  };

  const kind = h(
    "select",
    { id: "pasted-kind", "aria-label": "What the text is" },
    KINDS.map(([name, title]) => h("option", { value: name }, title)),
  );
  const text = h("textarea", { id: "pasted", rows: 5, spellcheck: "false", "aria-label": "Text of a program", placeholder: KINDS[0][2] });
  kind.addEventListener("change", () => {
    text.placeholder = KINDS.find(([name]) => name === kind.value)?.[2] ?? "";
  });
  const usePasted = (event: Event): void => {
    event.preventDefault();
    use(`./${kind.value}`, text.value || text.placeholder);
  };
  const file = h("input", {
    id: "file",
    type: "file",
    on: {
      change() {
        const [chosen] = file.files ?? [];
        if (chosen !== undefined) void takeFile(app, chosen);
      },
    },
  });
  const sizes = (["test", "full"] as const).map((size) =>
    h("label", {}, h("input", { type: "radio", name: "size", value: size, on: { change: () => app.change({ size }) } }), ` ${size} `),
  );

  const element = h(
    "section",
    { "aria-labelledby": "programs-title" },
    h("h2", { id: "programs-title" }, "Program"),
    h("label", { for: "program" }, "A program of the lab"),
    select,
    purpose,
    h("fieldset", { class: "inline" }, h("legend", {}, "Size"), sizes),
    source,
    h(
      "details",
      {},
      h("summary", {}, "A program of yours"),
      h(
        "form",
        { on: { submit: useLoop } },
        h("label", { for: "loop-program" }, "A loop of virtual instructions, the last one jumping back"),
        loop,
        h("button", { type: "submit" }, "Run the loop"),
      ),
      h(
        "form",
        { on: { submit: usePasted } },
        h("label", { for: "pasted-kind" }, "Or a text"),
        kind,
        text,
        h("button", { type: "submit" }, "Run the text"),
      ),
      h(
        "label",
        { for: "file" },
        "Or a file, which may also be dropped on the page: .fs, .wasm, .byte, .opcodes, a recording, results as .csv",
      ),
      file,
    ),
  );

  return {
    element,
    show() {
      const { program, size } = app.state();
      const ours = programs.find(({ id }) => id === program);
      const files = [...app.results().keys()];
      if (files.length > 0) select.append(fromFiles);
      if (files.length !== fromFiles.childElementCount)
        fill(
          fromFiles,
          files.map((name) => h("option", { value: name }, name.slice(2))),
        );
      if (ours === undefined && !files.includes(program)) {
        other.textContent = fileOf(program) ?? program;
        other.value = program;
        select.append(other);
      } else other.remove();
      select.value = program;
      const yours = files.includes(program) ? "Rows of your file, as they are." : "Your program.";
      fill(purpose, ours?.purpose ?? (fileOf(program) === undefined ? "A loop of words, repeated." : yours));
      source.hidden = !ours?.text && app.state().text === "";
      fill(source.querySelector("pre") as Element, ours?.text ?? app.state().text);
      for (const label of sizes) {
        const input = label.querySelector("input") as HTMLInputElement;
        input.checked = input.value === size;
      }
    },
  };
}
