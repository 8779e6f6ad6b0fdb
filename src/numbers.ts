// Numbers in sentences and tables.

/** A whole number, with commas. Not by Intl, which takes 13 ms to begin with. */
export const whole = (value: number): string => String(Math.round(value)).replace(/\B(?=(\d{3})+$)/g, ",");

/** "1 claim", "1,024 branches". @param plural where it is not the singular with an s */
export const counted = (count: number, singular: string, plural = `${singular}s`): string =>
  `${whole(count)} ${count === 1 ? singular : plural}`;
