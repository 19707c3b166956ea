import { parsePlatform } from '../../../config/platform-file.ts';
import { planBackup } from '../../../domain/plans/plan-backup.ts';
import { runPolicyOf } from '../../../domain/runs/run-policy.ts';

const file = (stores: object[], more: object = {}) =>
  JSON.stringify({ platform: 'bare', stores, catalogue: { kind: 'directory', path: '/backups' }, ...more });
const store = {
  name: 'documents',
  kind: 'elasticsearch',
  nodes: ['https://es01:9200', 'https://es02:9200'],
  repository: { name: 'backups', type: 'fs', settings: { location: '/backups' } },
};
const parse = (text: string) => parsePlatform(text, 'bare.yaml', {});

test('a file without a deployment describes servers that others deploy', () => {
  const platform = parse(file([store]));
  expect(platform.deployment).toMatchObject({ kind: 'none', data: [], core: [], alsoStop: [] });
  expect(platform.stores[0]).toMatchObject({ service: 'documents', otherServices: [] });
  expect(runPolicyOf(platform, { host: 'machine', taskQueue: 'q' }).limits.healthTimeoutSeconds).toBe(120);
});

test('its backup captures no deployment', () => {
  const { steps } = planBackup({
    platform: parse(file([store])),
    platformFileHash: 'f',
    host: 'machine',
    recoveryPoint: 'p',
    startedAt: '2026-11-21T10:00:00Z',
  });
  expect(steps.map(({ action }) => action)).not.toContain('captureDeployment');
  expect(steps.find(({ action }) => action === 'publishRecoveryPoint')?.after).toEqual(['verify-documents']);
});

test.each([
  ['no address', file([{ ...store, nodes: undefined }]), /stores\.0\.nodes|stores\[0\]\.nodes/],
  ['a derived store', file([{ name: 'c', kind: 'container', service: 'c', image: 'i' }]), /needs a deployment/],
  ['a service that is not there', file([store], { smoke: [{ service: 'api', port: 80, path: '/' }] }), /not a service/],
])('%s is refused', (_what, text, why) => {
  expect(() => parse(text)).toThrow(why);
});
