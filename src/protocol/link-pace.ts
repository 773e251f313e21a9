// Whether the way to a server is so slow that compressing what goes over it saves time. Servers deflate some 20 to 50 MB of
// mail in a second, and the client waits for that too: on a faster way it loses time.

const stretch = 1024 * 1024;
/** 33 Mbit/s. */
const slowMs = 250;
/** TCP starts slowly however fast the way is, and a server may pause. */
const enough = 4;
const mostLookedAt = 8;

export class LinkPace {
  #octets = 0;
  #ms = 0;
  #slowStretches = 0;
  #stretches = 0;

  /** So many octets passed, and for so long they were waited for. */
  passed(octets: number, ms: number): void {
    this.#octets += octets;
    this.#ms += ms;
    if (this.#octets < stretch) return;
    const isSlow = this.#ms * stretch > slowMs * this.#octets;
    this.#stretches += 1;
    this.#slowStretches = isSlow ? this.#slowStretches + 1 : 0;
    this.#octets = 0;
    this.#ms = 0;
  }

  /** True when looking on would hardly tell more: until then what is asked for should come in pieces. */
  get isKnown(): boolean {
    return this.isSlow || this.#stretches >= mostLookedAt;
  }

  get isSlow(): boolean {
    return this.#slowStretches >= enough;
  }
}
