// Rows of sites can be left out.
import { expect, it } from "vitest";
import { simulate } from "../../dist/src/index.js";

it("leaves rows of sites out when they are not wanted, and changes nothing else", async () => {
  const request = { inputs: ["queens", "test/data/truth/switch-gcc-r.sbbt.gz"], technique: "direct-threading" };
  const { sites, ...others } = await simulate(request);
  expect(sites.length).toBeGreaterThan(0);
  expect(await simulate({ ...request, sites: false })).toEqual({ ...others, sites: [] });
});
