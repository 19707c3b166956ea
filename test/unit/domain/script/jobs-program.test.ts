import { spawnSync } from 'node:child_process';
import { jobsProgram } from '../../../../domain/plans/script/jobs-program.ts';
import { queueRules } from '../../../../domain/queue/rules.ts';
import { queueStore } from '../../../queue-store.ts';

const jobs = [
  { id: 'job/1', state: 'QUEUED', priority: 7 },
  { id: 'job/2', state: 'RUNNING', tags: ['monitor'] },
  { id: 'job/3', state: 'RUNNING', tags: ['x', '/job/entries/entry-042-0000000001'] },
  { id: 'job/4', state: 'SUCCESS' },
  { id: 'job/5', state: 'QUEUED', 'execution-mode': 'pull' },
  { id: 'job/6', state: 'QUEUED', priority: 5000, deep: { user: 'ann' } },
  { id: 'job/7', state: 'QUEUED', tags: 'one' },
];

const withJq = spawnSync('jq', ['--version']).status === 0 ? describe : describe.skip;

withJq('the program of jq places jobs as the rules of the queue do', () => {
  test.each([
    ["Nuvla's", queueStore({ defaultPriority: 999 })],
    ['running jobs left alone', queueStore({ running: 'leave' })],
    ['an access list', queueStore({ acl: ['ip:10.0.0.1:cdrwa'] })],
    [
      'a name without priority, and the id of the document',
      queueStore({ entry: { name: 'qn-', value: 'x{_id}-{state}' } }),
    ],
  ])('%s', (_what, store) => {
    const { place } = queueRules(store);
    const expected = jobs.flatMap((source, position) => {
      const placed = place(`_${position}`, source);
      if ('leftOutBy' in placed) return [];
      const name = store.entry.name.replace('{priority}', String(placed.priority).padStart(3, '0'));
      const acl = store.acl[0] === 'world:anyone:cdrwa' ? '' : ` ${store.acl.join()}`;
      return [`create -s /job/entries/${name} ${placed.value}${acl}`];
    });
    const input = jobs.map((source, position) => JSON.stringify({ _id: `_${position}`, _source: source })).join('\n');
    const { stdout, stderr } = spawnSync('jq', ['-r', jobsProgram(store, '/job')], { input, encoding: 'utf8' });
    expect(stderr).toBe('');
    expect(stdout.trimEnd().split('\n')).toEqual(expected);
    expect(expected.length).toBeGreaterThan(2);
  });

  test('an entry that zkCli cannot write ends the script', () => {
    const input = JSON.stringify({ _id: 'a', _source: { id: 'two words', state: 'QUEUED' } });
    expect(spawnSync('jq', ['-r', jobsProgram(queueStore(), '/job')], { input }).status).not.toBe(0);
  });
});
