/** Until it is ended, no mbox file can be larger than so many octets: writes stop there, and the next ones fail with EFBIG. */
export function limitFiles(octets: number): { end(): void };
