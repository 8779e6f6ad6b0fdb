// Profiles for generated code: static techniques choose superinstructions and replicas as they do in `bplab simulate`.
import { NO_PROFILE, type Profile } from "../dispatch/profile.ts";
import { startOnGuest } from "../guests/programs.ts";
import { createTrainer, profileHere, type Trainer } from "../lab/training.ts";
import { readGenerated } from "./generated/generate.ts";
import type { LoadedImage } from "./prepare.ts";

/** Trains with all other programs of the lab. */
export const createValidationTrainer = (): Trainer => createTrainer(undefined, profileHere(startOnGuest));

/**
 * The profile for one program.
 * @param technique a generated one, as users write it
 * @returns an empty profile if the technique chooses nothing
 */
export async function profileFor(technique: string, { image, program }: LoadedImage, trainer: Trainer): Promise<Profile> {
  const { model } = await readGenerated(technique);
  return model.trains ? trainer(program, new Set(image.program.opcodes.map(({ name }) => name))) : NO_PROFILE;
}
