// Text in a header of HTTP, where only ASCII is safe: encoded words (RFC 2047), which ntfy reads.

const longestWord = 45;

/** Printable ASCII as it is; anything else as encoded words of whole characters, with a space between each two. */
export function encodeHeader(text: string): string {
  const line = text.replace(/[\u0000-\u001f\u007f]+/g, " ");
  if (/^[\x20-\x7e]*$/.test(line) && !line.includes("=?")) return line;
  const words: string[] = [""];
  for (const character of line) {
    const longer = (words.at(-1) ?? "") + character;
    if (Buffer.byteLength(longer) > longestWord) words.push(character);
    else words[words.length - 1] = longer;
  }
  return words.map((word) => `=?UTF-8?B?${Buffer.from(word).toString("base64")}?=`).join(" ");
}
