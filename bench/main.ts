import { benchDowntime } from './downtime.ts';
import { benchRestoreThroughput } from './restore-throughput.ts';
import { benchSoak } from './soak.ts';

const usage =
  'usage: npm run bench [-- downtime [rounds] [gigabytes] | -- restore [gigabytes] | -- soak [--backups count]]';

/** Times decide nothing here: the exit code is 0 unless something did not work or did not verify. */
async function main([what = 'downtime', ...counts]: string[]): Promise<void> {
  const numbers = counts.filter((count) => count !== '--backups').map(Number);
  if (numbers.some((number) => !(number >= 0))) throw new Error(usage);
  const [first, second] = numbers;
  if (what === 'downtime') await benchDowntime({ rounds: first ?? 1, gigabytes: second ?? 0.5 });
  else if (what === 'restore') await benchRestoreThroughput(first ?? 1.2);
  else if (what === 'soak') await benchSoak(first ?? 1000);
  else throw new Error(usage);
}

try {
  await main(process.argv.slice(2));
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  for (let cause = (error as Error).cause; cause instanceof Error; cause = cause.cause)
    console.error(`  ${cause.message}`);
  process.exitCode = 1;
}
// Idle keep-alive connections must not hold the process.
process.stdout.write('', () => process.exit());
