// mbox files as other programs write them, in each dialect.

import { convert, crlfToLf, lfToCrlf } from "../../src/formats/octets.ts";

export const fromLine = "From MAILER-DAEMON Thu Jan  1 12:00:00 2026\n";

const LF = Buffer.from("\n");

/** As a Unix program stores a message: with LF where all its lines end in CRLF. */
export function asStored(message: Uint8Array): Buffer {
  const octets = Buffer.from(message);
  return /(?<!\r)\n/.test(octets.toString("latin1")) ? octets : convert(octets, crlfToLf());
}

/** What a reader can make of it: CRLF again where all its lines end in LF alone. */
export function asRead(stored: Buffer): Buffer {
  const text = stored.toString("latin1");
  return text.includes("\r\n") ? stored : convert(stored, lfToCrlf());
}

function ended(stored: Buffer): Buffer {
  return stored.length === 0 || stored.at(-1) === 0x0a ? stored : Buffer.concat([stored, LF]);
}

function rewrite(stored: Buffer, pattern: RegExp, by: string): Buffer {
  return Buffer.from(stored.toString("latin1").replace(pattern, by), "latin1");
}

function entry(...parts: readonly Buffer[]): Buffer {
  return Buffer.concat([Buffer.from(fromLine), ...parts, LF]);
}

export interface Written {
  readonly file: Buffer;
  /** What a reader who knows the dialect gets, message by message. */
  readonly messages: readonly Buffer[];
}

type Write = (messages: readonly Uint8Array[]) => Written;

/** Each `From ` behind any number of `>` gets one more. */
export const writeMboxrd: Write = (messages) => {
  const stored = messages.map((message) => ended(asStored(message)));
  return {
    file: Buffer.concat(stored.map((each) => entry(rewrite(each, /(?<=^|\n)(?=>*From )/g, ">")))),
    messages: stored.map(asRead),
  };
};

/** Each `From ` gets a `>`; lines that have one already stay. */
export const writeMboxo: Write = (messages) => {
  const stored = messages.map((message) => ended(asStored(message)));
  return {
    file: Buffer.concat(stored.map((each) => entry(rewrite(each, /(?<=^|\n)(?=From )/g, ">")))),
    messages: stored.map(asRead),
  };
};

/** A Content-Length at the end of the header, and nothing quoted; the last line need not be ended. */
export const writeMboxcl2: Write = (messages) => {
  const stored = messages.map((message) => withLength(asStored(message)));
  return {
    file: Buffer.concat(stored.map((each) => entry(ended(each)))),
    messages: stored.map(asRead),
  };
};

/** A Content-Length, counted after quoting as in mboxo. */
export const writeMboxcl: Write = (messages) => {
  const quoted = messages.map((message) => withLength(rewrite(asStored(message), /(?<=^|\n)(?=From )/g, ">")));
  return {
    file: Buffer.concat(quoted.map((each) => entry(ended(each)))),
    messages: quoted.map((each) => asRead(rewrite(each, /(?<=^|\n)>(?=From )/g, ""))),
  };
};

function withLength(stored: Buffer): Buffer {
  const found = /(?<=^|\n)\r?\n/.exec(stored.toString("latin1"));
  const [head, rest] =
    found === null ? [ended(stored), Buffer.alloc(0)] : [stored.subarray(0, found.index), stored.subarray(found.index)];
  const length = rest.length - (found?.[0].length ?? 0);
  const lineEnd = stored.includes("\r\n") && !/(?<!\r)\n/.test(stored.toString("latin1")) ? "\r\n" : "\n";
  return Buffer.concat([head, Buffer.from(`Content-Length: ${length}${lineEnd}`), rest]);
}
