import { readFile } from 'node:fs/promises';
import path from 'node:path';
import type { Environment } from '../../config/environment.ts';
import { findPlatformFile, listPlatforms } from '../../config/platform-file.ts';
import { settingsFiles, stateFiles, type SelfPlace, type SettingsFile } from '../../domain/archives/self.ts';

/** Where the files of an orchestrator lie, by the names of their entries in an archive. */
export interface OwnFile {
  entry: string;
  path: string;
}

type Places = Pick<Environment, 'platformsFolder' | 'stateFolder' | 'gatewayFile' | 'incidentsFile' | 'hostsFile'>;

/** Those that there are; whether they can be read is found when they are. */
export async function ownFiles(environment: Places): Promise<OwnFile[]> {
  const { platformsFolder, stateFolder } = environment;
  const names = await listPlatforms(platformsFolder);
  const platforms = names.map(async (name) => ({
    entry: `platforms/${name}.yaml`,
    path: await findPlatformFile(platformsFolder, name),
  }));
  return [
    ...(await Promise.all(platforms)),
    // Without the variable there are no hosts, whatever lies in the folder where the command is given.
    ...settingsFiles
      .filter((file) => file !== 'hosts' || environment.hostsFile !== undefined)
      .map((file) => ({ entry: `settings/${file}.yaml`, path: settingsPath(environment, file) })),
    ...stateFiles.map((file) => ({ entry: `state/${file}`, path: path.join(stateFolder, file) })),
  ];
}

/** Where the content of an entry belongs here; undefined: it is only read. */
export function pathOf(environment: Places, place: SelfPlace): string | undefined {
  switch (place.kind) {
    case 'platform':
      return path.join(environment.platformsFolder, `${place.name}.yaml`);
    case 'settings':
      return settingsPath(environment, place.file);
    case 'state':
      return path.join(environment.stateFolder, place.file);
    default:
      return undefined;
  }
}

function settingsPath({ gatewayFile, incidentsFile, hostsFile }: Places, file: SettingsFile): string {
  if (file === 'gateway') return gatewayFile.path;
  if (file === 'incidents') return incidentsFile.path;
  return path.resolve(hostsFile ?? 'hosts.yaml');
}

/** Undefined: there is none. Throws what the file system says otherwise. */
export async function textIfAny(file: string): Promise<string | undefined> {
  try {
    return await readFile(file, 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
}
