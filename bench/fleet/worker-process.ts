import { readEnvironment } from '../../config/environment.ts';
import { dependenciesOf } from '../../operations/open-platform.ts';
import { startWorker } from '../../worker/worker.ts';
import { simulatedActivities } from './simulated-activities.ts';

// The product's worker as a process of its own, with simulated activities.

const environment = readEnvironment();
const worker = await startWorker(dependenciesOf(environment), 'simulated', simulatedActivities(environment));
process.once('SIGTERM', () => worker.stop());
console.log('working');
await worker.done;
process.exit();
