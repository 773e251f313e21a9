// Modified UTF-7: mailbox names of RFC 3501 section 5.1.3 and of Maildir++.

/** Any text, lone surrogates included, as printable US-ASCII. */
export function encodeMutf7(text: string): string {
  return text.replace(/&|[^\x20-\x7e]+/g, (run) => {
    if (run === "&") return "&-";
    const units = Buffer.from(run, "utf16le").swap16();
    return `&${units.toString("base64").replace(/=+$/, "").replaceAll("/", ",")}-`;
  });
}

/** Undefined if the text is not modified UTF-7: characters outside printable US-ASCII, a shift that is cut or has odd bits. */
export function decodeMutf7(text: string): string | undefined {
  if (/[^\x20-\x7e]/.test(text)) return undefined;
  let valid = true;
  const decoded = text.replace(/&([^-]*)(-?)/g, (_shift, run: string, end: string) => {
    const decodedRun = end === "" ? undefined : decodeShift(run);
    valid &&= decodedRun !== undefined;
    return decodedRun ?? "";
  });
  return valid ? decoded : undefined;
}

function decodeShift(run: string): string | undefined {
  if (run === "") return "&";
  const base64 = run.replaceAll(",", "/");
  const units = Buffer.from(base64, "base64");
  // Node skips what it can't read: only what comes out the same was valid.
  if (run.includes("/") || units.length % 2 !== 0 || units.toString("base64").replace(/=+$/, "") !== base64) {
    return undefined;
  }
  return units.swap16().toString("utf16le");
}
