import { request as httpRequest, type IncomingMessage } from 'node:http';
import { EventEmitter } from 'node:events';
import type { AddressInfo } from 'node:net';
import type { ServerResponse } from 'node:http';
import fastify, { type FastifyRequest } from 'fastify';
import { Failure } from '../../../../domain/failures.ts';
import { eventRoute, type EventOptions } from '../../../../gateway/api/events.ts';
import { openStream } from '../../../../gateway/api/event-stream.ts';
import type { Readings } from '../../../../gateway/api/readings.ts';
import { openTopics, type Topics } from '../../../../gateway/api/topics.ts';
import { failureOf, httpStatus } from '../../../../gateway/http-status.ts';
import { waitFor } from '../../../wait-for.ts';
import { atEnd, useState } from '../access-scene.ts';
import { line, waiting } from './fake-desk.ts';

useState();

const until = (check: () => boolean) =>
  waitFor(() => (check() ? undefined : Promise.reject(new Error(`not yet: ${check.toString()}`))), {
    timeout: 20_000,
    interval: 5,
  });

/** Documents that the test changes; counts how often each was read. */
function source() {
  const state = {
    reads: 0,
    platform: 'nuvla',
    phase: 'running' as 'running' | 'passed',
    failure: undefined as Failure | undefined,
    document: undefined as (() => object) | undefined,
  };
  const read = <T>(document: () => T) => {
    state.reads += 1;
    return state.failure ? Promise.reject(state.failure) : Promise.resolve(document());
  };
  const readings = {
    platforms: () => read(() => [state.document?.() ?? { platform: state.platform }]),
    run: () => read(() => ({ run: line, progress: { ...waiting, phase: state.phase }, pending: [], cutOff: false })),
    platform: () => read(() => ({ platform: state.platform })),
    incidents: () => read(() => []),
    fleets: () => read(() => []),
    fleet: (fleet: string) => read(() => ({ progress: { fleet, phase: state.phase }, phases: {} })),
  } as unknown as Readings;
  return { state, topics: openTopics(readings, { run: 5, others: 5, ended: 60_000 }) };
}

async function serveEvents(
  topics: Topics,
  { lookUp, ...more }: Partial<EventOptions> & { lookUp?: (request: FastifyRequest) => Promise<unknown> } = {},
): Promise<string> {
  const server = fastify();
  // Who asks is looked up before, which may take its time.
  if (lookUp) server.addHook('onRequest', lookUp);
  server.setErrorHandler((error, _, reply) => reply.code(httpStatus(error)).send({ failure: failureOf(error) }));
  eventRoute(server, { topics, isStillAllowed: () => Promise.resolve(true), ...more });
  await server.listen({ host: '127.0.0.1', port: 0 });
  atEnd(() => server.close());
  return `http://127.0.0.1:${(server.server.address() as AddressInfo).port}/api/v1/events`;
}

/** A browser: what it was sent, event by event. */
async function listen(url: string, topics: string) {
  const answer = await new Promise<IncomingMessage>((resolve, reject) => {
    httpRequest(`${url}?topics=${encodeURIComponent(topics)}`, { agent: false }, resolve)
      .on('error', reject)
      .end();
  });
  let text = '';
  const seen = { ended: false, text: () => text, answer };
  answer.setEncoding('utf8').on('data', (chunk: string) => (text += chunk));
  answer.on('close', () => (seen.ended = true)).on('error', () => undefined);
  const events = () =>
    text
      .split('\n\n')
      .flatMap((block) =>
        block.startsWith('data: ') ? [JSON.parse(block.slice(6)) as { topic: string; data: unknown }] : [],
      );
  return Object.assign(seen, { events });
}

test('a document comes at once, and again only when it has changed', async () => {
  const { state, topics } = source();
  const browser = await listen(await serveEvents(topics), 'platforms');
  expect(browser.answer.headers).toMatchObject({ 'content-type': 'text/event-stream', 'cache-control': 'no-store' });
  await until(() => browser.events().length === 1);
  const reads = state.reads;
  await until(() => state.reads > reads + 3);
  expect(browser.events()).toEqual([{ topic: 'platforms', data: [{ platform: 'nuvla' }] }]);
  expect(browser.text().startsWith('retry: 3000\n\n')).toBe(true);
  state.platform = 'other';
  await until(() => browser.events().length === 2);
  // Trouble is an event as well, and so is its end.
  state.failure = new Failure('TemporalUnreachable', { message: 'Temporal is away', remedy: 'Start it' });
  await until(() => browser.events().length === 3);
  expect(browser.events()[2]).toMatchObject({ topic: 'platforms', trouble: { kind: 'TemporalUnreachable' } });
  state.failure = undefined;
  await until(() => browser.events().length === 4);
});

test('whoever left while it was looked up who asks takes no place, and nothing is read for them', async () => {
  const { topics } = source();
  let lookedUp = 0;
  const url = await serveEvents(topics, {
    most: 1,
    lookUp: async ({ socket }) => {
      if (lookedUp === 0) {
        leaving.destroy();
        await until(() => socket.destroyed);
      }
      lookedUp += 1;
    },
  });
  const leaving = httpRequest(`${url}?topics=platforms`, { agent: false }).on('error', () => undefined);
  leaving.end();
  await until(() => lookedUp === 1);
  const browser = await listen(url, 'incidents');
  expect(browser.answer.statusCode).toBe(200);
  expect(topics.count()).toBe(1);
});

test('that a second has passed is no news', async () => {
  const { state, topics } = source();
  const old = (ageSeconds: number, id = 'a') => ({
    platform: 'nuvla',
    newestGood: { id, ageSeconds },
    reason: `the newest good recovery point, ${id}, is ${ageSeconds} s old; the objective is 60 s`,
  });
  let seconds = 100;
  state.document = () => old((seconds += 1));
  const browser = await listen(await serveEvents(topics), 'platforms');
  await until(() => browser.events().length === 1);
  const { reads } = state;
  await until(() => state.reads > reads + 3);
  expect(browser.events()).toHaveLength(1);
  state.document = () => old(1, 'b');
  await until(() => browser.events().length === 2);
  expect(browser.events()[1]).toMatchObject({ data: [old(1, 'b')] });
});

test('many listeners cost one poller for each topic; the last one that leaves stops it', async () => {
  const { topics, state } = source();
  const url = await serveEvents(topics);
  const browsers = await Promise.all(Array.from({ length: 20 }, () => listen(url, `platforms,run:${line.id}`)));
  await until(() => browsers.every((browser) => browser.events().length === 2));
  expect(topics.count()).toBe(2);
  for (const { answer } of browsers) answer.destroy();
  await until(() => topics.count() === 0);
  const { reads } = state;
  await new Promise((resolve) => setTimeout(resolve, 50));
  expect(state.reads).toBeLessThanOrEqual(reads + 1);
});

test('a run that has ended is hardly read any more', async () => {
  const { topics, state } = source();
  state.phase = 'passed';
  const browser = await listen(await serveEvents(topics), `run:${line.id}`);
  await until(() => browser.events().length === 1);
  await new Promise((resolve) => setTimeout(resolve, 50));
  expect(state.reads).toBe(1);
});

test('fleets: all that are under way, and one with its platforms, which is hardly read once it has ended', async () => {
  const { topics, state } = source();
  const browser = await listen(await serveEvents(topics), 'fleets,fleet:shops');
  await until(() => browser.events().length === 2);
  expect(browser.events()).toContainEqual({
    topic: 'fleet:shops',
    data: { progress: { fleet: 'shops', phase: 'running' }, phases: {} },
  });
  state.phase = 'passed';
  await until(() => browser.events().length === 3);
  expect(browser.events()[2]).toMatchObject({ topic: 'fleet:shops', data: { progress: { phase: 'passed' } } });
});

test('signs of life, and an end when who listens has logged out', async () => {
  const { topics } = source();
  let allowed = true;
  const url = await serveEvents(topics, { beatMs: 20, isStillAllowed: () => Promise.resolve(allowed) });
  const browser = await listen(url, 'incidents');
  await until(() => browser.text().includes('\n:\n\n'));
  allowed = false;
  await until(() => browser.ended);
  expect(topics.count()).toBe(0);
});

test('unknown topics, too many of them, and too many connections are refused; nothing is read for them', async () => {
  const { topics } = source();
  const url = await serveEvents(topics, { most: 1 });
  const refusal = async (query: string) => {
    const answer = await fetch(`${url}${query}`);
    return [answer.status, ((await answer.json()) as { failure: { message: string } }).failure.message] as const;
  };
  expect(await refusal('?topics=weather')).toEqual([400, 'There is no topic "weather"']);
  expect(await refusal('')).toEqual([400, 'The query lacks the field "topics"']);
  const many = Array.from({ length: 21 }, (_, index) => `run:${index}`).join();
  expect(await refusal(`?topics=${many}`)).toEqual([400, 'The query names 21 topics']);
  await listen(url, 'incidents');
  expect(await refusal('?topics=platforms')).toEqual([429, expect.stringContaining('1 connections') as string]);
  expect(topics.count()).toBe(1);
});

test('who reads slowly is sent the newest of each topic: nothing piles up', () => {
  const written: string[] = [];
  let takes = 2;
  const response = Object.assign(new EventEmitter(), {
    write: (text: string) => (written.push(text), written.length < takes),
    end: () => undefined,
  });
  let say = (_topic: string, _text: string): void => undefined;
  const topics: Topics = {
    assertKnown: () => undefined,
    listen: (_, listener) => ((say = listener), () => undefined),
    count: () => 0,
    close: () => undefined,
  };
  const stream = openStream(response as unknown as ServerResponse, topics, ['a']);
  say('a', '1');
  for (let number = 2; number < 10_000; number++) {
    say('a', String(number));
    say('b', `b${number}`);
    stream.beat();
  }
  expect(written).toEqual(['retry: 3000\n\n', 'data: 1\n\n']);
  takes = Infinity;
  response.emit('drain');
  expect(written.slice(2)).toEqual(['data: 9999\n\n', 'data: b9999\n\n']);
});
