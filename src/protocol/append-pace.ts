// How much may be on its way to a server that has not answered yet: as much as it takes in about a second. Less would leave
// a fast server idle; more would leave a slow one busy with messages long after the connection to it has gone.

const least = 256 * 1024;
const most = 4 * 1024 * 1024;
const soonMs = 1_000;
const lateMs = 2_500;

export class AppendPace {
  #octets = 2 * least;

  get octets(): number {
    return this.#octets;
  }

  /** An answer came so long after its command had begun. */
  answered(afterMs: number): void {
    if (afterMs < soonMs) this.#octets = Math.min(most, this.#octets * 2);
    else if (afterMs > lateMs) this.#octets = Math.max(least, this.#octets / 2);
  }
}
