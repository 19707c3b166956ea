import type { Check } from '../../domain/checks.ts';
import type { CaptureOutline, ObservedDeployment } from '../../domain/deployment.ts';
import type { SceneRoom, SceneRoomAsked } from '../../domain/drills/scene-room.ts';
import type { EngineInventory } from '../../domain/engine-inventory.ts';
import type { PathsOfStores } from '../../domain/mounts.ts';
import type { NodeDiscovery } from '../../domain/plans/restore-steps/bootstrap.ts';
import type { HostName, PlatformName, StoreName, VolumeName, VolumeTreatment } from '../../domain/platform.ts';
import type { Place, RecoveryPointId } from '../../domain/recovery-points/recovery-point.ts';
import type { GoneSince, MadeByRun } from '../../domain/runs/repeat.ts';
import type { Finding } from '../../domain/smoke-checks.ts';
import type { StrayHere } from '../../domain/strays.ts';
import type { MovedInput, QuarantineInput } from '../../domain/runs/run.ts';
import type { NodeAsked } from '../../domain/swarm-nodes.ts';
import type { Bases } from '../../domain/bases.ts';
import type { SwarmPlaces } from '../../domain/swarm-places.ts';
import type { Watch } from '../../domain/watch.ts';
import type { QuarantinedVolume } from '../../systems/docker/quarantine/list-quarantine.ts';
import type { Trial } from '../../systems/docker/quarantine/trial.ts';

/**
 * What the work on a platform's host asks of the other hosts: question → what is asked, and the answer. Answers hold names
 * and figures, never a secret: they may pass through Temporal. Each question changes nothing, or may be asked twice.
 */
export interface Questions {
  /** The engine's part of the platform. */
  observe: { asked: OfNode; answer: HostSeen };
  /** Whether data can be set aside by a rename: see `tryQuarantine` of the engine. */
  tryQuarantine: { asked: { image: string; volumes: VolumeName[] }; answer: Record<VolumeName, Trial> };
  /** The checks that only this host can make. */
  preflight: { asked: HostPreflightAsked; answer: HostPreflight };
  /** What would be captured now. */
  outline: { asked: OfNode; answer: CaptureOutline };
  /** Captures its part of the deployment and keeps it, encrypted, with the run's objects under this name. */
  capture: { asked: { owner: string; name: string } & OfNode; answer: { containers: number } };
  /** Keeps what the run recorded beside the data that will be set aside here; `image` reads and writes there. */
  keepRecorded: { asked: { owner: string; image: string }; answer: null };
  /** The other way round, unless data is still set aside: then false. */
  forgetRecorded: { asked: { owner: string; image: string }; answer: boolean };
  findGone: { asked: MadeByRun; answer: GoneSince };
  isDataMoved: { asked: MovedInput; answer: boolean };
  /** What lies in the run's quarantine, and an image that is certainly there. */
  quarantine: { asked: QuarantineInput; answer: HostQuarantine };
  releaseQuarantine: { asked: QuarantineInput; answer: null };
  /** Runs that have something in quarantine; null: nobody can tell. */
  quarantineOwners: { asked: Nothing; answer: string[] | null };
  /** Gives this host's nodes of the store what its keystore needs; each host resolves the secrets by itself. */
  giveSecrets: { asked: { store: StoreName }; answer: null };
  /** The smoke check of that title, asked once of a service whose task runs here. */
  smoke: { asked: { title: string }; answer: Finding };
  inventory: { asked: Nothing; answer: EngineInventory };
  /** Room for a drill, with its images, which are pulled. */
  sceneRoom: { asked: SceneRoomAsked; answer: SceneRoom };
  place: { asked: Nothing; answer: Place };
}

export type Question = keyof Questions;
type Nothing = Record<string, never>;
/** Of a swarm's node, whose engine knows no services: what to look for. */
type OfNode = { node?: NodeAsked };

/** Puts a question to another host. Failures: those of the answer; DockerUnreachable while no worker of it answers. */
export type AskHost = <Q extends Question>(
  host: HostName,
  question: Q,
  asked: Questions[Q]['asked'],
  watch?: Watch,
) => Promise<Questions[Q]['answer']>;

/** The same, of one platform. */
export type AskElsewhere = <Q extends Question>(
  ask: {
    platform: PlatformName;
    host: HostName;
    question: Q;
    asked: Questions[Q]['asked'];
    places?: SwarmPlaces;
    bases?: Bases;
  },
  watch?: Watch,
) => Promise<Questions[Q]['answer']>;

export interface HostSeen {
  observed: ObservedDeployment;
  /** Of the stores with servers here. */
  storePaths: PathsOfStores;
  /** Each worker reads its own copy of the platform file. */
  fileHash: string;
  strays: StrayHere[];
}

export interface HostPreflightAsked {
  recoveryPoint: RecoveryPointId;
  volumes: VolumeTreatment;
  scratch: 'when dead' | 'never';
  versions?: Record<StoreName, string>;
  /** Of all hosts. */
  observed: ObservedDeployment;
  storePaths: PathsOfStores;
}

export interface HostPreflight {
  /** Of the host itself: secrets, images, disk. */
  ofHost: Check[];
  /** Of the stores that are worked on here. */
  ofStores: Check[];
  versions: Record<StoreName, string>;
  /** The nodes of each Elasticsearch that are here, or will be. */
  nodes: Record<StoreName, NodeDiscovery[]>;
}

export interface HostQuarantine {
  volumes: QuarantinedVolume[];
  image: string;
}
