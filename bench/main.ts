import { benchBackup } from './backup.ts';
import { benchCatalogue } from './catalogue.ts';
import { benchCopy } from './copy/copy.ts';
import { benchDowntime } from './downtime.ts';
import { benchDrill } from './drill.ts';
import { benchFleet } from './fleet/fleet.ts';
import { benchGateway } from './gateway/gateway.ts';
import { benchPage, type PageOptions } from './gateway/page.ts';
import { benchPostgres } from './postgres.ts';
import { benchQueue } from './queue.ts';
import { benchResume } from './resume.ts';
import { benchRestoreThroughput } from './restore-throughput.ts';
import { benchScrub } from './scrub.ts';
import { benchSoak } from './soak.ts';

interface Bench {
  /** What may stand behind its name: numbers, in this order. */
  takes: string;
  run: (...numbers: number[]) => Promise<void>;
}

const page: PageOptions = { platforms: 1000, points: 10_000, events: 3600 };

const benches: Record<string, Bench> = {
  downtime: {
    takes: '[rounds] [gigabytes]',
    run: (rounds = 1, gigabytes = 0.5) => benchDowntime({ rounds, gigabytes }),
  },
  restore: { takes: '[gigabytes]', run: (gigabytes = 1.2) => benchRestoreThroughput(gigabytes) },
  copy: { takes: '[gigabytes]', run: (gigabytes = 1.2) => benchCopy(gigabytes) },
  scrub: { takes: '[gigabytes]', run: (gigabytes = 1.2) => benchScrub(gigabytes) },
  postgres: {
    takes: '[rounds] [gigabytes]',
    run: (rounds = 3, gigabytes = 1) => benchPostgres({ rounds, gigabytes }),
  },
  drill: { takes: '[drills, half of them killed]', run: (drills = 50) => benchDrill(drills) },
  resume: { takes: '[rounds]', run: (rounds = 1) => benchResume(rounds) },
  backup: {
    takes: '[rounds] [gigabytes] [megabytes more before each]',
    run: (rounds = 5, gigabytes = 0.3, growMegabytes = 20) => benchBackup({ rounds, gigabytes, growMegabytes }),
  },
  catalogue: { takes: '[points]', run: (points = 10_000) => benchCatalogue(points) },
  queue: { takes: '[jobs]', run: (jobs = 1_000_000) => benchQueue(jobs) },
  gateway: {
    takes: '[seconds each] [events]',
    run: async (seconds = 10, events = 10_000) => {
      await benchGateway({ seconds, events });
      await benchPage(page);
    },
  },
  page: {
    takes: '[platforms] [points each] [events]',
    run: (platforms = page.platforms, points = page.points, events = page.events) =>
      benchPage({ platforms, points, events }),
  },
  fleet: { takes: '[platforms] …', run: (...counts) => benchFleet(counts.length > 0 ? counts : [10, 100, 1000]) },
  soak: { takes: '[backups]', run: (backups = 1000) => benchSoak(backups) },
};

const usage = [
  'usage: npm run bench -- <what>',
  ...Object.entries(benches).map(([name, { takes }]) => `  ${name} ${takes}`),
].join('\n');

/** Times decide nothing here: the exit code is 0 unless something did not work or did not verify. */
async function main([what = 'downtime', ...counts]: string[]): Promise<void> {
  const numbers = counts.map(Number);
  const bench = benches[what];
  if (!bench || numbers.some((number) => !(number >= 0))) throw new Error(usage);
  await bench.run(...numbers);
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
