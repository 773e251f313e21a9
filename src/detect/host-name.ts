// Names of hosts. What an answer or a person names is used for a connection only if it is one.

const label = /^(?!-)[a-z0-9_-]{1,63}(?<!-)$/;

/** True for a name in lower-case A-labels without a dot at its end (RFC 1123 section 2.1; underscores happen). */
export function isHostName(name: string): boolean {
  return name.length <= 253 && name.split(".").every((part) => label.test(part)) && !/^[\d.]+$/.test(name);
}

/** True if the name is the domain or one below it. */
export function isWithin(name: string, domain: string): boolean {
  return name === domain || name.endsWith(`.${domain}`);
}
