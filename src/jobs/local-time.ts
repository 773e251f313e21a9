// What a clock on the wall shows, in a time zone; undefined: this machine's.

export interface LocalTime {
  /** Such as `2026-11-22`. */
  day(at: Date): string;
  /** Minutes after midnight. */
  minutes(at: Date): number;
}

export function localTime(timeZone: string | undefined): LocalTime {
  const days = new Intl.DateTimeFormat("sv-SE", { dateStyle: "short", timeZone });
  const times = new Intl.DateTimeFormat("en-GB", { hour: "numeric", minute: "numeric", hourCycle: "h23", timeZone });
  // Asked for with every piece of a message; all zones change their time at whole minutes.
  const minutes = remembered((at) => {
    const [hour = 0, minute = 0] = times.format(at).split(":").map(Number);
    return hour * 60 + minute;
  });
  return { day: remembered((at) => days.format(at)), minutes };
}

function remembered<T>(tell: (at: Date) => T): (at: Date) => T {
  let known: { readonly minute: number; readonly told: T } | undefined;
  return (at) => {
    const minute = Math.floor(at.getTime() / 60_000);
    if (known?.minute !== minute) known = { minute, told: tell(at) };
    return known.told;
  };
}
