import { sceneOfStep } from '../../../workflows/run/in-scene.ts';

const scene = { run: 'restore/demo/1', project: 'rekindle-drill-ab12cd34', core: [], memory: {}, processors: 1 };

test('only a marked step is carried out in the scene of its plan', () => {
  expect(sceneOfStep({ id: 'start-elasticsearch' }, scene)).toEqual({});
  expect(sceneOfStep({ id: 'beside-start-elasticsearch', scene: true }, scene)).toEqual({ scene });
});

test('a marked step without a scene never works on the platform itself', () => {
  expect(() => sceneOfStep({ id: 'beside-restore-documents', scene: true }, undefined)).toThrow(/plan has none/);
  expect(sceneOfStep({ id: 'restore-documents' }, undefined)).toEqual({});
});
