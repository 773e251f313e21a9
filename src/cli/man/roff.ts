// The language of man pages (groff_man(7)).

/** Text in which nothing is a request or an escape. */
export function roff(text: string): string {
  return (
    text
      .replaceAll("\\", "\\e")
      // What a shell is to take as it stands.
      .replaceAll("-", "\\-")
      .replaceAll("'", "\\(aq")
      .replaceAll("`", "\\(ga")
      .replaceAll("^", "\\(ha")
      .replaceAll("~", "\\(ti")
      .replaceAll("\u00a0", "\\ ")
      .replaceAll("\u202f", "\\ ")
      .replace(/^\./gm, "\\&.")
  );
}

export function bold(text: string): string {
  return `\\fB${roff(text)}\\fR`;
}

/** Placeholders, which stand for something else: `<file>`. */
export function italic(text: string): string {
  return `\\fI${roff(text)}\\fR`;
}

/** A tagged paragraph. The tag is roff already. */
export function tagged(tag: string, text: string): string {
  return `.TP\n${tag}\n${roff(text)}\n`;
}

/** Options as commander has them: `-c, --config <file>`. */
export function flags(text: string): string {
  return text
    .split(/([<[][^>\]]*[>\]])/)
    .map((part, index) =>
      index % 2 === 1
        ? italic(part)
        : part
            .split(/(-{1,2}\w[\w-]*)/)
            .map((word, at) => (at % 2 === 1 ? bold(word) : roff(word)))
            .join(""),
    )
    .join("");
}
