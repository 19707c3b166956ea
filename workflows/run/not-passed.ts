import type { RunProgress } from '../../domain/runs/progress.ts';
import type { FailureRecord } from './failure.ts';

/** What a run fails with whose steps were all carried out, and whose checks did not all pass. */
export function notPassed({ checks, verdict }: RunProgress): FailureRecord {
  const bad = checks.filter((check) => check.verdict !== 'pass');
  return {
    kind: 'VerificationFailed',
    message: `the verdict is ${verdict ?? 'inconclusive'}: ${bad.map(({ name, evidence }) => `${name}: ${evidence}`).join('; ') || 'nothing was checked'}`,
    remedy: bad[0]?.remedy ?? '',
    checks: [],
  };
}
