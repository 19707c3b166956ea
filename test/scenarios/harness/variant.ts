import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parse, stringify } from 'yaml';
import type { Environment } from './processes.ts';
import type { Scenario } from './scenario.ts';

/** A platform file as the YAML parser gives it. */
export interface PlatformText {
  stores: Record<string, unknown>[];
  backup: Record<string, unknown>;
  restore: Record<string, unknown>;
  [key: string]: unknown;
}

export interface Variant {
  folder: string;
  /** What a command or worker needs to read the variant instead of the shared platform's file. */
  environment: Environment;
  /** The file as `edit` leaves it; steps of a run that goes on read it anew. */
  write(edit: (file: PlatformText) => void): Promise<void>;
}

/** A second platform file for the shared platform, in a folder that goes when the file of tests ends. */
export function useVariant(scenario: Scenario): Variant {
  const variant: Variant = { folder: '', environment: {}, write: () => Promise.resolve() };
  variant.write = async (edit) => {
    const { platformFile, project } = scenario.platform;
    if (variant.folder === '') variant.folder = await mkdtemp(join(tmpdir(), `${project}-variant-`));
    variant.environment = { REKINDLE_PLATFORMS: variant.folder };
    const file = parse(await readFile(platformFile, 'utf8')) as PlatformText;
    edit(file);
    await writeFile(join(variant.folder, `${project}.yaml`), stringify(file, { aliasDuplicateObjects: false }));
  };
  afterAll(async () => {
    if (variant.folder !== '') await rm(variant.folder, { recursive: true, force: true });
  });
  return variant;
}
