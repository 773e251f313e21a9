// What an archive is, whose it is, and how much of it is intact, in a few words.

import type { Language } from "../language/language.ts";
import { lsTexts } from "./texts/ls.ts";
import { verifyTexts } from "./texts/verify.ts";

/** `mbox`, or `mbox in a zip` */
export function formatName(
  { format, pack }: { readonly format: string; readonly pack?: string | undefined },
  language: Language,
): string {
  return pack === undefined ? format : lsTexts.in(language)("packed", { format, pack });
}

/** Whose mail it is, as the engine tells it: `ada on imap.example.org`, or where mail on this machine lay. */
export function ownerName(owner: string, language: Language): string {
  const [, user, host] = /^([^/].*) on (\S+)$/s.exec(owner) ?? [];
  return user === undefined || host === undefined ? owner : lsTexts.in(language)("owner", { user, host });
}

interface Counts {
  readonly intact: number;
  readonly messages: number;
}

/** `4 of 5 messages re-read intact`; in French the first number decides the form, in English the second. */
export function intactText({ intact, messages }: Counts, language: Language): string {
  const say = verifyTexts.in(language);
  const [first, all] = [say("count.intact", { count: intact }), say("count.messages", { count: messages })];
  return say("intact", { intact: first, messages: all });
}

/** `4 of 5 messages at the target as stored` */
export function storedText({ intact, messages }: Counts, language: Language): string {
  const say = verifyTexts.in(language);
  const [first, all] = [say("count.stored", { count: intact }), say("count.messages", { count: messages })];
  return say("intact.target", { intact: first, messages: all });
}
