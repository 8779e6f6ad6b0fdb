// Tests run against the built files in dist/: what is shipped, at its real speed, loaded the way users load it.
import { defineConfig } from "vitest/config";

export default defineConfig({
  test: {
    include: ["test/**/*.test.ts"],
    globalSetup: ["test/before-all.ts"],
    testTimeout: 60_000,
    hookTimeout: 600_000,
    // what records, compiles or computes much: `npm test` leaves it out, and does not even load files of nothing else
    tags: [{ name: "slow", description: "in test/**/*.slow.test.ts, and tests of seconds elsewhere", timeout: 600_000 }],
    // on two cores vitest takes one: two are 1.5 times as fast
    maxWorkers: 2,
    // files of one worker share modules: importing them for each of 160 files takes minutes of CPU
    isolate: false,
    server: { deps: { external: [/\/dist\//] } },
  },
});
