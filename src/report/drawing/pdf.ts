// Pictures as PDF: vectors, with the fonts embedded as publishers ask. What makes them (pdfkit, svg-to-pdfkit and a font) is 28 MB,
// more than all of bplab, so that it is installed only by those who want it.
import { readFileSync } from "node:fs";
import { UsageError } from "../../errors.ts";

const PACKAGES = ["pdfkit", "svg-to-pdfkit", "dejavu-fonts-ttf"] as const;

/** What is used of pdfkit. */
interface PdfDocument {
  registerFont(name: string, font: Uint8Array): void;
  on(event: "data", listener: (piece: Uint8Array) => void): void;
  on(event: "end", listener: () => void): void;
  end(): void;
}
type PdfKit = new (options: {
  readonly size: readonly [number, number];
  readonly margin: number;
  readonly info: Readonly<Record<string, unknown>>;
}) => PdfDocument;
type SvgToPdf = (
  document: PdfDocument,
  svg: string,
  x: number,
  y: number,
  options: {
    readonly width: number;
    readonly height: number;
    readonly fontCallback: (family: string, bold: boolean) => string;
    readonly warningCallback: (warning: string) => never;
  },
) => void;

/** A font's file. */
const fontOf = (name: string): Uint8Array => readFileSync(new URL(import.meta.resolve(`dejavu-fonts-ttf/ttf/${name}.ttf`)));

/** A package that may be missing; its name is a value, so that neither compilers nor bundlers look for it. */
async function optionalPackage<T>(name: (typeof PACKAGES)[number]): Promise<T> {
  const loaded: { readonly default: T } = await import(name);
  return loaded.default;
}

async function packages(): Promise<{
  readonly Document: PdfKit;
  readonly draw: SvgToPdf;
  readonly plain: Uint8Array;
  readonly bold: Uint8Array;
}> {
  try {
    const [Document, draw] = await Promise.all([optionalPackage<PdfKit>("pdfkit"), optionalPackage<SvgToPdf>("svg-to-pdfkit")]);
    return { Document, draw, plain: fontOf("DejaVuSans"), bold: fontOf("DejaVuSans-Bold") };
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code !== "ERR_MODULE_NOT_FOUND" && code !== "MODULE_NOT_FOUND" && code !== "ENOENT") throw error;
    throw new UsageError(`a PDF needs packages that are not installed: npm install ${PACKAGES.join(" ")}; or write .svg`);
  }
}

/** Points, 1/72 inch, in a pixel of CSS, 1/96 inch. */
const POINTS = 72 / 96;

/** @param size of the picture in pixels of CSS. @throws UsageError if the packages that it needs are not installed */
export async function renderPdf(svg: string, [width, height]: readonly [number, number], title: string): Promise<Uint8Array> {
  const { Document, draw, plain, bold } = await packages();
  const size = [width * POINTS, height * POINTS] as const;
  // without a date, which would make every file another one
  const document = new Document({ size, margin: 0, info: { Title: title, Creator: "bplab", CreationDate: new Date(0) } });
  document.registerFont("plain", plain);
  document.registerFont("bold", bold);
  const pieces: Uint8Array[] = [];
  const done = new Promise<void>((resolve) => {
    document.on("data", (piece) => void pieces.push(piece));
    document.on("end", resolve);
  });
  draw(document, svg, 0, 0, {
    width: size[0],
    height: size[1],
    fontCallback: (_, isBold) => (isBold ? "bold" : "plain"),
    warningCallback(warning) {
      throw new Error(`PDF: ${warning}`);
    },
  });
  document.end();
  await done;
  return Buffer.concat(pieces);
}
