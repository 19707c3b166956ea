import { setTimeout as sleep } from 'node:timers/promises';
import { log, reason } from './log.mjs';

/** How long a service waits for Elasticsearch or ZooKeeper before it gives up and leaves it to its restart policy. */
const PATIENCE_MILLISECONDS = Number(process.env.PATIENCE_SECONDS ?? 90) * 1000;
/** A stop must be over within a second, also when a server does not answer the goodbye. */
const GOODBYE_MILLISECONDS = 600;

/**
 * Runs `main` until SIGTERM, SIGINT or a failure. `main` gets `{ signal, atExit, fail }`: the signal aborts at the
 * stop; the functions given to `atExit` say goodbye (close the ZooKeeper session, so that locks are free at once);
 * `fail(error)` ends the service from outside of `main`'s own flow. Exit code 0 after a stop, 1 after a failure.
 */
export function runService(name, main) {
  const stop = new AbortController();
  const goodbyes = [];
  const leave = async (code) => {
    stop.abort();
    await Promise.race([Promise.allSettled(goodbyes.map((goodbye) => goodbye())), sleep(GOODBYE_MILLISECONDS)]);
    process.exit(code);
  };
  for (const signalName of ['SIGTERM', 'SIGINT']) {
    process.once(signalName, () => {
      log(`${name}: ${signalName}, stopping`);
      void leave(0);
    });
  }
  const fail = (error) => {
    if (stop.signal.aborted) return;
    log(`${name}: giving up: ${reason(error)}`);
    void leave(1);
  };
  log(`${name}: starting`);
  main({ signal: stop.signal, atExit: (goodbye) => goodbyes.push(goodbye), fail }).catch(fail);
}

/**
 * Repeats `attempt` until it succeeds; throws its last error once the patience is used up.
 * Logs the first failure and then about every ten seconds, so that an outage does not flood the log.
 */
export async function patiently(what, attempt, signal) {
  const began = Date.now();
  let logged = 0;
  for (;;) {
    try {
      const result = await attempt();
      if (logged > 0) log(`${what}: there again after ${Math.round((Date.now() - began) / 1000)} s`);
      return result;
    } catch (error) {
      if (signal?.aborted) throw error;
      if (Date.now() - began > PATIENCE_MILLISECONDS) throw error;
      if (Date.now() - logged > 10_000) {
        log(`${what}: ${reason(error)}; trying again`);
        logged = Date.now();
      }
      await sleep(500, undefined, { signal });
    }
  }
}
