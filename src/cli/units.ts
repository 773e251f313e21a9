// Numbers for people. Sizes are decimal, as mail providers and disk makers count.

const counts = new Intl.NumberFormat("en", { maximumFractionDigits: 0 });
const oneDigit = new Intl.NumberFormat("en", { minimumFractionDigits: 1, maximumFractionDigits: 1 });

/** `12,044` */
export function formatCount(count: number): string {
  return counts.format(count);
}

/** `1 message`, `12,044 messages`. */
export function plural(count: number, one: string, many = `${one}s`): string {
  return `${formatCount(count)} ${count === 1 ? one : many}`;
}

/** `640 octets`, `31.4 MB`. */
export function formatOctets(octets: number): string {
  if (octets < 1000) return plural(octets, "octet");
  let value = octets;
  for (const unit of ["kB", "MB", "GB"]) {
    value /= 1000;
    if (value < 999.95) return `${oneDigit.format(value)} ${unit}`;
  }
  return `${oneDigit.format(value / 1000)} TB`;
}

/** `1.2 MB/s` */
export function formatRate(octetsPerSecond: number): string {
  return `${formatOctets(Math.round(octetsPerSecond))}/s`;
}

/** `under 0.1 s`, `0.4 s`, `4 s`, `42 s`, `11 min`, `2 h 05 min`. */
export function formatDuration(seconds: number): string {
  if (seconds < 0.05) return "under 0.1 s";
  if (seconds < 9.95 && !Number.isInteger(seconds)) return `${oneDigit.format(seconds)} s`;
  if (seconds < 59.5) return `${Math.round(seconds)} s`;
  const minutes = Math.round(seconds / 60);
  if (minutes < 60) return `${minutes} min`;
  return `${formatCount(Math.floor(minutes / 60))} h ${String(minutes % 60).padStart(2, "0")} min`;
}

/** `22 Nov` and `02:30`, in the machine's time zone unless another is named. */
export function formatDayAndTime(date: Date, timeZone?: string): { day: string; time: string } {
  return {
    day: new Intl.DateTimeFormat("en-GB", { day: "numeric", month: "short", timeZone }).format(date),
    time: new Intl.DateTimeFormat("en-GB", { hour: "2-digit", minute: "2-digit", hourCycle: "h23", timeZone }).format(
      date,
    ),
  };
}

/** `2026-11-22 02:30`; nothing where there is no date or none that can be told. */
export function formatDate(date: Date | undefined, timeZone?: string): string {
  if (date === undefined || Number.isNaN(date.getTime())) return "";
  return new Intl.DateTimeFormat("sv-SE", { dateStyle: "short", timeStyle: "short", timeZone }).format(date);
}
