// Where it is kept what concerns an account, whichever jobs use it: STATE/accounts/DIGEST/

import { createHash } from "node:crypto";
import { join } from "node:path";

/** `identity` tells the account from every other; nothing secret is in it. */
export function accountFolder(stateDirectory: string, identity: string): string {
  const digest = createHash("sha256").update(identity).digest("hex").slice(0, 32);
  return join(stateDirectory, "accounts", digest);
}
