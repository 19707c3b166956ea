/**
 * What a person says to a run by way of the gateway, with all that gives it a meaning. The gateway signs it, because
 * everybody who reaches Temporal can send an Update with any name in it.
 */
export interface Said {
  /** The workflow's id, and which execution under that id. */
  run: string;
  execution: string;
  word: 'approve' | 'reject' | 'decide' | 'rollback' | 'release';
  by: string;
  planHash?: string;
  step?: string;
  choice?: string;
}

/** Travels with the Update. */
export interface Seal {
  /** ISO 8601, UTC. */
  at: string;
  /** Base64: the gateway's Ed25519 signature over `sealedText`. */
  signature: string;
}

/** Signs what a person says, in the name of a gateway. */
export type Sealer = (said: Said) => Seal;

/** In seconds: an Update that waited longer for a worker, or whose seal somebody kept, counts for nothing. */
export const sealLifeSeconds = 300;

/** As it is signed: no two different words of people give the same text. */
export function sealedText({ run, execution, word, by, planHash, step, choice }: Said, at: string): string {
  return JSON.stringify([
    'rekindle-seal-1',
    run,
    execution,
    word,
    by,
    planHash ?? null,
    step ?? null,
    choice ?? null,
    at,
  ]);
}
