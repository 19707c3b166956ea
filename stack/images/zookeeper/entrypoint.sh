#!/bin/bash
# As the official image's: the volumes become the server's own, the configuration is written from the environment.
set -euo pipefail

if [ "$(id -u)" = 0 ]; then
  chown -R zookeeper /data /datalog
  exec setpriv --reuid=zookeeper --regid=zookeeper --init-groups "$0" "$@"
fi

config=$(mktemp --suffix=.cfg)
{
  echo "dataDir=/data"
  echo "dataLogDir=/datalog"
  echo "tickTime=$ZOO_TICK_TIME"
  echo "initLimit=5"
  echo "syncLimit=2"
  echo "maxClientCnxns=$ZOO_MAX_CLIENT_CNXNS"
  echo "admin.enableServer=false"
  echo "4lw.commands.whitelist=$ZOO_4LW_COMMANDS_WHITELIST"
  for server in ${ZOO_SERVERS:-server.1=localhost:2888:3888;2181}; do echo "$server"; done
} >"$config"
[ -f /data/myid ] || echo "${ZOO_MY_ID:-1}" >/data/myid

# shellcheck disable=SC2086 -- JVMFLAGS holds several options, as with the official image.
exec java -Xmx"${ZK_SERVER_HEAP:-256}m" -XX:+UseSerialGC -XX:TieredStopAtLevel=1 ${JVMFLAGS:-} \
  -cp '/opt/zookeeper/conf:/opt/zookeeper/lib/*' \
  org.apache.zookeeper.server.quorum.QuorumPeerMain "$config"
