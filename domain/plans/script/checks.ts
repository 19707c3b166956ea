import type { SmokeCheck } from '../../smoke-checks.ts';
import { smokeCheckTitle } from '../../smoke-checks.ts';
import { call, quoted, remark } from './quote.ts';
import type { ScriptSecrets } from './secrets.ts';

const orNull = (value: unknown) => JSON.stringify(value ?? null);

/** One smoke check, asked again until it holds. */
export function smokeLines(check: SmokeCheck, secrets: ScriptSecrets): string[] {
  const title = smokeCheckTitle(check);
  const wait = `wait_for ${check.timeoutSeconds} ${quoted(`the smoke check ${title}`)}`;
  switch (check.kind) {
    case 'tcp':
      return [`${wait} ${call('smoke_tcp', check.service, check.port)}`];
    case 'command':
      return [
        `${wait} ${call('smoke_command', check.service, check.expectExitCode, check.expectOutput ?? '', ...check.command)}`,
      ];
    case 'query': {
      const body = JSON.stringify({ query: check.query ?? { match_all: {} } });
      return [
        call('select_store', check.store),
        `${wait} ${call('smoke_query', check.index, body, check.atLeast ?? 0, check.atMost ?? 1e15)}`,
      ];
    }
    default: {
      const headers = Object.entries(check.headers).flatMap(([name, value]) =>
        typeof value === 'string'
          ? [`plain_header ${quoted(`${name}: ${value}`)}`]
          : [`secret_header ${quoted(name)} ${secrets.use(value, `Header ${name} of a smoke check`)}`],
      );
      const expected = check.expectJson.map(
        ({ pointer, equals, atLeast, atMost }) =>
          `[${JSON.stringify(pointer)}, ${equals === undefined ? 'null' : `{"v": ${JSON.stringify(equals)}}`}, ${orNull(atLeast)}, ${orNull(atMost)}]`,
      );
      return [
        remark(title),
        `smoke_headers() { ${['true', ...headers].join('; ')}; }`,
        `${wait} ${call('smoke_http', check.service, check.port, check.path, check.expectStatus, `[${expected.join(', ')}]`)}`,
      ];
    }
  }
}
