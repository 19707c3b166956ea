import type { Environment } from '../../config/environment.ts';
import {
  selfArchive,
  selfEntry,
  selfFormat,
  selfVersion,
  temporalEntry,
  type SelfHeader,
} from '../../domain/archives/self.ts';
import { Failure } from '../../domain/failures.ts';
import { readArchive } from '../../systems/archives/read-archive.ts';
import { writeArchive } from '../../systems/archives/write-archive.ts';
import { readKeyFile } from '../../systems/encryption/key-file.ts';
import { withoutSecrets } from '../archives/without-secrets.ts';
import { dependenciesOf, openPlatform } from '../open-platform.ts';
import { ownFiles, textIfAny } from './own-files.ts';

/** What Temporal knew; or why nobody could ask it. */
export type TemporalSeen = { runs: unknown[]; schedules: unknown[] } | { unseen: string };

export interface SelfBackedUp {
  header: SelfHeader;
  files: string[];
  /** Platforms whose catalogue could not be named, and why. */
  unopened: string[];
}

/**
 * Writes what an orchestrator consists of into one file: platform files, settings, digests of tokens, the audit log, the
 * public half of the key, and what Temporal knew. No secret is in it. Failures: ArchiveRefused, InvalidPlatformFile (the
 * value of a secret stands in a file), InvalidArgument (a file cannot be read).
 */
export async function backUpSelf(
  environment: Environment,
  { file, version, temporal }: { file: string; version: string; temporal: TemporalSeen },
): Promise<SelfBackedUp> {
  const texts = new Map<string, string>();
  for (const { entry, path } of await ownFiles(environment)) {
    const text = await textIfAny(path).catch((error: unknown) => Promise.reject(unreadable(path, error)));
    if (text !== undefined) texts.set(entry, withoutSecrets(text, path));
  }
  const platforms = [...texts.keys()].flatMap((entry) => /^platforms\/(.+)\.yaml$/.exec(entry)?.[1] ?? []);
  const { catalogues, unopened } = await cataloguesOf(environment, platforms);
  const recipient = await recipientOf(environment.keyFile);
  const header: SelfHeader = {
    format: selfFormat,
    version: selfVersion,
    madeAt: new Date().toISOString(),
    madeBy: `Rekindle ${version}`,
    host: environment.host,
    ...(environment.orchestrator !== undefined && { orchestrator: environment.orchestrator }),
    ...(recipient !== undefined && { recipient }),
    platforms,
    catalogues,
  };
  const seen = withoutSecrets(JSON.stringify(temporal, undefined, 2), "Temporal's list of runs");
  const files = await writeArchive(
    file,
    { at: header.madeAt, verify: async (written) => void (await readArchive(written, selfArchive)) },
    async (entries) => {
      const add = (name: string, text: string) => entries.addWhole(name, new TextEncoder().encode(text));
      await add(selfEntry, `${JSON.stringify(header, undefined, 2)}\n`);
      await add('README', readme(header));
      for (const [name, text] of texts) await add(name, text);
      await add(temporalEntry, seen);
    },
  );
  return { header, files, unopened };
}

async function cataloguesOf(
  environment: Environment,
  platforms: readonly string[],
): Promise<{ catalogues: Record<string, string>; unopened: string[] }> {
  const catalogues: Record<string, string> = {};
  const unopened: string[] = [];
  for (const name of platforms)
    try {
      catalogues[name] = (await openPlatform(dependenciesOf(environment), name)).catalogue.description;
    } catch (error) {
      if (!(error instanceof Failure)) throw error;
      unopened.push(`${name}: ${error.message}`);
    }
  return { catalogues, unopened };
}

/** Undefined: there is no key here. */
async function recipientOf(keyFile: string): Promise<string | undefined> {
  try {
    return (await readKeyFile(keyFile)).recipient;
  } catch (error) {
    if (error instanceof Failure && error.kind === 'MissingKey') return undefined;
    throw error;
  }
}

function readme({ host, madeAt, platforms, recipient }: SelfHeader): string {
  return `Rekindle on ${host} as it was at ${madeAt}: the files of ${platforms.length} platforms, settings, digests of
tokens, the audit log, and what Temporal knew. No key, no token and no secret's value is in it.

Bring it back:    rekindle restore-self FILE.tgz, on the new machine
From your safe:   the key file${recipient === undefined ? '' : `, whose public key is ${recipient}`}; and the secrets that the platform files name.
`;
}

function unreadable(path: string, error: unknown): Failure {
  const { code = 'unknown reason' } = error as NodeJS.ErrnoException;
  return new Failure(
    'InvalidArgument',
    { message: `The file ${path} cannot be read: ${code}`, remedy: 'Grant the user that runs Rekindle access to it' },
    { cause: error },
  );
}
