import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parse, stringify } from 'yaml';
import type { Ended, Environment, Scenario } from '../harness/index.ts';

/** A platform file as the YAML parser gives it: faults are put in where the schema would not let them. */
export interface PlatformFile {
  platform: string;
  deployment: { host?: string; data: string[]; core: string[]; alsoStop: string[]; volumes?: object };
  stores: {
    repository: { name: string; type: string; settings: Record<string, string> };
    secrets: Record<string, object>;
  }[];
  catalogue: Record<string, unknown>;
  backup: object;
  smoke: { service: string }[];
  restore: Record<string, unknown>;
  [key: string]: unknown;
}

export interface Variants {
  /** Holds the variant, under the platform's own name: its recovery points are those of the shared platform. */
  folder: string;
  /** For files that belong to a variant. */
  file: (name: string, content: string) => Promise<string>;
  /** Writes the platform file anew, with a short patience and then as `edit` leaves it. Steps read it each time. */
  write: (edit?: (file: PlatformFile) => void) => Promise<void>;
  /** Writes a text that may be no platform file at all. */
  writeText: (text: string, name?: string) => Promise<void>;
  rekindle: (args: string[], environment?: Environment) => Promise<Ended>;
  startWorker: (environment?: Environment) => ReturnType<Scenario['startWorker']>;
}

/** How long the variants wait for a server that is away. */
export const outageSeconds = 5;

/** A folder of platform files for one file of tests, removed at its end. Call it after `useScenario`. */
export function useVariants(scenario: Scenario): Variants {
  const variants = {} as Variants;
  beforeAll(async () => {
    const { platform } = scenario;
    const folder = await mkdtemp(join(tmpdir(), `${platform.project}-variants-`));
    const original = await readFile(platform.platformFile, 'utf8');
    const own = { REKINDLE_PLATFORMS: folder };
    Object.assign(variants, {
      folder,
      file: async (name, content) => {
        await writeFile(join(folder, name), content);
        return join(folder, name);
      },
      write: async (edit = () => undefined) => {
        const file = parse(original) as PlatformFile;
        file.backup = {};
        file.restore = { approval: 'required', outageSeconds };
        edit(file);
        await writeFile(join(folder, `${platform.project}.yaml`), stringify(file, { aliasDuplicateObjects: false }));
      },
      writeText: (text, name = platform.project) => writeFile(join(folder, `${name}.yaml`), text),
      rekindle: (args, environment = {}) =>
        scenario.rekindle(args, { environment: { ...own, ...environment }, withinSeconds: 100 }),
      startWorker: (environment = {}) => scenario.startWorker({ ...own, ...environment }),
    } satisfies Variants);
    await variants.write();
  });
  afterAll(() => rm(variants.folder, { recursive: true, force: true }));
  return variants;
}
