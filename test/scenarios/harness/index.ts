// What scenarios import. The shared platform is brought up once (global-setup.ts), each file opens it with `useScenario`.
export { engineRoot, filesBelow, quarantined } from './engine-root.ts';
export { endScrubs } from './end-scrubs.ts';
export { leftOfDrills } from './drill-leftovers.ts';
export { type EngineSnapshot, restartPolicies, snapshotOfEngine } from './engine-snapshot.ts';
export { type Facts, facts } from './facts.ts';
export { expectAlive, expectPassed, pointsOf } from './proof.ts';
export { bucketOf, largestFileIn, withWrongBytes } from './repository.ts';
export type { Ended, Environment, WorkerProcess } from './processes.ts';
export { serviceBeside, type ServiceBeside } from './service-beside.ts';
export { type Scenario, useScenario } from './scenario.ts';
export { type Variant, useVariant } from './variant.ts';
