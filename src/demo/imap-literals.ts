// Literals as a client sends them: asked for, unasked (RFC 7888) and binary (RFC 3516), and which of them are taken.

import { type Literal, lineTooLong, Refusal } from "./imap-parser.ts";
import type { Wire } from "./wire.ts";

/** What the server offers its client at this moment. */
export interface LiteralRules {
  readonly capabilities: readonly string[];
  /** Octets. */
  readonly appendLimit: number | undefined;
}

export interface ReceivedCommand {
  /** Its text and its literals, in turn; it ends early where a literal that the client waits to send is refused. */
  readonly parts: readonly (string | Literal)[];
  readonly refusal: Refusal | undefined;
}

const longestLiteral = 256 * 1024 * 1024;
/** RFC 7888 section 5: what LITERAL- lets a client send unasked. */
const longestUnaskedMinus = 4096;

/** Undefined at the end of the connection. Asks for each literal that it takes; one sent unasked it reads in any case. */
export async function readCommand(wire: Wire, rules: LiteralRules): Promise<ReceivedCommand | undefined> {
  const parts: (string | Literal)[] = [];
  let refusal: Refusal | undefined;
  for (;;) {
    const line = (await wire.readLine(lineTooLong))?.toString("latin1");
    if (line === undefined) return undefined;
    const match = /(~?)\{(\d{1,15})(\+?)\}$/.exec(line);
    if (match === null) return { parts: [...parts, line], refusal };
    parts.push(line.slice(0, match.index));
    const head = { size: Number(match[2]), binary: match[1] !== "", unasked: match[3] !== "" };
    if (head.size > longestLiteral) {
      await wire.send("* BYE The literal is too big\r\n");
      return undefined;
    }
    const isAppend = typeof parts[0] === "string" && /^\S+ APPEND /i.test(parts[0]);
    refusal ??= refusalOf(head, isAppend, rules);
    if (!head.unasked) {
      if (refusal !== undefined) return { parts: [...parts, { ...head, octets: Buffer.alloc(0) }], refusal };
      await wire.send("+ Go ahead\r\n");
    }
    const octets = await wire.readOctets(head.size, isAppend ? "body" : "protocol");
    if (octets === undefined) return undefined;
    parts.push({ ...head, octets });
  }
}

function refusalOf(
  { size, binary, unasked }: { readonly size: number; readonly binary: boolean; readonly unasked: boolean },
  isAppend: boolean,
  { capabilities, appendLimit = Infinity }: LiteralRules,
): Refusal | undefined {
  const offers = new Set(capabilities);
  if (unasked && !offers.has("LITERAL+")) {
    if (!offers.has("LITERAL-")) return new Refusal("BAD", "Wait for the server to ask for a literal");
    if (size > longestUnaskedMinus) return new Refusal("BAD", "[TOOBIG] Wait for the server to ask for this literal");
  }
  if (binary && !(isAppend && offers.has("BINARY"))) return new Refusal("BAD", "No binary literal is taken here");
  if (isAppend && size > appendLimit) return new Refusal("NO", "[TOOBIG] The message is too big");
  return undefined;
}
