import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { findSecrets } from '../../secret-search.ts';
import { samplesOf } from './samples.ts';
import { expecting } from '../../expecting.ts';
import { waitFor } from '../../wait-for.ts';
import { useGateway, folder, gateway, startAt, secret, writePlatform, s3, get } from './gateway-scene.ts';

useGateway();

describe('metrics', () => {
  test('show what the catalogue holds, and count each run once', async () => {
    const written = await writePlatform('nuvla', { objectives: { recoveryPointMinutes: 60, recoveryTimeMinutes: 30 } });
    const proven = await written.passes(7200);
    await written.catalogue.mark(proven, 'proven', { at: '2026-11-21T09:00:00.000Z', run: 'restore/nuvla/1' });
    await written.passes(600);
    await written.fails(60, { kind: 'SnapshotPartial', message: 'm', remedy: 'r' });
    await written.outcome({ run: 'restore/nuvla/1', kind: 'restore', durationSeconds: 23 });
    await startAt();
    const answer = await get('/metrics');
    expect(answer).toMatchObject({ status: 200, type: 'text/plain; version=0.0.4; charset=utf-8' });
    const samples = samplesOf(answer.text);
    const nuvla = (name: string, labels = '') => samples.get(`rekindle_${name}{platform="nuvla"${labels}}`);
    expect(nuvla('platform_healthy')).toBe(0);
    expect(nuvla('platform_file_valid')).toBe(1);
    expect(nuvla('newest_good_recovery_point_age_seconds')).toBeGreaterThanOrEqual(599);
    expect(nuvla('newest_good_recovery_point_age_seconds')).toBeLessThan(640);
    expect(nuvla('newest_proven_recovery_point_age_seconds')).toBeGreaterThanOrEqual(7199);
    expect(nuvla('newest_good_recovery_point_bytes')).toBe(9_561_341);
    expect(nuvla('newest_good_recovery_point_incremental_bytes')).toBe(1234);
    expect(nuvla('newest_good_recovery_point_documents')).toBe(23_000);
    expect(nuvla('newest_good_recovery_point_duration_seconds')).toBe(2);
    expect(nuvla('last_proof_timestamp_seconds')).toBe(Date.parse('2026-11-21T09:00:00Z') / 1000);
    expect(nuvla('recovery_points', ',state="good"')).toBe(2);
    expect(nuvla('recovery_points_proven')).toBe(1);
    expect(nuvla('recovery_point_objective_seconds')).toBe(3600);
    expect(nuvla('recovery_time_objective_seconds')).toBe(1800);
    expect(nuvla('last_backup_successful')).toBe(0);
    expect(nuvla('runs_total', ',kind="backup",outcome="passed"')).toBe(2);
    expect(nuvla('runs_total', ',kind="backup",outcome="failed"')).toBe(1);
    expect(nuvla('runs_total', ',kind="backup",outcome="refused"')).toBe(0);
    expect(nuvla('runs_total', ',kind="restore",outcome="passed"')).toBe(1);
    expect(nuvla('failures_total', ',kind="backup",failure="SnapshotPartial"')).toBe(1);
    expect(samples.get('rekindle_run_duration_seconds_sum{platform="nuvla",kind="restore"}')).toBe(23);
    expect(samples.get('rekindle_temporal_reachable')).toBe(0);
    expect(samples.get(`rekindle_build_info{version="0.0.0-test",node="${process.version}"}`)).toBe(1);
    expect(samples.get('process_resident_memory_bytes')).toBeGreaterThan(1e7);

    // Seen again, also after the platform file was written anew, nothing is counted twice; a late one is not missed.
    await writePlatform('nuvla', { objectives: { recoveryPointMinutes: 120 } });
    await written.outcome({
      run: 'backup/nuvla/late',
      phase: 'refused',
      failure: 'PreflightRefused',
      finishedAt: new Date(Date.now() - 3600_000).toISOString(),
    });
    await waitFor(
      async () =>
        expect(
          samplesOf((await get('/metrics')).text).get(
            'rekindle_failures_total{platform="nuvla",kind="backup",failure="PreflightRefused"}',
          ),
        ).toBe(1),
      { timeout: 10_000 },
    );
    const later = samplesOf((await get('/metrics')).text);
    for (const [name, value] of samples)
      if (/^rekindle_(runs|failures)_total/.test(name))
        expecting(later.get(name), name).toBe(name.includes('refused') ? 1 : value);
    expect(later.get('rekindle_recovery_point_objective_seconds{platform="nuvla"}')).toBe(7200);
  });

  test('keep to the rules of Prometheus: each name with HELP and TYPE, once, units in names, counters end in _total', async () => {
    await (await writePlatform('nuvla')).passes(60);
    await (await writePlatform('other')).passes(60);
    await startAt();
    const { text } = await get('/metrics');
    const lines = text.split('\n');
    const helped = lines.flatMap((line) => /^# HELP (\S+) \S/.exec(line)?.[1] ?? []);
    const typed = lines.flatMap((line) => /^# TYPE (\S+) (\S+)$/.exec(line)?.slice(1, 3).join(' ') ?? []);
    expect(new Set(helped).size).toBe(helped.length);
    expect(typed.map((line) => line.split(' ')[0])).toEqual(helped);
    for (const line of typed) {
      const [name = '', type] = line.split(' ');
      expect(name).toMatch(/^[a-z][a-z0-9_]*$/);
      if (name.startsWith('rekindle_')) expect(name.endsWith('_total')).toBe(type === 'counter');
    }
    // Two identical series would make Prometheus refuse the whole page.
    const series = lines
      .filter((line) => line !== '' && !line.startsWith('#'))
      .map((line) => line.replace(/ \S+$/, ''));
    expect(new Set(series).size).toBe(series.length);
  });

  test('what is not known has no value', async () => {
    await writePlatform('away', s3('http://127.0.0.1:1'));
    await writeFile(join(folder, 'broken.yaml'), 'platform: [');
    await startAt();
    const samples = samplesOf((await get('/metrics')).text);
    expect(samples.get('rekindle_catalogue_reachable{platform="away"}')).toBe(0);
    expect(samples.get('rekindle_platform_file_valid{platform="broken"}')).toBe(0);
    expect(samples.has('rekindle_catalogue_reachable{platform="broken"}')).toBe(false);
    expect([...samples.keys()].filter((name) => /newest|last_backup|recovery_points/.test(name))).toEqual([]);
  });
});

test('no answer holds a secret, however the failure quotes it', async () => {
  // The endpoint is not a secret's place, but people put them there.
  await writePlatform('leaky', s3(`http://user:${encodeURIComponent(secret)}@127.0.0.1:1`));
  const written = await writePlatform('told');
  await written.fails(1, { kind: 'WrongCredentials', message: `S3 refused ${secret}`, remedy: `not ${secret}` });
  await startAt();
  const written_ = [];
  for (const path of ['/status', '/status/leaky', '/status/told', '/', '/metrics', '/readyz', '/healthz'])
    written_.push({ where: path, text: (await get(path)).text });
  expect(written_[0]?.text).toContain('S3 refused [secret]');
  expect(findSecrets(written_, { secret })).toEqual([]);
});

describe('the address', () => {
  test('that is in use is refused with a remedy; the first gateway goes on', async () => {
    await startAt();
    const taken = gateway.url.replace('http://', '');
    await expect(startAt(taken)).rejects.toMatchObject({
      kind: 'InvalidArgument',
      message: `The gateway cannot listen on ${taken}: another program already listens there (EADDRINUSE)`,
      remedy: expect.stringContaining('REKINDLE_GATEWAY_ADDRESS') as string,
    });
    expect((await get('/healthz')).status).toBe(200);
  });

  test('that is invalid is refused', async () => {
    await expect(startAt('18080')).rejects.toMatchObject({
      kind: 'InvalidArgument',
      message: 'REKINDLE_GATEWAY_ADDRESS "18080" is not <host>:<port>',
    });
  });

  test('may be IPv6', async () => {
    await startAt('[::1]:0');
    expect(gateway.url).toMatch(/^http:\/\/\[::1\]:\d+$/);
    expect((await get('/healthz')).status).toBe(200);
  });
});
