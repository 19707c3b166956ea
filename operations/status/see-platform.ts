import { setTimeout as pause } from 'node:timers/promises';
import { loadPlatform } from '../../config/platform-file.ts';
import { Failure } from '../../domain/failures.ts';
import type { HostName, PlatformName } from '../../domain/platform.ts';
import {
  hostsWanted,
  ofPlatform,
  seen,
  wantsOf,
  type PlatformSeen,
  type Seen,
  type UnderWay,
} from '../../domain/status/status.ts';
import { openPlatform, type Dependencies } from '../open-platform.ts';
import { catalogueReader } from './catalogue-reader.ts';
import { workerPresence } from './worker-presence.ts';

/** One catalogue that hangs must not keep what is known of the other platforms. */
const waitMs = 10_000;

export interface TemporalView {
  underWay: Promise<Seen<UnderWay>>;
  /** Whether a worker asks for the work of this host. */
  isServed: (host: HostName) => Promise<Seen<boolean>>;
}

/** What can be seen of a platform now: its file, its catalogue, and what of Temporal is its own. */
export async function seePlatform(
  dependencies: Dependencies,
  name: PlatformName,
  { underWay, isServed }: TemporalView,
): Promise<PlatformSeen> {
  const { platformsFolder, variables } = dependencies.environment;
  const file = await seen(loadPlatform(platformsFolder, name, variables));
  const own = async (hosts: readonly HostName[] = []) => {
    const temporal = ofPlatform(await underWay, name);
    return { temporal, worker: await workerPresence(temporal, hosts, isServed) };
  };
  if ('trouble' in file) return { platform: name, file, catalogue: file, ...(await own()) };
  const read = catalogueReader({
    open: async () => (await openPlatform(dependencies, name)).catalogue,
    onOutcome: () => undefined,
  });
  const wants = wantsOf(file.value.platform);
  return {
    platform: name,
    file: { value: wants },
    catalogue: await seen(Promise.race([read(file.value.fileHash), silence(name)])),
    ...(await own(hostsWanted(wants))),
  };
}

async function silence(name: PlatformName): Promise<never> {
  await pause(waitMs, undefined, { ref: false });
  throw new Failure('ObjectStorageUnreachable', {
    message: `The catalogue of ${name} gave no answer within ${waitMs / 1000} s`,
    remedy: 'Check that the server behind it runs and can be reached from here',
  });
}
