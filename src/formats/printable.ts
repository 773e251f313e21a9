// Text from servers, files and messages is hostile: it passes through here before a terminal or a log sees it.

// C0 and C1 controls, DEL, line and paragraph separators, and the bidirectional overrides and isolates.
const unsafe =
  /[\u0000-\u001f\u007f-\u009f\u2028\u2029\u200e\u200f\u061c\u202a-\u202e\u2066-\u2069\ufeff]|[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]/g;

/** The text with every character that could steer a terminal or hide others shown as an escape such as `\x1b`. */
export function printable(text: string): string {
  return text.replace(unsafe, (character) => {
    const code = character.charCodeAt(0);
    return code <= 0xff ? `\\x${code.toString(16).padStart(2, "0")}` : `\\u${code.toString(16).padStart(4, "0")}`;
  });
}

const longestQuote = 300;

/** A server's words for an error message: printable, bounded, in double quotes. */
export function quoteServer(text: string): string {
  const bounded = text.length > longestQuote ? `${text.slice(0, longestQuote)}…` : text;
  return `"${printable(bounded.trim())}"`;
}
