// What a fault test may make the POP3 server do. The demo leaves all of it out.

import type { StoredMessage } from "./mail-store.ts";
import type { WireScript } from "./wire.ts";

export interface Pop3Script extends WireScript {
  /** Sent as it is in place of the greeting. */
  greeting?: string | undefined;
  /** Takes a command before the server does. `reply` is sent as it is: give it its CRLF. */
  onCommand?: ((command: string) => { readonly reply: string } | "drop" | "stall" | undefined) | undefined;
  /** The UIDL to give for a message, by number. */
  uidl?: ((number: number, message: StoredMessage) => string) | undefined;
  /** The octets to claim for a message in LIST and STAT. */
  listedOctets?: ((number: number, octets: number) => number) | undefined;
  /** The octets to give for a message, in place of its own. */
  octets?: ((number: number, message: StoredMessage) => Buffer) | undefined;
}
