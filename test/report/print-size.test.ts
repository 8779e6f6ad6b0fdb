// Charts in the size in which papers print them: exact widths, letters of a size, PDF with embedded fonts.
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { inflateSync } from "node:zlib";
import { describe, expect, it } from "vitest";
import { chart } from "../../dist/src/index.js";
import { drawCharts } from "../../dist/src/report/drawing/find-charts.js";
import { pictureSize } from "../../dist/src/report/drawing/print-size.js";
import { renderChart } from "../../dist/src/report/drawing/render.js";
import { linesWithin, textWidth } from "../../dist/src/report/drawing/text-metrics.js";
import { bplab, temporaryFolder } from "../support.js";
import { csvOf, SAMPLES } from "./samples.js";

const PIXELS_PER_CENTIMETRE = 96 / 2.54;

async function drawn(id: string, size: Parameters<typeof renderChart>[2]): Promise<string> {
  const [{ spec }] = await drawCharts(SAMPLES[id], "test", [id]);
  return String(await renderChart(spec, "chart.svg", size));
}

describe("a chart with --width", () => {
  it.each([
    ["misprediction-rate", 8.5],
    ["misprediction-rate", 17.5],
    ["btb-size", 8],
    ["over-time", 17.5],
    ["heat-map", 12],
  ])("%s is exactly %s cm wide, and nothing in it wider", async (id, centimetres) => {
    const svg = await drawn(id, { widthCentimetres: centimetres, fontPoints: 8 });
    expect(pictureSize(svg)[0]).toBeCloseTo(centimetres * PIXELS_PER_CENTIMETRE, 2);
    const [, width] = /viewBox="0 0 ([\d.]+)/.exec(svg) ?? [];
    const [, background] = /<rect width="([\d.]+)"/.exec(svg) ?? [];
    expect(Number(background)).toBeLessThanOrEqual(Number(width));
    // letters of 8 points are 10.67 pixels, and labels are drawn with 12 of the picture's own
    expect((pictureSize(svg)[0] / Number(width)) * 12).toBeCloseTo(8 / 0.75, 0);
  });

  it("is refused where it has no room, with the width that it needs, in which it is drawn", async () => {
    const small = { fontPoints: 9, title: false };
    const refused = drawn("cycles-lost", { ...small, widthCentimetres: 3 });
    await expect(refused).rejects.toThrow(/^the chart cannot be 3 cm wide: with these letters it needs [\d.]+ cm; /);
    const needed = Number(/needs ([\d.]+)/.exec(String(await refused.catch(String)))?.[1]);
    expect(pictureSize(await drawn("cycles-lost", { ...small, widthCentimetres: needed }))[0]).toBeCloseTo(
      needed * PIXELS_PER_CENTIMETRE,
      2,
    );
  });

  it("names lines in a legend where their names have no room beside them", async () => {
    const at = async (widthCentimetres: number) => (await drawn("btb-size", { widthCentimetres, fontPoints: 9 })).includes("role-legend");
    expect([await at(17), await at(6.5)]).toEqual([false, true]);
  });
});

it("letters of another size are the whole picture zoomed", async () => {
  const [plain, large] = await Promise.all([drawn("code-size", {}), drawn("code-size", { fontPoints: 18 })]);
  expect(pictureSize(large)).toEqual(pictureSize(plain).map((pixels) => 2 * pixels));
  expect(/viewBox="[^"]*"/.exec(large)?.[0]).toBe(/viewBox="[^"]*"/.exec(plain)?.[0]);
});

it("lines hold as many words as have room, and a longer word stands alone", () => {
  const lines = linesWithin("a branch target buffer of incomprehensibilities here", 90, 12);
  expect(lines).toEqual(["a branch", "target buffer", "of", "incomprehensibilities", "here"]);
  for (const line of lines) if (line.includes(" ")) expect(textWidth(line, 12, false)).toBeLessThanOrEqual(90);
});

const hasPdf = ["pdfkit", "svg-to-pdfkit", "dejavu-fonts-ttf/ttf/DejaVuSans.ttf"].every((name) => {
  try {
    return import.meta.resolve(name) !== "";
  } catch {
    return false;
  }
});

describe.skipIf(!hasPdf)("PDF (where pdfkit, svg-to-pdfkit and dejavu-fonts-ttf are)", () => {
  it("has the size of the picture in points, embedded fonts, the chart's title, vectors, and every time the same bytes", async () => {
    const request = { chart: "misprediction-rate", format: "pdf", widthCentimetres: 9, fontPoints: 8 } as const;
    const bytes = Buffer.from((await chart(SAMPLES["misprediction-rate"], request)) as Uint8Array);
    const text = bytes.toString("latin1");
    expect(text.slice(0, 5)).toBe("%PDF-");
    const [, width] = /\/MediaBox \[0 0 ([\d.]+) /.exec(text) ?? [];
    expect(Number(width)).toBeCloseTo((9 / 2.54) * 72, 1);
    expect(text).toMatch(/\/FontFile2 /);
    expect(text).toMatch(/\/BaseFont \/[A-Z]+\+DejaVuSans\b/);
    expect(text).not.toMatch(/\/Subtype \/Image/);
    expect(text).toContain("Mispredicted dispatches by technique and predictor");
    const [, content] = /stream\r?\n([\s\S]*?)endstream/.exec(text) ?? [];
    expect(inflateSync(Buffer.from(content, "latin1")).toString("latin1")).toMatch(/ re\n|\bl\n/);
    expect(Buffer.from((await chart(SAMPLES["misprediction-rate"], request)) as Uint8Array).equals(bytes)).toBe(true);
  });
});

describe("bplab report for papers", () => {
  const folder = temporaryFolder();
  writeFileSync(join(folder, "rows.csv"), csvOf(SAMPLES["misprediction-rate"]));
  const report = (...args: readonly string[]) => bplab(["report", "rows.csv", ...args], { cwd: folder });

  it("--no-title prints what it leaves out, for the caption", () => {
    const { code, stdout, stderr } = report("--output=a.svg", "--no-title", "--width=84mm");
    expect([code, stdout]).toEqual([0, ""]);
    expect(stderr).toMatch(/^caption: Mispredicted dispatches by technique and predictor\. .*mean over .*\n$/);
  });

  it.each([
    [["--output=a.svg", "--width=8"], "--width: write a width from 1cm to 100cm (cm, mm, in, pt), as in --width=8cm, got 8"],
    [["--output=a.svg", "--font-size=0"], "--font-size: write points from 1 to 100, as in --font-size=8, got 0"],
    [["--output=a.html", "--width=8cm"], "--width is for pictures (.pdf, .svg, .png), got a.html"],
    [["--budgets", "--no-title"], "--no-title is for pictures, and --budgets is a table: leave one of the two out"],
    [
      ["--output=a.vl.json", "--font-size=8"],
      "a specification (.json) has no size on paper: leave width and font size out, or write .pdf, .svg or .png",
    ],
  ])("%j is refused in one line", { tags: "slow" }, (args, message) => {
    expect(report(...args)).toEqual({ code: 2, stdout: "", stderr: `${message}\n` });
  });
});
