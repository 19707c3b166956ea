#!/usr/bin/env node
/*
 * All tests, from a bare clone: sets up what they need, runs stage after stage (a failure does not keep the later ones
 * from being seen) and ends with one line, `N passed, N failed`. Plain JavaScript: it runs before anything is installed.
 */
import { interrupted } from './run/processes.mjs';
import { inGroups, stages } from './run/stages.mjs';
import { runStage } from './run/stage.mjs';

const setupOfFast = ['node', 'packages', 'build', 'temporal'];

const usage = `usage: node test/run-all.mjs [--fast | --all] [--only <stage,…>] [<part of a test file's path> …]
  --fast           only what needs no Docker: ${stages.flatMap(({ name, lane }) => (lane ? name : [])).join(', ')}
  --all            also the long tests (*.long.test.ts), which need not run on each change
  --only <stage,…> only these of ${stages.map(({ name }) => name).join(', ')}
  A part of a path runs only the test files whose path contains it.`;

process.exitCode = await main(process.argv.slice(2));

async function main(args) {
  const asked = readArguments(args);
  if (asked.help) return say(usage) ?? 0;
  if (asked.fault) return say(`${asked.fault}\n${usage}`) ?? 2;
  const chosen = stages
    .filter(({ name, lane }) => (asked.only ? asked.only.includes(name) : lane || !asked.fast))
    // Lint and types know no files of tests: they are left out when some are named.
    .filter(({ command }) => command === undefined || asked.files.length === 0);
  const total = { passed: 0, failed: 0, skipped: 0, failures: [], unstable: [], files: [] };
  heading('set-up');
  if (await setUp(chosen, asked)) {
    for (const lanes of inGroups(chosen))
      await Promise.all(lanes.map((lane) => runLane(lane, asked, lanes.length === 1, total)));
  } else total.failed += 1;
  if (interrupted()) {
    total.failed += 1;
    total.failures.push(`the run was interrupted by ${interrupted()}`);
  }
  sumUp(total);
  return total.failed === 0 && total.passed > 0 ? 0 : 1;
}

/** Stage after stage; what one prints beside another lane's is shown when it has ended, under its own heading. */
async function runLane(lane, asked, live, total) {
  for (const stage of lane) {
    if (interrupted()) return;
    if (live) heading(stage.name);
    const since = Date.now();
    const count = await runStage(stage, asked, live);
    if (!live) {
      heading(stage.name);
      process.stdout.write(count.output);
    }
    for (const key of ['passed', 'failed', 'skipped']) total[key] += count[key];
    for (const key of ['failures', 'unstable', 'files']) total[key].push(...count[key]);
    say(`${stage.name}: ${inWords(count)} (${seconds(Date.now() - since)})`);
  }
}

/** Once more at the end: of half an hour's output, often nothing but the end is kept. */
function sumUp(total) {
  const slowest = total.files.toSorted((a, b) => b.milliseconds - a.milliseconds).slice(0, 10);
  if (slowest.length > 1)
    say(
      `\nSlowest:\n${slowest.map(({ name, milliseconds }) => `  ${seconds(milliseconds).padStart(8)} ${name}`).join('\n')}`,
    );
  if (total.unstable.length > 0)
    say(`\nFailed, and passed when run once more, alone:\n${total.unstable.map((text) => `  ${text}`).join('\n')}`);
  if (total.failures.length > 0) say(`\nFailed:\n${total.failures.map((failure) => `  ${failure}`).join('\n')}`);
  say(`\n${inWords(total)}`);
}

function readArguments(args) {
  const asked = { files: [] };
  for (let i = 0; i < args.length; i++) {
    const [name, inline] = args[i].split(/=(.*)/s);
    if (name === '--fast') asked.fast = true;
    else if (name === '--all') asked.all = true;
    else if (name === '--help' || name === '-h') asked.help = true;
    else if (name === '--only') {
      asked.only = (inline ?? args[++i] ?? '').split(',').filter(Boolean);
      const unknown = asked.only.filter((only) => !stages.some((stage) => stage.name === only));
      if (unknown.length > 0) asked.fault = `--only: there is no stage ${unknown.join(', ')}`;
      if (asked.only.length === 0) asked.fault = '--only needs the name of a stage';
    } else if (name.startsWith('-')) asked.fault = `Unknown option ${name}`;
    else asked.files.push(args[i]);
  }
  return asked;
}

/** Without a stage that needs Docker, what needs Docker is not set up; nor is what only the long tests need, without them. */
async function setUp(chosen, { all }) {
  try {
    const { runSetup } = await import('../setup/run-setup.mjs');
    const flags = all ? { withLongTests: true } : {};
    await runSetup(chosen.every(({ lane }) => lane) ? { only: setupOfFast } : flags);
    return true;
  } catch (error) {
    say(`✘ ${error.remedy ? `${error.message}\n  ${error.remedy}` : error.stack}`);
    return false;
  }
}

function inWords({ passed, failed, skipped }) {
  return `${passed} passed, ${failed} failed${skipped > 0 ? `, ${skipped} skipped` : ''}`;
}

function seconds(milliseconds) {
  return `${(milliseconds / 1000).toFixed(1)} s`;
}

function heading(name) {
  say(`\n── ${name} ${'─'.repeat(Math.max(0, 60 - name.length))}`);
}

function say(text) {
  process.stdout.write(`${text}\n`);
}
