import { sayPreview } from '../../../cli/say-preview.ts';
import { passed } from '../../../domain/checks.ts';
import type { Forecast } from '../../../domain/runs/forecast.ts';
import { drillOf } from '../../drill-situation.ts';
import { recordedOutput } from '../../recorded-output.ts';
import { planOf } from '../domain/plan-queries.ts';

const forecast: Forecast = {
  downtimeSeconds: 44,
  basis: 'from 2 drills',
  parts: [{ part: 'restoring indices', seconds: 20, from: ['drills'], runs: { drills: 2 } }],
  lost: [],
};
const checks = [passed('drill memory', '4000 MiB available, 1792 MiB needed')];
const hash = 'c0ffee';

test('the dry run of a drill shows how long its copy will take, also in its document', () => {
  const { output, said, documents } = recordedOutput();
  const plan = { ...drillOf().plan, hash };
  expect(sayPreview(output, { plan, checks, forecast, verdict: 'pass' })).toBe(0);
  expect(said()).toMatch(
    /Plan: drill of demo [^]*Forecast: 44 s until the copy is up \(from 2 drills\)\n {2}restoring indices +20\.0 s +measured in 2 drills\n[^]*Preflight: pass/,
  );
  expect(documents()).toMatchObject([{ plan: { kind: 'drill' }, forecast, verdict: 'pass' }]);
});

test('that of a restore counts the time without service; what is refused has neither plan nor forecast', () => {
  const { output, said } = recordedOutput();
  sayPreview(output, { plan: { ...planOf(), hash }, checks, forecast, verdict: 'pass' });
  expect(said()).toContain('Forecast: 44 s without service (from 2 drills)');
  expect(sayPreview(output, { checks, verdict: 'fail' })).toBe(3);
  expect(said()).not.toMatch(/Plan|Forecast/);
});
