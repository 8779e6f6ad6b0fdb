// Pages in a real browser, offline, from file://.
import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { type Browser, chromium, type Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { simulate } from "../../dist/src/index.js";
import { verdictPage } from "../../dist/src/report/pages/verdict-page.js";
import type { NamedClaim } from "../../dist/src/reproduce/claims.js";
import type { Outcome } from "../../dist/src/reproduce/reproduce.js";
import { bplab, temporaryFolder } from "../support.js";
import { csvOf, HOSTILE, run, SAMPLES } from "./samples.js";

const CHROMIUM = "/usr/bin/chromium";
const folder = temporaryFolder();

/** Every file that `bplab report` makes of a sample. */
function report(name: string, csv: string, ...options: readonly string[]): string {
  writeFileSync(join(folder, `${name}.csv`), csv);
  const { code, stderr } = bplab(["report", `${name}.csv`, `--output=${name}.html`, ...options], { cwd: folder });
  expect([code, stderr]).toEqual([0, ""]);
  return join(folder, `${name}.html`);
}

const hostile = csvOf({
  of: "rows",
  records: [...run({ rate: 60, ...HOSTILE }), ...run({ rate: 30, ...HOSTILE, technique: HOSTILE.owner })],
});

describe.skipIf(!existsSync(CHROMIUM) && process.env.CI === undefined)(
  `pages in a browser (skipped only where there is no ${CHROMIUM})`,
  () => {
    let browser: Browser;
    beforeAll(async () => {
      browser = await chromium.launch({ executablePath: CHROMIUM, args: ["--no-sandbox"] });
    });
    afterAll(() => browser.close());

    /** Opens a page, scrolls through it until all charts are drawn, and hands on whatever the browser complained of or asked for. */
    async function open(
      file: string,
      options: { readonly colorScheme?: "dark"; readonly width?: number; readonly folded?: true } = {},
    ): Promise<{ page: Page; complaints: string[] }> {
      const context = await browser.newContext({
        offline: true,
        colorScheme: options.colorScheme ?? "light",
        viewport: { width: options.width ?? 1100, height: 800 },
      });
      const page = await context.newPage();
      const complaints: string[] = [];
      const url = pathToFileURL(file).href;
      page.on("console", (message) => complaints.push(`console: ${message.text()}`));
      page.on("pageerror", (error) => complaints.push(`error: ${error.message}`));
      page.on("dialog", (dialog) => {
        complaints.push(`dialog: ${dialog.message()}`);
        void dialog.dismiss();
      });
      page.on("request", (request) => {
        if (request.url() !== url && !request.url().startsWith("data:")) complaints.push(`request: ${request.url()}`);
      });
      await page.goto(url);
      for (const figure of options.folded ? [] : await page.locator("figure.chart").all()) {
        await figure.scrollIntoViewIfNeeded();
        await figure.locator(".live svg.marks").waitFor({ timeout: 20_000 });
      }
      return { page, complaints };
    }

    it.each(["misprediction-rate", "machines", "static-copies", "by-site", "over-time"])(
      "draws the charts that fit the sample of %s",
      { tags: "slow" },
      async (id) => {
        const { page, complaints } = await open(report(id, csvOf(SAMPLES[id])));
        expect(await page.locator(`#figure-${id}.drawn`).count()).toBe(1);
        expect(complaints).toEqual([]);
        await page.context().close();
      },
    );

    it("runs nothing that names say, in the page, in charts and under the pointer", { tags: "slow" }, async () => {
      const file = report("hostile", hostile);
      const { page, complaints } = await open(file);
      expect(await page.locator("td", { hasText: HOSTILE.program }).count()).toBeGreaterThan(0);
      expect(await page.locator("img:not(.static), svg[onload]").count()).toBe(0);
      const bar = page.locator("#figure-misprediction-rate .live .mark-rect path").first();
      await bar.hover();
      await page.locator("#vg-tooltip-element.visible").waitFor();
      expect(await page.locator("#vg-tooltip-element").innerText()).toContain(HOSTILE.technique);
      expect(await page.locator("#vg-tooltip-element img, #vg-tooltip-element script").count()).toBe(0);
      expect(complaints).toEqual([]);
      await page.context().close();
    });

    it("works with a program whose file is called <script>alert(1)</script>", { tags: "slow" }, async () => {
      const cwd = temporaryFolder();
      // a slash makes it a folder and a file
      const name = "<script>alert(1)</script>.fs";
      mkdirSync(join(cwd, "<script>alert(1)<"));
      writeFileSync(join(cwd, name), ": f 100 0 do i drop loop ; f\n");
      const { code, stderr } = bplab(["simulate", name, "--per-site", "--interval=100", "--report=a.html"], { cwd });
      expect([code, stderr]).toEqual([0, ""]);
      const { page, complaints } = await open(join(cwd, "a.html"));
      expect(await page.locator("h1").innerText()).toBe(`bplab: ${name}`);
      expect(await page.locator("code", { hasText: "bplab simulate" }).innerText()).toContain(`'${name}'`);
      expect(complaints).toEqual([]);
      await page.context().close();
    });

    it("sorts the table of results by a column, and back", { tags: "slow" }, async () => {
      const { page } = await open(report("sorted", csvOf(SAMPLES["misprediction-rate"])));
      const rates = (): Promise<string[]> => page.locator("table.sortable tbody tr td:nth-child(7)").allInnerTexts();
      const before = (await rates()).map(Number.parseFloat);
      await page.locator("table.sortable th button", { hasText: "rate" }).click();
      expect((await rates()).map(Number.parseFloat)).toEqual(before.toSorted((a, b) => b - a));
      await page.locator("table.sortable th button", { hasText: "rate" }).click();
      expect((await rates()).map(Number.parseFloat)).toEqual(before.toSorted((a, b) => a - b));
      await page.context().close();
    });

    it("is as wide as a phone, and charts and tables scroll in their own boxes", { tags: "slow" }, async () => {
      const { page } = await open(report("phone", csvOf(SAMPLES["static-copies"])), { width: 360 });
      for (const summary of await page.locator("summary:visible").all()) if (!(await summary.locator("svg").count())) await summary.click();
      expect(await page.evaluate("document.documentElement.scrollWidth")).toBe(360);
      await page.context().close();
    });

    it("is dark where the reader's paper is, charts included, and follows a change", { tags: "slow" }, async () => {
      const { page, complaints } = await open(report("dark", csvOf(SAMPLES["misprediction-rate"])), { colorScheme: "dark" });
      const ink = (): Promise<string | null> => page.locator(".live .role-title-text text").first().getAttribute("fill");
      expect(await ink()).toBe("#e8e8e8");
      expect(await page.evaluate("getComputedStyle(document.body).backgroundColor")).toBe("rgb(22, 22, 22)");
      await page.emulateMedia({ colorScheme: "light" });
      await page.locator('.live .role-title-text text[fill="#1a1a1a"]').first().waitFor();
      expect(complaints).toEqual([]);
      await page.context().close();
    });

    it("prints pictures that are black on white, in the dark as well", { tags: "slow" }, async () => {
      const { page } = await open(report("print", csvOf(SAMPLES["misprediction-rate"])), { colorScheme: "dark" });
      expect(await page.locator("img.static").first().isVisible()).toBe(false);
      await page.emulateMedia({ media: "print", colorScheme: "dark" });
      expect(await page.locator("img.static").first().isVisible()).toBe(true);
      expect(await page.locator(".live").first().isVisible()).toBe(false);
      await page.context().close();
    });

    it("shows its charts and numbers without scripts", { tags: "slow" }, async () => {
      const context = await browser.newContext({ offline: true, javaScriptEnabled: false });
      const page = await context.newPage();
      await page.goto(pathToFileURL(report("plain", csvOf(SAMPLES["code-size"]))).href);
      const image = page.locator("img.static").first();
      expect([await image.isVisible(), (await image.getAttribute("alt"))?.length ?? 0]).toEqual([true, expect.any(Number)]);
      expect((await image.boundingBox())?.width).toBeGreaterThan(200);
      await context.close();
    });

    it("is reached by keyboard: the first stop skips to the content, headings are in order, every box has a name", {
      tags: "slow",
    }, async () => {
      const { page } = await open(report("keys", csvOf(SAMPLES["misprediction-rate"])));
      await page.evaluate("scrollTo(0, 0)");
      await page.keyboard.press("Tab");
      expect(await page.evaluate("document.activeElement.className")).toBe("skip");
      await page.keyboard.press("Enter");
      expect(await page.evaluate("document.activeElement.id")).toBe("content");
      expect(await page.locator("h1").count()).toBe(1);
      expect(await page.locator("main, header, nav").count()).toBe(3);
      for (const box of await page.locator("[tabindex='0'][role=region]").all()) expect(await box.getAttribute("aria-label")).not.toBe("");
      for (const link of await page.locator("nav a").all())
        expect(await page.locator(`[id="${(await link.getAttribute("href"))?.slice(1)}"]`).count()).toBe(1);
      await page.context().close();
    });

    it("the page of claims has a line for each, with a chip, and unfolds its chart and numbers; filters hide claims", {
      tags: "slow",
    }, async () => {
      const { rows } = await simulate({ inputs: ["A B A GOTO"], technique: "switch,direct-threading", predictor: "btb" });
      const outcomes = (["not reproduced", "out of reach"] as const).map((verdict, i): Outcome => {
        const finding = { verdict, measured: HOSTILE.predictor };
        const claim: NamedClaim = {
          id: `C9${i}`,
          title: `Switch is slow ${HOSTILE.program}`,
          quote: HOSTILE.technique,
          source: "literature",
          place: "p. 1",
          evidence: "simulation",
          method: "a loop",
          experiments: {},
          on: {},
          expected: { what: "more", from: "p. 2", confidence: "memory" },
          expectedVerdict: "reproduced",
          judge: () => finding,
        };
        return { claim, finding, rows: i === 0 ? rows : [], experiments: {}, on: {}, shown: i === 0 ? rows : [] };
      });
      const text = await verdictPage(outcomes, "bplab reproduce --report=claims.html");
      expect(text).toBe(await verdictPage(outcomes, "bplab reproduce --report=claims.html"));
      const file = join(folder, "claims.html");
      writeFileSync(file, text);
      const { page, complaints } = await open(`${file}`, { folded: true });
      const claims = page.locator("article.claim");
      expect(await claims.count()).toBe(2);
      expect(await page.locator("article .chip").allInnerTexts()).toEqual(["not reproduced", "out of reach"]);
      const first = claims.first();
      expect(await first.locator("dl").isVisible()).toBe(false);
      await first.locator("summary").first().click();
      await first.locator("figure.drawn").waitFor();
      expect(await first.innerText()).toContain("not as expected: reproduced");
      expect(await page.locator("article figure").count()).toBe(1);
      await page.locator('input[value="not reproduced"]').uncheck();
      expect([await first.isVisible(), await page.locator("#shown").innerText()]).toEqual([false, "1 of 2 shown"]);
      expect(complaints).toEqual([]);
      await page.context().close();
    });

    it("steps through a loop by buttons, keys and by itself, with words that mean something to HTML", { tags: "slow" }, async () => {
      const loop = "<script>alert(1)</script> B <script>alert(1)</script> GOTO";
      const file = join(folder, "steps.html");
      const { code, stderr } = bplab(["explain", loop, "--technique=direct-threading", `--report=${file}`]);
      expect([code, stderr]).toEqual([0, ""]);
      const { page, complaints } = await open(file);
      const said = page.locator("#said");
      const entries = () => page.locator("#entries tbody tr").allInnerTexts();
      expect(await said.innerText()).toBe(
        "The branch of entry: the predictor says nothing, it goes to <script>alert(1)</script>: mispredicted.",
      );
      expect(await page.locator("#previous").isDisabled()).toBe(true);
      for (let step = 0; step < 3; step++) await page.locator("#next").click();
      expect(await page.locator(".words .now").allInnerTexts()).toEqual(["<script>alert(1)</script>"]);
      expect((await entries()).find((row) => row.startsWith("<script>"))).toMatch(/\tB\tGOTO$/);
      await page.locator("#next").press("ArrowLeft");
      expect(await page.locator("#count").innerText()).toBe("step 3 of 9, iteration 1");
      await page.locator("#step").fill("8");
      await page.locator("#play").click();
      await page.locator("#count", { hasText: "step 9 of 9" }).waitFor({ timeout: 5000 });
      expect(await page.locator("#play").innerText()).toBe("Play");
      expect(await page.locator("#next").isDisabled()).toBe(true);
      expect(await page.locator("#all ~ .scroll tbody tr").count()).toBe(9);
      expect(complaints).toEqual([]);
      await page.context().close();
    });
  },
);

describe("a page as a file", () => {
  it("is the same, byte for byte, when it is made again", { tags: "slow" }, () => {
    const csv = csvOf(SAMPLES["btb-size"]);
    const first = readFileSync(report("again", csv));
    expect(readFileSync(report("again", csv)).equals(first)).toBe(true);
  });

  it("says of machines what is published, how sure that is, and what stands for it", { tags: "slow" }, () => {
    const text = readFileSync(report("machines", csvOf(SAMPLES.machines)), "utf8");
    expect(text).toContain("<summary>Machines (3)</summary>");
    expect(text).toMatch(/<td>Intel Haswell<\/td><td>buffer<\/td><td>[^<]*4096[^<]*<\/td><td>\w+<\/td>/);
    expect(readFileSync(report("none", csvOf(SAMPLES["btb-size"])), "utf8")).not.toContain("<summary>Machines");
  });

  it("says its version and the command that made it", () => {
    const text = readFileSync(report("said", csvOf(SAMPLES["btb-size"]), "--chart=btb-size,code-size"), "utf8");
    expect(text).toContain("bplab report said.csv --output=said.html --chart=btb-size,code-size");
    expect(text).toMatch(/Made with bplab \d+\.\d+\.\d+, vega 6\.\d+\.\d+, vega-lite 6\.\d+\.\d+, vega-embed 7\.\d+\.\d+/);
    expect([...text.matchAll(/<figure class="chart" id="figure-([\w-]+)"/g)].map(([, id]) => id)).toEqual(["btb-size", "code-size"]);
  });
});
