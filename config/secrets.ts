import { readFile } from 'node:fs/promises';
import { Failure } from '../domain/failures.ts';
import type { SecretReference } from '../domain/platform.ts';
import { rememberSecret } from './redaction.ts';

/**
 * The value behind a reference, without the line break that editors leave at a file's end. Called inside activities,
 * right before the value is used, so that no history ever holds it. From then on redaction knows it.
 * Failure: MissingSecret, naming `purpose`.
 */
export async function resolveSecret(
  reference: SecretReference,
  purpose: string,
  environment: NodeJS.ProcessEnv,
): Promise<string> {
  const value =
    'env' in reference
      ? environment[reference.env]
      : await readFile(reference.file, 'utf8').catch((error: unknown) => {
          throw missing(purpose, `file ${reference.file} ${whyUnreadable(error)}`);
        });
  const trimmed = value?.replace(/\r?\n$/, '');
  if (trimmed === undefined || trimmed === '')
    throw missing(
      purpose,
      'env' in reference
        ? `environment variable ${reference.env} is ${value === undefined ? 'not set' : 'empty'}`
        : `file ${reference.file} is empty`,
    );
  rememberSecret(trimmed);
  return trimmed;
}

/** All of them at once; one message names all that are missing. */
export async function resolveSecrets(
  references: Record<string, SecretReference>,
  environment: NodeJS.ProcessEnv,
): Promise<Record<string, string>> {
  const entries = Object.entries(references);
  const results = await Promise.allSettled(entries.map(([name, ref]) => resolveSecret(ref, name, environment)));
  const faults = results.flatMap((result) => (result.status === 'rejected' ? [result.reason as Error] : []));
  if (faults.length > 0)
    throw new Failure('MissingSecret', {
      message:
        faults.length === 1
          ? String(faults[0]?.message)
          : `${faults.length} secrets cannot be read:\n${faults.map(({ message }) => `  ${message}`).join('\n')}`,
      remedy: missingRemedy,
    });
  return Object.fromEntries(
    entries.map(([name], index) => {
      const result = results[index];
      return [name, result?.status === 'fulfilled' ? result.value : ''];
    }),
  );
}

const missingRemedy =
  'Put the value where its reference points, readable by the worker, the gateway and the command line';

function whyUnreadable(error: unknown): string {
  const { code } = error as NodeJS.ErrnoException;
  if (code === 'ENOENT') return 'does not exist';
  return code === 'EACCES' ? 'may not be read by this user' : `cannot be read (${code ?? 'unknown reason'})`;
}

function missing(purpose: string, place: string): Failure {
  return new Failure('MissingSecret', {
    message: `The secret "${purpose}" cannot be read: ${place}`,
    remedy: missingRemedy,
  });
}
