// mailferry as a library. What is exported here is the public API; the rest may change.

export { type Account, describeAccount, type TlsMode } from "./account.ts";
export { type ErrorCode, errorCodes, exitCodes, MailferryError } from "./errors.ts";
export type { Ability } from "./jobs/abilities.ts";
export {
  type AccountStep,
  type AccountTestOptions,
  type Finding,
  type Level,
  type StepName,
  testAccount,
} from "./jobs/account-test.ts";
export { type ComparedMailbox, type ComparedMessage, type CompareReport, isComplete } from "./jobs/compare.ts";
export { compareArchive, compareMove } from "./jobs/compare-stored.ts";
export { describeJobFile } from "./jobs/describe.ts";
export type {
  JobEvent,
  JobFailure,
  JobReport,
  MailboxReport,
  MappedMailbox,
  PackReport,
  Reporter,
  RunReport,
  Verdict,
} from "./jobs/events.ts";
export type { ArchiveFormat, Destination, Job, JobFile, MailboxSelection, MessageFilter, Origin } from "./jobs/job.ts";
export { Limits, type LimitsOptions } from "./jobs/limits.ts";
export { type ArchiveListing, listArchive, listMailbox } from "./jobs/listing.ts";
export { type LoadOptions, loadJobFile, parseJobFile } from "./jobs/load.ts";
export { formatMistake, JobFileError, type Mistake } from "./jobs/mistakes.ts";
export { type RepairReport, repairArchive } from "./jobs/repair.ts";
export { type RunOptions, runJobs } from "./jobs/run.ts";
export { jobFileJsonSchema } from "./jobs/schema.ts";
export { type VerifyReport, verifyArchive } from "./jobs/verify.ts";
export { openBookOf, type TargetReport, verifyTarget } from "./jobs/verify-target.ts";
export type {
  Checkpoint,
  Commit,
  Failure,
  FlagChange,
  KnownMailbox,
  Mailbox,
  Message,
  MessageRef,
  Place,
  Stored,
} from "./message.ts";
export type { MailboxWriter, Since, Sink } from "./sinks/sink.ts";
export type { MailboxReader, Source } from "./sources/source.ts";
