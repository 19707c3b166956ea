import fc from 'fast-check';
import type { FleetLimits, Member } from '../../../../domain/fleet/fleet.ts';
import { keptBy, whoMayBegin } from '../../../../domain/fleet/limits.ts';
import { member, membersOf } from './members.ts';

const names = (members: Member[]) => members.map(({ platform }) => platform);

test('overall: no more than so many, those that run included', () => {
  const [a, b, ...waiting] = membersOf(10);
  expect(names(whoMayBegin(waiting, [a!, b!], { overall: 5 }))).toEqual(['p2', 'p3', 'p4']);
  expect(whoMayBegin(waiting, membersOf(5), { overall: 5 })).toEqual([]);
});

test('per host and per repository: one that must wait lets others pass', () => {
  const waiting = [
    member('a', { host: 'one', repositories: ['x'] }),
    member('b', { host: 'one', repositories: ['y'] }),
    member('c', { host: 'two', repositories: ['x'] }),
    member('d', { host: 'three', repositories: ['z'] }),
  ];
  expect(names(whoMayBegin(waiting, [], { overall: 9, perHost: 1 }))).toEqual(['a', 'c', 'd']);
  expect(names(whoMayBegin(waiting, [], { overall: 9, perRepository: 1 }))).toEqual(['a', 'b', 'd']);
  expect(names(whoMayBegin(waiting, [waiting[0]!], { overall: 9, perHost: 1, perRepository: 1 }))).toEqual(['d']);
});

test('a platform that reads one place twice counts once', () => {
  const twice = member('a', { repositories: ['x', 'x'] });
  expect(
    names(whoMayBegin([twice, member('b', { repositories: ['x'] })], [], { overall: 9, perRepository: 2 })),
  ).toEqual(['a', 'b']);
});

test('no limit is ever exceeded, and whoever could begin does', () => {
  const any = fc.record({ host: fc.constantFrom('one', 'two', 'three'), repository: fc.constantFrom('x', 'y') });
  const limit = fc.integer({ min: 1, max: 5 });
  fc.assert(
    fc.property(fc.array(any, { maxLength: 40 }), limit, limit, limit, (places, overall, perHost, perRepository) => {
      const limits: FleetLimits = { overall, perHost, perRepository };
      const all = places.map(({ host, repository }, at) => member(`p${at}`, { host, repositories: [repository] }));
      const chosen = whoMayBegin(all, [], limits);
      expect(chosen.length).toBeLessThanOrEqual(overall);
      for (const { host, repositories } of chosen) {
        expect(chosen.filter((one) => one.host === host).length).toBeLessThanOrEqual(perHost);
        expect(chosen.filter((one) => one.repositories[0] === repositories[0]).length).toBeLessThanOrEqual(
          perRepository,
        );
      }
      for (const left of all.filter((one) => !chosen.includes(one)))
        expect(keptBy(left, chosen, limits)).toMatch(/limits\.(overall|perHost|perRepository)/);
    }),
  );
});
