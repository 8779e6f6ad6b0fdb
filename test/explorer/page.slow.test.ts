// The explorer's page in a browser, offline, from file://: by keyboard, on a phone, in the dark, from a link, in a lecture.
// @module-tag slow
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { type Browser, chromium, type Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { readResults } from "../../dist/src/explorer/results-file.js";
import { SCENES } from "../../dist/src/explorer/scenes.js";
import { fragmentOf, START, type State, stateOf } from "../../dist/src/explorer/state.js";
import { explain } from "../../dist/src/workbench/explain.js";
import { explainProgram } from "../../dist/src/workbench/explain-program.js";
import { bplab, temporaryFolder } from "../support.js";

const CHROMIUM = "/usr/bin/chromium";
const PAGE = fileURLToPath(new URL("../../dist/explorer.html", import.meta.url));
const TWO: Partial<State> = { techniques: ["switch", "direct-threading"], predictors: ["btb", "btb:sets=2:ways=1"] };

describe.skipIf((!existsSync(CHROMIUM) || !existsSync(PAGE)) && process.env.CI === undefined)(
  `the explorer's page (skipped only where there is no ${CHROMIUM}, or npm run build did not make the page)`,
  () => {
    let browser: Browser;
    beforeAll(async () => {
      browser = await chromium.launch({ executablePath: CHROMIUM, args: ["--no-sandbox"] });
    });
    afterAll(() => browser.close());

    interface Opened {
      readonly page: Page;
      readonly complaints: string[];
    }

    async function open(changed: Partial<State> = {}, options: { readonly width?: number; readonly dark?: true } = {}): Promise<Opened> {
      const context = await browser.newContext({
        offline: true,
        colorScheme: options.dark ? "dark" : "light",
        viewport: { width: options.width ?? 1400, height: 800 },
        acceptDownloads: true,
      });
      const page = await context.newPage();
      page.setDefaultTimeout(120_000);
      const complaints: string[] = [];
      page.on("console", (message) => complaints.push(`console: ${message.text()}`));
      page.on("pageerror", (error) => complaints.push(`error: ${error.message}`));
      page.on("request", (request) => {
        if (!/^(file|data|blob|about):/.test(request.url())) complaints.push(`request: ${request.url()}`);
      });
      await page.goto(`${pathToFileURL(PAGE).href}#${fragmentOf({ ...START, ...changed })}`);
      await page.locator("header h1").waitFor();
      return { page, complaints };
    }

    /** The cell of the table, once it has its number. */
    async function number(page: Page, technique: string, frontEnd: string): Promise<string> {
      const cell = page.locator(`.matrix button[data-key="${technique} ${frontEnd}"]:not(.stale)`);
      await cell.waitFor();
      return cell.innerText();
    }
    const rowsOf = (csv: string) => [...readResults(csv).values()].flat();
    const stateNow = async (page: Page): Promise<State> => stateOf(new URL(page.url()).hash);
    const overflow = (page: Page): Promise<number> => page.evaluate("document.documentElement.scrollWidth - innerWidth");

    it("shows the numbers of its command, saves them as CSV, and asks no network", async () => {
      const { page, complaints } = await open(TWO);
      const command = (await page.locator("#command").innerText()).split(" ");
      expect(command.slice(0, 3)).toEqual(["bplab", "simulate", "queens"]);
      const { stdout } = bplab([...command.slice(1), "--format=csv"]);
      const dispatches = rowsOf(stdout).filter(({ kind }) => kind === "dispatch");
      expect(dispatches.length).toBe(4);
      for (const { technique, predictor, mispredictions_per_virtual_instruction: rate } of dispatches)
        expect(await number(page, String(technique), String(predictor))).toBe((100 * Number(rate)).toFixed(1));
      const saved = page.waitForEvent("download");
      await page.getByRole("button", { name: "Download CSV" }).click();
      const csv = rowsOf(readFileSync(await (await saved).path(), "utf8"));
      expect(csv.map(({ mispredictions, kind }) => [kind, mispredictions])).toEqual(
        rowsOf(stdout).map(({ mispredictions, kind }) => [kind, mispredictions]),
      );
      expect(complaints).toEqual([]);
      await page.context().close();
    });

    it("is worked by keyboard alone: skip, go from cell to cell, open one, and its branches are the rows of sites", async () => {
      const { page } = await open(TWO);
      await number(page, "direct-threading", "btb:sets=2:ways=1");
      await page.keyboard.press("Tab");
      await page.keyboard.press("Enter");
      await page.locator(".matrix button").first().focus();
      await page.keyboard.press("ArrowDown");
      await page.keyboard.press("Enter");
      expect((await stateNow(page)).cell).toEqual({ technique: "direct-threading", frontEnd: "btb" });
      const first = page.locator(".cell tbody tr").first();
      await first.waitFor();
      const { stdout } = bplab(["simulate", "queens", "--technique=direct-threading", "--predictor=btb", "--per-site", "--format=csv"]);
      const [, site] = stdout.split("\n").map((line) => line.split(","));
      expect((await first.locator("td").allInnerTexts()).slice(0, 3).map((text) => text.replaceAll(",", ""))).toEqual([
        site[4],
        site[8],
        site[9],
      ]);
      await page.locator(".cell tbody button").first().focus();
      await page.keyboard.press("Enter");
      await page.getByText(`Targets of ${site[6]} ${site[4]}`).waitFor();
      // the focus stays where it was when the page is drawn anew
      expect(await page.evaluate("document.activeElement.dataset.key")).toBe(`site ${site[4]}`);
      await page.context().close();
    });

    it("changes the rates as a slider is dragged, and the address with it", async () => {
      const { page } = await open({ techniques: ["direct-threading"], predictors: ["btb"] });
      const before = await number(page, "direct-threading", "btb");
      await page.locator("#slider-0-sets").focus();
      await page.keyboard.press("Home");
      expect((await stateNow(page)).predictors).toEqual(["btb:sets=1"]);
      const after = await number(page, "direct-threading", "btb:sets=1");
      expect(Number(after)).toBeGreaterThan(Number(before));
      await page.keyboard.press("End");
      await number(page, "direct-threading", "btb:sets=65536");
      await page.context().close();
    });

    it("steps through the program of a clicked cell, from any dispatch on, as explain of the program says it", async () => {
      const { page, complaints } = await open({ ...TWO, cell: { technique: "direct-threading", frontEnd: "btb" } });
      await page.getByRole("button", { name: "Step by step" }).click();
      await page.locator("#from").fill("5000");
      await page.getByRole("button", { name: "Run", exact: true }).click();
      const window = { size: "test", from: 5000, dispatches: 100 } as const;
      const { dispatches, earlier } = await explainProgram("queens", "direct-threading", "btb", window);
      const side = page.locator(".side").first();
      await side.getByText(`Of the 4,999 before: ${earlier.mispredictions.toLocaleString("en")}.`).waitFor();
      await page.keyboard.press("Escape");
      await page.locator("#next").click();
      const { predicted, target, opcode, virtualAddress } = dispatches[1];
      await side
        .getByText(
          `dispatch 5,001, ${opcode} at virtual address ${virtualAddress}. The branch of ${dispatches[1].site}: the predictor says ${predicted}, it goes to ${target}`,
        )
        .waitFor();
      expect(await page.locator("#command").innerText()).toContain(
        "bplab explain queens --technique=direct-threading --predictor=btb --from=5000 --dispatches=100",
      );
      await page.getByRole("button", { name: "100 later" }).click();
      expect((await stateNow(page)).from).toBe(5100);
      expect(complaints).toEqual([]);
      await page.context().close();
    });

    it("steps through a loop by arrow keys, to the next miss and back, as explain says it", async () => {
      const { page, complaints } = await open({ view: "steps" });
      const { dispatches } = await explain("A B A GOTO", "direct-threading", "btb", 4);
      const said = page.locator(".side .said").nth(1);
      await said.waitFor();
      for (const [key, step] of [
        ["ArrowRight", 1],
        ["ArrowRight", 2],
        ["ArrowLeft", 1],
        ["n", 2],
        ["End", dispatches.length - 1],
        ["Home", 0],
      ] as const) {
        await page.keyboard.press(key);
        await page.getByText(`step ${step + 1} of ${dispatches.length}`).waitFor();
        const { site, predicted, target } = dispatches[step];
        expect(await said.innerText()).toContain(
          `The branch of ${site}: the predictor says ${predicted ?? "nothing"}, it goes to ${target}`,
        );
      }
      expect((await stateNow(page)).step).toBe(0);
      expect(complaints).toEqual([]);
      await page.context().close();
    });

    it("is the experiment of a link again, and of the browser's way back", async () => {
      const { page } = await open({ ...TWO, measure: "speedup", penalty: 30 });
      const number1 = await number(page, "direct-threading", "btb");
      expect(number1).toMatch(/×$/);
      await page.locator("#measure").selectOption("cycles");
      expect(await stateNow(page)).toEqual({ ...START, ...TWO, measure: "cycles", penalty: 30 });
      await page.goBack();
      await page.waitForFunction("document.querySelector('#measure').value === 'speedup'");
      expect(await number(page, "direct-threading", "btb")).toBe(number1);
      await page.context().close();
    });

    it("hides the numbers of a scene until a prediction is made, then gives the answer of the lab", async () => {
      const [scene] = SCENES;
      const { page, complaints } = await open({ ...scene.state, scene: scene.id });
      await page.getByText(scene.question).waitFor();
      expect(await page.locator(".side:visible, .matrix:visible").count()).toBe(0);
      await page.getByRole("button", { name: "1", exact: true }).click();
      const { missesPerIteration } = await explain("A B A GOTO", "direct-threading", "btb");
      await page.getByText(`Not so, it is ${missesPerIteration}:`).waitFor();
      await page.getByText(`bplab reproduce ${scene.claim}`).waitFor();
      expect(await page.locator(".side:visible").count()).toBe(2);
      expect((await page.locator(".scenes li a").all()).length).toBe(SCENES.length + 1);
      expect(complaints).toEqual([]);
      await page.context().close();
    });

    it("is as wide as a phone, table, steps and scene, and dark where that is preferred", async () => {
      const { page } = await open({ ...TWO, cell: { technique: "direct-threading", frontEnd: "btb" } }, { width: 360, dark: true });
      await page.locator(".cell tbody tr").first().waitFor();
      expect(await overflow(page)).toBe(0);
      expect(await page.evaluate("getComputedStyle(document.body).backgroundColor")).toBe("rgb(22, 22, 22)");
      for (const state of [
        { ...START, view: "steps", right: { technique: "direct-threading", frontEnd: "ittage" } } as const,
        { ...SCENES[1].state, scene: "decades" },
      ]) {
        await page.evaluate(`location.hash = ${JSON.stringify(fragmentOf(state))}`);
        await page
          .locator(state.scene === "" ? ".side .said" : ".scene .question")
          .first()
          .waitFor();
        expect(await overflow(page)).toBe(0);
      }
      await page.context().close();
    });

    it("makes no markup of names and texts in its address, and says what is wrong with them in one line", async () => {
      const evil = `"><img src=x onerror=alert(1)><script>alert(2)</script>`;
      const { page, complaints } = await open({ program: evil, predictors: [evil], techniques: [evil], loop: evil, scene: evil });
      await page.locator(".matrix button", { hasText: "error" }).waitFor();
      expect(await page.locator("img, main script").count()).toBe(0);
      expect(await page.locator(".results .error").first().innerText()).not.toContain("\n");
      expect(complaints).toEqual([]);
      await page.context().close();
    });

    it("ends a program that does not end when it is stopped, and goes on with another", async () => {
      const { page } = await open({ ...TWO, program: "./pasted.fs", text: ": f begin again ; f" });
      await page.getByRole("button", { name: "Stop" }).click();
      await page.locator(".matrix button", { hasText: "error" }).first().waitFor();
      await page.locator("#program").selectOption("queens");
      expect(await number(page, "switch", "btb")).toMatch(/^\d/);
      await page.context().close();
    });

    it("shows results of a file without computing anything", async () => {
      const file = join(temporaryFolder(), "a.csv");
      writeFileSync(file, bplab(["simulate", "sieve", "queens", "--technique=switch", "--predictor=btb,ittage", "--format=csv"]).stdout);
      const { page } = await open();
      await page.locator("summary", { hasText: "A program of yours" }).click();
      await page.locator("#file").setInputFiles(file);
      await page.getByText("rows of 2 programs").waitFor();
      const shows = async (program: string) => {
        const rows = rowsOf(readFileSync(file, "utf8")).filter((row) => row.kind === "dispatch" && row.program === program);
        expect(rows).toHaveLength(2);
        for (const { predictor, mispredictions_per_virtual_instruction: rate } of rows)
          expect(await number(page, "switch", String(predictor))).toBe((100 * Number(rate)).toFixed(1));
      };
      await shows("sieve");
      await page.locator("#program").selectOption("./a.csv: queens");
      await shows("queens");
      await page.locator('.matrix button[data-key="switch btb"]').click();
      await page.getByText("Branches and native code are not in this file").waitFor();
      expect(await page.locator("#command").innerText()).toBe("bplab report ./a.csv");
      await page.context().close();
    });
  },
);
