import { passed, type Check } from '../../domain/checks.ts';
import type { StreamedStore } from '../../domain/store-kinds.ts';
import { checkOfFailure, observe } from '../observation.ts';
import type { OpenPlatform } from '../open-platform.ts';
import { openStreamStore } from '../streams/open-stream-store.ts';

/** The server, whether a backup can be taken of it, and what there is to back up. */
export async function validateStreamed(open: OpenPlatform, store: StreamedStore): Promise<Check[]> {
  const name = `store ${store.name}`;
  const found = await observe(async () => {
    const driver = await openStreamStore(open, store, 'validate');
    const checks = await driver.check(undefined, {});
    const parts = Object.values(await driver.inventory({}));
    const bytes = parts.reduce((sum, size) => sum + size, 0);
    return [...checks, passed(name, `It answers, and has ${parts.length} databases with ${bytes} bytes`)];
  });
  if ('failure' in found) return [checkOfFailure(name, found.failure)];
  return 'seen' in found ? found.seen : [];
}
