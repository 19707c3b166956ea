import type { Environment } from '../../config/environment.ts';
import { selfArchive, temporalEntry, type SelfHeader } from '../../domain/archives/self.ts';
import { Failure } from '../../domain/failures.ts';
import { listed } from '../../domain/listed.ts';
import { partsOf } from '../../systems/archives/file-parts.ts';
import { bytesOf, readArchive } from '../../systems/archives/read-archive.ts';
import { writePrivateFile } from '../../systems/private-file.ts';
import { pathOf, textIfAny } from './own-files.ts';

export interface SelfRestored {
  header: SelfHeader;
  /** What Temporal knew at the time, as it was written. */
  temporal: unknown;
  /** Files that were written; absent: the archive was only checked. */
  written?: string[];
  /** Files that were there already, and the same. */
  same?: string[];
}

/**
 * Puts the files of an orchestrator where this machine's settings look for them. All of the archive is verified first, and
 * nothing is replaced: a file that is there and says something else refuses everything. Failure: ArchiveRefused; then
 * nothing was written.
 */
export async function restoreSelf(
  environment: Environment,
  file: string,
  { check }: { check: boolean },
): Promise<SelfRestored> {
  const wanted = new Map<string, string>();
  let temporal: unknown;
  const { header } = await readArchive(await partsOf(file), selfArchive, async ({ name, place, content }) => {
    const text = new TextDecoder().decode(await bytesOf(content));
    const path = pathOf(environment, place);
    if (path !== undefined) wanted.set(path, text);
    if (name === temporalEntry) temporal = parsed(text);
  });
  if (check) return { header, temporal };
  const same: string[] = [];
  const others: string[] = [];
  for (const [path, text] of wanted) {
    const present = await textIfAny(path).catch(() => '');
    if (present === text) same.push(path);
    else if (present !== undefined) others.push(path);
  }
  if (others.length > 0)
    throw new Failure('ArchiveRefused', {
      message: `Nothing was restored: ${listed(others)} ${others.length === 1 ? 'says' : 'say'} something else here`,
      remedy: 'Move what is there away, or point REKINDLE_PLATFORMS and REKINDLE_STATE at empty folders',
    });
  const written: string[] = [];
  for (const [path, text] of wanted) {
    if (same.includes(path)) continue;
    await writePrivateFile(path, text);
    written.push(path);
  }
  return { header, temporal, written, same };
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
