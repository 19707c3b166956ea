import { mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { parsePlatform } from '../../config/platform-file.ts';
import { Failure } from '../../domain/failures.ts';
import { proposePlatform } from '../../domain/init/propose.ts';
import { isName, says } from '../../domain/init/proposal.ts';
import type { Roles } from '../../domain/init/roles.ts';
import type { SeenPlace } from '../../domain/init/seen.ts';
import type { Platform } from '../../domain/platform.ts';
import type { DockerEngine } from '../../systems/docker/engine.ts';
import { platformFileOf } from './file-text.ts';
import { lookAt } from './look.ts';

export interface Initialised {
  platform: string;
  file: string;
  text: string;
  roles: Roles;
  /** What the file means. */
  described: Platform;
  /** What a person must look at: the places of the file that are marked with `# ?`. */
  open: { at: string; text: string }[];
}

/**
 * Writes the platform file of what runs at the place. Nothing else is changed, and no file is ever overwritten. The file's
 * name is the platform's. `catalogueFolder`: as of `proposePlatform`. Failures: InvalidArgument (the name, a file that is
 * there), ServiceNotFound (nothing that can be backed up).
 */
export async function initialise(
  docker: Pick<DockerEngine, 'survey' | 'reach' | 'exec'>,
  place: SeenPlace,
  file: string,
  catalogueFolder?: string,
): Promise<Initialised> {
  const platform = nameOf(file);
  const { seen, nameless } = await lookAt(docker, place);
  const proposal = proposePlatform(platform, seen, catalogueFolder);
  if (nameless.length > 0)
    proposal.remarks.push({
      ...says(
        ['deployment'],
        `On its networks, and in no project or stack, so nothing can stop it: ${nameless.join(', ')}`,
      ),
      open: true,
    });
  const source = place.kind === 'compose' ? `the Compose project "${place.project}"` : `the stack "${place.stack}"`;
  const text = platformFileOf(proposal, { source });
  // A file that Rekindle refuses must never be written by it.
  const described = parsePlatform(text, file, {});
  await writeNew(file, text);
  return {
    platform,
    file,
    text,
    roles: proposal.roles,
    described,
    open: [...proposal.remarks.flatMap(({ at, text, open }) => (open ? [{ at: at.join('.'), text }] : []))],
  };
}

function nameOf(file: string): string {
  const name = /^(.+)\.ya?ml$/.exec(path.basename(file))?.[1] ?? '';
  if (isName(name)) return name;
  throw new Failure('InvalidArgument', {
    message: `${file} cannot be a platform file: its name is the platform's`,
    remedy: 'Name it <platform>.yaml, of letters, digits, ".", "_" and "-"',
  });
}

async function writeNew(file: string, text: string): Promise<void> {
  try {
    await mkdir(path.dirname(file), { recursive: true });
    await writeFile(file, text, { flag: 'wx' });
  } catch (error) {
    const { code = 'unknown reason' } = error as NodeJS.ErrnoException;
    throw new Failure(
      'InvalidArgument',
      code === 'EEXIST'
        ? {
            message: `${file} is there already, and is never overwritten`,
            remedy: 'Name another file with --out, or move this one away',
          }
        : { message: `${file} cannot be written: ${code}`, remedy: 'Name another file with --out' },
      { cause: error },
    );
  }
}
