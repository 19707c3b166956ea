import type { ServiceName } from '../platform.ts';
import { asks, type Remark, type Suggestion } from './proposal.ts';
import type { SeenPlatform, SeenService, SeenVolume } from './seen.ts';

interface Clients {
  core: readonly ServiceName[];
  alsoStop: readonly ServiceName[];
  /** Servers that are no stores, which says so already. */
  beside: readonly { service: ServiceName }[];
}

/** Folders of the machine itself, which containers that watch or serve it have mounted. */
const ofTheMachine = /^\/(var\/run|run|proc|sys|dev|etc|lib\/modules|usr|boot)(\/|$)|^\/$/;

/**
 * What clients of the data services keep in volumes or folders of their own, as suggestions, with a remark where the client stands. They
 * are no stores by themselves: the service of a store starts before the others are restored, and on an empty folder.
 */
export function keptVolumes(
  { core, alsoStop, beside }: Clients,
  { place, services }: SeenPlatform,
): { remarks: Remark[]; suggestions: Suggestion[] } {
  const clients = { core, alsoStop };
  const kept = (['core', 'alsoStop'] as const).flatMap((part) =>
    clients[part].flatMap((name, position) => {
      const service = services.find((one) => one.service === name);
      const volumes = service === undefined ? [] : keptBy(service);
      return volumes.length === 0 || beside.some((one) => one.service === name)
        ? []
        : [{ part, position, name, volumes }];
    }),
  );
  return {
    remarks: kept.map(({ part, position, name, volumes }) =>
      asks(
        ['deployment', part, position],
        `${name} keeps data in ${volumes.map(({ source, path }) => `${source} (${path})`).join(', ')}, which no recovery point holds: see the end of the file.`,
      ),
    ),
    suggestions: kept.map(({ part, name, volumes }) => ({
      text: `? Must the data of ${name} survive the loss of this host? Then put this below "stores", and move ${name} from "${part}" to "data": it then starts before the other stores are restored, and on an empty folder (docs/volumes.md)${place.kind === 'swarm' ? '; on Docker Swarm its restore is refused' : ''}. What a tool of its own exports needs neither: kind "command" (docs/own-commands.md).`,
      content: {
        stores: volumes.map(({ path }, index) => ({
          name: index === 0 ? `${name}-files` : `${name}-files-${index + 1}`,
          kind: 'volume',
          service: name,
          path,
        })),
      },
    })),
  };
}

/** What it keeps in volumes or folders. */
export const keptBy = ({ volumes }: SeenService): SeenVolume[] => volumes.filter(isKept);

/** A volume with a name, or a folder of the host: not what the engine, or the machine, has for itself, and no single file. */
function isKept({ type, source, path }: SeenVolume): boolean {
  if (/[\p{Cc}\u2028\u2029]/u.test(path) || !/^\/[^/]/.test(path)) return false;
  if (type === 'volume') return !/^[0-9a-f]{64}$/.test(source);
  return !ofTheMachine.test(source) && !/\.[A-Za-z0-9]{1,5}$/.test(source);
}
