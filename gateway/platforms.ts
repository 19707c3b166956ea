import { setTimeout as pause } from 'node:timers/promises';
import pLimit, { type LimitFunction } from 'p-limit';
import { defaultTemporalAddress, type Environment } from '../config/environment.ts';
import { readPlatformsFolder, type LoadedPlatform } from '../config/platform-file.ts';
import { platformLoader } from '../config/platform-loader.ts';
import { readUnderWay } from '../client/under-way.ts';
import { Failure } from '../domain/failures.ts';
import type { RunOutcome } from '../domain/runs/outcome.ts';
import type { PlatformName } from '../domain/platform.ts';
import {
  ofPlatform,
  seen,
  wantsOf,
  type CatalogueSeen,
  type PlatformSeen,
  type Seen,
  type UnderWay,
} from '../domain/status/status.ts';
import { catalogueReader, type CatalogueView } from '../operations/status/catalogue-reader.ts';
import { refreshing, type RefreshOptions } from './refreshing.ts';
import { temporalLink } from './temporal-link.ts';

export interface WatchTools {
  /** The catalogue of a platform as its file has it now. */
  openCatalogue: (platform: PlatformName) => Promise<CatalogueView>;
  /** Called once for every outcome in a catalogue, including those from before this process. */
  onOutcome: (platform: PlatformName, outcome: RunOutcome) => void;
}

/** The data behind the gateway's pages. No caller waits much longer than 4 s for any of it. */
export interface Watch {
  /** Failure: InvalidArgument when the folder of platform files cannot be read. */
  platformNames(): Promise<PlatformName[]>;
  /** Failure: UnknownPlatform. */
  readonly platform: (name: PlatformName) => Promise<PlatformSeen>;
  /** Failure: as `platformNames`. */
  all(): Promise<PlatformSeen[]>;
  readonly temporal: () => Promise<Seen<UnderWay>>;
  close(): Promise<void>;
}

const limits = {
  keepMs: 3000,
  waitMs: 4000,
  waitAfterTroubleMs: 1000,
  patienceMs: 30_000,
} satisfies Partial<RefreshOptions>;
/** Catalogues that are read at the same time. */
const atOnce = 16;

export function watchPlatforms(environment: Environment, tools: WatchTools): Watch {
  const limit = pLimit(atOnce);
  // Nothing that is read here is ever encrypted, so no key is needed.
  const link = temporalLink({ ...environment, payloadKeyFile: undefined });
  const temporal = refreshing(() => link.use((client) => readUnderWay(client, environment.taskQueue)), {
    what: `Temporal at ${environment.temporalAddress ?? defaultTemporalAddress}`,
    silence: 'TemporalUnreachable',
    ...limits,
  });

  /** One for each platform, for as long as the gateway runs. */
  function watchCatalogue(name: PlatformName): (fileHash: string) => Promise<Seen<CatalogueSeen>> {
    let fileHash = '';
    const read = catalogueReader(
      () => tools.openCatalogue(name),
      (outcome) => tools.onOutcome(name, outcome),
    );
    const ask = () => inTurn(limit, () => read(fileHash));
    const look = refreshing(ask, { what: `The catalogue of ${name}`, silence: 'ObjectStorageUnreachable', ...limits });
    return (hash) => {
      fileHash = hash;
      return look();
    };
  }

  const catalogues = new Map<PlatformName, ReturnType<typeof watchCatalogue>>();
  async function see(name: PlatformName, file: Seen<LoadedPlatform>): Promise<PlatformSeen> {
    const whatRuns = temporal().then((seen) => ofPlatform(seen, name));
    if ('trouble' in file) return { platform: name, file, catalogue: file, temporal: await whatRuns };
    const { platform, fileHash } = file.value;
    const look = catalogues.get(name) ?? watchCatalogue(name);
    catalogues.set(name, look);
    return {
      platform: name,
      file: { value: wantsOf(platform) },
      catalogue: await look(fileHash),
      temporal: await whatRuns,
    };
  }

  const load = platformLoader(environment.platformsFolder, environment.variables);
  const platformNames = () => readPlatformsFolder(environment.platformsFolder);
  return {
    platformNames,
    platform: async (name) => {
      const file = await seen(load(name));
      if ('trouble' in file && file.trouble.kind === 'UnknownPlatform')
        throw new Failure('UnknownPlatform', { message: file.trouble.message, remedy: file.trouble.remedy });
      return see(name, file);
    },
    all: async () => Promise.all((await platformNames()).map(async (name) => see(name, await seen(load(name))))),
    temporal,
    close: () => link.close(),
  };
}

/** A hanging catalogue yields its slot to the next one after a while. */
function inTurn<T>(limit: LimitFunction, work: () => Promise<T>): Promise<T> {
  return new Promise((resolve, reject) => {
    void limit(() => {
      const working = work();
      working.then(resolve, reject);
      const ended = working.then(
        () => undefined,
        () => undefined,
      );
      return Promise.race([ended, pause(limits.waitMs, undefined, { ref: false })]);
    });
  });
}
