import { platformRows, runId } from './documents.ts';
import { passedRun, runningRun } from './runs.ts';
import { gateway, useBrowser, visit } from './browser.ts';
import { waitFor } from '../../wait-for.ts';

useBrowser();

const runAddress = `#/runs/${encodeURIComponent(runId)}`;
const runTopic = `run:${runId}`;
/** These and nothing else: a connection that nobody reads any more is one too many. */
const followed = (...topics: string[]) =>
  waitFor(() => expect(gateway.followed()).toEqual(topics), { timeout: 10_000 });

test('events change the page at once', async () => {
  const page = await visit('#/');
  await followed('platforms');
  const rows = platformRows(Date.now());
  gateway.tell(
    'platforms',
    rows.map((row) => ({ ...row, platform: `${row.platform}-new` })),
  );
  await page.getByText('demo-new').waitFor();
});

test('a gateway that goes away: the page stays, says since when, goes grey, and is true again when it is back', async () => {
  gateway.answers.run = runningRun(Date.now());
  const page = await visit(runAddress);
  await followed(runTopic);
  await gateway.shut();
  await page.getByText(/The gateway does not answer since/).waitFor();
  await page.getByText(/What you see is \d+ s old/).waitFor();
  expect(await page.locator('.content.old').count()).toBe(1);
  await page
    .getByText(/18\.4 GB of 48\.2 GB/)
    .first()
    .waitFor();

  gateway.answers.run = passedRun(Date.now());
  await gateway.open();
  await page.getByRole('heading', { name: /^Passed in/ }).waitFor({ timeout: 30_000 });
  expect(await page.locator('.content.old').count()).toBe(0);
  expect(await page.getByText(/The gateway does not answer/).count()).toBe(0);
});

test('after sleep the truth is shown, although no event ever said so', async () => {
  gateway.answers.run = runningRun(Date.now());
  const page = await visit(runAddress);
  await followed(runTopic);
  gateway.answers.run = passedRun(Date.now());
  // As a browser does when its tab is seen again; the stream that it had may be dead.
  await page.evaluate('document.dispatchEvent(new Event("visibilitychange"))');
  await page.getByRole('heading', { name: /^Passed in/ }).waitFor();
  await followed('platform:demo', runTopic);
});

test('opened while nobody answers: it says so, and begins when the gateway does', async () => {
  const page = await visit('#/');
  gateway.answers.platforms = {
    failure: { kind: 'TemporalUnreachable', message: 'Temporal does not answer at 127.0.0.1:7233', remedy: 'Start it' },
  };
  await page.reload();
  await page.getByText('Temporal does not answer at 127.0.0.1:7233').waitFor();
  gateway.answers.platforms = platformRows(Date.now());
  await page.locator('a.platform').first().waitFor({ timeout: 30_000 });
});

test('Temporal unreachable: what the catalogue knows is shown, and what runs is called unknown', async () => {
  const trouble = { kind: 'TemporalUnreachable', message: 'Temporal does not answer', remedy: 'Start it' };
  gateway.answers.platforms = platformRows(Date.now()).map((row) => ({ ...row, runs: { trouble }, worker: 'unknown' }));
  const page = await visit('#/');
  await page.getByText('What runs is not known: Temporal does not answer').waitFor();
  await page.getByText('Too old').first().waitFor();
  expect(await page.getByText('nothing runs').count()).toBe(0);
});

test('pages that are left follow nothing any more', async () => {
  const page = await visit('#/');
  await followed('platforms');
  for (const address of ['#/platforms/demo', runAddress, '#/incidents', '#/']) {
    await page.evaluate(`location.hash = ${JSON.stringify(address)}`);
    await page.locator('main h1').waitFor({ state: 'attached' });
  }
  await followed('platforms');
});

test('Temporal goes away while a run is watched: its last state stays, greyed, with its age', async () => {
  gateway.answers.run = runningRun(Date.now());
  const page = await visit(runAddress);
  await followed(runTopic);
  gateway.tell(runTopic, undefined, {
    kind: 'TemporalUnreachable',
    message: 'Temporal is gone',
    remedy: 'Start it',
  });
  await page.getByText('Temporal is gone').waitFor();
  await page.getByText('What stands below is from').waitFor();
  await page.locator('.old', { hasText: '18.4 GB of 48.2 GB' }).waitFor();
  gateway.tell(runTopic, passedRun(Date.now()));
  await page.getByRole('heading', { name: /^Passed in/ }).waitFor();
  expect(await page.locator('.old').count()).toBe(0);
});

test('whoever is logged out elsewhere is asked to log in, and not shown old figures', async () => {
  const page = await visit('#/');
  gateway.answers.session = { logins: ['token'], version: '0' };
  gateway.answers.platforms = { failure: { kind: 'NotLoggedIn', message: 'Nobody is logged in', remedy: 'Log in' } };
  await page.evaluate('document.dispatchEvent(new Event("visibilitychange"))');
  await page.getByRole('heading', { name: 'Log in' }).waitFor();
  expect(await page.locator('a.platform').count()).toBe(0);
});
