// Elements of the page. Texts are always set as texts: nothing that a user wrote becomes markup.
import { type DrawingDocument, type Drawn, toElement } from "../../report/drawing/elements.ts";

export type Child = Node | string | undefined | false | readonly Child[];
type Listeners = { readonly [K in keyof HTMLElementEventMap]?: (event: HTMLElementEventMap[K]) => void };

export interface Attributes {
  readonly on?: Listeners;
  readonly [name: string]: string | number | boolean | Listeners | undefined;
}

function appendTo(parent: Node, child: Child): void {
  if (child === undefined || child === false) return;
  if (typeof child === "string") parent.appendChild(document.createTextNode(child));
  else if (child instanceof Node) parent.appendChild(child);
  else for (const each of child) appendTo(parent, each);
}

/** An element. An attribute that is true has no value; one that is false or undefined is left out. */
export function h<K extends keyof HTMLElementTagNameMap>(
  tag: K,
  { on = {}, ...attributes }: Attributes = {},
  ...children: readonly Child[]
): HTMLElementTagNameMap[K] {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (value !== undefined && value !== false) element.setAttribute(name, value === true ? "" : String(value));
  }
  for (const [event, listener] of Object.entries(on)) element.addEventListener(event, listener as EventListener);
  for (const child of children) appendTo(element, child);
  return element;
}

/** A drawing as an element of this page. */
export const draw = (drawing: Drawn): Element => toElement<Element>(drawing, document as unknown as DrawingDocument<Element>);

/** Replaces what an element contains. */
export function fill(element: Element, ...children: readonly Child[]): void {
  const fragment = document.createDocumentFragment();
  for (const child of children) appendTo(fragment, child);
  element.replaceChildren(fragment);
}

/** Offers a file to save. */
export function download(name: string, content: string, type: string): void {
  const url = URL.createObjectURL(new Blob([content], { type }));
  h("a", { href: url, download: name }).click();
  setTimeout(() => URL.revokeObjectURL(url), 1000);
}

/** Redraws a part of the page without taking the focus away from the element with the same `data-key` in it. */
export function keepingFocus(part: Element, redraw: () => void): void {
  const key = part.contains(document.activeElement) ? document.activeElement?.getAttribute("data-key") : undefined;
  redraw();
  if (key) part.querySelector<HTMLElement>(`[data-key="${CSS.escape(key)}"]`)?.focus({ preventScroll: true });
}
