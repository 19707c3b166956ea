import { queueRules } from '../../../domain/queue/rules.ts';
import type { Source } from '../../../domain/queue/source.ts';
import { queueStore } from '../../queue-store.ts';

const job = (changes: Source = {}): Source => ({ id: 'job/1', state: 'QUEUED', ...changes });
const nuvla = queueRules(queueStore());
const place = (changes: Source) => nuvla.place('1', job(changes));

test.each<[string, Source, string | undefined]>([
  ['queued', {}, undefined],
  ['running, executed again by design', { state: 'RUNNING' }, undefined],
  ['ended', { state: 'SUCCESS' }, 'another state'],
  ['pulled by an agent', { 'execution-mode': 'pull' }, 'pulled by agents'],
  ['pushed', { 'execution-mode': 'push' }, undefined],
  ['a running bulk parent', { state: 'RUNNING', tags: ['monitor'] }, 'running parents of bulk jobs'],
  ['a running bulk parent, one tag as text', { state: 'RUNNING', tags: 'monitor' }, 'running parents of bulk jobs'],
  ['a queued job with that tag', { tags: ['monitor'] }, undefined],
])("Nuvla's rules: %s", (_name, changes, leftOutBy) => {
  const placed = place(changes);
  if (leftOutBy !== undefined) expect(placed).toMatchObject({ leftOutBy });
  else expect(placed).toMatchObject({ value: 'job/1', running: changes['state'] === 'RUNNING' });
});

test.each<[string, Source, number]>([
  ['the field', { priority: 7, tags: ['/job/entries/entry-999-0000001234'] }, 7],
  ['the field as text', { priority: '050' }, 50],
  ['zero is a priority', { priority: 0 }, 0],
  ['the original path among the tags', { tags: ['x', '/job/entries/entry-090-0000001234'] }, 90],
  ['a field out of range', { priority: 1_000 }, 100],
  ['a field that is no whole number', { priority: 1.5 }, 100],
  ['an empty field', { priority: '' }, 100],
  ['nothing', {}, 100],
  ['tags that only look like it', { tags: ['entry-090-1', '/job/entries/entry-90-1', 5, null] }, 100],
])('priority from %s', (_name, changes, priority) => {
  expect(place(changes)).toMatchObject({ priority });
});

test('what must be read of each document', () => {
  expect(nuvla.fields.toSorted()).toEqual(['created', 'execution-mode', 'id', 'priority', 'state', 'tags']);
});

test('running jobs: executed again, left alone, or to be failed; never those that a rule leaves out', () => {
  const policies = {
    requeue: undefined,
    leave: 'running: left alone',
    fail: 'running: to be marked as failed',
  } as const;
  for (const [running, leftOutBy] of Object.entries(policies)) {
    const { place: decide } = queueRules(queueStore({ running: running as keyof typeof policies }));
    const ran = decide('1', job({ state: 'RUNNING' }));
    expect(ran).toMatchObject({ value: 'job/1', ...(leftOutBy && { leftOutBy }) });
    expect('leftOutBy' in ran).toBe(leftOutBy !== undefined);
    expect(decide('1', job({ state: 'RUNNING', 'execution-mode': 'pull' }))).toMatchObject({
      leftOutBy: 'pulled by agents',
    });
    expect(decide('1', job())).toMatchObject({ value: 'job/1' });
  }
});

test('another queue of that shape: other fields, states, rules and entries', () => {
  const store = queueStore({
    path: '/mail/outbox',
    entry: { folder: 'items', locks: 'claims', name: 'msg-', value: '{account.id}/{_id}' },
    from: {
      store: 'documents',
      index: 'mails',
      state: { field: 'status', waiting: ['new', 'deferred'], running: [] },
      leaveOut: { 'held back': { 'flags.hold': 'true' } },
      priority: [],
      order: ['received'],
    },
  });
  const { fields, place: decide } = queueRules(store);
  expect(fields.toSorted()).toEqual(['account.id', 'flags.hold', 'received', 'status']);
  const mail = { status: 'deferred', account: { id: 7 }, flags: { hold: false } };
  expect(decide('m1', mail)).toEqual({ state: 'deferred', running: false, value: '7/m1', priority: 0 });
  expect(decide('m1', { ...mail, flags: { hold: true } })).toMatchObject({ leftOutBy: 'held back' });
  expect(decide('m1', { ...mail, status: 'sent' })).toMatchObject({ leftOutBy: 'another state' });
});

test('a document without what its entry must hold is refused by name', () => {
  const refused = expect.objectContaining({
    kind: 'QueueRefused',
    message: expect.stringContaining('The document 77 has no field "id"') as string,
  }) as Error;
  expect(() => nuvla.place('77', { state: 'QUEUED' })).toThrow(refused);
});
