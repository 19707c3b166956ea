import { rememberSecret } from '../../../../config/redaction.ts';
import { ask, bearer, makeToken, useState } from '../access-scene.ts';
import { openApiScene } from './api-scene.ts';

useState();

const path = `/api/v1/runs/${encodeURIComponent('backup/nuvla/1')}/report.html`;

test('a page that stands alone: its own style, and neither scripts nor anything from elsewhere', async () => {
  const scene = await openApiScene();
  const { status, headers, text } = await ask(scene, path);
  expect(status).toBe(200);
  expect(headers['content-type']).toBe('text/html; charset=utf-8');
  expect(headers['cache-control']).toBe('no-store');
  // The gateway's own policy would refuse the style that is within the page.
  expect(headers['content-security-policy']).toMatch(/^default-src 'none'; style-src 'unsafe-inline';/);
  expect(headers['content-security-policy']).not.toContain('script-src');
  expect(text).toMatch(/^<!doctype html>/);
  expect(text).toContain('<h1>Backup of nuvla');
  expect(text).not.toMatch(/<script|src=/);
});

test('no secret, and no markup of what people and tools wrote', async () => {
  rememberSecret('s3cr3t&"key');
  const scene = await openApiScene();
  Object.assign(scene.report, { notes: ['refused s3cr3t&"key', '<img src=x>'] });
  const { text } = await ask(scene, path);
  expect(text).toContain('refused [secret]');
  expect(text).toContain('&lt;img src=x&gt;');
  expect(text).not.toContain('s3cr3t');
});

test('no report: a page for people, a refusal for programs; neither without a login', async () => {
  const scene = await openApiScene({ access: {} });
  const headers = bearer(await makeToken('eve', 'viewer'));
  const none = `/api/v1/runs/${encodeURIComponent('backup/nuvla/2')}/report.html`;
  const seen = await ask(scene, none, { headers: { ...headers, accept: 'text/html' } });
  expect(seen).toMatchObject({ status: 404, headers: { 'content-type': 'text/html; charset=utf-8' } });
  expect(seen.text).toContain('No catalogue holds a report of a run &quot;backup/nuvla/2&quot;');
  const told = await ask(scene, none, { headers });
  expect(told).toMatchObject({ status: 404, json: { failure: { kind: 'RunNotFound' } } });
  expect((await ask(scene, path, { headers })).status).toBe(200);
  expect((await ask(scene, path)).status).toBe(401);
  expect((await ask(scene, `${path}?page=2`, { headers })).status).toBe(400);
});
