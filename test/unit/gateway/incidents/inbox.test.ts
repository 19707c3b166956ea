import { mkdtemp, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Mapping } from '../../../../domain/incidents/decide.ts';
import type { Notice } from '../../../../domain/incidents/track.ts';
import { openInbox, type Inbox } from '../../../../gateway/incidents/inbox.ts';
import { apply, emptyMemory, entriesOf, mostRemembered } from '../../../../gateway/incidents/memory.ts';
import { until } from './incidents-scene.ts';

const mapping: Mapping = { rules: [{ match: [], platform: 'nuvla', action: 'check' }], platforms: new Set(['nuvla']) };
const notice = (number: number, what: Notice['what'] = 'opened'): Notice => ({
  source: 'generic',
  key: `INC-${number}`,
  delivery: `${number} ${what}`,
  content: what,
  what,
  open: what === 'opened',
  title: 'Down',
  labels: {},
  at: new Date(Date.UTC(2026, 0, 31) + number).toISOString(),
});

test('memory is bounded, and is the same when it is written down and read again', () => {
  const memory = emptyMemory();
  const track = (number: number) => ({ incident: `INC-${number}`, earliest: number, newest: number, heard: number });
  for (let number = 0; number < 3 * mostRemembered.deliveries; number++)
    apply(memory, { key: `k${number}`, track: track(number), delivery: `d${number}` });
  expect(memory.tracks.size).toBe(mostRemembered.tracks);
  expect(memory.deliveries.size).toBe(mostRemembered.deliveries);
  expect(memory.deliveries.has(`d${3 * mostRemembered.deliveries - 1}`)).toBe(true);
  const again = emptyMemory();
  for (const entry of entriesOf(memory)) apply(again, entry);
  expect(again).toEqual(memory);
});

describe('a journal that is written anew now and then', () => {
  let folder: string;
  let delivered: string[];
  let held: boolean;
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'rkt-inbox-'));
    [delivered, held] = [[], false];
  });
  afterEach(() => rm(folder, { recursive: true }));

  const open = (): Promise<Inbox> =>
    openInbox({
      folder,
      deliver: async ({ event }) => {
        await Promise.resolve();
        if (held) throw new Error('held');
        delivered.push(event.delivery);
      },
      onTrouble: () => undefined,
      warn: (message) => {
        throw new Error(message);
      },
      tidyAtBytes: 4000,
    });
  const bytes = async () => (await stat(join(folder, 'incidents.journal'))).size;

  test('keeps what waits, what was delivered and what is open, and loses the rest', async () => {
    const first = await open();
    held = true;
    await first.accept(notice(0), mapping);
    held = false;
    for (let number = 1; number <= 60; number++) await first.accept(notice(number), mapping);
    await until(() => delivered.length >= 60);
    for (let repeat = 0; repeat < 200; repeat++)
      expect((await first.accept(notice(1), mapping)).outcome).toBe('duplicate');
    // Tracks and deliveries of 61 incidents, some 250 bytes each, and what came since.
    expect(await bytes()).toBeLessThan(61 * 300 + 2 * 4000);
    held = true;
    await first.accept(notice(61), mapping);
    await first.close();

    held = false;
    const second = await open();
    await until(() => delivered.includes('generic 61 opened') && delivered.includes('generic 0 opened'));
    expect((await second.accept(notice(7), mapping)).outcome).toBe('duplicate');
    expect(await second.accept(notice(7, 'resolved'), mapping)).toMatchObject({ event: { what: 'resolved' } });
    await second.close();
    expect(new Set(delivered).size).toBe(delivered.length);
  });
});
