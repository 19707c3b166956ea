/** The parts of a store in the catalogue, and PostgreSQL, by the programs of its own container. */
export const postgresFunctions = `# Key, SHA-256, compression and name of each part of a store, in the order in which they are restored: roles first.
parts_of() {
  jq -r --arg store "$1" '(.streams // [])[] | select(.store == $store).parts | sort_by(.part != "globals")[] | [.key, .sha256, .compression, .part] | @tsv' "$(manifest)"
}
# Arguments: key, compression. What was dumped, on standard output.
part_content() {
  fetch "$1" | age --decrypt --identity "$key_file" | if [ "$2" = gzip ]; then gunzip; else cat; fi
}
# Reads every part to its end: its checksum, and that the key opens it.
verify_parts() {
  local key digest compression part
  while IFS=$'\\t' read -r key digest compression part; do
    [ "$(fetch "$key" | sha256sum | cut -d' ' -f1)" = "$digest" ] || die "The part $part ($key) is not what was written"
    part_content "$key" "$compression" > /dev/null
    echo "$part: as it was written"
  done < <(parts_of "$1")
}

# Arguments: database, command. The password stands in no list of processes.
postgres() {
  local database=$1 host=()
  shift
  [ -z "$postgres_host" ] || host=(-e "PGHOST=$postgres_host")
  PGPASSWORD=$($postgres_secret) docker exec -i -e PGPASSWORD -e "PGUSER=$postgres_user" -e "PGPORT=$postgres_port" \\
    -e "PGDATABASE=$database" "\${host[@]}" "$(container_of "$postgres_service")" "$@"
}
await_postgres() { wait_for "$1" PostgreSQL postgres_stays; }
# Not the server by which an image makes its databases, which it stops again.
postgres_stays() {
  [ "$(postgres template1 psql -XAtqc "select current_setting('listen_addresses') not in ('', 'localhost', '127.0.0.1')
    or split_part(pg_read_file('postmaster.pid'), E'\\n', 1) = '1'" < /dev/null)" = t ]
}

# Into a server on new data: what it made at its first start under these names is replaced.
restore_parts() {
  local key digest compression part database
  while IFS=$'\\t' read -r key digest compression part; do
    if [ "$part" = globals ]; then
      # Of the role that is used here nothing changes, and one that is there already is no fault.
      part_content "$key" "$compression" | awk -v a="ALTER ROLE $postgres_user WITH " -v b="ALTER ROLE \\"$postgres_user\\" WITH " 'index($0, a) != 1 && index($0, b) != 1' \\
        | postgres template1 psql -Xq > globals.txt 2>&1 || die "See globals.txt in $work"
    else
      database=\${part#database-}
      postgres template1 psql -Xq -v ON_ERROR_STOP=1 -v "name=$database" <<< 'drop database if exists :"name";'
      part_content "$key" "$compression" | postgres template1 pg_restore --create --exit-on-error --dbname=template1
    fi
    echo "$part: restored"
  done < <(parts_of "$1")
}
compare_postgres() {
  local database schema table rows found
  while IFS=$'\\t' read -r database schema table rows; do
    found=$(postgres "$database" psql -XAtq -v ON_ERROR_STOP=1 -v "schema=$schema" -v "table=$table" <<< 'select count(*) from only :"schema".:"table";')
    [ "$found" = "$rows" ] || die "$schema.$table of $database has $found rows, not $rows"
  done < <(jq -r '.databases[] | .name as $database | .tables[] | [$database, .schema, .name, .rows] | @tsv' "point/stores_$1_expected.json")
  echo "$1: all tables have as many rows as they had"
}`;
