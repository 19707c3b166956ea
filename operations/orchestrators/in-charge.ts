import { Failure } from '../../domain/failures.ts';
import { whyNotInCharge } from '../../domain/orchestrators/lease.ts';
import type { Catalogue } from '../../systems/catalogue/catalogue.ts';

/** Milliseconds between two looks while something long goes on. */
const lookEvery = 30_000;

export interface Charged {
  catalogue: Pick<Catalogue, 'leases'>;
  platform: string;
  /** Absent: this orchestrator has no name, and nothing is looked at. */
  orchestrator?: string | undefined;
}

/**
 * Does `work` while this orchestrator is in charge of the platform: looks before it begins and every half minute, and ends
 * it by its signal when another one has taken over. Failures: OrchestratorRetired, what `work` throws, and before it begins
 * those of the catalogue.
 */
export async function whileInCharge<T>(
  charged: Charged,
  signal: AbortSignal,
  work: (signal: AbortSignal) => Promise<T>,
  every = lookEvery,
): Promise<T> {
  if (charged.orchestrator === undefined) return work(signal);
  const gone = await retired(charged);
  if (gone) throw gone;
  const lost = new AbortController();
  const timer = setInterval(() => {
    // A catalogue that is out of reach for a moment takes nobody's charge away.
    retired(charged).then(
      (failure) => failure && lost.abort(failure),
      () => undefined,
    );
  }, every);
  try {
    return await work(AbortSignal.any([signal, lost.signal]));
  } catch (error) {
    throw lost.signal.aborted && !signal.aborted ? lost.signal.reason : error;
  } finally {
    clearInterval(timer);
  }
}

async function retired({ catalogue, platform, orchestrator = '' }: Charged): Promise<Failure | undefined> {
  const why = whyNotInCharge(await catalogue.leases(), orchestrator);
  if (why === undefined) return undefined;
  return new Failure('OrchestratorRetired', {
    message: `${orchestrator} is not in charge of ${platform}: ${why}`,
    remedy: `Let the other one work, or take over with "rekindle orchestrator ${platform} take"`,
  });
}
