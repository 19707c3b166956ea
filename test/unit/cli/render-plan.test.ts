import pc from 'picocolors';
import { renderPlan } from '../../../cli/render/report.ts';
import { besideOf } from '../../beside-situation.ts';
import { demoSituation } from '../../demo-situation.ts';
import { planOf } from '../domain/plan-queries.ts';

const plain = { colour: pc.createColors(false) };

test('the plan says of each volume and mount whether it goes or stays, and why', () => {
  const situation = demoSituation();
  situation.observed.containers[0]!.mounts.push(
    { type: 'volume', source: 'demo_backups', destination: '/backups', readOnly: false },
    { type: 'tmpfs', source: '', destination: '/tmp', readOnly: false },
  );
  situation.storePaths['documents']!.repositories = ['/backups'];
  const text = renderPlan({ ...planOf(situation), hash: 'h' }, plain);
  const rows = text.split('\n').map((row) => row.trim().replace(/ {2,}/g, ' | '));
  expect(rows.slice(rows.indexOf('Volumes and mounts:') + 1, -1)).toEqual([
    'stays | demo_backups | elasticsearch:/backups | holds repositories of documents (path.repo /backups)',
    'stays | tmpfs | elasticsearch:/tmp | in memory: empty at each start',
    'goes | demo_es-data | elasticsearch:/usr/share/elasticsearch/data | data of documents (/usr/share/elasticsearch/data)',
    'goes | demo_zk-data | zookeeper:/data | data of jobs (/data)',
    'goes | demo_zk-log | zookeeper:/datalog | data of jobs (/datalog)',
  ]);
});

test('a restore next to the platform says until where it serves, and where its new data comes from', () => {
  const lines = renderPlan({ ...besideOf().plan(), hash: 'h' }, plain).split('\n');
  const at = (text: string) => lines.findIndex((line) => line.includes(text));
  expect(at('until here the platform serves')).toBe(at('stop service job-distributor') - 1);
  expect(at('leave scene documents next to the platform')).toBeLessThan(at('until here'));
  expect(lines[at('adopt volume demo_es-data')]).toContain('rekindle-drill-ab12cd34-elasticsearch-0');
  expect(renderPlan({ ...planOf(), hash: 'h' }, plain)).not.toContain('until here');
});
