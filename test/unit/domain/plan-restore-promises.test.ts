import fc from 'fast-check';
import { servicesInStopOrder } from '../../../domain/platform.ts';
import { demoObserved, demoPlatform, never } from '../../demo-situation.ts';
import { expecting } from '../../expecting.ts';
import { planOf, ids, withAction, waitsFor } from './plan-queries.ts';

/** Any part of the platform may be there, running or not, with its network or without. */
const situations = fc.record({
  present: fc.array(fc.boolean(), { minLength: 6, maxLength: 6 }),
  running: fc.array(fc.boolean(), { minLength: 6, maxLength: 6 }),
  policyNo: fc.array(fc.boolean(), { minLength: 6, maxLength: 6 }),
  networkGone: fc.boolean(),
  volumesPresent: fc.array(fc.boolean(), { minLength: 3, maxLength: 3 }),
  volumes: fc.constantFrom('quarantine' as const, 'remove' as const),
  coreCount: fc.integer({ min: 0, max: 3 }),
  smoke: fc.boolean(),
});

test('whatever is left of the platform, the plan keeps its promises', () => {
  fc.assert(
    fc.property(situations, (drawn) => {
      const platform = demoPlatform();
      const core = platform.deployment.core;
      platform.deployment.alsoStop = core.splice(drawn.coreCount);
      if (!drawn.smoke) platform.smoke = [];
      let index = 0;
      const all = demoObserved((container) => {
        container.running = drawn.running[index] ?? true;
        if (drawn.policyNo[index]) container.restartPolicy = never;
        container.networkGone = drawn.networkGone;
        index += 1;
      });
      const observed = {
        ...all,
        containers: all.containers.filter((_, position) => drawn.present[position]),
        volumes: all.volumes.filter((_, position) => drawn.volumesPresent[position]),
        networks: drawn.networkGone ? [] : all.networks,
      };
      const plan = planOf({ platform, observed, volumes: drawn.volumes });

      const known = new Set(ids(plan));
      expect(known.size).toBe(plan.steps.length);
      const seen = new Set<string>();
      for (const step of plan.steps) {
        // In order and without cycles: all that a step waits for stands before it.
        for (const earlier of step.after) expecting(seen.has(earlier), `${step.id} after ${earlier}`).toBe(true);
        seen.add(step.id);
      }
      const stops = withAction(plan, 'stopService').map(({ id }) => id);
      const verifies = plan.steps.filter(({ action }) => /^verify|^runContainer/.test(action)).map(({ id }) => id);
      for (const step of plan.steps) {
        const awaited = waitsFor(plan, step.id);
        if (step.destructive || step.action === 'removeContainers')
          expect([...awaited]).toEqual(expect.arrayContaining([...stops, 'repeat-preflight']));
        if (step.action === 'stopService') expect(awaited.has('repeat-preflight')).toBe(true);
        const isCore = step.action === 'startService' && !platform.deployment.data.includes(step.arguments.service);
        if (isCore) expect([...awaited]).toEqual(expect.arrayContaining(verifies));
        if (step.id === 'fresh-backup') expect(awaited.size).toBe(plan.steps.length - 1);
      }
      // Only what the plan names, and all of it: every service of the file is started once.
      const started = withAction(plan, 'startService').map(({ arguments: args }) => args.service);
      expect(started.toSorted()).toEqual(servicesInStopOrder(platform).toSorted());
    }),
    { numRuns: 300 },
  );
});
