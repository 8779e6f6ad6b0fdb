// What a model shows of its state, with names in place of addresses: every cell is a text, ready to be drawn.
import { NONE } from "../branch.ts";
import type { InspectedBits, InspectedCounter, Inspection } from "../models/inspection.ts";

export interface NamedEntries {
  readonly shape: "entries";
  readonly title: string;
  readonly columns: readonly string[];
  readonly rows: readonly (readonly string[])[];
  /** Index of the row that answers; none if no row does. */
  readonly used?: number;
}

export interface NamedStack {
  readonly shape: "stack";
  readonly title: string;
  /** The top first. */
  readonly addresses: readonly string[];
}

export type NamedPart = NamedEntries | NamedStack | InspectedBits | InspectedCounter;

/** @param nameOf the name of the native code at an address */
export function named(inspection: Inspection, nameOf: (address: number) => string): NamedPart[] {
  const said = (address: number): string => (address === NONE ? "nothing" : nameOf(address));
  return inspection.map((part) => {
    if (part.shape === "stack") return { ...part, addresses: part.addresses.map(said) };
    if (part.shape !== "entries") return part;
    const { columns, rows } = part;
    return {
      ...part,
      columns: columns.map(({ title }) => title),
      rows: rows.map((row) => row.map((cell, i) => (columns[i].addresses ? said(Number(cell)) : String(cell)))),
    };
  });
}
