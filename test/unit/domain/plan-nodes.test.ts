import type { RestoreSituation } from '../../../domain/plans/plan-restore.ts';
import { planRestore } from '../../../domain/plans/plan-restore.ts';
import { storesOfKind } from '../../../domain/platform.ts';
import { demoCapture, demoObserved, demoPlatform, demoSituation, whollyGone } from '../../demo-situation.ts';

/** Elasticsearch as three services, one node each. */
function threeNodes(change: Partial<RestoreSituation> = {}): RestoreSituation {
  const platform = demoPlatform();
  const names = ['es02', 'es03'];
  platform.deployment.data.push(...names);
  storesOfKind(platform, 'elasticsearch')[0]!.otherServices = names;
  const capture = demoCapture();
  const observed = demoObserved();
  for (const service of names) {
    const as = { name: `demo_${service}_1`, service, volumes: [`demo_${service}-data`] };
    capture.containers.push({ ...capture.containers[0]!, ...as });
    observed.containers.push({ ...observed.containers[0]!, ...as });
  }
  return demoSituation({ platform, capture, observed, nodes: { documents: 3 }, ...change });
}

const stepOf = (situation: RestoreSituation, id: string) => planRestore(situation).steps.find((step) => step.id === id);
const awaited = (situation: RestoreSituation) => stepOf(situation, 'await-documents')?.arguments;

test('the store is awaited once each of its services was started, with as many nodes as at the backup', () => {
  const situation = threeNodes();
  expect(stepOf(situation, 'await-documents')).toMatchObject({
    after: ['start-elasticsearch', 'start-es02', 'start-es03'],
    arguments: { nodes: 3 },
  });
  expect(stepOf(situation, 'verify-documents')?.arguments).toMatchObject({ nodes: 3 });
  expect(awaited(threeNodes({ observed: whollyGone() }))).toMatchObject({ nodes: 3 });
});

test('a scale that has changed since changes how many are awaited', () => {
  const situation = threeNodes();
  const [first] = situation.observed.containers;
  situation.observed.containers.push({ ...first!, name: 'demo_elasticsearch_2', volumes: ['more'] });
  expect(awaited(situation)).toMatchObject({ nodes: 4 });
});

test('nodes on services that the store does not name count as well: what the backup had must be there', () => {
  const situation = threeNodes();
  storesOfKind(situation.platform, 'elasticsearch')[0]!.otherServices = [];
  expect(awaited(situation)).toMatchObject({ nodes: 3 });
});

test('an adopted snapshot does not tell how many nodes took it: all that are started are awaited', () => {
  expect(awaited(threeNodes({ nodes: {} }))).toMatchObject({ nodes: 3 });
  expect(awaited(demoSituation())).toMatchObject({ nodes: 1 });
});

test('what Elasticsearch said its version is goes with the plan to the preflights that cannot ask it', () => {
  const versions = { documents: '8.19.0' };
  for (const id of ['repeat-preflight', 'last-preflight'])
    expect(stepOf(demoSituation({ versions }), id)?.arguments).toMatchObject({ versions });
});
