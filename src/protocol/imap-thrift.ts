// What imapflow would send that nothing here needs: each command waits for its answer, and where the server is far away a
// night in which nothing has happened is made of these. All of this is off imapflow's types. Where it is not to be found,
// the commands are sent as ever.

import { type ImapFlow, normalizePath } from "./imapflow.ts";

type Command = (connection: object, ...args: readonly unknown[]) => Promise<unknown>;
type Exec = (name: string, attributes: unknown, options: unknown) => Promise<unknown>;

/** To be called before the client connects. */
export function saveRoundTrips(client: ImapFlow): void {
  // Which mailboxes are subscribed to is not asked.
  Reflect.set(client, "skipLsub", true);
  const commands: unknown = Reflect.get(client, "commands");
  if (!(commands instanceof Map)) return;
  const own = new Map<unknown, unknown>(commands);
  const [id, authenticate, select] = [own.get("ID"), own.get("AUTHENTICATE"), own.get("SELECT")];
  if (isCommand(id)) own.set("ID", once(id));
  if (isCommand(authenticate)) own.set("AUTHENTICATE", withInitialResponse(client, authenticate));
  if (isCommand(select)) own.set("SELECT", withoutListing(client, select));
  Reflect.set(client, "commands", own);
}

function isCommand(value: unknown): value is Command {
  return typeof value === "function";
}

/** imapflow asks again after the log-in where a server names little. Some (NetEase) need to be asked; once will do. */
function once(id: Command): Command {
  let told: unknown;
  return async (connection, ...args) => {
    const isTold = typeof told === "object" && told !== null && Object.keys(told).length > 0;
    if (!isTold) told = await id(connection, ...args);
    return told;
  };
}

/** imapflow lists a mailbox before it opens it, for what nothing here looks at: where it stands in the hierarchy. */
function withoutListing(client: ImapFlow, select: Command): Command {
  return (connection, name, options) => {
    const folders: unknown = Reflect.get(client, "folders");
    if (folders instanceof Map && typeof name === "string") {
      const path = normalizePath(client, name);
      if (!folders.has(path)) folders.set(path, { path });
    }
    return select(connection, name, options);
  };
}

/** RFC 4959: the credentials go with the command, instead of after the server has asked for them. */
function withInitialResponse(client: ImapFlow, authenticate: Command): Command {
  return (connection, user, options) => {
    const exec: unknown = Reflect.get(client, "exec");
    const { password } = (typeof options === "object" && options !== null ? options : {}) as { password?: unknown };
    if (typeof exec !== "function" || typeof password !== "string" || !client.capabilities.has("SASL-IR")) {
      return authenticate(connection, user, options);
    }
    const response = Buffer.from(`\0${String(user)}\0${password}`).toString("base64");
    const send = exec.bind(client) as Exec;
    const sendAtOnce: Exec = (name, attributes, rest) => {
      const isPlain = Array.isArray(attributes) && attributes.length === 1 && attributes[0]?.value === "PLAIN";
      const all = isPlain ? [...attributes, { type: "ATOM", value: response, sensitive: true }] : attributes;
      return send(name, all, rest);
    };
    return authenticate(Object.create(connection, { exec: { value: sendAtOnce } }), user, options);
  };
}
