// Sets of flags, each kept once: a million messages have a handful of them.

/** 0 stands for flags that were not told. */
export class FlagSets {
  readonly #numbers = new Map<string, number>();
  readonly #sets: (readonly string[] | undefined)[] = [undefined];
  #last = 0;

  numberOf(flags: readonly string[] | undefined): number {
    if (flags === undefined) return 0;
    if (areSame(this.#sets[this.#last], flags)) return this.#last;
    const name = JSON.stringify(flags);
    let number = this.#numbers.get(name);
    if (number === undefined) {
      number = this.#sets.length;
      this.#sets.push([...flags]);
      this.#numbers.set(name, number);
    }
    this.#last = number;
    return number;
  }

  at(number: number): readonly string[] | undefined {
    return this.#sets[number];
  }
}

function areSame(flags: readonly string[] | undefined, others: readonly string[]): boolean {
  return flags?.length === others.length && flags.every((flag, at) => flag === others[at]);
}
