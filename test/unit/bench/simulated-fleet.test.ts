import { createActivities } from '../../../activities/index.ts';
import { answersOf, simulatedActivities } from '../../../bench/fleet/simulated-activities.ts';
import { simulatedBackupPlan, simulatedRestorePlan } from '../../../bench/fleet/simulated-platform.ts';
import { readEnvironment } from '../../../config/environment.ts';
import { inOrder } from '../../../domain/plans/plan.ts';
import { dependenciesOf } from '../../../operations/open-platform.ts';

const environment = readEnvironment({ REKINDLE_HOST: 'one' });
const ofProduct = createActivities(dependenciesOf(environment));

test('every activity of the product is simulated, and no other', () => {
  const simulated = simulatedActivities(environment);
  expect(Object.keys(simulated).toSorted()).toEqual(Object.keys(ofProduct).toSorted());
  expect(Object.values(simulated).every((one) => typeof one === 'function')).toBe(true);
  // What is renamed in the product must be renamed here.
  for (const name of Object.keys(answersOf(environment))) expect(ofProduct).toHaveProperty(name);
});

test('none of them touches a platform: what is real is what activities do in Temporal', () => {
  const simulated = simulatedActivities(environment);
  const touching = [
    'locate',
    'prepareRestore',
    'stopService',
    'quarantineVolume',
    'writeReport',
    'surveyPlatforms',
  ] as const;
  for (const name of touching) expect(String(simulated[name])).not.toBe(String(ofProduct[name]));
});

test('the plans are what the planner makes of a whole platform', () => {
  const plan = simulatedRestorePlan('shop', 'one');
  expect(inOrder(plan.steps).map(({ action }) => action)).toEqual(
    expect.arrayContaining([
      'stopService',
      'quarantineVolume',
      'restoreIndices',
      'verifyIndices',
      'smokeCheck',
      'takeBackup',
    ]),
  );
  expect(plan.pointOfNoReturn).toBeDefined();
  expect(simulatedRestorePlan('shop', 'one').hash).toBe(plan.hash);
  expect(simulatedRestorePlan('other', 'one').hash).not.toBe(plan.hash);
  expect(simulatedBackupPlan('shop', 'one').steps.length).toBeGreaterThan(3);
});
