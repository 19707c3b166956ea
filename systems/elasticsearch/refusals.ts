import type { errors } from '@elastic/elasticsearch';
import type { FailureKind } from '../../domain/failures.ts';

/** Why Elasticsearch, or Amazon's service in front of it, does not admit a request. */
interface Refusal {
  kind: FailureKind;
  /** Added to the message. */
  more: string;
  remedy: string;
}

const expired = /expired/i;
const skewed = /signature expired|signature not yet current|not within.*(range|window)|RequestTimeTooSkewed/i;
const wrongAtAmazon =
  /request signature we calculated|security token included in the request is invalid|missing authentication token|incomplete signature|not a valid key=value pair|credential should be scoped|UnrecognizedClient/i;

/**
 * The refusal that an answer with status 401 or 403 is; undefined when it is none of who asks: `ofSecurity` says whether
 * the answer may be one. 401: nobody knows who asks; 403: it is known, and may not. Amazon answers 403 to both.
 */
export function refusalOf(error: errors.ResponseError, ofSecurity: boolean, text: string): Refusal | undefined {
  const { statusCode } = error;
  if ((statusCode !== 401 && statusCode !== 403) || !ofSecurity) return undefined;
  if (skewed.test(text)) {
    const there = dateOf(error);
    return {
      kind: 'ClockSkew',
      more: `; the clock here shows ${new Date().toISOString()}${there === undefined ? '' : `, the server's ${there}`}`,
      remedy: 'Set the clock of this machine right: a signature holds for five minutes',
    };
  }
  if (expired.test(`${text} ${challengeOf(error)}`))
    return {
      kind: 'WrongCredentials',
      more: '',
      remedy:
        'The key or token has expired: put a new one where the platform file refers to, or name where temporary keys come from (docs/authentication.md)',
    };
  if (statusCode === 401 || wrongAtAmazon.test(text))
    return {
      kind: 'WrongCredentials',
      more: '',
      remedy: "Correct the store's user, key or token in the platform file: Elasticsearch does not know it",
    };
  return {
    kind: 'AccessDenied',
    more: '',
    remedy:
      'The credentials are right and may not do this: grant the privileges of deploy/rights/elasticsearch/, or for Amazon those of deploy/rights/aws/ and the domain access policy',
  };
}

function challengeOf({ headers }: errors.ResponseError): string {
  const challenge = headers?.['www-authenticate'];
  return [challenge ?? ''].flat().join(' ');
}

function dateOf({ headers }: errors.ResponseError): string | undefined {
  const date = new Date(String(headers?.['date']));
  return Number.isNaN(date.getTime()) ? undefined : date.toISOString();
}
