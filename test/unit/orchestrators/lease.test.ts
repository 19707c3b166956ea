import {
  chargeOf,
  leaseKey,
  leasesPrefix,
  nextEpoch,
  parseLeaseKey,
  whyNotInCharge,
  type Lease,
} from '../../../domain/orchestrators/lease.ts';
import { Failure } from '../../../domain/failures.ts';
import { whileInCharge } from '../../../operations/orchestrators/in-charge.ts';
import { readLeases, takeLease } from '../../../systems/catalogue/leases.ts';
import { memoryStorage } from '../../memory-storage.ts';

const at = '2026-11-21T09:30:00.000Z';
const lease = (epoch: number, orchestrator: string): Lease => ({ epoch, at, orchestrator });

test('a lease stands in its key; keys sort by epoch; others are left alone', () => {
  const keys = [1, 9, 10, 123_456].map((epoch) => leaseKey('nuvla', lease(epoch, 'north')));
  expect(keys).toEqual(keys.toSorted());
  expect(keys.map((key) => parseLeaseKey('nuvla', key)?.epoch)).toEqual([1, 9, 10, 123_456]);
  for (const key of [
    'nuvla/points/x',
    `${leasesPrefix('nuvla')}1~x~y`,
    `${keys[0] ?? ''}~more`,
    leaseKey('other', lease(1, 'a')),
  ])
    expect(parseLeaseKey('nuvla', key)).toBeUndefined();
});

test('the highest epoch is in charge; nobody took charge: everybody may; two of one epoch: nobody may', () => {
  expect(chargeOf([])).toEqual({ kind: 'nobody' });
  expect(whyNotInCharge([], 'north')).toBeUndefined();
  const taken = [lease(1, 'north'), lease(3, 'south')];
  expect(whyNotInCharge(taken, 'south')).toBeUndefined();
  expect(whyNotInCharge(taken, 'north')).toBe(`south took over at ${at}`);
  const both = [...taken, lease(3, 'west')];
  for (const name of ['south', 'west', 'north']) expect(whyNotInCharge(both, name)).toContain('at the same moment');
});

test('later rounds choose further ahead', () => {
  expect(nextEpoch([lease(4, 'a')], 0, 0.99)).toBe(5);
  expect(nextEpoch([lease(4, 'a')], 3, 0.99)).toBe(11);
});

test('taking over retires the one before; repeated, it changes nothing', async () => {
  const storage = memoryStorage();
  expect(await takeLease(storage, 'nuvla', { orchestrator: 'north', at })).toEqual(lease(1, 'north'));
  expect(await takeLease(storage, 'nuvla', { orchestrator: 'north', at })).toEqual(lease(1, 'north'));
  expect(await takeLease(storage, 'nuvla', { orchestrator: 'south', at })).toEqual(lease(2, 'south'));
  expect(await readLeases(storage, 'nuvla')).toEqual([lease(1, 'north'), lease(2, 'south')]);
});

test.each(Array.from({ length: 60 }, (_, seed) => seed))(
  'two at the same moment: never both, order %i',
  async (seed) => {
    let state = seed * 7919 + 1;
    const random = () => (state = (state * 48_271) % 2_147_483_647) / 2_147_483_647;
    const waiting: (() => void)[] = [];
    const storage = memoryStorage(() => new Promise<void>((resolve) => waiting.push(resolve)));
    const ends = await (async () => {
      let open = 2;
      const taking = ['north', 'south'].map((orchestrator) =>
        takeLease(storage, 'nuvla', { orchestrator, at, random })
          .catch((error: unknown) => error)
          .finally(() => (open -= 1)),
      );
      // One operation at a time, in an order that the seed chooses.
      while (open > 0) {
        await new Promise(setImmediate);
        const [next] = waiting.splice(Math.floor(random() * waiting.length), 1);
        next?.();
      }
      return Promise.all(taking);
    })();
    const list = readLeases(storage, 'nuvla');
    await new Promise(setImmediate);
    waiting.shift()?.();
    const charge = chargeOf(await list);
    const names = ['north', 'south'];
    const inCharge = names.filter((_, index) => {
      const end = ends[index];
      return !(end instanceof Error) && charge.kind === 'one' && charge.lease.orchestrator === names[index];
    });
    expect(inCharge.length).toBeLessThanOrEqual(1);
    // Whoever was told that it is in charge, and is not, was followed by the other one.
    if (ends.some((end) => !(end instanceof Error))) expect(charge.kind).toBe('one');
  },
);

describe('the work of one that is in charge', () => {
  const charged = (leases: () => Promise<Lease[]>, orchestrator?: string) => ({
    catalogue: { leases },
    platform: 'nuvla',
    orchestrator,
  });
  const never = new AbortController().signal;
  const untilEnded = (signal: AbortSignal) =>
    new Promise<never>((_, reject) => signal.addEventListener('abort', () => reject(new Error('ended'))));

  test('without a name nothing is looked at; in charge it works', async () => {
    const unread = () => Promise.reject(new Error('Not asked'));
    expect(await whileInCharge(charged(unread), never, () => Promise.resolve(1))).toBe(1);
    const own = () => Promise.resolve([lease(1, 'north')]);
    expect(await whileInCharge(charged(own, 'north'), never, () => Promise.resolve(2))).toBe(2);
  });

  test('a retired one does not begin', async () => {
    const begun: string[] = [];
    const work = () => Promise.resolve(begun.push('begun'));
    const other = () => Promise.resolve([lease(1, 'north'), lease(2, 'south')]);
    await expect(whileInCharge(charged(other, 'north'), never, work)).rejects.toMatchObject({
      kind: 'OrchestratorRetired',
      message: `north is not in charge of nuvla: south took over at ${at}`,
    });
    expect(begun).toEqual([]);
  });

  test('what is under way ends when another takes over; a catalogue out of reach for a moment ends nothing', async () => {
    const answers = [
      () => Promise.resolve([lease(1, 'north')]),
      () => Promise.reject(new Failure('ObjectStorageUnreachable', { message: 'Away', remedy: '' })),
      () => Promise.resolve([lease(1, 'north'), lease(2, 'south')]),
    ];
    const leases = () => (answers.length > 1 ? answers.shift() : answers[0])?.() ?? Promise.resolve([]);
    const work = whileInCharge(charged(leases, 'north'), never, untilEnded, 1);
    await expect(work).rejects.toMatchObject({ kind: 'OrchestratorRetired' });
    expect(answers).toHaveLength(1);
  });

  test('a cancellation stays one', async () => {
    const cancelled = new AbortController();
    const own = () => Promise.resolve([lease(1, 'north')]);
    const work = whileInCharge(charged(own, 'north'), cancelled.signal, untilEnded, 1000);
    await new Promise(setImmediate);
    cancelled.abort();
    await expect(work).rejects.toThrow('ended');
  });
});
