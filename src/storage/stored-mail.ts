// Reading a stored message back from the place its ledger names.

import type { Place } from "../message.ts";

export interface StoredMail extends AsyncDisposable {
  /** The octets that came from the source. Throws a MailferryError V901 of scope "message" if they can't be there. */
  read(place: Place): AsyncIterable<Uint8Array>;
}
