import { bootstrapNeeded, checkBootstrap, discoveryOf } from '../../../operations/preflight/bootstrap.ts';
import { withBootstrap, withoutBootstrap } from '../../../operations/stores/bootstrap.ts';
import { configurationPath } from '../../../operations/stores/node-configuration.ts';
import { planRestore } from '../../../domain/plans/plan-restore.ts';
import { demoSituation } from '../../demo-situation.ts';
import { before } from '../domain/plan-queries.ts';

// A cluster whose volumes were emptied must form again. Elasticsearch advises to take cluster.initial_master_nodes out once
// a cluster has formed; without it, emptied nodes look for a cluster for ever.

const node = (name: string, environment: string[], more: { text?: string; binds?: string[]; working?: string } = {}) =>
  discoveryOf(
    {
      name: `demo_${name}_1`,
      service: name,
      create: { Env: environment, WorkingDir: more.working, HostConfig: { Binds: more.binds } },
    },
    [],
    more.text,
  );
const seeds = 'discovery.seed_hosts=es01,es02';

test.each<[string, ReturnType<typeof node>[]]>([
  ['a single node', [node('es01', ['discovery.type=single-node'])]],
  ['one without settings', [node('es01', [])]],
  ['one that is named', [node('es01', [seeds]), node('es02', [seeds, 'cluster.initial_master_nodes=es01,es02'])]],
  ['one that is named in its file', [node('es01', [seeds], { text: 'cluster.initial_master_nodes: [es01]' })]],
  ['in capitals', [node('es01', [seeds, 'ES_SETTING_CLUSTER_INITIAL__MASTER__NODES=es01'])]],
])('forms by itself: %s', (_, nodes) => {
  expect(bootstrapNeeded(nodes)).toBeUndefined();
  expect(checkBootstrap('documents', nodes)).toMatchObject({ name: 'bootstrap documents', verdict: 'pass' });
});

test('nodes that only look for others: the first that may be master makes the cluster, at its first start', () => {
  const nodes = [
    node('es01', [seeds, 'node.roles=data']),
    node('es02', [seeds, 'node.name=two']),
    node('es03', [seeds]),
  ];
  expect(bootstrapNeeded(nodes)).toEqual({ container: 'demo_es02_1', service: 'es02', nodeName: 'two' });
  expect(checkBootstrap('documents', nodes)).toMatchObject({
    verdict: 'pass',
    evidence: 'No node has cluster.initial_master_nodes: demo_es02_1 gets it for its first start',
  });
  // Without a name of its own a node is called as its container.
  expect(bootstrapNeeded(nodes.slice(2))?.nodeName).toBe('${HOSTNAME}');
});

test('what the plan cannot add is refused before anything is stopped', () => {
  const mounted = node('es01', [seeds], {
    binds: ['/srv/es.yml:/usr/share/elasticsearch/config/elasticsearch.yml:ro'],
  });
  expect(checkBootstrap('documents', [mounted])).toMatchObject({
    verdict: 'fail',
    remedy: expect.stringContaining('mounted from /srv/es.yml') as string,
  });
  expect(checkBootstrap('documents', [node('es01', [seeds, 'node.roles=data'])])).toMatchObject({ verdict: 'fail' });
  const apart = [node('es01', ['discovery.type=single-node']), node('es02', ['discovery.type=single-node'])];
  expect(checkBootstrap('documents', apart)).toMatchObject({
    verdict: 'fail',
    evidence: expect.stringContaining('never form one cluster') as string,
  });
});

test('what is added is taken out again, also what an earlier run left', () => {
  for (const text of ['cluster.name: demo\n', 'cluster.name: demo', '']) {
    const added = withBootstrap(text, 'two');
    expect(added).toContain('cluster.initial_master_nodes: ["two"]');
    expect(withBootstrap(added, 'two')).toBe(added);
    expect(withoutBootstrap(added)).toBe(text);
  }
  const left = node('es01', [seeds], { text: withBootstrap('cluster.name: demo\n', 'es01') });
  expect(bootstrapNeeded([left])).toBeDefined();
});

test('where a node has its file', () => {
  expect(configurationPath({})).toBe('/usr/share/elasticsearch/config/elasticsearch.yml');
  expect(configurationPath({ WorkingDir: '/opt/es' })).toBe('/opt/es/config/elasticsearch.yml');
  expect(configurationPath({ Env: ['ES_PATH_CONF=/etc/es'], WorkingDir: '/opt/es' })).toBe('/etc/es/elasticsearch.yml');
});

test('the plan names the node for its start, and takes that back once all nodes have joined', () => {
  const bootstraps = { documents: { container: 'demo_elasticsearch_1', service: 'elasticsearch', nodeName: 'es01' } };
  const plan = planRestore(demoSituation({ bootstraps }));
  const { steps } = plan;
  const stepOf = (id: string) => steps.find((step) => step.id === id);
  expect(stepOf('start-elasticsearch')?.arguments).toMatchObject({
    bootstrap: { container: 'demo_elasticsearch_1', nodeName: 'es01' },
  });
  expect(stepOf('start-zookeeper')?.arguments).not.toHaveProperty('bootstrap');
  expect(stepOf('end-bootstrap-documents')?.after).toEqual(['await-documents']);
  expect(before(plan, 'end-bootstrap-documents', 'start-api')).toBe(true);
  expect(planRestore(demoSituation()).steps.some(({ action }) => action === 'endBootstrap')).toBe(false);
});
