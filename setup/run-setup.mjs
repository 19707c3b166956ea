import { cacheFolder } from './lib/cache.mjs';
import { takeLock } from './lib/lock.mjs';
import { makeReport } from './report.mjs';
import { groups, isAsked } from './stages.mjs';

/**
 * Prepares this machine for the demo and the tests; leaves alone whatever is already in place. Throws a
 * `Failure` (message, remedy, exitCode) when it cannot.
 *
 * @param {{ quietWhenDone?: boolean, only?: string[], withProductImage?: boolean, withLongTests?: boolean,
 *   write?: (line: string) => void }} [flags]
 */
export async function runSetup(flags = {}) {
  const report = makeReport(flags);
  const chosen = groups.map((group) => group.filter((stage) => isAsked(stage, flags)));
  await refuseEarly(chosen.flat(), flags);
  const lock = makeLock((owner) => report.says('set-up', `waits for the set-up that process ${owner} is running`));
  try {
    for (const group of chosen) {
      // Wait for the whole group before a failure ends set-up: nothing may keep running behind an error message.
      const results = await Promise.allSettled(group.map((stage) => runStage(stage, flags, report, lock)));
      const failed = results.find((result) => result.status === 'rejected');
      if (failed) throw failed.reason;
    }
  } finally {
    await lock.release();
  }
}

/** Reports what a person has to fix before changing anything. */
async function refuseEarly(stages, flags) {
  for (const stage of stages) {
    if (stage.name === 'images') continue; // needs the engine, which may not run yet
    const { refusal } = await stage.look(flags);
    if (refusal) throw refusal;
  }
}

async function runStage(stage, flags, report, lock) {
  const first = await stage.look(flags);
  if (first.done) return report.nothingToDo(stage.name, first.done);
  await lock.take();
  // Another set-up may have done it while this one waited for the lock.
  const found = await stage.look(flags);
  if (found.done) return report.nothingToDo(stage.name, found.done);
  if (found.refusal) throw found.refusal;
  const since = Date.now();
  report.starts(stage.name, `${found.missing}: ${found.plan} (${stage.why})`);
  const result = await stage.fix({ flags, say: (text) => report.says(stage.name, text) });
  report.ended(stage.name, result, since);
}

/** Taken once, by the first stage with work to do; a set-up with nothing to do never waits. */
function makeLock(onWait) {
  let taken;
  return {
    take: () => (taken ??= takeLock(cacheFolder('set-up.lock'), onWait)),
    release: async () => (await taken)?.(),
  };
}
