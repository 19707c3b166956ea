import { checkBeside } from '../../../domain/beside/hindrances.ts';
import type { RestoreSituation } from '../../../domain/plans/plan-restore.ts';
import { besideOf } from '../../beside-situation.ts';
import { demoObserved, demoPlatform, demoSituation } from '../../demo-situation.ts';
import { wholeCapture } from '../../drill-situation.ts';

function refusal(change: Partial<RestoreSituation> = {}, capture = wholeCapture()) {
  const { inPlace, adoptions, unmatched } = besideOf(change, capture);
  return checkBeside(inPlace, { adoptions, unmatched });
}

/** The demo platform with its Elasticsearch's volume as a test has it. */
function volumeThat(is: object) {
  const observed = demoObserved();
  Object.assign(
    observed.volumes.find(({ name }) => name === 'demo_es-data')!,
    is,
  );
  return { observed };
}

test('the demo platform passes, and the evidence names the volume', () => {
  expect(refusal()).toMatchObject({ verdict: 'pass', evidence: 'demo_es-data can get its data by a rename' });
});

test.each([
  ['a volume with options', volumeThat({ hasOptions: true }), /demo_es-data has options/],
  ['a remote driver', volumeThat({ driver: 'nfs' }), /has the driver nfs/],
  ['one that cannot be moved', volumeThat({ immovable: 'a rename fails' }), /cannot be set aside: a rename fails/],
  ['data that is removed', { volumes: 'remove' as const }, /needs it set aside/],
  [
    'a folder of the host',
    {
      observed: demoObserved(({ service, mounts }) => {
        if (service === 'elasticsearch') Object.assign(mounts[0]!, { type: 'bind', source: '/srv/es' });
      }),
    },
    /\/srv\/es is a folder of the host/,
  ],
  [
    'another image',
    {
      observed: demoObserved((container) => {
        if (container.service === 'elasticsearch') container.image = 'stack/elasticsearch:0';
      }),
    },
    /runs stack\/elasticsearch:0, and the recovery point was taken from stack\/elasticsearch:1/,
  ],
  [
    'nothing left',
    { observed: { ...demoObserved(), containers: demoObserved().containers.slice(1) } },
    /No container of elasticsearch is left.*\/data has no counterpart in place/,
  ],
  ['several nodes by scale', scaled(), /the cluster of documents has several nodes/i],
])('refused, with the restore in place as the remedy: %s', (_what, change: Partial<RestoreSituation>, evidence) => {
  expect(refusal(change)).toMatchObject({
    verdict: 'fail',
    evidence: expect.stringMatching(evidence) as string,
    remedy: expect.stringMatching(/^Restore in place: leave out --beside/) as string,
  });
});

function scaled(): Partial<RestoreSituation> {
  const observed = demoObserved();
  observed.containers.push({ ...observed.containers[0]!, name: 'demo_elasticsearch_2' });
  return { observed };
}

test('several nodes by services, several hosts and Swarm are refused before a scene is thought of', () => {
  const cluster = demoPlatform();
  Object.assign(cluster.stores[0]!, { otherServices: ['es2'] });
  const spread = demoPlatform();
  spread.deployment.hosts = { zookeeper: 'other' };
  const swarm = { ...demoPlatform(), deployment: { ...demoPlatform().deployment, kind: 'swarm' as const } };
  const none = { adoptions: [], unmatched: [] };
  expect(checkBeside(demoSituation({ platform: cluster }), none).evidence).toMatch(/several nodes/);
  expect(checkBeside(demoSituation({ platform: spread }), none).evidence).toMatch(/several hosts/);
  expect(
    checkBeside(demoSituation({ platform: swarm as unknown as ReturnType<typeof demoPlatform> }), none).evidence,
  ).toMatch(/Docker Swarm/);
});

test('where old data is to be removed, keeping it is offered as well', () => {
  expect(refusal({ volumes: 'remove' })).toMatchObject({
    remedy: expect.stringContaining('--volumes quarantine') as string,
  });
});
