// The kinds of things that bplab list shows as tables: one entry each, with its ids, titles and sources.
import { measuredIds, readMeasuredBodies } from "../../../bodies/measured-bodies.ts";
import { mergeMapIds, mergeMapTitle } from "../../../dispatch/layouts/merge-map.ts";
import { techniqueDefinition, techniqueIds } from "../../../dispatch/techniques.ts";
import { predictorDefinition, predictorIds } from "../../../front-end/load-predictor.ts";
import { ORACLES } from "../../../front-end/oracles.ts";
import { NAMED_PROGRAMS } from "../../../guests/named-programs.ts";
import { programIds, programPurpose, programSource } from "../../../guests/programs.ts";
import { valuesOf } from "../../../models/answers.ts";
import type { Parameters } from "../../../parameters.ts";
import { allCharts } from "../../../report/drawing/find-charts.ts";
import { SOURCES } from "../../../reproduce/claim.ts";
import { claimIds, findClaims } from "../../../reproduce/claims.ts";
import { MILLIONS_PER_SECOND } from "./speeds.ts";

export interface Entry {
  readonly id: string;
  readonly title: string;
  /** Their names and defaults, as they are written after the id. */
  readonly parameters: string;
  readonly source: string;
  /** Bits that hardware would need with the defaults; of predictors alone. */
  readonly storageBits?: number;
  /** Of predictors, where it was measured (speeds.ts). */
  readonly millionsPerSecond?: number;
}

/** What is told of one thing that has parameters. */
interface Described {
  readonly title: string;
  readonly source: string;
  readonly parameters: Parameters;
}

export interface Kind {
  /** In the overview: what they are, and which option takes them. */
  readonly about: string;
  /** Heads of a table for people: of the id, and of the title. */
  readonly heads: readonly [id: string, title: string];
  readonly entries: () => Promise<readonly Entry[]>;
  /** Set if things of the kind have parameters: describes one by its id. */
  readonly describe?: (id: string) => Promise<Described>;
}

const plain = (id: string, title: string, source: string): Entry => ({ id, title, parameters: "", source });

/** "sets=512:ways=4:unbounded" */
const written = (parameters: Parameters): string =>
  Object.entries(parameters)
    .map(([name, parameter]) => (parameter.type === "flag" ? name : `${name}=${parameter.default}`))
    .join(":");

async function programs(): Promise<Entry[]> {
  const described = (id: string, needs = ""): Entry => plain(id, `${programPurpose(id)}${needs}`, `traces/${programSource(id)}`);
  const named = Object.values(NAMED_PROGRAMS).flatMap(({ ids, needs }) =>
    ids().map((id) => described(id, needs === undefined ? "" : ` (${needs})`)),
  );
  return [...programIds().map((id) => described(id)), ...named];
}

async function techniqueOf(id: string): Promise<Described> {
  const { description, parameters, source } = await techniqueDefinition(id);
  return { title: description, parameters, source };
}

const techniques = (): Promise<Entry[]> =>
  Promise.all(
    techniqueIds().map(async (id) => {
      const { title, parameters, source } = await techniqueOf(id);
      return { id, title, parameters: written(parameters), source };
    }),
  );

async function predictors(): Promise<Entry[]> {
  const models = predictorIds().map(async (id): Promise<Entry> => {
    const definition = await predictorDefinition(id);
    const { title, parameters, source } = definition;
    return {
      id,
      title,
      parameters: written(parameters),
      source,
      storageBits: definition.storageBits(valuesOf(definition)),
      millionsPerSecond: MILLIONS_PER_SECOND[id],
    };
  });
  return [
    ...(await Promise.all(models)),
    ...Object.entries(ORACLES).map(([id, { title, source, parameters }]) => ({ id, title, source, parameters: written(parameters) })),
  ];
}

function bodies(): Entry[] {
  return measuredIds().map((id) => {
    const { title, bodies: all, medianBytes } = readMeasuredBodies(id);
    return plain(id, `${title}: ${all.length} bodies, median ${medianBytes} bytes with dispatch`, `native-code/${id}.csv`);
  });
}

/** In the order of the overview; machines have paragraphs of their own (machines.ts). */
export const KINDS = {
  programs: { about: "the lab's programs, by which inputs are named", heads: ["program", "purpose"], entries: programs },
  techniques: {
    about: "dispatch techniques, for --technique",
    heads: ["technique", "what it is"],
    entries: techniques,
    describe: techniqueOf,
  },
  predictors: {
    about: "models of branch predictors, for --predictor",
    heads: ["predictor", "what it is"],
    entries: predictors,
    describe: async (id) => (Object.hasOwn(ORACLES, id) ? ORACLES[id] : predictorDefinition(id)),
  },
  bodies: {
    about: "measured native bodies of interpreters, for --bodies",
    heads: ["bodies", "whose they are"],
    entries: async () => bodies(),
  },
  "merge-maps": {
    about: "dispatches that compilers merged, for --technique=direct-threading:merge=…",
    heads: ["merge map", "what was merged"],
    entries: async () => mergeMapIds().map((id) => plain(id, mergeMapTitle(id), `native-code/${id}.sites.csv`)),
  },
  charts: {
    about: "charts of results, for bplab report --chart",
    heads: ["chart", "what it shows"],
    entries: async () => (await allCharts()).map(({ id, title, needs }) => plain(id, `${title}; needs ${needs}`, "")),
  },
  claims: {
    about: "published claims, for bplab reproduce",
    heads: ["claim", "what it says"],
    entries: async () =>
      (await findClaims(claimIds())).map(({ id, title, source, place }) => plain(id, title, `${SOURCES[source]}, ${place}`)),
  },
} as const satisfies Readonly<Record<string, Kind>>;
