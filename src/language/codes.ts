// The catalogue of the product codes: what each means, why it happens, what to do, and what became of the data.

import type { ErrorCode } from "../errors.ts";
import { destinations } from "./codes/destinations.ts";
import type { Explanation, Explanations } from "./codes/explanation.ts";
import { logIns } from "./codes/log-ins.ts";
import { mailboxes } from "./codes/mailboxes.ts";
import { messages } from "./codes/messages.ts";
import { damage, jobFiles, locks } from "./codes/others.ts";
import { network } from "./codes/servers.ts";
import type { Language } from "./language.ts";
import { typeset } from "./texts.ts";

export type { Explanation } from "./codes/explanation.ts";

const catalogue: Explanations<""> = {
  ...logIns,
  ...network,
  ...messages,
  ...destinations,
  ...mailboxes,
  ...jobFiles,
  ...locks,
  ...damage,
};

export function explanationOf(code: ErrorCode, language: Language): Explanation {
  const { means, causes, steps, data } = catalogue[code][language];
  const set = (text: string) => typeset(language, text);
  const setAll = ([first, ...others]: readonly [string, ...string[]]) => [set(first), ...others.map(set)] as const;
  return { means: set(means), causes: setAll(causes), steps: setAll(steps), data: set(data) };
}
