// imapflow, from its CommonJS build: loaded as an ES module, with packages below it that are none, it takes twice as long,
// a tenth of a second on a slow machine. One build for all of it, so that there is one of each class.

import { createRequire } from "node:module";

const require = createRequire(import.meta.url);

export type ImapFlow = import("imapflow").ImapFlow;
export const { ImapFlow } = require("imapflow") as typeof import("imapflow");
export const { decodePath, encodePath, formatDateTime, normalizePath } =
  require("imapflow/lib/tools.js") as typeof import("imapflow/lib/tools.js");
