// Command lines of java and of the JDK's tools, as programs: what is run, what java gets, what belongs to the program.
import { spawnSync } from "node:child_process";
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { readCommand } from "../../../dist/src/guests/java/command-line.js";
import { BIN, temporaryFolder } from "../../support.js";

const read = (line: string, name = "java") => {
  const { launch, words } = readCommand(name, line === "" ? [] : line.split(" "));
  return [launch.main, launch.args.join(" "), words.join(" ")];
};

describe("command lines of java", () => {
  it.each([
    ["Main 20 -x", ["Main", "-cp . Main", "20 -x"]],
    ["-cp build:lib.jar a.b.Main -cp 3", ["a.b.Main", "-cp build:lib.jar a.b.Main", "-cp 3"]],
    ["--class-path=build -ea -Da=b -Xss4m Main", ["Main", "-ea -Da=b -Xss4m -cp build Main", ""]],
    ["-jar app.jar -jar", ["app.jar", "-jar app.jar", "-jar"]],
    ["-p mods -m m/a.Main x", ["a.Main", "-p mods --add-modules java.instrument,jdk.unsupported -m m/a.Main", "x"]],
    ["--add-opens java.base/java.lang=ALL-UNNAMED a/Main", ["a.Main", "--add-opens java.base/java.lang=ALL-UNNAMED -cp . a/Main", ""]],
  ])("are split where java splits them: %s", (line, expected) => expect(read(line)).toEqual(expected));

  it("of the JDK's tools are those of their main classes", () => {
    expect(read("-d out A.java", "javac")).toEqual(["com.sun.tools.javac.Main", "-cp . com.sun.tools.javac.Main", "-d out A.java"]);
  });

  it.each([
    ["", "java: expected a class, -jar FILE or -m MODULE/CLASS after --, got none"],
    ["-cp", "java: expected a value after -cp, got none"],
    ["-jar", "java: expected a value after -jar, got none"],
    ["-m jdk.compiler", "java: expected a module and its class, MODULE/CLASS, got jdk.compiler"],
    ["Main.java", "java: expected a class or -jar FILE, got the source Main.java: name it without java before it"],
    [
      "-XX:+UseG1GC Main",
      "java: -XX:+UseG1GC is not passed on to java while it is traced: expected -cp, -jar, -m, -p, --add-opens and its kin, -D, -ea, -da, -Xss, -Xms, -Xmx",
    ],
  ])("are refused in one line where they name no program: %s", (line, message) => {
    expect(() => read(line)).toThrow(message);
  });

  it("need a java, and say how to get it where there is none", () => {
    const folder = temporaryFolder();
    mkdirSync(join(folder, "bin"));
    writeFileSync(join(folder, "Main.class"), "");
    const env = { ...process.env, PATH: join(folder, "bin") };
    const { status, stderr } = spawnSync(process.execPath, [BIN, "simulate", "--", "java", "Main"], { cwd: folder, env, encoding: "utf8" });
    expect([status, stderr]).toEqual([2, "java: needs a JDK, version 17 to 24, on the PATH: apt-get install default-jdk-headless\n"]);
  });
});
