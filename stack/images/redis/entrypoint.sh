#!/bin/sh
# As the official image's: options alone are those of redis-server, which runs as the user redis and owns its folder.
set -e
if [ "${1#-}" != "$1" ]; then set -- redis-server "$@"; fi
if [ "$1" = redis-server ] && [ "$(id -u)" = 0 ]; then
  find . ! -user redis -exec chown redis '{}' +
  exec setpriv --reuid=redis --regid=redis --init-groups "$0" "$@"
fi
# As the official image's, where whoever reaches it may use it.
case " $* " in *" --protected-mode "*) ;; *) set -- "$@" --protected-mode no ;; esac
exec "$@"
