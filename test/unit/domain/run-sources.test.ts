import { sourcesOf } from '../../../domain/runs/sources.ts';
import { demoCapture, demoManifest, demoObserved } from '../../demo-situation.ts';

test('of a restore: what each service is created from, the engines, what the recovery point goes without', () => {
  const manifest = demoManifest();
  manifest.stores = manifest.stores.map((store) => ({ ...store, leftOut: ['.security-7'] }));
  const missing = [{ store: 'audit', reason: 'no answer' }];
  const observed = { ...demoObserved(), host: 'one', engineVersion: '27.3.1' };
  const elsewhere = [
    { host: 'two', engineVersion: '26.0.0', otherNames: [] },
    { host: 'three', engineVersion: '', otherNames: [] },
  ];
  const sources = sourcesOf(
    { ...manifest, missing, skewSeconds: 3 },
    demoCapture(),
    { ...observed, elsewhere },
    {
      documents: '8.15.3',
    },
  );
  expect(sources).toMatchObject({
    engines: { one: '27.3.1', two: '26.0.0' },
    elasticsearch: { documents: '8.15.3' },
    missing,
    leftOut: { documents: ['.security-7'] },
    skewSeconds: 3,
  });
  expect(Object.keys(sources.engines)).toEqual(['one', 'two']);
  const [first] = demoCapture().containers;
  expect(sources.images[first?.service ?? '']).toEqual(first?.image);
});

test('what is not known is left out', () => {
  const { elasticsearch, missing, leftOut, skewSeconds } = sourcesOf(demoManifest(), demoCapture(), demoObserved());
  expect([elasticsearch, missing, leftOut, skewSeconds]).toEqual([undefined, undefined, undefined, undefined]);
});
