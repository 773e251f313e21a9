// Schedulers that know no time zone but that of the machine.

/** Why such a scheduler can't run a job of this time zone, as the end of a sentence; undefined if it can. */
export function foreignZone(timeZone: string | undefined): string | undefined {
  if (timeZone === undefined) return undefined;
  const here = new Intl.DateTimeFormat("en").resolvedOptions().timeZone;
  const there = new Intl.DateTimeFormat("en", { timeZone }).resolvedOptions().timeZone;
  return here === there ? undefined : `knows this machine's time zone (${here}) only, and the job's is ${timeZone}`;
}
