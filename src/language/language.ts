// The languages that mailferry speaks, and which of them somebody wants.

export const languages = ["en", "fr"] as const;

export type Language = (typeof languages)[number];

/**
 * The language of the screen. A job file does not decide on it, only on reports and notifications: who sits there is not
 * always who is told, and what is wrong with a command or a job file is said before one is read.
 *
 * The first of POSIX's variables that is set decides (XBD 8.2); whatever is not French is English.
 */
export function languageOf(env: Readonly<Record<string, string | undefined>>): Language {
  const locale = env.LC_ALL || env.LC_MESSAGES || env.LANG || "";
  return /^fr(?:[_.@-]|$)/i.test(locale) ? "fr" : "en";
}
