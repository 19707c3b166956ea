import { stringify } from 'yaml';
import { parsePlatform } from '../../../config/platform-file.ts';
import { Failure } from '../../../domain/failures.ts';

/** The least that a platform file must say. */
export const least = {
  platform: 'demo',
  deployment: { kind: 'compose', project: 'demo', data: ['elasticsearch', 'zookeeper'], core: ['api'] },
  stores: [
    {
      name: 'documents',
      kind: 'elasticsearch',
      service: 'elasticsearch',
      repository: { name: 'backup', type: 's3', settings: { bucket: 'snapshots', readonly: true } },
    },
    {
      name: 'jobs',
      kind: 'zookeeper-queue',
      service: 'zookeeper',
      from: { store: 'documents', index: 'nuvla-job' },
    },
  ],
  catalogue: { kind: 'directory', path: '/backups' },
} as const;

/** A copy of it with one place changed; `undefined` takes the place away. */
export function changed(place: (string | number)[], value: unknown): string {
  const file = structuredClone(least) as unknown;
  let parent = file as Record<string | number, unknown>;
  for (const key of place.slice(0, -1)) parent = parent[key] as Record<string | number, unknown>;
  const last = place.at(-1) ?? '';
  if (value === undefined) Reflect.deleteProperty(parent, last);
  else parent[last] = value;
  return stringify(file);
}

export const parse = (text: string, environment: NodeJS.ProcessEnv = {}) =>
  parsePlatform(text, 'demo.yaml', environment);

export function failureOf(work: () => unknown): Failure {
  try {
    work();
  } catch (error) {
    if (error instanceof Failure) return error;
    throw error;
  }
  throw new Error('nothing failed');
}
