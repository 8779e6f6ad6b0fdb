// `npm run fuzz`: the same tests with far more cases, apart from `npm test` because they take minutes.
import { defineConfig } from "vitest/config";
import base from "./vitest.config.ts";

export default defineConfig({ test: { ...base.test, include: ["test/**/*.fuzz.ts"], testTimeout: 3_600_000 } });
