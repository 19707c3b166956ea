import { createHash } from 'node:crypto';
import { open, type FileHandle } from 'node:fs/promises';
import path from 'node:path';
import { redact } from '../../config/redaction.ts';
import type { AuditEntry } from '../../domain/access.ts';
import { Failure } from '../../domain/failures.ts';
import { unwritable, withFileLock } from '../../systems/private-file.ts';

/** What an entry says, before it has its place in the log. */
export type Audited = Omit<AuditEntry, 'number' | 'at' | 'hash'>;

export interface AuditLog {
  file: string;
  /** Resolves when the entry is on the disk: call it before the action's answer. Failure: InvalidArgument. */
  append(entry: Audited): Promise<AuditEntry>;
  /** The newest ones, newest first. */
  newest(limit: number): Promise<AuditEntry[]>;
  verify(): Promise<AuditVerdict>;
}

export interface AuditVerdict {
  entries: number;
  /** Of the newest entry: who noted it somewhere else can tell whether lines were removed at the end. */
  lastHash?: string;
  /** What was changed or removed, oldest first; empty: the chain is whole. */
  faults: string[];
}

/** Of what the hash of the first entry is made, instead of the one before it. */
const beginning = '0'.repeat(64);
/** Bytes read from the end to find the last entry. An entry is much shorter: see `longestText`. */
const tailBytes = 64 * 1024;
/** Characters: what people type must not make an entry longer than the tail. */
const longestText = 4000;

/**
 * The audit log in the state folder: one JSON line for each action, each with a hash over itself and the line before it.
 * The gateway and the command line may write at the same time. `now` gives milliseconds.
 */
export function openAuditLog(stateFolder: string, now: () => number = Date.now): AuditLog {
  const file = path.join(stateFolder, 'audit.jsonl');
  return {
    file,
    append: (entry) =>
      withFileLock(`${file}.lock`, async () => {
        const handle = await open(file, 'a+', 0o600).catch((error: unknown) => {
          throw unwritable(file, error);
        });
        try {
          const { last, torn } = await endOf(handle, file);
          const line = next(last, entry, now());
          await handle.write(`${torn ? '\n' : ''}${JSON.stringify(line)}\n`).catch((error: unknown) => {
            throw unwritable(file, error);
          });
          await handle.sync();
          return line;
        } finally {
          await handle.close();
        }
      }),
    async newest(limit) {
      const kept: AuditEntry[] = [];
      for await (const line of linesOf(file)) {
        const entry = parse(line);
        if (entry) kept.push(entry);
        if (kept.length > limit) kept.shift();
      }
      return kept.toReversed();
    },
    verify: () => verify(file),
  };
}

function next(last: AuditEntry | undefined, { caller, action, subject, outcome, text }: Audited, now: number) {
  const entry = {
    number: (last?.number ?? 0) + 1,
    at: new Date(now).toISOString(),
    caller,
    action,
    subject: words(subject),
    outcome,
    ...(text !== undefined && { text: words(text) }),
  };
  return { ...entry, hash: hashOf(last?.hash ?? beginning, entry) };
}

const words = (text: string) => redact(text).slice(0, longestText);

/** Over the line as it is written: the order of its fields counts as well. */
function hashOf(previous: string, entry: Omit<AuditEntry, 'hash'>): string {
  return createHash('sha256').update(previous).update(JSON.stringify(entry)).digest('hex');
}

/** The last whole entry; `torn`: a crash cut off what follows it. Failure: InvalidArgument when nothing is readable. */
async function endOf(handle: FileHandle, file: string): Promise<{ last: AuditEntry | undefined; torn: boolean }> {
  const { size } = await handle.stat();
  const length = Math.min(size, tailBytes);
  const { buffer } = await handle.read(Buffer.alloc(length), 0, length, size - length);
  const tail = buffer.toString();
  const lines = tail.split('\n');
  const last = lines.map(parse).findLast((entry) => entry !== undefined);
  if (last === undefined && lines.length > 2)
    throw new Failure('InvalidArgument', {
      message: `The audit log ${file} ends in lines that Rekindle did not write, so nothing can be added to it`,
      remedy: 'Find out who changed it, move the file away, and repeat the action: a new log begins',
    });
  return { last, torn: tail !== '' && !tail.endsWith('\n') };
}

async function verify(file: string): Promise<AuditVerdict> {
  const faults: string[] = [];
  let previous: AuditEntry | undefined;
  let entries = 0;
  let number = 0;
  for await (const line of linesOf(file)) {
    number++;
    const entry = parse(line);
    if (entry === undefined) {
      // Whatever stood here: when an entry of the chain is missing, the next one says so.
      if (!line.startsWith('{"number":')) faults.push(`line ${number} is no entry`);
      continue;
    }
    entries++;
    const { hash, ...rest } = entry;
    const missing = entry.number - (previous?.number ?? 0) - 1;
    if (missing !== 0)
      faults.push(
        missing > 0
          ? `line ${number}: ${missing} ${missing === 1 ? 'entry is' : 'entries are'} missing before entry ${entry.number}`
          : `line ${number}: entry ${entry.number} stands after entry ${previous?.number}`,
      );
    else if (hash !== hashOf(previous?.hash ?? beginning, rest))
      faults.push(`line ${number}: entry ${entry.number} of ${entry.at} was changed, or the one before it`);
    previous = entry;
  }
  return { entries, faults, ...(previous && { lastHash: previous.hash }) };
}

/** None when there is no file yet. */
async function* linesOf(file: string): AsyncGenerator<string> {
  const handle = await open(file).catch((error: unknown) => {
    const { code = 'unknown reason' } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT') return undefined;
    throw new Failure(
      'InvalidArgument',
      {
        message: `The audit log ${file} cannot be read: ${code}`,
        remedy: 'Give the user that runs Rekindle access to it',
      },
      { cause: error },
    );
  });
  if (!handle) return;
  try {
    for await (const line of handle.readLines()) if (line !== '') yield line;
  } finally {
    await handle.close();
  }
}

function parse(line: string): AuditEntry | undefined {
  try {
    const entry = JSON.parse(line) as AuditEntry;
    return typeof entry.hash === 'string' && typeof entry.number === 'number' ? entry : undefined;
  } catch {
    return undefined;
  }
}
