// The lab's programs in Java: each is what its source compiles to, and prints what it must.
import { spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { expect, it } from "vitest";
import { compileJava, compiles, sources } from "../../../dist/scripts/java-programs.js";
import { jdkVersion } from "../../../dist/src/guests/java/jdk.js";
import { bplab, temporaryFolder } from "../../support.js";

const FOLDER = fileURLToPath(new URL("../../../traces/java/", import.meta.url));
const java = spawnSync("java", ["-version"]).status === 0;
const compiler = spawnSync("javac", ["-version"]).status === 0 && compiles();
if (!java) console.warn("java is missing: the lab's programs in Java do not run");
if (!compiler) console.warn("javac 17 is missing: the lab's programs in Java are not compiled");

it.skipIf(!compiler)("are what their sources compile to", { tags: "slow" }, () => {
  const folder = temporaryFolder();
  compileJava(folder);
  for (const name of sources()) {
    const jar = readFileSync(join(folder, `${name}.jar`));
    expect(jar.equals(readFileSync(`${FOLDER}${name}.jar`)), name).toBe(true);
  }
});

it.skipIf(!java).each(sources())("java/%s prints what it must", (name) => {
  for (const size of ["test", "full"]) {
    const { status, stdout } = spawnSync("java", ["-jar", `${FOLDER}${name}.jar`, size], { encoding: "utf8" });
    expect([status, stdout]).toEqual([0, readFileSync(`${FOLDER}${name}.${size}.out`, "utf8")]);
  }
});

it.skipIf(jdkVersion() === undefined).each(["java/compiler", "java/ray-tracer"])(
  "%s runs for the lab, whose trace is refused where the output is another one",
  { tags: "slow" },
  (id) => {
    const { code, stdout, stderr } = bplab(["simulate", id, "--technique=direct-threading", "--predictor=btb", "--format=csv", "--jobs=1"]);
    expect([code, stderr]).toEqual([0, ""]);
    expect(stdout).toContain(`\n${id},test,direct-threading,btb,dispatch,`);
  },
);
