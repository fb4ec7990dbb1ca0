# Sourced by the commands beside it. Makes a bare Debian 12 ready for the portal and does
# only what is missing: system packages, fonts for official papers, the Python environment.
#
# A .venv that is a symbolic link belongs to whoever made it: it is used as it is.

set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

RUN_PACKAGES="python3-venv fontconfig libpango-1.0-0 libpangoft2-1.0-0 libharfbuzz-subset0 fonts-noto-cjk"
TEST_PACKAGES="postgresql redis-server chromium poppler-utils"
PYTHONS="python3 /usr/bin/python3"
SETUP_LOG=var/log/setup.log

# make_ready run|test: everything that the portal, or the suite as well, needs.
make_ready() {
  mkdir -p var/log && chmod 700 var
  (
    flock 9 # two commands started together must not both build the environment
    local packages=$RUN_PACKAGES
    [ "$1" = run ] || packages="$packages $TEST_PACKAGES"
    install_packages $packages
    install_fandol
    build_environment "$1"
  ) 9>var/setup.lock
}

install_packages() {
  local missing="" name
  command -v dpkg-query >/dev/null ||
    stop "This set-up knows Debian only. Elsewhere, install the equivalents of: $*"
  for name in "$@"; do
    is_installed "$name" || missing="$missing $name"
  done
  [ -z "$missing" ] ||
    as_root "system packages:$missing" \
      "apt-get update && DEBIAN_FRONTEND=noninteractive apt-get install -y --no-install-recommends$missing"
}

is_installed() {
  [ "$(dpkg-query -W -f '${db:Status-Status}' "$1" 2>/dev/null)" = installed ]
}

# The open 仿宋, 楷体, 黑体 and 小标宋 come inside a TeX package of which nothing else is wanted.
install_fandol() {
  [ -z "$(fc-list FandolFang)" ] || return 0
  local folder=/usr/local/share/fonts/fandol
  [ "$(id -u)" = 0 ] || folder="${XDG_DATA_HOME:-$HOME/.local/share}/fonts/fandol"
  [ -n "$(apt-cache policy texlive-lang-chinese)" ] || as_root "package lists" "apt-get update"
  progress "fonts for official papers (Fandol)" unpack_fandol "$folder"
}

unpack_fandol() {
  local download
  download=$(mktemp -d)
  mkdir -p "$1"
  (cd "$download" && apt-get download texlive-lang-chinese)
  dpkg-deb --fsys-tarfile "$download"/*.deb |
    tar -x --wildcards --strip-components=9 -C "$1" '*/fonts/opentype/public/fandol/*.otf'
  rm -r "$download"
  fc-cache -f
}

# One environment for both: the suite's requirements contain the portal's.
build_environment() {
  [ ! -L .venv ] || return 0
  local run_stamp test_stamp python
  run_stamp=$(stamp requirements.txt)
  test_stamp=$(stamp requirements-dev.txt)
  if ! .venv/bin/python -c "" 2>/dev/null || ! holds .venv/run.stamp "$run_stamp" ||
    { [ -e .venv/test.stamp ] && ! holds .venv/test.stamp "$test_stamp"; }; then
    python=$(find_python)
    rm -rf .venv
    progress "Python environment" "$python" -m venv .venv
    progress "Python packages" install_requirements requirements.txt
    echo "$run_stamp" >.venv/run.stamp
  fi
  if [ "$1" = test ] && ! holds .venv/test.stamp "$test_stamp"; then
    progress "Python packages for the suite" install_requirements requirements-dev.txt
    echo "$test_stamp" >.venv/test.stamp
  fi
}

stamp() {
  echo "$(sha256sum <"$1")$PWD"
}

holds() {
  [ "$(cat "$1" 2>/dev/null)" = "$2" ]
}

install_requirements() {
  .venv/bin/python -m pip install --no-input --disable-pip-version-check --require-hashes -r "$1"
}

find_python() {
  local python
  for python in $PYTHONS; do
    if "$python" -c 'import sys, venv; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then
      command -v "$python"
      return
    fi
  done
  stop "Python 3.11 or newer is needed; $(python3 --version 2>&1) is what python3 is here."
}

# as_root TITLE LINE: run a shell line with the right to, or say what to type and stop.
as_root() {
  if [ "$(id -u)" = 0 ]; then
    progress "$1" sh -c "$2"
  elif command -v sudo >/dev/null && { sudo -n true 2>/dev/null || { [ -t 0 ] && sudo -v; }; }; then
    progress "$1" sudo sh -c "$2"
  else
    stop "This needs an administrator. As root, type the line below, then start again:

$2
"
  fi
}

# progress TITLE COMMAND…: one line with the seconds so far; the command's words go to the log.
progress() {
  local title=$1 started=$SECONDS job
  shift
  echo "== $title" >>"$SETUP_LOG"
  printf '· %s …' "$title"
  "$@" >>"$SETUP_LOG" 2>&1 </dev/null &
  job=$!
  trap 'kill "$job"; exit 130' INT TERM # what runs in the background does not hear Ctrl-C
  while kill -0 "$job" 2>/dev/null; do
    [ ! -t 1 ] || printf '\r· %s … %d s' "$title" $((SECONDS - started))
    sleep 0.2
  done
  trap - INT TERM
  if wait "$job"; then
    [ ! -t 1 ] || printf '\r· %s …' "$title"
    printf ' done in %d s\n' $((SECONDS - started))
  else
    printf '\n'
    tail -n 20 "$SETUP_LOG" >&2
    stop "$title failed; the whole log is in $SETUP_LOG"
  fi
}

stop() {
  printf '%s\n' "$1" >&2
  exit 1
}
