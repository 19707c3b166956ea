import { outlineOf } from '../../domain/deployment.ts';
import { Failure } from '../../domain/failures.ts';
import type { Watch } from '../../domain/watch.ts';
import { sceneRoomHere } from '../drill/scene-room.ts';
import type { OpenPlatform } from '../open-platform.ts';
import { checkHost } from '../preflight/host-checks.ts';
import { ownersOfQuarantine } from '../prune/run-objects.ts';
import { isDataMovedHere, readQuarantineHere, releaseHere } from '../quarantine/quarantine.ts';
import { keepRecorded } from '../quarantine/recorded-deployment.ts';
import { giveSecretsHere } from '../repository/configure-repository.ts';
import { storeNamed } from '../stores/store-named.ts';
import { placeOf } from '../repository/writers.ts';
import { situationAsAsked } from '../restore/assess-restore.ts';
import { findGoneHere } from '../services/find-gone.ts';
import { smokeFinding } from '../smoke/smoke-check.ts';
import { captureNow } from '../stores/capture-now.ts';
import { capturePart } from './capture-everywhere.ts';
import { seeHere } from './observe-hosts.ts';
import { captureOfNode } from './nodes.ts';
import type { Question, Questions } from './questions.ts';

type Answers = {
  [Q in Question]: (open: OpenPlatform, asked: Questions[Q]['asked'], watch: Watch) => Promise<Questions[Q]['answer']>;
};

/** How this host answers what the platform's own asks of it. The compiler names the question that is missing. */
const answers: Answers = {
  observe: seeHere,
  tryQuarantine: ({ docker, platform: { platform } }, asked, { signal }) =>
    docker.tryQuarantine({ ...asked, platform, signal }),
  async preflight(open, asked, watch) {
    await open.docker.removeScratchLeftovers(open.platform.platform);
    return checkHost(open, await situationAsAsked(open, asked), { scratch: asked.scratch, ...watch });
  },
  outline: async (open, { node }) => {
    const capture = await (node ? captureOfNode(open, node) : captureNow(open));
    const { containers, ...rest } = outlineOf(capture);
    return { ...rest, containers: containers.map((one) => ({ ...one, host: capture.host })) };
  },
  capture: capturePart,
  keepRecorded,
  forgetRecorded: ({ docker }, { owner, image }) => docker.forgetRun({ run: owner, image }),
  findGone: findGoneHere,
  isDataMoved: isDataMovedHere,
  quarantine: readQuarantineHere,
  releaseQuarantine: releaseHere,
  quarantineOwners: async (open, _asked, { signal }) => {
    const owners = await ownersOfQuarantine(open, signal);
    return owners ? [...owners] : null;
  },
  giveSecrets: async (open, { store }) => {
    await giveSecretsHere(open, storeNamed(open.platform, 'elasticsearch', store));
    return null;
  },
  smoke: smokeFinding,
  inventory: ({ docker, host }) => docker.inventory(host),
  sceneRoom: sceneRoomHere,
  place: placeOf,
};

/** Failures: those of the question; InvalidArgument for one that a newer version asks. */
export async function answer(open: OpenPlatform, question: string, asked: unknown, watch: Watch): Promise<unknown> {
  if (!Object.hasOwn(answers, question))
    throw new Failure('InvalidArgument', {
      message: `The worker of ${open.host} does not know the question "${question}"`,
      remedy: 'Run the same version of Rekindle on all hosts',
    });
  const work = answers[question as Question] as (open: OpenPlatform, asked: unknown, watch: Watch) => Promise<unknown>;
  return work(open, asked, watch);
}
