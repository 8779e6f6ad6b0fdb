// `npm run test:all`: after `npm test`, the tests that record, compile or compute whole sizes, apart because they take minutes.
import { defineConfig } from "vitest/config";
import base from "./vitest.config.ts";

export default defineConfig({ test: { ...base.test, include: ["test/**/*.slow.test.ts"], exclude: [], testTimeout: 600_000 } });
