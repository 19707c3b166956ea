#!/bin/bash
# As the official image's: on its first start it makes the users and a database of the environment, before anybody is let in;
# arguments are options of the server.
set -euo pipefail
data=/var/lib/mysql

if [ "$(id -u)" = 0 ]; then
  chown mysql "$data"
  exec setpriv --reuid=mysql --regid=mysql --init-groups "$0" "$@"
fi

server=(mariadbd --datadir="$data" --bind-address=0.0.0.0 --socket=/run/mysqld/mysqld.sock "$@")
[ ! -d "$data/mysql" ] || exec "${server[@]}"

mariadb-install-db --datadir="$data" --auth-root-authentication-method=normal --skip-test-db >/dev/null
quoted=${MARIADB_ROOT_PASSWORD:-${MYSQL_ROOT_PASSWORD:?}}
quoted=${quoted//\\/\\\\}
quoted=${quoted//\'/\'\'}
database=${MARIADB_DATABASE:-${MYSQL_DATABASE:-}}
# Each statement on one line, as the server reads such a file.
exec 3<<END
DELETE FROM mysql.global_priv WHERE user = '' OR (user = 'root' AND host <> 'localhost');
FLUSH PRIVILEGES;
ALTER USER root@localhost IDENTIFIED BY '$quoted';
CREATE USER root@'%' IDENTIFIED BY '$quoted';
GRANT ALL ON *.* TO root@'%' WITH GRANT OPTION;
${database:+CREATE DATABASE \`${database//\`/\`\`}\`;}
END
exec "${server[@]}" --init-file=/dev/fd/3
