import { openSession } from './stub-gateway.ts';
import { keptBy, platformDetails, runId, waitingRun } from './documents.ts';
import { approved, failedRun, passedRun, runningRun } from './runs.ts';
import { gateway, useBrowser, visit } from './browser.ts';

useBrowser();

const runAddress = `#/runs/${encodeURIComponent(runId)}`;

test('from the disaster to the restore and back, with the keyboard alone', async () => {
  const page = await visit('#/');
  const { keyboard } = page;
  // The most urgent platform is the first thing in the list.
  await page.locator('a.platform').first().focus();
  await keyboard.press('Enter');
  await page.getByRole('heading', { level: 1, name: 'demo' }).waitFor();
  await page.getByRole('link', { name: /Waiting for approval/ }).focus();
  await keyboard.press('Enter');
  await page.getByRole('heading', { name: 'Approve this plan?' }).waitFor();
  await page.getByText('Stops job-distributor, job-executor, api, zookeeper, elasticsearch.').waitFor();

  await page.getByRole('button', { name: 'Approve…' }).focus();
  await keyboard.press('Enter');
  const dialog = page.getByRole('dialog');
  await dialog.getByLabel('Your name').focus();
  await keyboard.type('ann');
  await keyboard.press('Tab');
  await keyboard.type('dem');
  expect(await dialog.getByRole('button', { name: 'Approve this plan' }).isDisabled()).toBe(true);
  await keyboard.press('Enter');
  expect(gateway.sent).toEqual([]);
  gateway.answers.approve = { answer: 'Approved by ann' };
  await keyboard.type('o');
  await keyboard.press('Enter');
  await page.getByText('Approved by ann').waitFor();
  expect(gateway.sent).toEqual([
    {
      route: 'approve',
      params: { run: runId },
      body: { by: 'ann', planHash: waitingRun(0).plan?.hash, platform: 'demo' },
    },
  ]);

  gateway.tell(`run:${runId}`, approved(runningRun(Date.now()), Date.now()));
  await page
    .getByText(/18\.4 GB of 48\.2 GB, about/)
    .first()
    .waitFor();
  await page.getByText('ann approved the plan').waitFor();
  gateway.answers.platform = { ...platformDetails(Date.now()), quarantines: keptBy(runId, Date.now()) };
  gateway.tell(`run:${runId}`, passedRun(Date.now()));
  await page.getByRole('heading', { name: /^Passed in/ }).waitFor();
  const report = await page.getByRole('link', { name: 'Report', exact: true }).getAttribute('href');
  expect(report).toBe(`/api/v1/runs/${encodeURIComponent(runId)}/report.html`);

  gateway.answers.rollback = { answer: 'The old data comes back', run: `quarantine/${runId}` };
  await page.getByRole('button', { name: 'Roll back…' }).focus();
  await keyboard.press('Enter');
  // The name is remembered: only the platform's is asked for.
  await page.getByRole('dialog').getByLabel('to confirm').fill('demo');
  await keyboard.press('Enter');
  await page.getByText('The old data comes back').waitFor();
  expect(gateway.sent.at(-1)).toMatchObject({ route: 'rollback', params: { run: runId }, body: { by: 'ann' } });
  // The way back is watched at the quarantine.
  expect(page.url()).toMatch(new RegExp(`/#/runs/${encodeURIComponent(`quarantine/${runId}`)}$`));
});

test('Escape closes a dialog, nothing is sent, and the focus is where it was', async () => {
  const page = await visit(runAddress);
  await page.getByRole('button', { name: 'Reject…' }).click();
  await page.getByRole('dialog').waitFor();
  await page.keyboard.press('Escape');
  await page.getByRole('dialog').waitFor({ state: 'detached' });
  expect(await page.evaluate('document.activeElement.textContent')).toBe('Reject…');
  expect(gateway.sent).toEqual([]);
});

test('a decision: each choice says what it does, and is sent for its step', async () => {
  gateway.answers.run = failedRun(Date.now());
  gateway.answers.session = {
    ...openSession,
    caller: { name: 'bob', role: 'operator', method: 'token' },
    logins: ['token'],
  };
  gateway.answers.decide = { answer: 'It is tried again' };
  const page = await visit(runAddress);
  await page.getByText('Brings the old data back and starts the platform as it was before').waitFor();
  await page.getByRole('button', { name: 'Retry', exact: true }).click();
  await page.getByRole('dialog').getByRole('button', { name: 'Retry' }).click();
  await page.getByText('It is tried again').waitFor();
  const step = failedRun(0).progress.pendingDecisions[0]?.step;
  // Who it was, the gateway knows: no name is asked for or sent.
  expect(gateway.sent).toEqual([{ route: 'decide', params: { run: runId }, body: { step, choice: 'retry' } }]);
});

test('what a role may not is not there, with a word why', async () => {
  gateway.answers.session = {
    ...openSession,
    caller: { name: 'eve', role: 'viewer', method: 'oidc' },
    logins: ['oidc'],
  };
  const page = await visit(runAddress);
  await page.getByText('Approve…: needs the role approver, you are viewer').waitFor();
  expect(await page.getByRole('button', { name: 'Approve…' }).count()).toBe(0);
});

test('two persons: who has approved stands there, and what is missing', async () => {
  const details = waitingRun(Date.now());
  Object.assign(details.progress, {
    approvalsNeeded: 2,
    approvals: [{ by: 'ann', at: details.progress.startedAt, how: 'update' }],
  });
  gateway.answers.run = details;
  const page = await visit(runAddress);
  await page.getByText('1 of 2 approvals: ann. Another person must approve, too').waitFor();
});

test('two approve at once: the second is told what became of the first', async () => {
  gateway.answers.approve = {
    failure: { kind: 'PlanStale', message: 'The plan was approved by bob already', remedy: 'Watch it' },
  };
  const page = await visit(runAddress);
  await page.getByRole('button', { name: 'Approve…' }).click();
  await page.getByLabel('Your name').fill('ann');
  await page.getByLabel('to confirm').fill('Demo');
  await page.getByRole('button', { name: 'Approve this plan' }).click();
  await page.getByRole('dialog').getByText('The plan was approved by bob already').waitFor();
  await page.getByText('→ Watch it').waitFor();
});

test('a restore is started for the chosen point and opens its run; a check shows its remedies', async () => {
  gateway.answers.startRestore = { run: runId };
  const page = await visit('#/platforms/demo');
  await page.getByRole('button', { name: 'Check now' }).click();
  await page.getByText('→ Free some space on machine before the restore').waitFor();
  await page.getByRole('button', { name: 'Older points' }).click();
  const restores = page.getByRole('button', { name: /^Restore… demo to/ });
  await restores.nth(59).waitFor();
  await restores.nth(4).click();
  await page.getByLabel('Your name').fill('ann');
  await page.getByRole('button', { name: 'Make the plan' }).click();
  await page.getByRole('heading', { name: 'Approve this plan?' }).waitFor();
  expect(gateway.sent.at(-1)).toMatchObject({ route: 'startRestore', params: { platform: 'demo' } });
  expect(gateway.sent.at(-1)?.body).toEqual({ by: 'ann', point: expect.stringMatching(/^2026|^20\d\d-/) as string });
});

test('a restore next to the platform removes no old data, whatever was chosen before', async () => {
  gateway.answers.startRestore = { run: runId };
  const page = await visit('#/platforms/demo');
  await page.getByRole('button', { name: 'Restore…', exact: true }).click();
  await page.getByLabel('Your name').fill('ann');
  await page.getByLabel('Remove at once').check();
  await page.getByLabel('Next to the platform').check();
  expect(await page.getByLabel('Remove at once').isDisabled()).toBe(true);
  await page.getByRole('button', { name: 'Make the plan' }).click();
  await page.getByRole('heading', { name: 'Approve this plan?' }).waitFor();
  expect(gateway.sent.at(-1)?.body).toEqual({ by: 'ann', point: expect.any(String) as string, beside: true });
});

test('a suspect point is accepted only with a reason', async () => {
  gateway.answers.acceptPoint = { answer: 'Accepted', platform: 'demo', point: 'x', changed: true };
  const page = await visit('#/platforms/demo');
  await page.getByRole('button', { name: /^Accept…/ }).click();
  await page.getByLabel('Your name').fill('ann');
  const accept = page.getByRole('dialog').getByRole('button', { name: 'Accept' });
  expect(await accept.isDisabled()).toBe(true);
  await page.getByLabel('Why is it right?').fill('the archive was moved away');
  await accept.click();
  await page.getByText('Accepted').waitFor();
  expect(gateway.sent.at(-1)?.body).toEqual({ by: 'ann', reason: 'the archive was moved away' });
});

test('logging in: a token that is refused says so, a valid one shows the page', async () => {
  gateway.answers.session = { logins: ['token'], version: '0' };
  gateway.answers.logIn = {
    failure: { kind: 'NotLoggedIn', message: 'The token is unknown, expired or revoked', remedy: 'Make one' },
  };
  const page = await visit('#/');
  await page.getByLabel('Token').fill('rkd_wrong');
  await page.getByRole('button', { name: 'Log in' }).click();
  await page.getByText('The token is unknown, expired or revoked').waitFor();
  gateway.answers.logIn = { answer: 'Logged in as ann' };
  gateway.answers.session = {
    ...openSession,
    caller: { name: 'ann', role: 'viewer', method: 'token' },
    logins: ['token'],
  };
  await page.getByRole('button', { name: 'Log in' }).click();
  await page.locator('a.platform').first().waitFor();
  expect(gateway.sent.map(({ body }) => body)).toEqual([{ token: 'rkd_wrong' }, { token: 'rkd_wrong' }]);
});
