// Tests run against the built files in dist/: what is shipped, at its real speed, loaded the way users load it.
import { defineConfig } from "vitest/config";

export default defineConfig({
  test: {
    include: ["test/**/*.test.ts"],
    exclude: ["test/**/*.slow.test.ts"],
    globalSetup: ["test/cache-folder.ts"],
    testTimeout: 60_000,
    // on two cores vitest takes one: two are 1.5 times as fast
    maxWorkers: 2,
    server: { deps: { external: [/\/dist\//] } },
  },
});
