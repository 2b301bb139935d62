# What scripts/demo, scripts/test and bench/ have in common: find or install
# PostgreSQL, build relnav in a copy of the checkout, run a throw-away server.
# To be sourced by bash, after "set -euo pipefail".
#
#   relnav_prepare          work folder, clean environment, packages, pg_config
#   relnav_build            make and make install, from the copy in $build
#   relnav_start_server     a server that only its socket folder leads to
#
# Afterwards psql and the other client programs reach the server by PGHOST,
# and run on the checkout's side: the server itself never reads the checkout.
# Whatever happens, relnav_cleanup stops the server and removes the folder.

# shellcheck shell=bash

top=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd -P)
work=                           # everything that is ours lies below this
build=                          # the copy of the checkout that is built
server=                         # the server's own folder
keep=                           # if not empty, folder and server stay
bindir=                         # the chosen PostgreSQL's programs
cluster_setting=                # see install_packages
made_setting_folder=

say() { printf '== %s\n' "$*"; }

# die MESSAGE WHAT-TO-DO
die()
{
    printf 'error: %s\n' "$1" >&2
    printf 'hint:  %s\n' "$2" >&2
    exit 1
}

# Of numbers, one a line.
median() { sort -g | awk '{ v[NR] = $1 } END { print v[int((NR + 1) / 2)] }'; }

is_root() { [ "$(id -u)" -eq 0 ]; }

as_root()
{
    if is_root; then
        "$@"
    elif command -v sudo >/dev/null; then
        sudo -- "$@"
    else
        echo "root rights are needed for: $*" >&2
        echo "run this script as root, or install sudo and allow it for $(id -un)" >&2
        return 1
    fi
}

# PostgreSQL refuses to run as root.
as_server_owner()
{
    if is_root; then
        (cd / && runuser -u postgres -- "$@")
    else
        (cd / && "$@")
    fi
}

# run_logged NAME COMMAND...: silent, unless the command fails.
run_logged()
{
    local log="$work/$1.log"

    shift
    if ! "$@" >"$log" 2>&1 </dev/null; then
        cat "$log" >&2
        return 1
    fi
}

# For scripts that have a last word: gets the exit status.
relnav_last_word() { :; }

relnav_cleanup()
{
    local status=$?

    trap '' INT TERM HUP
    set +e
    remove_cluster_setting
    if [ -z "$keep" ]; then
        relnav_stop_server
        [ -z "$work" ] || rm -rf "$work" || status=1
    fi
    relnav_last_word "$status"
    exit "$status"
}

# relnav_prepare [PACKAGE...]: installs these too.
# shellcheck disable=SC2120
relnav_prepare()
{
    local variable

    # Where an outer session points to must not matter: neither to what we
    # connect to, nor to how it answers.
    for variable in ${!PG@} ${!PSQL@} PAGER; do
        case $variable in
            PG_CONFIG | PGINDENT | PG_TYPEDEFS) ;;  # the Makefile's
            *) unset "$variable" ;;
        esac
    done
    export LC_ALL=C.UTF-8 PGAPPNAME=relnav
    umask 022

    trap relnav_cleanup EXIT
    trap 'exit 129' HUP
    trap 'exit 130' INT
    trap 'exit 143' TERM

    # Not in TMPDIR: user postgres has to get there, and a socket's whole name
    # must fit into 107 bytes.
    work=$(mktemp -d /tmp/relnav.XXXXXX)
    chmod 755 "$work"

    install_missing "$@"
    bindir=$("$PG_CONFIG" --bindir)
    export PG_CONFIG PATH="$bindir:$PATH"
    say "PostgreSQL $("$PG_CONFIG" --version | cut -d' ' -f2), $PG_CONFIG"
}


# ----- PostgreSQL and a compiler ---------------------------------------------

# Is it ours, can we build for it, and run it?  Debian's server has PGXS
# without the headers.
is_complete()
{
    local version pgxs headers programs

    [ -x "$1" ] &&
        version=$("$1" --version | sed -n 's/^PostgreSQL \([0-9]*\).*/\1/p') && [ "${version:-0}" -ge 15 ] &&
        pgxs=$("$1" --pgxs) && [ -f "$pgxs" ] &&
        headers=$("$1" --includedir-server) && [ -f "$headers/postgres.h" ] &&
        programs=$("$1" --bindir) && [ -x "$programs/initdb" ]
}

# The servers in Debian's layout, newest first: 17, 15, ...
installed_versions()
{
    local programs

    for programs in /usr/lib/postgresql/*/bin; do
        [ ! -x "$programs/postgres" ] || basename "$(dirname "$programs")"
    done | sort -rn | awk '$1 >= 15'
}

find_pg_config()
{
    local version

    for version in $(installed_versions); do
        if is_complete "/usr/lib/postgresql/$version/bin/pg_config"; then
            PG_CONFIG=/usr/lib/postgresql/$version/bin/pg_config
            return
        fi
    done
    return 1
}

# Everything that a minimal Debian may lack, and nothing that is there.
install_missing()
{
    local packages=("$@") version

    if [ -n "${PG_CONFIG:-}" ]; then
        PG_CONFIG=$(realpath "$(command -v "$PG_CONFIG" || echo "$PG_CONFIG")")
        is_complete "$PG_CONFIG" ||
            die "PG_CONFIG does not lead to a PostgreSQL 15 or newer with initdb and PGXS" \
                "set it to the pg_config of one with its server headers, or unset it"
    elif ! find_pg_config; then
        version=$(installed_versions | head -n 1)
        if [ -z "$version" ]; then
            version=15
            packages+=("postgresql-$version")
        fi
        packages+=("postgresql-server-dev-$version")
    fi
    command -v make >/dev/null || packages+=(make)
    command -v gcc >/dev/null || packages+=(gcc)
    [ -f /usr/include/stdlib.h ] || packages+=(libc6-dev)

    if [ ${#packages[@]} -gt 0 ]; then
        say "installing ${packages[*]}"
        install_packages "${packages[@]}"
        [ -n "${PG_CONFIG:-}" ] || find_pg_config ||
            die "no PostgreSQL 15 or newer with its server headers was found" \
                "set PG_CONFIG to the pg_config of one"
    fi
}

install_packages()
{
    local hint="install by hand: ${*}, or set PG_CONFIG to the pg_config of another PostgreSQL"
    local folder=/etc/postgresql-common/createcluster.d attempt

    command -v apt-get >/dev/null ||
        die "there is no apt-get to install what is missing" "$hint"

    # Debian starts a cluster "main" with every new server.  Nobody asked us
    # for one, so it is forbidden for the time of the installation.
    cluster_setting=$folder/relnav-$$.conf
    if [ ! -d "$folder" ]; then
        made_setting_folder=$folder
        as_root mkdir -p "$folder"
    fi
    echo 'create_main_cluster = false' | as_root tee "$cluster_setting" >/dev/null

    # DPkg::Lock::Timeout waits for another apt, but not where that one is
    # fetching its lists.
    for attempt in 1 2 3 4 5 6; do
        ! run_logged apt as_root apt-get -q -y update || break
        [ "$attempt" -lt 6 ] ||
            die "apt-get update failed" "see above; check the network and /etc/apt, or $hint"
        sleep 10
    done
    run_logged apt as_root env DEBIAN_FRONTEND=noninteractive \
        apt-get -q -y -o DPkg::Lock::Timeout=300 install --no-install-recommends "$@" ||
        die "apt-get install failed" "see above, or $hint"

    remove_cluster_setting
}

remove_cluster_setting()
{
    [ -n "$cluster_setting" ] || return 0
    as_root rm -f "$cluster_setting"
    [ -z "$made_setting_folder" ] ||
        as_root rmdir -p --ignore-fail-on-non-empty "$made_setting_folder"
    cluster_setting=
}


# ----- relnav ----------------------------------------------------------------

# The copy keeps the checkout clean: of products of a build as root that the
# user could not overwrite, and of ones made for another version.
relnav_copy()
{
    build=$(mktemp -d "$work/build.XXXXXX")
    chmod 755 "$build"
    tar -C "$top" --exclude=./.git --exclude=./results --exclude='*.o' \
        --exclude='*.so' --exclude='*.bc' -cf - . |
        tar -C "$build" --no-same-owner -xf -
}

relnav_make() { make -C "$build" --no-print-directory PG_CONFIG="$PG_CONFIG" "$@"; }

relnav_install()
{
    if [ -w "$("$PG_CONFIG" --pkglibdir)" ] && [ -w "$("$PG_CONFIG" --sharedir)/extension" ]; then
        relnav_make install
    else
        as_root make -C "$build" --no-print-directory PG_CONFIG="$PG_CONFIG" install
    fi
}

# relnav_build [make's VARIABLE=VALUE...]
# shellcheck disable=SC2120
relnav_build()
{
    say "building relnav in a copy of $top"
    relnav_copy
    run_logged make relnav_make --silent "$@" || die "make failed" "see the compiler's messages above"
    say "make install"
    run_logged install relnav_install ||
        die "make install failed" "see above; as an ordinary user it needs sudo"
}


# ----- the server ------------------------------------------------------------

# relnav_start_server [SETTING...]: settings as in postgresql.conf.
# shellcheck disable=SC2120
relnav_start_server()
{
    say "starting a throw-away server in $work"
    server=$work/server
    mkdir "$server"
    if is_root; then
        id postgres >/dev/null 2>&1 ||
            die "PostgreSQL cannot run as root, and there is no user postgres" \
                "adduser --system postgres, or run this script as an ordinary user"
        chown postgres: "$server"
    fi
    # Every connection is trusted, so nobody else may come near the socket.
    chmod 700 "$server"

    run_logged initdb as_server_owner "$bindir/initdb" --pgdata="$server/data" \
        --username=postgres --auth=trust --locale=C --encoding=UTF8 --no-sync --no-instructions ||
        die "initdb failed" "see above"
    printf '%s\n' "listen_addresses = ''" "unix_socket_directories = '$server'" \
        "port = 5432" "fsync = off" "$@" |
        as_server_owner tee -a "$server/data/postgresql.conf" >/dev/null
    if ! run_logged start as_server_owner "$bindir/pg_ctl" start --wait \
        --pgdata="$server/data" --log="$server/log"; then
        cat "$server/log" >&2
        die "the server did not start" "see its log above"
    fi
    export PGHOST=$server PGPORT=5432 PGUSER=postgres PGDATABASE=postgres
}

relnav_stop_server()
{
    [ -n "$server" ] && [ -f "$server/data/postmaster.pid" ] || return 0
    as_server_owner "$bindir/pg_ctl" stop --silent --mode=immediate --pgdata="$server/data"
}


# ----- the demo --------------------------------------------------------------

# relnav_create_database NAME FILE: with the file's tables and the extension.
relnav_create_database()
{
    createdb "$1"
    psql -X -q -v ON_ERROR_STOP=1 -d "$1" -f "$top/$2" -c 'CREATE EXTENSION relnav'
}

# The steps of demo/demo.sql with their results.  psql repeats its input, but
# for the blank lines.  A file that it writes lies in $work.
relnav_show_demo()
{
    (cd "$work" && psql -X -q -a -P pager=off -P footer=off -d "$1" <"$top/demo/demo.sql" 2>&1) |
        awk '/^-- / && (NR == 1 || last !~ /^(--.*)?$/) { print "" } { print; last = $0 }'
}
