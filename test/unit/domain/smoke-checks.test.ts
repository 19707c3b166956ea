import {
  judgeAnswer,
  judgeCommand,
  judgeCount,
  servicesOfCheck,
  smokeCheckTitle,
  type CommandCheck,
  type HttpCheck,
  type JsonExpectation,
  type QueryCheck,
} from '../../../domain/smoke-checks.ts';
import { demoPlatform } from '../../demo-situation.ts';

const http = (expectJson: JsonExpectation[] = [], expectStatus = 200): HttpCheck => ({
  service: 'api',
  port: 8080,
  path: '/healthz',
  headers: {},
  expectStatus,
  expectJson,
  timeoutSeconds: 30,
});
const query = (range: Pick<QueryCheck, 'atLeast' | 'atMost'>): QueryCheck => ({
  kind: 'query',
  store: 'documents',
  index: 'nuvla-*',
  timeoutSeconds: 30,
  ...range,
});
const command: CommandCheck = {
  kind: 'command',
  service: 'api',
  command: ['app', '--self-test'],
  expectExitCode: 0,
  expectOutput: 'all good',
  timeoutSeconds: 30,
};
const body = JSON.stringify({ status: 'up', parts: [{ 'a/b': { depth: 7 } }], off: null, x: { 'm~n': 1 } });

test.each<[string, JsonExpectation, boolean, string]>([
  ['an equal text', { pointer: '/status', equals: 'up' }, true, '/status is "up"'],
  ['another text', { pointer: '/status', equals: 'down' }, false, '/status is "up", not "down"'],
  ['null is a value', { pointer: '/off', equals: null }, true, '/off is null'],
  ['a number within', { pointer: '/parts/0/a~1b/depth', atLeast: 5, atMost: 9 }, true, 'is 7'],
  ['a number too small', { pointer: '/parts/0/a~1b/depth', atLeast: 8 }, false, 'is 7, at least 8 is expected'],
  ['a text where a number is wanted', { pointer: '/status', atMost: 3 }, false, 'at most 3 is expected'],
  ['something is there', { pointer: '/x/m~0n' }, true, '/x/m~0n is 1'],
  ['nothing is there', { pointer: '/parts/1' }, false, '/parts/1 is not there'],
  ['what every object inherits is not there', { pointer: '/constructor' }, false, 'is not there'],
  ['the whole document', { pointer: '' }, true, ' is {"status":"up"'],
])('JSON: %s', (_, expectation, holds, found) => {
  const finding = judgeAnswer(http([expectation]), 200, body);
  expect(finding.holds).toBe(holds);
  expect(finding.found).toContain(found);
});

test('the status comes first, and what is no JSON does not hold', () => {
  expect(judgeAnswer(http(), 503, '')).toEqual({ holds: false, found: 'answered 503, 200 is expected' });
  expect(judgeAnswer(http([], 401), 401, '')).toEqual({ holds: true, found: 'answered 401' });
  expect(judgeAnswer(http([{ pointer: '/status' }]), 200, '<html>')).toEqual({
    holds: false,
    found: 'answered 200 with what is no JSON',
  });
});

test('of several values, those that do not hold are named', () => {
  const values: JsonExpectation[] = [{ pointer: '/status', equals: 'up' }, { pointer: '/gone' }];
  expect(judgeAnswer(http(values), 200, body).found).toBe('answered 200, /gone is not there');
});

test('a command is judged by its exit code and its output', () => {
  expect(judgeCommand(command, 0, 'self-test: all good\n').holds).toBe(true);
  expect(judgeCommand(command, 1, 'all good')).toEqual({ holds: false, found: 'ended with 1, 0 is expected' });
  expect(judgeCommand(command, 0, 'nothing').found).toBe('ended with 0, its output lacks "all good": "nothing"');
});

test('a count is judged by its range', () => {
  expect(judgeCount(query({ atLeast: 10 }), 10)).toEqual({ holds: true, found: '10 documents' });
  expect(judgeCount(query({ atLeast: 2, atMost: 5 }), 1).found).toBe('1 document, 2 to 5 is expected');
  expect(judgeCount(query({ atMost: 0 }), 0).holds).toBe(true);
});

test('the services that a check needs: its own, or those of its store', () => {
  const { stores } = demoPlatform();
  expect(servicesOfCheck(http(), stores)).toEqual(['api']);
  expect(servicesOfCheck(query({ atLeast: 1 }), stores)).toEqual(['elasticsearch']);
});

test('titles', () => {
  expect(smokeCheckTitle(http())).toBe('api/healthz');
  expect(smokeCheckTitle(command)).toBe('api: app --self-test');
  expect(smokeCheckTitle({ ...query({}), query: { term: { a: 1 } } })).toBe('documents/nuvla-* {"term":{"a":1}}');
});
