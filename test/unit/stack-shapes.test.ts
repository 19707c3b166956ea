import { readFileSync } from 'node:fs';
import { parse } from 'yaml';
import { dealtShapes, drawCase } from '../../chaos/cases.ts';
import { usualOperations } from '../../chaos/operations.ts';
import { shaped, type Shape } from '../../stack/shapes.ts';

const text = readFileSync('stack/compose.yaml', 'utf8');
const of = (shape: Shape) =>
  parse(shaped(text, shape)) as {
    services: Record<string, { volumes: string[]; environment: Record<string, string> }>;
    volumes: object;
  };

test('in folders: no data service has a named volume', () => {
  const { services, volumes } = of('folders');
  expect([...services['elasticsearch']!.volumes, ...services['zookeeper']!.volumes]).toEqual([
    './data/elasticsearch:/usr/share/elasticsearch/data',
    './data/zookeeper:/data',
    './data/zookeeper-log:/datalog',
  ]);
  expect(volumes).toEqual({});
});

test('as nodes: two services that form one cluster, each with a volume of its own', () => {
  const { services, volumes } = of('nodes');
  const [one, two] = [services['elasticsearch']!, services['elasticsearch-2']!];
  expect([one.volumes, two.volumes]).toEqual([
    ['esdata:/usr/share/elasticsearch/data'],
    ['esdata2:/usr/share/elasticsearch/data'],
  ]);
  for (const { environment } of [one, two]) {
    expect(environment).not.toHaveProperty('discovery.type');
    expect(environment['discovery.seed_hosts']).toBe('elasticsearch,elasticsearch-2');
    // What a server of a cluster refuses to start with here.
    expect(environment['ES_JAVA_OPTS']).toContain('-XX:-UseSerialGC');
    expect(environment['node.store.allow_mmap']).toBe('false');
  }
  expect(Object.keys(volumes)).toContain('esdata2');
});

test('with more stores: two more services, each with a volume of its own, next to all others', () => {
  const { services, volumes } = of('stores');
  expect(Object.keys(services)).toEqual([...Object.keys(of('volumes').services), 'postgresql', 'etcd']);
  expect(volumes).toMatchObject({ esdata: {}, pgdata: {}, etcddata: {} });
});

test('shapes are dealt to each operation: nine cases are each operation in each shape', () => {
  const drawn = Array.from({ length: 9 }, (_, at) => drawCase(2, at + 1, usualOperations, dealtShapes));
  const pairs = drawn.map(({ operation, shape }) => `${operation} ${shape}`);
  expect(pairs.toSorted()).toEqual(
    usualOperations.flatMap((one) => dealtShapes.map((shape) => `${one} ${shape}`)).toSorted(),
  );
});

test('another choice of shapes changes nothing else of a case but which node is killed', () => {
  const many = Array.from({ length: 180 }, (_, at) => at + 1);
  const struck = new Set<string | undefined>();
  for (const index of many) {
    const { shape, faults, ...rest } = drawCase(2, index, usualOperations, dealtShapes);
    const plain = drawCase(2, index, usualOperations);
    expect(plain).toMatchObject(rest);
    for (const [at, { service, ...fault }] of faults.entries()) {
      expect(plain.faults[at]).toMatchObject(fault);
      if (fault.fault === 'elasticsearch' && shape === 'nodes') struck.add(service);
      else expect(plain.faults[at]?.service).toBe(service);
    }
  }
  expect([...struck].toSorted()).toEqual(['elasticsearch', 'elasticsearch-2']);
});
