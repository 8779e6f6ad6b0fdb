// What notebooks are made of. That they hold, and show what they show, is for `npm run notebooks -- --check`.
import { readdirSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";

const FOLDER = fileURLToPath(new URL("../notebooks/", import.meta.url));

interface Cell {
  readonly cell_type: "markdown" | "code";
  readonly source: readonly string[];
  readonly execution_count?: number | null;
  readonly outputs?: readonly { readonly output_type: string; readonly data?: Readonly<Record<string, unknown>> }[];
}

describe.each(readdirSync(FOLDER).filter((name) => name.endsWith(".ipynb")))("notebook %s", (file) => {
  const text = readFileSync(FOLDER + file, "utf8");
  const { cells } = JSON.parse(text) as { readonly cells: readonly Cell[] };
  const code = cells.filter(({ cell_type }) => cell_type === "code");

  it("asks one question in 6 to 12 cells, and ends in assertions of its claim", () => {
    expect(cells.length).toBeGreaterThanOrEqual(6);
    expect(cells.length).toBeLessThanOrEqual(12);
    expect(cells[0].source[0]).toMatch(/^# .*\?\n$/);
    expect(cells.map(({ source }) => source.join("")).filter((source) => source.includes("**Claim:**"))).toHaveLength(1);
    expect(code[code.length - 1]).toBe(cells[cells.length - 1]);
    expect(cells[cells.length - 1].source.join("")).toMatch(/\bassert[(.]/);
  });

  it("was executed from its first cell to its last", () => {
    expect(code.map(({ execution_count }) => execution_count)).toEqual(code.map((_, i) => i + 1));
  });

  it("shows charts both as pictures and as specifications, and nothing that went wrong", () => {
    const outputs = code.flatMap(({ outputs = [] }) => outputs);
    expect(outputs.map(({ output_type }) => output_type)).toEqual(outputs.map(() => "display_data"));
    const looks = outputs.map(({ data = {} }) => Object.keys(data));
    const pictures = looks.filter((forms) => forms.includes("image/png"));
    expect(pictures.length).toBeGreaterThan(0);
    for (const forms of pictures) expect(forms).toContain("application/vnd.vegalite.v5+json");
  });

  it("says nothing of the machine or the time", () => {
    expect(text).not.toMatch(/\/tmp\/|\/home\/|"iopub/);
  });
});
