import { setTimeout as pause } from 'node:timers/promises';
import pLimit, { type LimitFunction } from 'p-limit';
import { hostTaskQueue, type Environment } from '../config/environment.ts';
import { temporalAddressOf } from '../config/temporal/connect.ts';
import { readPlatformsFolder, type LoadedPlatform } from '../config/platform-file.ts';
import { platformLoader } from '../config/platform-loader.ts';
import { readUnderWay } from '../client/under-way.ts';
import { isServed } from '../client/workers.ts';
import { Failure } from '../domain/failures.ts';
import type { RunOutcome } from '../domain/runs/outcome.ts';
import type { HostName, PlatformName } from '../domain/platform.ts';
import {
  ofPlatform,
  seen,
  hostsWanted,
  wantsOf,
  type CatalogueSeen,
  type PlatformSeen,
  type Seen,
  type UnderWay,
} from '../domain/status/status.ts';
import { catalogueReader, type CatalogueView } from '../operations/status/catalogue-reader.ts';
import { workerPresence } from '../operations/status/worker-presence.ts';
import { refreshing, type Look, type RefreshOptions } from './refreshing.ts';
import { sharedReading } from './shared-reading.ts';
import { temporalLink } from './temporal-link.ts';

export interface WatchTools {
  /** The catalogue of a platform as its file has it now. */
  openCatalogue: (platform: PlatformName) => Promise<CatalogueView>;
  /** Called once for every outcome in a catalogue: of the last days, and of those to come. */
  onOutcome: (platform: PlatformName, outcome: RunOutcome) => void;
}

/** The data behind the gateway's pages. No caller waits much longer than 4 s, or `waitMs`, for any of it. */
export interface Watch {
  /** Failure: InvalidArgument when the folder of platform files cannot be read. */
  platformNames(): Promise<PlatformName[]>;
  /** Failure: UnknownPlatform. */
  readonly platform: (name: PlatformName) => Promise<PlatformSeen>;
  /** Failure: as `platformNames`. */
  all(waitMs?: number): Promise<PlatformSeen[]>;
  readonly temporal: Look<UnderWay>;
  close(): Promise<void>;
}

const limits = {
  keepMs: 3000,
  waitMs: 4000,
  waitAfterTroubleMs: 1000,
  patienceMs: 30_000,
} satisfies Partial<RefreshOptions>;
/** Catalogues that are read at the same time. */
const atOnce = 8;
/** Of those, in full. */
const wholeAtOnce = 2;
const wholeWaitMs = 250;
/** Requests are answered in between. */
const filesAtOnce = 32;
/** Of a thousand catalogues none is read more often than every half minute. */
const keepMsEach = 30;

export function watchPlatforms(environment: Environment, tools: WatchTools): Watch {
  const limit = pLimit(atOnce);
  const wholeLimit = pLimit(wholeAtOnce);
  const filesLimit = pLimit(filesAtOnce);
  // Nothing that is read here is ever encrypted, so no key is needed.
  const link = temporalLink({ ...environment, payloadKeyFile: undefined });
  const { taskQueue } = environment;
  const asking = {
    what: `Temporal at ${temporalAddressOf(environment)}`,
    silence: 'TemporalUnreachable',
    ...limits,
  } as const;
  const temporal = refreshing(() => link.use((client) => readUnderWay(client, taskQueue)), asking);

  const hosts = new Map<HostName, Look<boolean>>();
  function isServedOn(host: HostName, waitMs?: number): Promise<Seen<boolean>> {
    const queue = hostTaskQueue(taskQueue, host);
    const ask = hosts.get(host) ?? refreshing(() => link.use((client) => isServed(client, queue)), asking);
    hosts.set(host, ask);
    return ask(waitMs);
  }

  const catalogues = new Map<PlatformName, ReturnType<typeof watchCatalogue>>();
  /** One for each platform, for as long as the gateway runs. */
  function watchCatalogue(name: PlatformName): (fileHash: string, waitMs?: number) => Promise<Seen<CatalogueSeen>> {
    let fileHash = '';
    const read = catalogueReader({
      open: () => tools.openCatalogue(name),
      onOutcome: (outcome) => tools.onOutcome(name, outcome),
      whole: { inTurn: (work) => inTurn(wholeLimit, work, { yieldsMs: 60_000, rests: true }), waitMs: wholeWaitMs },
    });
    const look = refreshing(() => read(fileHash), {
      what: `The catalogue of ${name}`,
      silence: 'ObjectStorageUnreachable',
      inTurn: (work) => inTurn(limit, work, { yieldsMs: limits.waitMs }),
      ...limits,
      keepMs: () => Math.max(limits.keepMs, catalogues.size * keepMsEach),
    });
    return (hash, waitMs) => {
      fileHash = hash;
      return look(waitMs);
    };
  }

  async function see(name: PlatformName, file: Seen<LoadedPlatform>, waitMs?: number): Promise<PlatformSeen> {
    const ofTemporal = async (hosts: readonly HostName[] = []) => {
      const its = ofPlatform(await temporal(waitMs), name);
      return { temporal: its, worker: await workerPresence(its, hosts, (on) => isServedOn(on, waitMs)) };
    };
    if ('trouble' in file) return { platform: name, file, catalogue: file, ...(await ofTemporal()) };
    const { platform, fileHash } = file.value;
    const wants = wantsOf(platform);
    const known = ofTemporal(hostsWanted(wants));
    const look = catalogues.get(name) ?? watchCatalogue(name);
    catalogues.set(name, look);
    return {
      platform: name,
      file: { value: wants },
      catalogue: await look(fileHash, waitMs),
      ...(await known),
    };
  }

  const load = platformLoader(environment.platformsFolder, environment.variables);
  const platformNames = () => readPlatformsFolder(environment.platformsFolder);
  const fileOf = async (name: PlatformName) => ({ name, file: await seen(load(name)) });
  const allFiles = sharedReading(async () => filesLimit.map(await platformNames(), fileOf), { keepMs: 0 });
  // Whoever looks first need not wait for a thousand of them. What cannot be read is said to whoever asks.
  allFiles().catch(() => undefined);
  return {
    platformNames,
    platform: async (name) => {
      const file = await seen(load(name));
      if ('trouble' in file && file.trouble.kind === 'UnknownPlatform')
        throw new Failure('UnknownPlatform', { message: file.trouble.message, remedy: file.trouble.remedy });
      return see(name, file);
    },
    async all(waitMs) {
      const began = Date.now();
      // All files before any catalogue: those of a thousand platforms take longer than a caller waits.
      const files = await allFiles();
      const left = waitMs && Math.max(waitMs - (Date.now() - began), 0);
      return Promise.all(files.map(({ name, file }) => see(name, file, left)));
    },
    temporal,
    close: () => link.close(),
  };
}

/**
 * A hanging catalogue yields its slot to the next one after a while. `rests`: the slot stays empty for as long as it was at
 * work, since reading all there is is not all that a gateway does.
 */
function inTurn<T>(
  limit: LimitFunction,
  work: () => Promise<T>,
  { yieldsMs, rests = false }: { yieldsMs: number; rests?: boolean },
): Promise<T> {
  return new Promise((resolve, reject) => {
    void limit(async () => {
      const began = Date.now();
      const working = work();
      working.then(resolve, reject);
      const ended = working.then(
        () => undefined,
        () => undefined,
      );
      await Promise.race([ended, pause(yieldsMs, undefined, { ref: false })]);
      if (rests) await pause(Date.now() - began, undefined, { ref: false });
    });
  });
}
