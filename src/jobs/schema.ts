// The job file as it is written (version 1): every key, its default, and what it may hold. Accounts and jobs have files
// of their own. Contradictions between keys are in contradictions.ts, what a valid file becomes is in load.ts.

import { z } from "zod";
import { languages } from "../language/language.ts";
import { account } from "./account-schema.ts";
import { job } from "./job-schema.ts";
import { notify } from "./notify-schema.ts";
import { timeZone } from "./schedule-schema.ts";
import { accountName, connections, duration, mapping, path } from "./values.ts";

const defaults = mapping({
  concurrency: z.int().min(1).max(64).default(4).describe("Most mailboxes at work at once, over all jobs."),
  connections: connections.default(4).describe("Most connections to one account at once."),
  retry: mapping({
    attempts: z.int().min(1).max(100).default(5).describe("How often a connection is tried before the job gives up."),
    maxWait: duration.prefault("10m").describe("Longest wait between two attempts."),
  }).prefault({}),
  timeout: duration.prefault("60s").describe("Longest silence of a server."),
  timezone: timeZone
    .optional()
    .describe("Of schedules, and of the days that packs are named after; this machine's by default."),
  language: z.enum(languages).default("en").describe("Of reports and notifications."),
});

const report = mapping({
  html: path.optional().describe("Folder for an HTML file of each run, relative to this file."),
  metrics: path.optional().describe("File of metrics for Prometheus's textfile collector, relative to this file."),
});

/** The job file as it is written; what comes out has every default filled in, durations in milliseconds, sizes in octets. */
export const jobFileSchema = mapping({
  version: z.literal(1).describe("Version of this format."),
  defaults: defaults.prefault({}).describe("What holds for every account and job."),
  accounts: z.record(accountName, account).describe("Who: accounts by a name of your choice."),
  jobs: z.array(job).min(1, "must have at least one job").describe("Which mail is copied, and where to."),
  notify: notify.optional().describe("Who is told when something is wrong."),
  report: report.prefault({}).describe("What is written of each run, beside its record."),
});

export type ValidJobFile = z.output<typeof jobFileSchema>;

/** JSON Schema (draft 2020-12) of the job file, for editors. */
export function jobFileJsonSchema(): Record<string, unknown> {
  const schema = z.toJSONSchema(jobFileSchema, {
    target: "draft-2020-12",
    io: "input",
    unrepresentable: "any",
    override: ({ zodSchema, jsonSchema }) => {
      if (zodSchema._zod.def.type === "object") jsonSchema.additionalProperties = false;
    },
  });
  return { ...schema, title: "mailferry job file" };
}
