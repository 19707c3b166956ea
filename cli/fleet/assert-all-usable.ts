import type { Environment } from '../../config/environment.ts';
import { loadPlatform } from '../../config/platform-file.ts';
import { Failure } from '../../domain/failures.ts';
import type { PlatformName } from '../../domain/platform.ts';

const shown = 10;

/** A fault of a platform file is bad input, and said before anything is started; of all files at once. */
export async function assertAllUsable(
  { platformsFolder, variables }: Environment,
  platforms: readonly PlatformName[],
): Promise<void> {
  const faults: Failure[] = [];
  for (const platform of platforms)
    await loadPlatform(platformsFolder, platform, variables).catch((error: unknown) => {
      if (!(error instanceof Failure)) throw error;
      faults.push(error);
    });
  const [first] = faults;
  if (first === undefined) return;
  if (faults.length === 1) throw first;
  const more = faults.length > shown ? [`and ${faults.length - shown} more`] : [];
  throw new Failure('InvalidPlatformFile', {
    message: [
      `${faults.length} platform files cannot be used:`,
      ...faults.slice(0, shown).map(({ message }) => message),
      ...more,
    ].join('\n'),
    remedy: first.remedy,
  });
}
