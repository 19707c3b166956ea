import { createInterface } from 'node:readline/promises';
import { Failure } from '../domain/failures.ts';
import type { Plan } from '../domain/plans/plan.ts';
import type { Output } from './output.ts';

/** Fewer characters might be a typing error. */
const shortestHash = 8;

/** Whether there is a person to ask. */
export function canAsk({ interactive }: Pick<Output, 'interactive'>): boolean {
  return interactive && process.stdin.isTTY;
}

/** True when the person types the platform's name. */
export const isApproved = ({ platform }: Pick<Plan, 'platform'>): Promise<boolean> =>
  isTyped(platform, "Type the platform's name to approve this plan, anything else to leave it waiting: ");

/** True when the person answers the question with this name. */
export async function isTyped(name: string, question: string): Promise<boolean> {
  const prompt = createInterface({ input: process.stdin, output: process.stdout });
  try {
    return (await prompt.question(question)).trim() === name;
  } finally {
    prompt.close();
  }
}

/** The plan's full hash, of which `given` is the beginning. Failure: InvalidArgument. */
export function fullHash({ hash }: Pick<Plan, 'hash'>, given: string): string {
  const beginning = given.toLowerCase();
  if (beginning.length < shortestHash || !/^[0-9a-f]+$/.test(beginning))
    throw new Failure('InvalidArgument', {
      message: `"${given}" is not a plan's hash`,
      remedy: `Give the whole hash, or at least its first ${shortestHash} characters: ${hash}`,
    });
  if (hash.startsWith(beginning)) return hash;
  throw new Failure('InvalidArgument', {
    message: `The plan's hash is ${hash}, not ${given}`,
    remedy: 'Read the plan again ("rekindle status" shows it), then approve that one',
  });
}
