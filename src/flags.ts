// Flags of RFC 9051 section 2.3.2. System flags are compared without regard to case; keywords keep theirs.

const systemFlags = ["\\Answered", "\\Flagged", "\\Deleted", "\\Seen", "\\Draft"] as const;
const byLowerCase = new Map<string, string>(systemFlags.map((flag) => [flag.toLowerCase(), flag]));

/**
 * Flags as they are kept: system flags in their usual spelling, `\Recent` left out (it belongs to a session, not to a
 * message), no flag twice, in a stable order.
 */
export function normalizeFlags(flags: Iterable<string>): string[] {
  const kept = new Set<string>();
  for (const flag of flags) {
    const lower = flag.toLowerCase();
    if (lower === "\\recent") continue;
    kept.add(byLowerCase.get(lower) ?? flag);
  }
  return [...kept].sort();
}
