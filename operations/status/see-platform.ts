import { setTimeout as pause } from 'node:timers/promises';
import { loadPlatform } from '../../config/platform-file.ts';
import { Failure } from '../../domain/failures.ts';
import type { PlatformName } from '../../domain/platform.ts';
import { ofPlatform, seen, wantsOf, type PlatformSeen, type Seen, type UnderWay } from '../../domain/status/status.ts';
import { openPlatform, type Dependencies } from '../open-platform.ts';
import { catalogueReader } from './catalogue-reader.ts';

/** One catalogue that hangs must not keep what is known of the other platforms. */
const waitMs = 10_000;

/** What can be seen of a platform now: its file, its catalogue, and what of Temporal was seen is its own. */
export async function seePlatform(
  dependencies: Dependencies,
  name: PlatformName,
  underWay: Promise<Seen<UnderWay>>,
): Promise<PlatformSeen> {
  const { platformsFolder, variables } = dependencies.environment;
  const file = await seen(loadPlatform(platformsFolder, name, variables));
  const temporal = () => underWay.then((all) => ofPlatform(all, name));
  if ('trouble' in file) return { platform: name, file, catalogue: file, temporal: await temporal() };
  const read = catalogueReader({
    open: async () => (await openPlatform(dependencies, name)).catalogue,
    onOutcome: () => undefined,
  });
  return {
    platform: name,
    file: { value: wantsOf(file.value.platform) },
    catalogue: await seen(Promise.race([read(file.value.fileHash), silence(name)])),
    temporal: await temporal(),
  };
}

async function silence(name: PlatformName): Promise<never> {
  await pause(waitMs, undefined, { ref: false });
  throw new Failure('ObjectStorageUnreachable', {
    message: `The catalogue of ${name} gave no answer within ${waitMs / 1000} s`,
    remedy: 'Check that the server behind it runs and can be reached from here',
  });
}
