// Drawings as plain data: elements of HTML and SVG with their attributes and children, which become markup, or live elements of
// a page. Texts stay texts in both, so that names from files cannot become markup.
import { html, type Markup, safe } from "../pages/html.ts";

export interface Drawn {
  readonly tag: string;
  readonly attributes: Readonly<Record<string, string | number>>;
  readonly children: readonly (Drawn | string)[];
}

/** What drawing needs of a page's document. */
export interface DrawingDocument<N> {
  createElementNS(
    namespace: string,
    tag: string,
  ): N & { setAttribute(name: string, value: string): void; append(...nodes: (N | string)[]): void };
}

/** Attributes whose value is undefined are left out. */
export function drawn(
  tag: string,
  attributes: Readonly<Record<string, string | number | undefined>> = {},
  ...children: readonly (Drawn | string)[]
): Drawn {
  const given = Object.entries(attributes).filter(([, value]) => value !== undefined);
  return { tag, attributes: Object.fromEntries(given) as Drawn["attributes"], children };
}

/** Pages embed the text of this function: it must use nothing from around it. */
export function toElement<N>({ tag, attributes, children }: Drawn, document: DrawingDocument<N>, within = "html"): N {
  const kind = tag === "svg" ? "svg" : within;
  const element = document.createElementNS(kind === "svg" ? "http://www.w3.org/2000/svg" : "http://www.w3.org/1999/xhtml", tag);
  for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, String(value));
  for (const child of children) element.append(typeof child === "string" ? child : toElement(child, document, kind));
  return element;
}

/** The same as markup; an svg can be a file of its own. */
export function toMarkup({ tag, attributes, children }: Drawn): Markup {
  const given = Object.entries(tag === "svg" ? { xmlns: "http://www.w3.org/2000/svg", ...attributes } : attributes);
  const inside = children.map((child) => (typeof child === "string" ? child : toMarkup(child)));
  return html`<${safe(tag)}${given.map(([name, value]) => html` ${safe(name)}="${value}"`)}>${inside}</${safe(tag)}>`;
}
