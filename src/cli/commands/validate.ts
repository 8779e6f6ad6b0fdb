// bplab validate: compares the model with interpreters that are generated, compiled and recorded for this.
import { Command, Option } from "@commander-js/extra-typings";
import { RunError, UsageError } from "../../errors.ts";
import { findProgram } from "../../guests/programs.ts";
import { toCsv } from "../../report/csv.ts";
import { toJson } from "../../report/json.ts";
import { validationPage } from "../../report/pages/validation-page.ts";
import { toDocument } from "../../report/tables/document.ts";
import { realColumns } from "../../report/tables/real-interpreters.ts";
import { validationParts } from "../../report/tables/validation.ts";
import { disagreements, validationColumns } from "../../report/tables/validation-columns.ts";
import { FORMS_WITHOUT_TABLE } from "../../validation/c-forms.ts";
import { KNOWN_INTERPRETERS } from "../../validation/installed-interpreters.ts";
import { isForm } from "../../validation/native-programs.ts";
import { VALIDATED, validate } from "../../validation/validate.ts";
import { thisCommand } from "../command-line.ts";
import { headerOption, withHeader } from "../header.ts";
import { formatOption, parseCount } from "../options.ts";
import { createProgress } from "../progress.ts";
import { programLimitOption, simulationOption } from "../simulation-options.ts";
import { checkDistinct, openOutput, openPage } from "../write-output.ts";

interface FileFlags {
  readonly technique?: string;
  readonly cc: string;
  readonly installed?: string;
  readonly writeMap?: string;
  readonly writeBodies?: string;
}

/** The first option that asks for a file of one binary; undefined if none does. @throws UsageError where there would be several, or none */
async function readAskedFile(inputs: readonly string[], options: FileFlags): Promise<string | undefined> {
  const { technique, cc, installed, writeMap, writeBodies } = options;
  const files = Object.entries({ "--write-map": writeMap, "--write-bodies": writeBodies });
  const [asked] = files.find(([, file]) => file !== undefined) ?? [];
  const single = isForm(technique ?? "") && !cc.includes(",");
  const kinds = new Set((await Promise.all(inputs.map((name) => findProgram(name)))).map(({ language }) => language));
  const onInstalled = KNOWN_INTERPRETERS.some(({ name, language }) =>
    inputs.length > 0 ? kinds.size === 1 && kinds.has(language) : technique === "none" && installed === name,
  );
  if (asked !== undefined && !single && !onInstalled)
    throw new UsageError(
      `${asked}: expected one --technique and one --cc, or programs in OCaml, in WebAssembly or in Java alone, got ${technique ?? "the default's two techniques"}, ${cc}`,
    );
  if (writeBodies !== undefined && FORMS_WITHOUT_TABLE.includes(technique ?? ""))
    throw new UsageError(`--write-bodies: ${technique} has no table of bodies: expected another technique with a form in C`);
  return asked;
}

export function validateCommand() {
  return new Command("validate")
    .argument(
      "[programs...]",
      "programs in Forth, in OCaml for the installed ocamlrun, in WebAssembly for iwasm, in Java for java -zero; all of the lab's in Forth if none is given",
    )
    .option(
      "--technique <list>",
      `techniques to compile or to generate, separated by commas, all or none: ${VALIDATED.join(", ")} (default: switch, direct-threading)`,
    )
    .option("--predictor <list>", "front ends, separated by commas (default: six that see no address bits)")
    .option("--cc <list>", "compilers, separated by commas", "gcc")
    .option("--cflags <flags>", "options for the compilers", "-O2")
    .addOption(simulationOption("size"))
    .option(
      "--installed <list>",
      "real interpreters to record, too, if they are installed: gforth, iwasm, ocamlrun and zero (the lab's programs of their kind), lua, python3, or all",
    )
    .addOption(
      new Option("--compile-limit <seconds>", "stop a compiler after this time").default(120).argParser(parseCount("compile-limit")),
    )
    .addOption(programLimitOption())
    .addOption(formatOption)
    .addOption(headerOption)
    .option("--summary", "tables without a line for each program and predictor")
    .option("--output <file>", "write there instead of to standard output")
    .option(
      "--write-map <file>",
      "write which bodies share dispatch sites, for --technique=…:merge=FILE; needs one technique and compiler, or programs for one installed interpreter",
    )
    .option(
      "--write-bodies <file>",
      "write the sizes of the compiled bodies, for --bodies=FILE; needs one technique and compiler, or programs for one installed interpreter",
    )
    .option("--report <file>", "write a page that works offline: .html")
    .option(
      "--strict",
      "exit code 1 when recorded and modelled differ where they have to agree, when something was skipped, or a compiler undid a technique",
    )
    .action(async (inputs, options) => {
      const asked = await readAskedFile(inputs, options);
      const output = withHeader(openOutput(options.output, inputs), options.format, options.header);
      const map = options.writeMap === undefined ? undefined : openOutput(options.writeMap, inputs);
      const bodies = options.writeBodies === undefined ? undefined : openOutput(options.writeBodies, inputs);
      const report = openPage(options.report, inputs);
      checkDistinct({
        "--output": options.output,
        "--write-map": options.writeMap,
        "--write-bodies": options.writeBodies,
        "--report": options.report,
      });
      const progress = await createProgress("{what}");
      try {
        const validation = await validate({
          inputs,
          technique: options.technique,
          predictor: options.predictor,
          cc: options.cc,
          cflags: options.cflags,
          size: options.size,
          installed: options.installed,
          compileLimit: options.compileLimit,
          maxInstructions: options.maxInstructions,
          onProgress: (what) => progress.show(0, 0, { what }, true),
        });
        progress.stop();
        const { rows, real, skipped, binaries } = validation;
        for (const line of skipped) process.stderr.write(`not validated: ${line}\n`);
        const binary = binaries.at(0);
        if (asked !== undefined && binary === undefined) throw new RunError(`${asked}: there is no binary: ${skipped.join("; ")}`);
        if (binary !== undefined) map?.write(binary.map);
        if (binary !== undefined) bodies?.write(binary.bodies());
        report?.write(validationPage(validation, thisCommand()));
        const { format } = options;
        if (format === "csv" || format === "json") {
          for (const line of validation.notes) process.stderr.write(`recorded and modelled: ${line}\n`);
          const write = format === "csv" ? toCsv : toJson;
          output.write(rows.length === 0 ? write(realColumns, real) : write(validationColumns, rows));
        } else output.write(toDocument(validationParts(validation, options.summary !== true), format, output.terminal));
        for (const line of validation.undone) process.stderr.write(`TECHNIQUE UNDONE: ${line}\n`);
        const wrong = disagreements(rows);
        for (const { program, technique, compiler, predictor } of wrong)
          process.stderr.write(`recorded and modelled differ: ${program}, ${technique}, ${compiler}, ${predictor}\n`);
        if (options.strict === true && wrong.length + skipped.length + validation.undone.length > 0) process.exitCode = 1;
      } finally {
        progress.stop();
      }
    });
}
