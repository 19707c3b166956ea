import type { S3Place } from './s3-client.ts';

/** Milliseconds. */
const answerWithin = 3000;

/**
 * How many seconds this machine's clock is ahead of the server's, by the header Date of its answer, whatever it answers.
 * The request is not signed: a wrong clock would spoil that. Undefined when nobody answers, or without that header.
 */
export async function secondsAheadOfS3({
  endpoint,
  region,
}: Pick<S3Place, 'endpoint' | 'region'>): Promise<number | undefined> {
  const url = endpoint ?? `https://s3.${region}.amazonaws.com`;
  const asked = Date.now();
  const answer = await fetch(url, {
    method: 'HEAD',
    redirect: 'manual',
    signal: AbortSignal.timeout(answerWithin),
  }).catch(() => undefined);
  const said = Date.parse(answer?.headers.get('date') ?? '');
  // The server said it in the middle of the way there and back, as far as anybody knows.
  return Number.isNaN(said) ? undefined : ((asked + Date.now()) / 2 - said) / 1000;
}
