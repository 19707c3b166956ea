import { existsSync } from 'node:fs';
import { realpath } from 'node:fs/promises';
import path from 'node:path';
import { Failure } from '../../domain/failures.ts';

/**
 * Containers have the same names whoever makes the demo: one folder's at a time. Answers with the folder when somebody
 * deleted it; then nobody else can remove what is left. Failure: PlatformBusy.
 */
export async function refuseForeignDemo(found: string | undefined, own: string): Promise<{ orphanOf?: string }> {
  if (found === undefined || (await placeOf(found)) === (await placeOf(own))) return {};
  if (!existsSync(found)) return { orphanOf: found };
  throw new Failure('PlatformBusy', {
    message: `This Docker engine carries the demo of another folder, ${found}; nothing was touched`,
    remedy: `Remove it there first: cd ${path.resolve(found, '../..')} && npx rekindle demo --remove`,
  });
}

/** A link to a folder is that folder. */
const placeOf = (folder: string) => realpath(folder).catch(() => path.resolve(folder));
