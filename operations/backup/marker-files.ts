import { appendFile, readFile, rename, writeFile } from 'node:fs/promises';
import { failed, type Check } from '../../domain/checks.ts';
import type { BackupPolicy } from '../../domain/platform.ts';
import type { RecoveryPointManifest } from '../../domain/recovery-points/recovery-point.ts';

/**
 * On success only: existing monitors take the file's age for the backup's. That they cannot be written makes no bad
 * recovery point, but a monitor would call it missing: a failed check.
 */
export async function writeMarkerFiles(policy: BackupPolicy, manifest: RecoveryPointManifest): Promise<Check[]> {
  try {
    await writeFiles(policy, manifest);
    return [];
  } catch (error) {
    return [
      failed(
        'traces',
        `the recovery point ${manifest.id} is there, but what monitors look at could not be written: ${(error as Error).message}`,
        'make backup.logFile and backup.timestampFile writable for the worker, or mend them in the platform file',
      ),
    ];
  }
}

async function writeFiles({ logFile, timestampFile }: BackupPolicy, manifest: RecoveryPointManifest): Promise<void> {
  const { finishedAt, id, platform, run } = manifest;
  // A repeated step finds its line: one backup, one line.
  const line = `${platform} ${id} SUCCESS ${run}\n`;
  if (logFile !== undefined && !(await readFile(logFile, 'utf8').catch(() => '')).includes(line))
    await appendFile(logFile, `${finishedAt} ${line}`);
  if (timestampFile !== undefined) {
    await writeFile(`${timestampFile}.new`, `${finishedAt}\n`);
    await rename(`${timestampFile}.new`, timestampFile);
  }
}
