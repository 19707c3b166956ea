import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type Ended, type EngineSnapshot, type Scenario, snapshotOfEngine } from '../harness/index.ts';

/** All that a person sees of a command. */
export const textOf = ({ stdout, stderr }: Ended): string => stdout + stderr;

/**
 * What every message of failure must be: the exit code, what and where and why (`says`), a remedy, each thing said once,
 * no stack trace and no secret.
 */
export async function expectMessage(
  { platform }: Pick<Scenario, 'platform'>,
  ended: Ended,
  exitCode: number,
  says: (string | RegExp)[],
): Promise<void> {
  const text = textOf(ended);
  for (const words of says) expect(text).toMatch(words);
  expect({ exitCode: ended.exitCode, text }).toEqual({ exitCode, text });
  expect(text).toMatch(/^ *→ \S.{10,}/m);
  expect(text).not.toMatch(/^\s+at .+:\d+:\d+\)?$/m);
  expect(text).not.toContain('a bug in Rekindle');
  const lines = text.split('\n').filter((line) => line.trim().length > 30);
  expect(lines.filter((line, index) => lines.indexOf(line) !== index)).toEqual([]);
  await expectNoSecret(platform.folder, text);
}

/** Ended well; when not, all that it said stands in the test's failure. */
export function expectPassed(ended: Ended): void {
  if (ended.exitCode !== 0) throw new Error(`exit code ${ended.exitCode}:\n${textOf(ended)}`);
}

async function expectNoSecret(folder: string, text: string): Promise<void> {
  for (const name of ['s3_access_key', 's3_secret_key'])
    expect(text).not.toContain(await readFile(join(folder, 'secrets', name), 'utf8'));
}

/**
 * What must be the same when nothing was touched. Without the volumes' creation times: engines before 23 tell the time
 * of the last change at the top of the data folder, and Elasticsearch writes a file there every two minutes.
 */
export async function engineNow(): Promise<EngineSnapshot> {
  const { volumes, ...rest } = await snapshotOfEngine();
  return { ...rest, volumes: volumes.map(({ name }) => ({ name, createdAt: '' })) };
}
