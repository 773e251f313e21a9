// A command line that is being typed, as its shell hands it over.

/** What is asked for: the word under the cursor as far as it is typed, and those before it. */
export interface Typed {
  /** Without the name of the program. */
  readonly before: readonly string[];
  readonly current: string;
  /** A quotation mark of the current word is still open. */
  readonly isQuoted: boolean;
}

/** Words as they are; the current one comes first, behind `=`, since some shells drop an argument that is empty. */
export function typedWords([current = "", ...before]: readonly string[]): Typed {
  return { before, current: current.replace(/^=/, ""), isQuoted: false };
}

/** A line of bash up to the cursor. Quotes and backslashes are taken off; nothing in it is ever expanded. */
export function typedLine(line: string): Typed {
  const words: string[] = [];
  let word: string | undefined;
  let quote = "";
  for (let index = 0; index < line.length; index++) {
    const character = line[index] ?? "";
    if (quote === "'" || (quote !== "" && character === quote)) {
      if (character === quote) quote = "";
      else word = (word ?? "") + character;
    } else if (character === "\\") {
      index++;
      word = (word ?? "") + (line[index] ?? "");
    } else if (quote === "" && (character === "'" || character === '"')) {
      quote = character;
      word ??= "";
    } else if (quote === "" && /\s/.test(character)) {
      if (word !== undefined) words.push(word);
      word = undefined;
    } else {
      word = (word ?? "") + character;
    }
  }
  return { before: words.slice(1), current: word ?? "", isQuoted: quote !== "" };
}
