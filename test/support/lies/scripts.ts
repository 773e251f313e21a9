// Lies told one after the other by the same server.

import type {
  CommandFault,
  FetchedMessage,
  FetchFault,
  ImapScript,
  ScriptedCommand,
} from "../../../src/demo/imap-server.ts";
import { isInbox } from "./lie.ts";

/** The first of them that has something to say to a command, or of a message, says it. */
export function together(scripts: readonly ImapScript[]): ImapScript {
  return {
    async onCommand(command) {
      const faults: (CommandFault | undefined)[] = [];
      for (const { onCommand } of scripts) faults.push(await onCommand?.(command));
      return faults.find((fault) => fault !== undefined);
    },
    async onFetch(message) {
      for (const { onFetch } of scripts) {
        const fault = await onFetch?.(message);
        if (fault !== undefined) return fault;
      }
      return undefined;
    },
    async afterFetchRow(message) {
      for (const { afterFetchRow } of scripts) await afterFetchRow?.(message);
    },
    arrangeRows: (uids, line) =>
      scripts.reduce<readonly number[]>((rows, { arrangeRows }) => arrangeRows?.(rows, line) ?? rows, uids),
    onSelect: (mailbox) => Object.assign({}, ...scripts.map(({ onSelect }) => onSelect?.(mailbox))),
    onSearch: (numbers) =>
      scripts.reduce<readonly number[]>((found, { onSearch }) => onSearch?.(found) ?? found, numbers),
  };
}

type Choice = (message: FetchedMessage, line: string) => FetchFault | undefined;

/** Of messages of INBOX, with the command that asks for them. */
export function ofInbox(choice: Choice, more: ImapScript = {}): ImapScript {
  const lines = new Map<number, string>();
  return {
    ...more,
    async onCommand(command: ScriptedCommand) {
      lines.set(command.connection, command.line);
      return more.onCommand?.(command);
    },
    onFetch: (message) => (isInbox(message.mailbox) ? choice(message, lines.get(message.connection) ?? "") : undefined),
  };
}

/** Only when their octets are asked for. */
export const ofBodies = (choice: Choice, more?: ImapScript) =>
  ofInbox((message, line) => (message.body ? choice(message, line) : undefined), more);

/** Only when they are listed. */
export const ofListing = (choice: Choice, more?: ImapScript) =>
  ofInbox((message, line) => (message.body ? undefined : choice(message, line)), more);

/** While a mailbox that is not INBOX is open nothing is said. */
export function toInbox(
  onCommand: (command: ScriptedCommand) => ReturnType<NonNullable<ImapScript["onCommand"]>>,
): ImapScript {
  const open = new Map<number, boolean>();
  return {
    onCommand(command) {
      const { name, line, connection } = command;
      if (name === "EXAMINE" || name === "SELECT") open.set(connection, / "?INBOX"?$/i.test(line));
      return open.get(connection) === true ? onCommand(command) : undefined;
    },
  };
}

/** Says it at the first time in a night only. */
export function once<T>(say: () => T): () => T | undefined {
  let said = false;
  return () => {
    if (said) return undefined;
    said = true;
    return say();
  };
}
