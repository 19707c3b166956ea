import { Context } from '@temporalio/activity';
import { redactWords } from '../config/redaction.ts';
import type { Bases } from '../domain/bases.ts';
import type { Scene } from '../domain/drills/scene.ts';
import type { PlatformName } from '../domain/platform.ts';
import type { SwarmPlaces } from '../domain/swarm-places.ts';
import type { StepProgress } from '../domain/plans/steps.ts';
import type { Watch } from '../domain/watch.ts';
import { placeOnNodes } from '../operations/hosts/place-on-nodes.ts';
import { whileInCharge } from '../operations/orchestrators/in-charge.ts';
import { openPlatform, type Dependencies, type OpenPlatform } from '../operations/open-platform.ts';
import { toTemporal } from './failures.ts';
import { temporalSight } from './temporal-sight.ts';

/**
 * Short enough for a heartbeat time-out of 5 s, so that a dead worker is noticed within it. Work that is done sooner sends none:
 * each is written down by Temporal.
 */
const heartbeatEveryMs = 1000;

/**
 * Makes an activity of plain work: it heartbeats while the work goes on (with the work's last progress), hands over
 * cancellation as a signal, and turns what is thrown into Temporal's failures. Summaries, notes, checks and failures
 * leave it without any secret that this process has read.
 */
export function activity<Input, Output>(
  work: (input: Input, watch: Required<Watch>) => Promise<Output>,
): (input: Input) => Promise<Output> {
  return async (input) => {
    const context = Context.current();
    const signal = context.cancellationSignal;
    let last: StepProgress | undefined;
    const beat = setInterval(() => context.heartbeat(last), heartbeatEveryMs);
    const onProgress = (progress: StepProgress) => {
      last = redactWords(progress);
      context.heartbeat(last);
    };
    try {
      return redactWords(await work(input, { signal, onProgress }));
    } catch (error) {
      throw toTemporal(error, signal.aborted);
    } finally {
      clearInterval(beat);
    }
  };
}

interface OfPlatform {
  platform: PlatformName;
  places?: SwarmPlaces;
  bases?: Bases;
  scene?: Scene;
}

/** Makes an activity of an operation: the platform's file is read again, and the operation works on what it names. */
export function onPlatform<Call, Output>(
  dependencies: Dependencies,
  operation: (open: OpenPlatform, call: Call, watch: Required<Watch>) => Promise<Output>,
): (call: Call & OfPlatform) => Promise<Output> {
  return activity(async (call: Call & OfPlatform, watch) => {
    const startedAt = Date.now();
    const { environment } = dependencies;
    const opened = (await openPlatform(dependencies, call.platform, call.scene)).based(call.bases);
    const { catalogue } = opened;
    const charged = { catalogue, platform: call.platform, orchestrator: environment.orchestrator };
    return whileInCharge(charged, watch.signal, async (signal) => {
      // A node's own worker cannot ask the swarm; what it is called with says where the services lie.
      const open = call.places ? opened.place(call.places, environment.host) : await placeOnNodes(opened);
      return operation({ ...open, ...temporalSight(environment, open.host, startedAt) }, call, { ...watch, signal });
    });
  });
}
