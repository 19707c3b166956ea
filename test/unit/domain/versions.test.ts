import { checkVersions } from '../../../domain/versions.ts';

describe('versions', () => {
  test.each([
    ['8.19.3', '8.19.3', 8, 'pass', 'pass'],
    ['8.19.3', '8.19.1', 8, 'pass', 'pass'],
    ['8.10.4', '8.10.1', 8, 'fail', undefined],
    ['8.11.0', '8.19.3', 7, 'pass', 'pass'],
    ['8.19.3', '9.1.0', 8, 'pass', 'pass'],
    ['7.17.9', '8.19.3', 7, 'pass', 'pass'],
    ['8.19.3', '9.1.0', 7, 'pass', 'fail'],
    ['8.19.3', '8.11.0', 8, 'fail', undefined],
    ['9.1.0', '8.19.3', 9, 'fail', undefined],
    ['7.17.9', '9.1.0', 7, 'fail', undefined],
    ['8.19.3-SNAPSHOT', '8.19.3', 8, 'pass', 'pass'],
  ])('a snapshot of %s into %s, index of %i: %s, %s', (snapshot, target, major, version, created) => {
    const checks = checkVersions({ snapshot, target, created: { one: major } });
    expect(checks.map(({ verdict }) => verdict)).toEqual([version, created].filter(Boolean));
    for (const { verdict, remedy } of checks) expect(remedy === '').toBe(verdict === 'pass');
  });

  test('what the source does not tell is a warning, and no refusal', () => {
    expect(checkVersions({ snapshot: '8.19.3', target: '8.19.3' })).toMatchObject([
      { verdict: 'pass' },
      { name: 'created versions', verdict: 'pass', warning: true },
    ]);
  });
});
