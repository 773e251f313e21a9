// A page of HTML as a reader of it would take it: its elements, its text, and what it would load.

const empty = new Set(["meta", "br", "link", "img", "input", "hr"]);

export interface Element {
  readonly name: string;
  readonly attributes: ReadonlyMap<string, string>;
}

export interface ReadPage {
  readonly elements: readonly Element[];
  /** Without markup and style, white space as one space. */
  readonly text: string;
}

/**
 * Reads a page strictly: every tag is written out, closed in its turn, and its attributes have quotes. Throws at what a
 * browser would have to guess at.
 */
export function readPage(page: string): ReadPage {
  const doctype = "<!DOCTYPE html>\n";
  if (!page.startsWith(doctype)) throw new Error("no doctype");
  const elements: Element[] = [];
  const open: string[] = [];
  let text = "";
  let rest = page.slice(doctype.length);
  while (rest !== "") {
    if (!rest.startsWith("<")) {
      const end = rest.indexOf("<");
      const some = end < 0 ? rest : rest.slice(0, end);
      if (open.at(-1) !== "style") {
        if (some.includes(">")) throw new Error(`a bare > in ${some}`);
        text += decode(some);
      }
      rest = rest.slice(some.length);
      continue;
    }
    const [tag = "", slash, name = "", attributes = "", closed] =
      /^<(\/?)([a-z][a-z0-9]*)((?: [a-zA-Z0-9-]+="[^"<>]*")*)(\/?)>/.exec(rest) ?? [];
    if (tag === "") throw new Error(`not a tag: ${rest.slice(0, 80)}`);
    rest = rest.slice(tag.length);
    if (slash === "/") {
      const inner = open.pop();
      if (inner !== name) throw new Error(`</${name}> ends <${inner}>`);
      if (/^(p|li|td|th|h\d|dd|dt|div|section|tr|text|title)$/.test(name)) text += " ";
      continue;
    }
    const found = [...attributes.matchAll(/ ([a-zA-Z0-9-]+)="([^"]*)"/g)];
    elements.push({ name, attributes: new Map(found.map(([, key = "", value = ""]) => [key, decode(value)])) });
    if (closed === "" && !empty.has(name)) open.push(name);
    if (name === "br") text += " ";
  }
  if (open.length > 0) throw new Error(`never closed: ${open.join(" ")}`);
  return { elements, text: text.replaceAll(/[ \n]+/g, " ") };
}

function decode(text: string): string {
  return text.replace(/&(#39|lt|gt|quot|amp|[^;]*);/g, (entity, name: string) => {
    const character = { "#39": "'", lt: "<", gt: ">", quot: '"', amp: "&" }[name];
    if (character === undefined) throw new Error(`an entity that is none: ${entity}`);
    return character;
  });
}

/** Whatever a browser would run, load or send, or would leave the page for. Links to files beside it are none. */
export function reachesOut({ elements }: ReadPage, page: string): string[] {
  const active = new Set([
    "script",
    "iframe",
    "object",
    "embed",
    "link",
    "base",
    "form",
    "img",
    "image",
    "use",
    "audio",
    "video",
  ]);
  const wrong = elements.flatMap(({ name, attributes }) => [
    ...(active.has(name) ? [name] : []),
    ...[...attributes].flatMap(([key, value]) => {
      if (/^on/i.test(key) || ["src", "srcset", "style", "action", "xlink:href"].includes(key))
        return [`${name} ${key}`];
      return key === "href" && !/^[\w%.~-]+\.html$/.test(value) ? [`${name} href ${value}`] : [];
    }),
  ]);
  const [, style = ""] = /<style>([^<]*)<\/style>/.exec(page) ?? [];
  return [...wrong, ...(/url\(|@import|expression/i.test(style) ? ["style"] : [])];
}
