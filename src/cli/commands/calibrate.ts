// bplab calibrate: measures the processor it runs on, and writes it as a machine. Its numbers come from a clock.
import { Command, Option } from "@commander-js/extra-typings";
import { calibrate } from "../../host/calibrate.ts";
import { calibrationPage } from "../../report/pages/calibration-page.ts";
import { calibrationParts } from "../../report/tables/calibration.ts";
import { toDocument } from "../../report/tables/document.ts";
import { thisCommand } from "../command-line.ts";
import { parseCount, parseNumber } from "../options.ts";
import { createProgress } from "../progress.ts";
import { thisTerminal } from "../terminal.ts";
import { checkDistinct, openOutput, openPage } from "../write-output.ts";

export function calibrateCommand() {
  return new Command("calibrate")
    .option("--output <file>", "where the machine is written, for --machine=./host.json", "host.json")
    .option("--report <file>", "write a page with all curves that works offline: .html")
    .option("--cc <compiler>", "the compiler (default: the first that is installed of gcc, clang and cc)")
    .option("--like <machine>", "replay with the predictors of one of the lab's machines, instead of predictors of the measured sizes")
    .addOption(new Option("--repeats <n>", "measure everything this many times").default(5).argParser(parseCount("repeats")))
    .addOption(
      new Option(
        "--cpu <n>",
        "the processor to run on (Linux; default: the one that it starts on, in a virtual machine all in turn)",
      ).argParser(parseNumber("cpu")),
    )
    .action(async ({ output: path, report: page, cc, like, repeats, cpu }) => {
      const output = openOutput(path);
      const report = openPage(page);
      checkDistinct({ "--output": path, "--report": page });
      const progress = await createProgress("{what}");
      try {
        const calibration = await calibrate({
          cc,
          rounds: repeats,
          cpu,
          like,
          onProgress: (what) => progress.show(0, 0, { what }, true),
        });
        progress.stop();
        output.write(`${JSON.stringify(calibration.file, null, 2)}\n`);
        report?.write(await calibrationPage(calibration, thisCommand()));
        process.stdout.write(toDocument(calibrationParts(calibration), "table", thisTerminal()));
        process.stderr.write(`written: ${path}, for --machine=${path.includes("/") ? path : `./${path}`}\n`);
      } finally {
        progress.stop();
      }
    });
}
