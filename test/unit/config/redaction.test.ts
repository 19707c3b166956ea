import { errors } from '@elastic/elasticsearch';
import fc from 'fast-check';
import { ApplicationFailure } from '@temporalio/common';
import { ChecksFailed } from '../../../domain/checks-failed.ts';
import { toTemporal } from '../../../activities/failures.ts';
import {
  holdsSecret,
  redact,
  redactAll,
  redactWords,
  rememberPassing,
  rememberSecret,
} from '../../../config/redaction.ts';
import { resolveSecret } from '../../../config/secrets.ts';
import { failed } from '../../../domain/checks.ts';
import { Failure } from '../../../domain/failures.ts';
import { failureOf } from '../../../systems/elasticsearch/errors.ts';
import { openLog } from '../../../config/log.ts';
import { expecting } from '../../expecting.ts';

// cspell:ignore tery

// The registry is the process's: each test remembers values of its own.

const base64 = (text: string) => Buffer.from(text).toString('base64');

test('a resolved secret is masked in every form in which servers give it back', async () => {
  const secret = 'p@ss "word"/+\\ü';
  expect(redact(`it was ${secret}`)).toContain(secret);
  await resolveSecret({ env: 'TOKEN' }, 'x', { TOKEN: secret });
  const forms = {
    plain: secret,
    url: encodeURIComponent(secret),
    lowerCaseUrl: encodeURIComponent(secret).toLowerCase(),
    form: new URLSearchParams({ secret }).toString().replace('secret=', ''),
    json: JSON.stringify(secret).slice(1, -1),
    jsonInJson: JSON.stringify(JSON.stringify({ secret })).slice('"{\\"secret\\":\\"'.length, -'\\"}"'.length),
    base64: base64(secret),
    base64url: Buffer.from(secret).toString('base64url'),
  };
  for (const [name, form] of Object.entries(forms)) expecting(redact(`a ${form} b`), name).toBe('a [secret] b');
});

test('within a longer base64 nothing can be read either, wherever it begins', () => {
  const secret = 'correct-horse-battery';
  rememberSecret(secret);
  for (const user of ['u', 'us', 'use', 'user'])
    for (const after of ['', '!', '!!']) {
      const masked = redact(`Authorization: Basic ${base64(`${user}:${secret}${after}`)}`);
      expect(masked).toContain('[secret]');
      const rest = masked.replace(/.*Basic /, '').split('[secret]');
      for (const piece of rest) expect(Buffer.from(piece, 'base64').toString('latin1')).not.toMatch(/corr|tery/);
    }
});

test('whatever the value, it is gone from the text and from its JSON', () =>
  fc.assert(
    fc.property(fc.string({ minLength: 8, maxLength: 40, unit: 'grapheme' }), fc.string(), (secret, around) => {
      fc.pre(!'[secret]'.includes(secret) && !around.includes(secret));
      rememberSecret(secret);
      const text = `${around} ${secret} ${around}`;
      expect(redact(text)).not.toContain(secret);
      expect((JSON.parse(redact(JSON.stringify({ text }))) as { text: string }).text).not.toContain(secret);
    }),
    { numRuns: 20 },
  ));

test('keys that change are masked, also shortly after they changed, and forgotten in the end', () => {
  for (let hour = 1; hour <= 4; hour++)
    rememberPassing('a role', [`secret-of-hour-${hour}`, `token-of-hour-${hour}/+=`]);
  expect(redact('secret-of-hour-4 secret-of-hour-3 secret-of-hour-2')).toBe('[secret] [secret] [secret]');
  expect(redact(encodeURIComponent('token-of-hour-4/+='))).toBe('[secret]');
  expect(redact('secret-of-hour-1')).toBe('secret-of-hour-1');
  rememberPassing('another role', ['secret-of-another']);
  expect(redact('secret-of-hour-2, secret-of-another')).toBe('[secret], [secret]');
});

test.each(['X-Amz-Security-Token: ', 'Authorization: ApiKey ', 'Authorization: Bearer ', 'proxy http://me:'])(
  'an error that quotes a request is masked: %s',
  async (before) => {
    const secret = `quoted/${before.length}+and==odd`;
    await resolveSecret({ env: 'SECRET' }, 'x', { SECRET: secret });
    const failure = new Failure('Internal', { message: `${before}${secret}`, remedy: 'Look' });
    const told = toTemporal(failure, false);
    expect(`${told.message}\n${JSON.stringify(told)}`).not.toContain(secret);
    expect(told.message).toBe(`${before}[secret]`);
  },
);

test.each([380, 7980])(
  'a secret at character %i of what Elasticsearch says is masked whole, however long that is',
  (at) => {
    const secret = `long-secret-${at}-${'x'.repeat(60)}`;
    rememberSecret(secret);
    const reason = `${'a'.repeat(at)}${secret}${'b'.repeat(20_000)}`;
    const body = { error: { type: 'illegal_argument_exception', reason }, status: 400 };
    const failure = failureOf(new errors.ResponseError({ statusCode: 400, body } as never), 'x') as Failure;
    const told = toTemporal(failure, false);
    const { evidence } = redactWords({ evidence: failure.message });
    for (const text of [told.message, evidence]) {
      expect(text).not.toContain('long-secret');
      expect(text).toContain('[secret');
      expect(text.length).toBeLessThan(8100);
    }
  },
);

test('an API key of id and key is masked in the form that is sent', async () => {
  await resolveSecret({ env: 'KEY' }, 'x', { KEY: 'an-id:a-long-api-key' });
  expect(redact(`ApiKey ${base64('an-id:a-long-api-key')}`)).toBe('ApiKey [secret]');
});

test('the longer of two values that contain each other is masked whole', () => {
  rememberSecret('swordfish');
  rememberSecret('swordfish-and-more');
  expect(redact('it is swordfish-and-more, or swordfish')).toBe('it is [secret], or [secret]');
});

test('values of less than four characters are ordinary words', () => {
  rememberSecret('the');
  rememberSecret('');
  expect(redact('then the end')).toBe('then the end');
});

test('a value is masked with and without the blanks around it', () => {
  rememberSecret(' spacious-value ');
  expect(redact('got "spacious-value"')).toBe('got "[secret]"');
});

test('keys are recognised by their format', () => {
  expect(redact('x AGE-SECRET-KEY-1ABCDEF0 y REKINDLE-PAYLOAD-KEY-1ab_c-D z')).toBe('x [secret] y [secret] z');
});

test('a text holds a secret where it stands alone, or is too long to be part of a word', () => {
  rememberSecret('elastic');
  rememberSecret('nine-and-twenty-names');
  expect(holdsSecret('curl http://elasticsearch:9200/_all')).toBe(false);
  expect(holdsSecret('curl -u admin:elastic http://localhost')).toBe(true);
  expect(holdsSecret('7nine-and-twenty-names2')).toBe(true);
});

test('words for people are masked at any depth; names, which plans are made of, stay', () => {
  rememberSecret('elastic');
  const plan = { steps: [{ id: 'stop-elastic', arguments: { service: 'elastic', count: 2 } }] };
  expect(
    redactWords({ plan, summary: 'elastic said no', checks: [failed('elastic', 'saw elastic', 'give elastic')] }),
  ).toEqual({
    plan,
    summary: '[secret] said no',
    checks: [failed('elastic', 'saw [secret]', 'give [secret]')],
  });
  expect(redactWords<unknown>(undefined)).toBeUndefined();
  expect(redactAll({ deep: [{ any: 'elastic' }], at: 3 })).toEqual({ deep: [{ any: '[secret]' }], at: 3 });
});

test('what leaves an activity as a failure carries no secret: message, remedy, checks, cause, stack', () => {
  const secret = 'kept-from-histories';
  rememberSecret(secret);
  const inner = new Error(`inner ${secret}`, { cause: new Error(`innermost ${secret}`) });
  const failures: Error[] = [
    new Failure('WrongCredentials', { message: `m ${secret}`, remedy: `r ${secret}` }, { cause: inner }),
    new ChecksFailed('c', [failed('x', `e ${secret}`, `r ${secret}`)]),
    new TypeError(`t ${secret}`, { cause: inner }),
    ApplicationFailure.create({
      type: 'Some',
      message: `a ${secret}`,
      details: [`d ${secret}`, { remedy: secret }],
      cause: inner,
    }),
  ];
  for (const failure of failures) {
    const sent = toTemporal(failure, false);
    const seen = [JSON.stringify((sent as { details?: unknown }).details)];
    for (let each: unknown = sent; each instanceof Error; each = each.cause) seen.push(each.message, each.stack ?? '');
    expect(seen.join('\n')).toContain('[secret]');
    expect(seen.join('\n')).not.toContain(secret);
  }
  expect(toTemporal(failures[0], false)).toMatchObject({ type: 'WrongCredentials', nonRetryable: true });
  expect(toTemporal(failures[3], false).cause).toMatchObject({ message: 'inner [secret]' });
});

test('a log line carries no secret, wherever it stood in the event', () => {
  const secret = 'kept-from-logs "quoted"';
  rememberSecret(secret);
  const lines: string[] = [];
  const log = openLog('debug', { write: (line) => lines.push(line) });
  log.debug(`m ${secret}`, {
    error: new Error(`e ${secret}`),
    task: JSON.stringify({ secret }),
    deep: [{ any: secret }],
  });
  log.log('WARN', secret);
  expect(lines.map((line) => JSON.parse(line) as object)).toMatchObject([
    { msg: 'm [secret]', error: { message: 'e [secret]' }, task: '{"secret":"[secret]"}', deep: [{ any: '[secret]' }] },
    { level: 40, msg: '[secret]' },
  ]);
});
