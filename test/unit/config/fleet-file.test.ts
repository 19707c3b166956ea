// cspell:ignore nuvl perhost
import { loadFleetFile, parseFleetFile, resolveFleet } from '../../../config/fleet-file.ts';
import type { Failure } from '../../../domain/failures.ts';

const known = ['nuvla', 'shop-at', 'shop-ch', 'shop-test'];
const read = (text: string) => resolveFleet(parseFleetFile(text, 'fleet.yaml', {}), 'fleet.yaml', known);
function failureOf(text: string): Failure {
  try {
    read(text);
  } catch (error) {
    return error as Failure;
  }
  throw new Error('it was taken');
}

test('defaults, and names in alphabetical order', () => {
  expect(read('{ fleet: all, platforms: [shop-ch, nuvla] }')).toEqual({
    fleet: 'all',
    platforms: ['nuvla', 'shop-ch'],
    canaries: [],
    waveSize: 50,
    limits: { overall: 10 },
    stopWhenFailed: { count: 1 },
    approval: 'wave',
  });
});

test('patterns, what they leave out, limits and a share', () => {
  const text = `
fleet: shops
platforms: ['shop-*', 'nuvl?']
except: [shop-test]
canaries: [shop-ch]
limits: { overall: 4, perHost: 2, perRepository: 3 }
stopWhenFailed: 2.5%
approval: each
waveSize: 7
`;
  expect(read(text)).toMatchObject({
    platforms: ['nuvla', 'shop-at', 'shop-ch'],
    canaries: ['shop-ch'],
    limits: { overall: 4, perHost: 2, perRepository: 3 },
    stopWhenFailed: { percent: 2.5 },
    approval: 'each',
    waveSize: 7,
  });
});

test.each([
  ['{ fleet: a, platforms: [nuvl] }', /platforms\[0\]: there is no platform file "nuvl.yaml"; did you mean "nuvla"\?/],
  ["{ fleet: a, platforms: ['web-*'] }", /platforms\[0\]: no platform fits "web-\*"; known platforms: nuvla, shop-at/],
  ['{ fleet: a, platforms: [nuvla, nuvla] }', /platforms\[1\]: "nuvla" stands there twice/],
  ['{ fleet: a, platforms: [] }', /platforms: found a list; expected at least 1 entry/],
  ['{ platforms: [nuvla] }', /fleet: missing/],
  ['{ fleet: a/b, platforms: [nuvla] }', /fleet: /],
  ['{ fleet: a, platforms: [nuvla], limits: { overall: 0 } }', /limits\.overall: found 0; expected at least 1/],
  ['{ fleet: a, platforms: [nuvla], limits: { perHost: 0 } }', /limits\.perHost: found 0; expected at least 1/],
  [
    '{ fleet: a, platforms: [nuvla], limits: { perhost: 1 } }',
    /limits\.perhost: unknown key; did you mean "perHost"\?/,
  ],
  ['{ fleet: a, platforms: [nuvla], canaries: [shop-at] }', /canaries\[0\]: "shop-at" is not among the platforms/],
  ['{ fleet: a, platforms: [nuvla], except: [nuvla] }', /platforms: none is left, since except names them all/],
  ['{ fleet: a, platforms: [nuvla], except: [gone] }', /except\[0\]: there is no platform file "gone.yaml"/],
  ['{ fleet: a, platforms: [nuvla], stopWhenFailed: 0 }', /stopWhenFailed: .*expected/],
  ['{ fleet: a, platforms: [nuvla], stopWhenFailed: 0% }', /stopWhenFailed: .*expected/],
  ['{ fleet: a, platforms: [nuvla], stopWhenFailed: 101% }', /stopWhenFailed: .*expected/],
  ['{ fleet: a, platforms: [nuvla], approval: none }', /approval: .*expected one of wave, each/],
  ['{ fleet: a, platforms: [nuvla], waveSize: 0 }', /waveSize: found 0; expected at least 1/],
])('%s', (text, message) => {
  const { kind, message: said } = failureOf(text);
  expect(kind).toBe('InvalidFleetFile');
  expect(said).toMatch(message);
});

test('more platforms than one fleet may hold', () => {
  const many = Array.from({ length: 4001 }, (_, index) => `p${index}`);
  const file = parseFleetFile("{ fleet: a, platforms: ['*'] }", 'fleet.yaml', {});
  expect(() => resolveFleet(file, 'fleet.yaml', many)).toThrow(/platforms: 4001 fit, and a fleet holds at most 4000/);
});

test('a file that is not there', async () => {
  await expect(loadFleetFile('/nowhere/fleet.yaml', known, {})).rejects.toMatchObject({
    kind: 'InvalidFleetFile',
    message: '/nowhere/fleet.yaml cannot be read as a fleet file: ENOENT',
  });
});
