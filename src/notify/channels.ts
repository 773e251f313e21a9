// The ways in which the job file wants to be heard. All are tried at the same time, and none can stop another.

import { MailferryError } from "../errors.ts";
import { printable } from "../formats/printable.ts";
import type { NotifyPlan } from "../jobs/job.ts";
import { type DeliveryLimits, NotDelivered } from "./delivery.ts";
import { originOf } from "./http.ts";
import type { Letter } from "./letter.ts";

export interface Channel {
  /** `email`, `ntfy`, `webhook 1`; what was told over it is remembered under this name. */
  readonly name: string;
  /** The server, and nothing of its address that may be secret. */
  readonly place: string;
  /** Resolves when it was taken, with a remark if that is not the whole truth. */
  send(letter: Letter): Promise<string | undefined>;
}

/** What became of one message over one channel. Texts are printable and hold no secret. */
export interface Outcome {
  readonly channel: string;
  readonly place: string;
  readonly isDelivered: boolean;
  /** Why it was not delivered, or what else there is to say. */
  readonly remark?: string | undefined;
}

export function openChannels({ email, ntfy, webhook }: NotifyPlan, limits: DeliveryLimits): Channel[] {
  const channels: Channel[] = [];
  if (email !== undefined) {
    channels.push({
      name: "email",
      place: printable(email.smtp.host),
      send: async (letter) => (await import("./email.ts")).sendEmail(email, letter, limits),
    });
  }
  if (ntfy !== undefined) {
    channels.push({
      name: "ntfy",
      place: originOf(ntfy.url),
      send: async (letter) => void (await (await import("./ntfy.ts")).publish(ntfy, letter, limits)),
    });
  }
  for (const [index, { url }] of webhook.entries()) {
    channels.push({
      name: webhook.length === 1 ? "webhook" : `webhook ${index + 1}`,
      place: originOf(url),
      send: async (letter) => void (await (await import("./webhook.ts")).callWebhook(url, letter, limits)),
    });
  }
  return channels;
}

/** Never rejects for what a network or a server does. */
export async function attempt(
  channel: string,
  place: string,
  deliver: () => Promise<string | undefined>,
): Promise<Outcome> {
  try {
    return { channel, place, isDelivered: true, remark: await deliver() };
  } catch (error) {
    if (error instanceof NotDelivered || error instanceof MailferryError) {
      return { channel, place, isDelivered: false, remark: error.message };
    }
    // A bug, or what a library throws: its text may hold anything.
    return {
      channel,
      place,
      isDelivered: false,
      remark: `unexpected: ${error instanceof Error ? error.name : "error"}`,
    };
  }
}
