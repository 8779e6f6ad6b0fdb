// The bodies that techniques choose by training programs: which superinstructions and replicas an interpreter would be built with, how
// often training programs execute each, and how often a program does.
import type { BodyChoice } from "../dispatch/native-code.ts";
import type { Profile } from "../dispatch/profile.ts";
import { UsageError } from "../errors.ts";
import type { Size } from "../guests/programs.ts";
import { openSession } from "../jobs/session.ts";
import { MOST_INSTRUCTIONS } from "../lab/lab.ts";
import { profileOf } from "../lab/training.ts";
import { isRecording, readRequest } from "./checks.ts";
import type { SimulateRequest } from "./request.ts";

/** One sequence of opcodes with bodies of its own, or one opcode with several. */
export interface SequenceRow {
  readonly program: string;
  readonly size: Size;
  readonly technique: string;
  readonly opcodes: readonly string[];
  readonly bodies: number;
  /** Executions in the training programs, and in the program, once their basic blocks are cut into chosen sequences. */
  readonly trained: number;
  readonly executed: number;
  readonly training: readonly string[];
}

/** How often each unit executes in a profile. */
function executionsOf({ runs }: Pick<Profile, "runs">, { parse }: BodyChoice): Map<string, number> {
  const counts = new Map<string, number>();
  for (const { opcodes, count } of runs) {
    let at = 0;
    for (const length of parse(opcodes)) {
      const unit = opcodes.slice(at, at + length).join(" ");
      counts.set(unit, (counts.get(unit) ?? 0) + count);
      at += length;
    }
  }
  return counts;
}

/**
 * What each technique that trains chooses for each program, the most executed by the program first.
 * @throws UsageError for wrong names, recordings, and if no technique trains
 * @throws RunError when a program fails
 */
export async function chosenSequences(request: SimulateRequest): Promise<SequenceRow[]> {
  const session = openSession(request);
  try {
    const { inputs, techniques, training, size, replays } = await readRequest(session, request);
    const choosing = techniques.filter(({ trains }) => trains);
    if (choosing.length === 0)
      throw new UsageError(
        `--sequences: expected a technique that chooses by training programs, as in --technique=static-superinstructions, got ${techniques.map(({ name }) => name).join(", ")}`,
      );
    const { start } = session.tapes;
    const trainer = session.trainer(training, false);
    const rows: SequenceRow[] = [];
    for (const program of inputs) {
      if (isRecording(program)) throw new UsageError(`--sequences: ${program.id} is a recording, which has no opcodes: name programs`);
      const run = start(program, size, replays.programs.settings.maxInstructions ?? MOST_INSTRUCTIONS);
      const runs = profileOf(run);
      const profile = await trainer(program, new Set(run.program.opcodes.map(({ name }) => name)));
      for (const technique of choosing) {
        const choice = technique.choice(run.program, { layoutSeed: 0, profile }) as BodyChoice;
        const [trained, executed] = [executionsOf(profile, choice), executionsOf({ runs }, choice)];
        const chosen = [...choice.bodies].map(([unit, bodies]): SequenceRow => {
          const counts = { trained: trained.get(unit) ?? 0, executed: executed.get(unit) ?? 0 };
          return {
            program: program.id,
            size,
            technique: technique.name,
            opcodes: unit.split(" "),
            bodies,
            ...counts,
            training: profile.programs,
          };
        });
        const additional = chosen.filter(({ opcodes, bodies }) => opcodes.length > 1 || bodies > 1);
        rows.push(...additional.sort((a, b) => b.executed - a.executed || b.trained - a.trained));
      }
    }
    return rows;
  } finally {
    await session.close();
  }
}
