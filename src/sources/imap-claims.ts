// Whether an IMAP server sends what it says it has. What it sends is what counts: a size that was told is only a claim. Of
// messages that came with another one a few are fetched once more, to know whether they are the same each time.

import { createHash } from "node:crypto";
import { digestOf } from "../formats/digest.ts";
import type { Message, MessageRef } from "../message.ts";
import type { SourceNotice } from "./source.ts";

/** Of a mailbox, in one run; and none of more octets than this. */
const mostAgain = 8;
const largestAgain = 1024 * 1024;
const mostNamed = 3;

/** What came of a message the first time. */
interface Doubtful {
  readonly ref: MessageRef;
  readonly sha256: string;
}

/** Of one mailbox in one run. */
export class SizeClaims {
  readonly #path: readonly string[];
  readonly #doubtful = new Map<string, Doubtful>();
  #wrong: string[] = [];
  #wrongCount = 0;
  #again = 0;
  #same = 0;
  #changed: string[] = [];

  constructor(path: readonly string[]) {
    this.#path = path;
  }

  /** The message as it comes, held against what was listed of it. `octets`: how many they are, where that is known. */
  watch(listed: MessageRef, message: Message, octets?: number): Message {
    if (listed.size === undefined || listed.size === octets) return message;
    return { ...message, body: this.#measured(listed, message.body) };
  }

  async *#measured(listed: MessageRef, body: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
    const hash = createHash("sha256");
    let size = 0;
    for await (const chunk of body) {
      size += chunk.length;
      if (size <= largestAgain) hash.update(chunk);
      yield chunk;
    }
    if (size === listed.size) return;
    this.#wrongCount += 1;
    if (this.#wrong.length < mostNamed) this.#wrong.push(listed.key);
    if (size === 0 || size > largestAgain || this.#again >= mostAgain) return;
    this.#again += 1;
    this.#doubtful.set(listed.key, { ref: { ...listed, size }, sha256: hash.digest("hex") });
  }

  /** Those to be fetched once more, with the sizes that they came with; each is named once. */
  takeDoubtful(): Map<string, Doubtful> {
    const doubtful = new Map(this.#doubtful);
    this.#doubtful.clear();
    return doubtful;
  }

  /** Reads one of them to its end. Rejects with what its body does. */
  async compare({ key, body }: Message, { sha256 }: Doubtful): Promise<void> {
    if ((await digestOf(body)).sha256 === sha256) this.#same += 1;
    else this.#changed.push(key);
  }

  /** What is worth knowing of all that came. */
  *notices(): Iterable<SourceNotice> {
    const mailbox = this.#path;
    if (this.#wrongCount > 0) {
      const again = this.#same === 0 ? "" : `, and was the same when ${this.#same} of them were fetched again`;
      const which = named(this.#wrong, this.#wrongCount);
      yield {
        code: "S606",
        mailbox,
        reason: `the server tells other sizes than it sends (${which}): what it sent is kept${again}`,
      };
    }
    if (this.#changed.length > 0) {
      const which = named(this.#changed.slice(0, mostNamed), this.#changed.length);
      yield {
        code: "S606",
        mailbox,
        reason: `the server gives other octets each time it is asked (${which}): what came first is kept`,
      };
    }
  }
}

function named(keys: readonly string[], count: number): string {
  const more = count > keys.length ? ` and ${count - keys.length} more` : "";
  return `UID ${keys.join(", ")}${more}`;
}
