import type { Check } from './checks.ts';
import { Failure, type FailureKind } from './failures.ts';

/** A verification that found something: the checks travel with it, so that the report shows each of them. */
export class ChecksFailed extends Failure {
  readonly checks: Check[];

  constructor(message: string, checks: Check[], kind: FailureKind = 'VerificationFailed') {
    const bad = checks.filter(({ verdict }) => verdict !== 'pass');
    super(kind, {
      message: `${message}: ${bad.map(({ name, evidence }) => `${name}: ${evidence}`).join('; ')}`,
      remedy: bad[0]?.remedy ?? '',
    });
    this.checks = checks;
  }
}
