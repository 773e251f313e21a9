// Packs as the job file writes them: dated, closed copies of a living archive, and which of them are kept.

import { z } from "zod";
import { mapping, path } from "./values.ts";

export const packFormat = z.enum(["zip", "tar.gz"]);
export const packPeriod = z.enum(["run", "day", "week", "month", "year"]);

export const pack = mapping({
  as: packFormat.describe("zip, or tar.gz, which is smaller."),
  every: packPeriod
    .default("month")
    .describe("How often: with the first run of each day, week, month or year, or with every run."),
  to: path.describe("Folder for the packs, relative to this file, outside the archive."),
});

const many = (what: string) => z.int().min(1).max(100_000).optional().describe(what);

export const retention = mapping({
  keepLast: many("The newest so many packs."),
  keepDaily: many("The newest pack of each of the last so many days that have one."),
  keepWeekly: many("The same for weeks (Monday to Sunday)."),
  keepMonthly: many("The same for months."),
  keepYearly: many("The same for years."),
}).refine((rules) => Object.values(rules).some((rule) => rule !== undefined), {
  error: "says nothing of what is kept; use keepLast, keepDaily, keepWeekly, keepMonthly or keepYearly",
});
