// All tables of sentences.

import type { Sentences } from "./form.ts";
import { protocol } from "./protocol.ts";

/** Sentences that stand on their own. */
export const whole: readonly Sentences[] = [protocol];

/** Parts of sentences, by the names that gaps call them. */
export const parts: Readonly<Record<string, Sentences>> = {};
