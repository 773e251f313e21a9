// The files of a Maildir that we have given their names, by id: about a hundred octets for each, however many there are.

import { Column } from "../formats/column.ts";
import { parseUniqueName } from "../formats/maildir.ts";
import { PackedNames } from "../formats/packed-names.ts";
import { hashText, RowIndex } from "../formats/row-index.ts";

export interface OurFile {
  readonly unique: string;
  /** In the Maildir, such as `cur/NAME`, as it was found; undefined if this run made it. */
  readonly path: string | undefined;
}

export class OurFiles {
  /** Unique names, or paths where there is a slash. */
  readonly #names = new PackedNames();
  readonly #hashes = new Column();
  readonly #rows = new RowIndex((row) => this.#hashes.get(row));

  get(id: string): OurFile | undefined {
    const row = this.#rows.find(hashText(id).low, (each) => this.#idAt(each) === id);
    return row < 0 ? undefined : this.#at(row);
  }

  /** In place of what there is of this id. */
  set(id: string, { unique, path }: OurFile): void {
    const { low } = hashText(id);
    const row = this.#names.length;
    this.#names.push(path ?? unique);
    this.#hashes.push(low);
    this.#rows.put(low, row, (each) => this.#idAt(each) === id);
  }

  #at(row: number): OurFile {
    const text = this.#names.at(row);
    const slash = text.lastIndexOf("/");
    return { unique: parseUniqueName(text.slice(slash + 1)).unique, path: slash < 0 ? undefined : text };
  }

  #idAt(row: number): string | undefined {
    return parseUniqueName(this.#at(row).unique).id;
  }
}
