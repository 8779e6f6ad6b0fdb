// Brings two sequences together that are the same except in some places: finds the stretches that both have.

export interface Stretch {
  /** Where it begins in each. */
  readonly first: number;
  readonly second: number;
  readonly length: number;
}

/** Elements that must be the same for a stretch to begin anew: as many do not come twice by chance. */
const AGREE = 24;
/** How far ahead it is looked for, at first and at most. */
const NEAR = 1 << 8;
const FAR = 1 << 16;

const agree = (a: Int32Array, i: number, b: Int32Array, j: number): boolean => {
  if (i + AGREE > a.length || j + AGREE > b.length) return false;
  for (let k = 0; k < AGREE; k++) if (a[i + k] !== b[j + k]) return false;
  return true;
};

/** A number of the next elements: different ones are different elements. */
function sumAt(a: Int32Array, i: number): number {
  let sum = 0;
  for (let k = 0; k < AGREE; k++) sum = (Math.imul(sum, 31) + a[i + k]) | 0;
  return sum;
}

/** How many elements of each to pass over so that they agree again, as few as possible; undefined if they do not within reach. */
function passOver(a: Int32Array, i: number, b: Int32Array, j: number): readonly [number, number] | undefined {
  for (let reach = NEAR; reach <= FAR; reach *= 16) {
    const places = new Map<number, number[]>();
    for (let k = 0; k < reach && i + k + AGREE <= a.length; k++) {
      const sum = sumAt(a, i + k);
      const known = places.get(sum);
      // the nearest ones are enough: those after them are farther from everything
      if (known === undefined) places.set(sum, [k]);
      else if (known.length < 4) known.push(k);
    }
    let best: readonly [number, number] | undefined;
    for (let k = 0; k < reach && j + k + AGREE <= b.length; k++) {
      if (best !== undefined && k >= best[0] + best[1]) break;
      const place = (places.get(sumAt(b, j + k)) ?? []).find((one) => agree(a, i + one, b, j + k));
      if (place !== undefined && (best === undefined || place + k < best[0] + best[1])) best = [place, k];
    }
    if (best !== undefined) return best;
  }
  return undefined;
}

/** @param from where the second sequence begins to be compared; it may go on after the end of the first */
export function commonStretches(first: Int32Array, second: Int32Array, from: number): Stretch[] {
  const stretches: Stretch[] = [];
  for (let i = 0, j = from; i < first.length && j < second.length; ) {
    let length = 0;
    while (i + length < first.length && j + length < second.length && first[i + length] === second[j + length]) length++;
    if (length > 0) stretches.push({ first: i, second: j, length });
    i += length;
    j += length;
    if (i === first.length || j === second.length) break;
    const over = passOver(first, i, second, j);
    if (over === undefined) break;
    i += over[0];
    j += over[1];
  }
  return stretches;
}

/** Elements of a beginning that all candidates must have. */
const BEGINNING = 8;
/** Elements by which candidates are told apart. */
const COMPARED = 4096;

/** Where a sequence begins within another one: where most of its first elements follow each other; the last of several; -1 if nowhere. */
export function beginningIn(first: Int32Array, second: Int32Array): number {
  const beginning = Math.min(BEGINNING, first.length);
  let best = -1;
  let longest = 0;
  for (let j = 0; j + beginning <= second.length; j++) {
    let same = 0;
    while (same < COMPARED && same < first.length && j + same < second.length && first[same] === second[j + same]) same++;
    if (same >= beginning && same >= longest) {
      longest = same;
      best = j;
    }
  }
  return best;
}
