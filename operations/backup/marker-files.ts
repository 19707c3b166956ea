import { appendFile, readFile, rename, writeFile } from 'node:fs/promises';
import { failed, type Check } from '../../domain/checks.ts';
import type { BackupPolicy } from '../../domain/platform.ts';
import type { RecoveryPointManifest } from '../../domain/recovery-points/recovery-point.ts';

/**
 * Writes the files whose age existing monitors take as the backup's; called after a good backup only. When they cannot be
 * written the recovery point is still good, but a monitor would report it missing: hence a failed check.
 */
export async function writeMarkerFiles(policy: BackupPolicy, manifest: RecoveryPointManifest): Promise<Check[]> {
  try {
    await writeFiles(policy, manifest);
    return [];
  } catch (error) {
    return [
      failed(
        'marker files',
        `The recovery point ${manifest.id} is complete, but the files that monitors read could not be written: ${(error as Error).message}`,
        'Make backup.logFile and backup.timestampFile writable for the worker, or correct the paths in the platform file',
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
