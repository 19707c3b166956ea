import { heldRepository } from '../../../archives/held-tag.ts';

/** Containers, volumes and networks, and where old data goes. */
export const dockerFunctions = `engine() { curl --fail-with-body --silent --show-error --unix-socket "$docker_socket" -H 'Content-Type: application/json' "$@"; echo; }
there() { docker container inspect "$1" > /dev/null 2>&1; }

# What is created comes from the point's capture. What only this engine knew, no other machine can create.
from_capture() {
  [ "$2" != before ] || die "$1 is not in the recovery point: create it by hand, as before.json in $work shows it, then go on with this step"
}

record_deployment() {
  [ ! -e before.json ] || return 0
  local all container
  all=$(docker container ls --all --quiet)
  # One of other people's that is gone by now is left out.
  for container in $all; do
    docker container inspect "$container" 2> /dev/null || true
  done | jq --slurp 'map(.[0] | select(.))' > before.json.new
  mv before.json.new before.json
}

stop_container() {
  there "$1" || return 0
  docker update --restart=no "$1" > /dev/null
  docker stop --time "$2" "$1"
}
remove_container() { ! there "$1" || docker rm "$1"; }

# Nobody may write meanwhile: what runs of fence_stopped is stopped again, and nothing but fence_allowed may be on the networks.
fence() {
  local name network
  for name in "\${fence_stopped[@]}"; do
    if [ "$(docker inspect -f '{{.State.Running}}' "$name" 2> /dev/null)" = true ]; then stop_container "$name" 30; fi
  done
  for network in "\${fence_networks[@]}"; do
    docker network inspect "$network" > /dev/null 2>&1 || continue
    while read -r name; do
      [[ " \${fence_allowed[*]} " == *" $name "* ]] || die "The container $name is on the network $network: stop it before $1, then go on with this step"
    done < <(docker network inspect "$network" | jq -r '.[0].Containers // {} | .[].Name')
  done
}

# Where a volume's data, or a folder, is on this host, and where it is kept: sets live and kept.
place_of() {
  local root
  case $1 in
    /*)
      live=$1
      kept=$(dirname "$1")/.rekindle-quarantine/$aside/$(basename "$1")
      ;;
    *)
      root=$(docker info --format '{{.DockerRootDir}}')
      live=$root/volumes/$1/_data
      kept=$root/rekindle-quarantine/$aside/$1
      ;;
  esac
}
# Renamed, not deleted; an empty folder with the same owner and mode takes its place.
set_aside() {
  place_of "$1"
  if [ -e "$kept" ] || [ ! -d "$live" ]; then return 0; fi
  mkdir -p "$(dirname "$kept")"
  mv "$live" "$kept"
  install -d -m "$(stat -c %a "$kept")" -o "$(stat -c %u "$kept")" -g "$(stat -c %g "$kept")" "$live"
  echo "$1 is in $kept"
}
bring_back() {
  place_of "$1"
  [ -e "$kept" ] || return 0
  rm -rf "$live"
  mv "$kept" "$live"
}
remove_data() {
  case $1 in
    /*) find "$1" -mindepth 1 -delete ;;
    *) ! docker volume inspect "$1" > /dev/null 2>&1 || docker volume rm "$1" ;;
  esac
}

create_network() {
  ! docker network inspect "$1" > /dev/null 2>&1 || return 0
  from_capture "The network $1" "$2"
  jq -c --arg name "$1" 'first(.networks[] | select(.name == $name)).create' capture.json | engine -d @- http://localhost/networks/create
}

create_volume() {
  local volume
  if [[ $1 == /* ]]; then [ ! -d "$1" ] || return 0; else ! docker volume inspect "$1" > /dev/null 2>&1 || return 0; fi
  from_capture "The volume $1" "$2"
  volume=$(jq -c --arg name "$1" 'first(.volumes[] | select(.name == $name)).create' capture.json)
  if [[ $1 == /* ]]; then       # a bind-mounted folder with data: its owner and mode
    install -d -m "$(jq -r .mode <<< "$volume")" -o "$(jq -r .uid <<< "$volume")" -g "$(jq -r .gid <<< "$volume")" "$1"
  else
    engine -d "$volume" http://localhost/volumes/create
  fi
}

# Files that containers mount: Compose secrets and configs.
create_files() {
  local file path
  jq -c '.files[]' capture.json | while read -r file; do
    path=$(jq -r .path <<< "$file")
    if [ -e "$path" ]; then continue; fi
    mkdir -p "$(dirname "$path")"
    jq -r .contentBase64 <<< "$file" | base64 -d > "$path"
    chmod "$(printf %o "$(jq .mode <<< "$file")")" "$path"
    chown "$(jq -r '"\\(.uid):\\(.gid)"' <<< "$file")" "$path"
  done
}

# Networks and volumes that are missing, of the whole capture: the script may run on an empty machine.
create_places() {
  local name
  while read -r name; do create_network "$name" "$point"; done < <(jq -r '.networks[].name' capture.json)
  while read -r name; do create_volume "$name" "$point"; done < <(jq -r '.volumes[].name' capture.json)
}

create_container() {
  local container reference digest held other
  ! there "$1" || return 0
  from_capture "The container $1" "$2"
  container=$(jq -c --arg name "$1" 'first(.containers[] | select(.name == $name))' capture.json)
  [ -n "$container" ] || die "The container $1 is not in the capture"
  reference=$(jq -r .image.reference <<< "$container")
  digest=$(jq -r .image.digest <<< "$container")
  # One that came in an archive.
  held="${heldRepository}:\${digest##*@sha256:}"
  ! docker image inspect "$held" > /dev/null 2>&1 || digest=$held
  docker image inspect "$digest" > /dev/null 2>&1 || docker pull "$digest"
  docker image inspect "$reference" > /dev/null 2>&1 || docker tag "$digest" "$reference"
  # Engines before version 25 take one network at creation, the others follow.
  jq -c '.create | .HostConfig.NetworkMode as $own
    | .HostConfig.RestartPolicy = {Name: "no", MaximumRetryCount: 0}
    | .NetworkingConfig.EndpointsConfig |= with_entries(select(.key == $own))' <<< "$container" |
    engine -d @- "http://localhost/containers/create?name=$(encode "$1")"
  jq -c --arg name "$1" '.create | .HostConfig.NetworkMode as $own
    | .NetworkingConfig.EndpointsConfig | to_entries[] | select(.key != $own)
    | {network: .key, body: {Container: $name, EndpointConfig: .value}}' <<< "$container" |
    while read -r other; do
      jq -c .body <<< "$other" | engine -d @- "http://localhost/networks/$(encode "$(jq -r .network <<< "$other")")/connect"
    done
}

start_container() {
  docker update --restart="$2" "$1" > /dev/null
  docker start "$1"
  grep -qxF -- "$1" started.txt 2> /dev/null || echo "$1" >> started.txt
}
is_up() { docker inspect -f '{{if .State.Health}}{{.State.Health.Status}}{{else}}{{.State.Status}}{{end}}' "$1" | grep -qx 'healthy\\|running'; }
# Without a health check, it must have run so many seconds.
await_healthy() {
  wait_for "$2" "$1" is_up "$1"
  sleep "$3"
  is_up "$1" || die "$1 did not stay up: docker logs $1"
}
has_ended() { docker inspect -f '{{.State.Status}} {{.State.ExitCode}}' "$1" | grep -qx 'exited 0'; }
await_end() { wait_for "$2" "the end of $1" has_ended "$1"; }
confirm_health() {
  local name
  while read -r name; do
    is_up "$name" || has_ended "$name" || die "$name does not run any more: docker logs $name"
  done < <(cat started.txt 2> /dev/null)
}

# A service is of the platform's own project, or named project/service.
containers_of() {
  local of=$project service=$1
  if [[ $1 == */* ]]; then of=\${1%%/*} service=\${1#*/}; fi
  docker container ls --all --filter "label=com.docker.compose.project=$of" --filter "label=com.docker.compose.service=$service" --format '{{.Names}}' | sort -V
}
container_of() { containers_of "$1" | sed -n 1p; }
# The address of the first container of the first service that has one.
address_of() {
  local service address
  for service in "$@"; do
    address=$(docker inspect -f '{{range .NetworkSettings.Networks}}{{.IPAddress}} {{end}}' "$(container_of "$service")" 2> /dev/null | cut -d' ' -f1)
    if [ -n "$address" ]; then break; fi
  done
  echo "$address"
}

# A node that makes the new cluster, for its first start.
es_configuration=/usr/share/elasticsearch/config/elasticsearch.yml
begin_bootstrap() {
  [ ! -e "$1.yml" ] || return 0
  docker cp -a "$1:$es_configuration" "$1.yml"
  cp -p "$1.yml" "$1.bootstrap.yml"
  printf '\\ncluster.initial_master_nodes: ["%s"]\\n' "$2" >> "$1.bootstrap.yml"
  docker cp -a "$1.bootstrap.yml" "$1:$es_configuration"
}
end_bootstrap() { docker cp -a "$1.yml" "$1:$es_configuration"; }`;
