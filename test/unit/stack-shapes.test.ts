import { readFileSync } from 'node:fs';
import { parse } from 'yaml';
import { drawCase } from '../../chaos/cases.ts';
import { usualOperations } from '../../chaos/operations.ts';
import { shaped, shapes } from '../../stack/shapes.ts';

const text = readFileSync('stack/compose.yaml', 'utf8');
const of = (shape: (typeof shapes)[number]) =>
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
  }
  expect(Object.keys(volumes)).toContain('esdata2');
});

test('shapes are dealt like operations and faults: each comes before one comes again', () => {
  const drawn = [1, 2, 3].map((index) => drawCase(2, index, usualOperations, shapes).shape);
  expect(drawn.toSorted()).toEqual([...shapes].toSorted());
  // Another choice of shapes changes nothing else of a case.
  const { shape: _, ...rest } = drawCase(2, 5, usualOperations, shapes);
  expect(drawCase(2, 5, usualOperations)).toMatchObject(rest);
});
