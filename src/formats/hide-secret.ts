// A server may quote the line that it did not like, and some send a password back: its words pass through here before they
// are cut to length and made printable, since half a secret, or one with escapes in it, is found by nobody any more.

/** In place of a secret. */
const hidden = "***";

/** Every form in which a secret travels, and in which a server may give it back; `more` is what was made of it otherwise. */
export function formsOfSecret(user: string, secret: string, ...more: readonly string[]): readonly string[] {
  const base64 = [Buffer.from(`\0${user}\0${secret}`), Buffer.from(secret)].map((octets) => octets.toString("base64"));
  const forms = [
    secret,
    secret.trim(),
    // As a quoted string of IMAP.
    secret.replace(/["\\]/g, "\\$&"),
    // UTF-8 taken for one character an octet.
    Buffer.from(secret).toString("latin1"),
    ...base64,
    ...base64.map((text) => text.replace(/=+$/, "")),
    ...more,
  ];
  // The longest first: one may be the beginning of another.
  return [...new Set(forms)].filter((form) => form !== "").sort((a, b) => b.length - a.length);
}

/** The text without any of the forms, however a server has changed their case. */
export function hideSecret(text: string, forms: readonly string[]): string {
  return forms.reduce((rest, form) => rest.replaceAll(anyCase(form), hidden), text);
}

function anyCase(text: string): RegExp {
  return new RegExp(text.replaceAll(/[\\^$.*+?()[\]{}|/-]/g, "\\$&"), "gi");
}

const deepest = 6;

/** Hides it in all texts of an error or a plain object and what hangs on it, in place. */
export function hideSecretIn(value: unknown, forms: readonly string[], depth = 0): void {
  if (typeof value !== "object" || value === null || depth > deepest || !isPlain(value)) return;
  for (const key of Reflect.ownKeys(value)) {
    const descriptor = Reflect.getOwnPropertyDescriptor(value, key);
    if (descriptor === undefined || !("value" in descriptor)) continue;
    if (typeof descriptor.value === "string") Reflect.set(value, key, hideSecret(descriptor.value, forms));
    else hideSecretIn(descriptor.value, forms, depth + 1);
  }
  // It repeats the message, and is not a value in every version of Node.
  if (value instanceof Error && value.stack !== undefined) value.stack = hideSecret(value.stack, forms);
}

/** Sockets and their like are machines, not messages. */
function isPlain(value: object): boolean {
  const prototype: unknown = Object.getPrototypeOf(value);
  return value instanceof Error || Array.isArray(value) || prototype === Object.prototype || prototype === null;
}
