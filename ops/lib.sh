# shellcheck shell=bash
# What the commands in this folder share. Sourced, never run.

repo=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd -P)
me=$(basename "$0")

export DOTNET_NOLOGO=1 DOTNET_CLI_TELEMETRY_OPTOUT=1 DOTNET_SKIP_FIRST_TIME_EXPERIENCE=1
export MSBUILDDISABLENODEREUSE=1 DOTNET_CLI_USE_MSBUILD_SERVER=0   # no build process outlives the command

# Standard output belongs to the program that is run; what the commands say goes to standard error.
say() { printf '%s\n' "$*" >&2; }
fail() { say "$me: $*"; exit 3; }

# A prefix for commands that must hear Ctrl-C even where a script started us in its background (SIGINT is then ignored, and
# would stay so).
default_signals=(env --default-signal=INT)
"${default_signals[@]}" true 2> /dev/null || default_signals=(env)

# Prints the comment at the head of the calling script, for --help.
help() { sed -n '2,/^[^#]/{s/^# \{0,1\}//p}' "$0"; exit 0; }

need_sdk() {
  local folder
  if ! command -v dotnet > /dev/null; then
    for folder in "${DOTNET_ROOT:-}" "$HOME/.dotnet" /usr/share/dotnet /usr/lib/dotnet /usr/local/share/dotnet; do
      [[ -n $folder && -x $folder/dotnet ]] && export PATH="$folder:$PATH" && break
    done
  fi
  # The built program looks for its runtime beside the dotnet that built it.
  if command -v dotnet > /dev/null; then
    export DOTNET_ROOT="${DOTNET_ROOT:-$(dirname "$(readlink -f "$(command -v dotnet)")")}"
  fi
  dotnet --list-sdks 2> /dev/null | grep -q '^10\.' || fail "the .NET 10 SDK is needed and was not found.
  Install it from https://dotnet.microsoft.com/download/dotnet/10.0, or with
  curl -fsSL https://dot.net/v1/dotnet-install.sh | bash -s -- --channel 10.0"
}

# Runs a command with root's rights, where they can be had without asking.
as_root() {
  if [[ $EUID == 0 ]]; then "$@"; else sudo -n -- "$@"; fi
}
can_be_root() { [[ $EUID == 0 ]] || { command -v sudo > /dev/null && sudo -n true 2> /dev/null; }; }

has_postgres() {
  local folder
  for folder in /usr/lib/postgresql/*/bin /usr/local/lib/postgresql/*/bin /usr/pgsql-*/bin ${PATH//:/ } \
    "$(pg_config --bindir 2> /dev/null || true)"; do
    if [[ -x $folder/initdb && -x $folder/pg_ctl && -x $folder/postgres ]]; then
      [[ $("$folder/postgres" --version | sed 's/.*) \([0-9]*\).*/\1/') -ge 15 ]] && return 0
    fi
  done
  return 1
}
has_aiosmtpd() { /usr/bin/python3 -c 'import aiosmtpd' 2> /dev/null; }
has_icalendar() { /usr/bin/python3 -c 'import icalendar' 2> /dev/null; }
has_chromium() { command -v chromium > /dev/null || command -v chromium-browser > /dev/null || command -v google-chrome > /dev/null; }
has_postfix() { [[ -x /usr/sbin/postfix ]]; }
has_msmtp() { [[ -x /usr/bin/msmtp ]]; }
has_mutt() { [[ -x /usr/bin/mutt ]]; }
has_spamassassin() { [[ -f /usr/share/spamassassin/72_active.cf ]]; }
has_dovecot() { [[ -x /usr/sbin/dovecot ]]; }
has_lmtpd() { [[ -x /usr/lib/dovecot/lmtp ]]; }
has_imapd() { [[ -x /usr/lib/dovecot/imap ]]; }

# ensure_packages WHAT_FOR CHECK=PACKAGE…: installs the Debian packages whose check fails. Returns 1, having said what to do,
# where that is not possible.
ensure_packages() {
  local what_for=$1 pair missing=()
  shift
  for pair in "$@"; do
    "${pair%%=*}" || missing+=("${pair#*=}")
  done
  [[ ${#missing[@]} == 0 ]] && return 0

  if ! command -v apt-get > /dev/null; then
    say "$me: $what_for needs ${missing[*]} (Debian's names), and this machine has no apt-get to bring it."
    say "  Install it by your system's own means, or use the container way: docker compose up"
    return 1
  fi
  if ! can_be_root; then
    say "$me: $what_for needs the Debian package(s) ${missing[*]}, and installing asks for rights you do not have here."
    say "  Ask for:  sudo apt-get install ${missing[*]}    or use the container way: docker compose up"
    return 1
  fi
  say "Installing ${missing[*]} with apt-get, because $what_for needs it."
  if install_packages "${missing[@]}"; then
    for pair in "$@"; do
      if ! "${pair%%=*}"; then
        say "$me: apt-get installed ${pair#*=}, and yet it is not found. Look at: dpkg --listfiles ${pair#*=}"
        return 1
      fi
    done
    return 0
  fi
  say "$me: apt-get could not install ${missing[*]} (see above)."
  say "  Install it by hand, or use the container way: docker compose up"
  return 1
}

# Installs without questions and without starting any of the services that come along: TrackWatch and its tests only want
# the programs.
install_packages() {
  local log status=0
  log=$(mktemp)
  as_root sh -s -- "$@" > "$log" 2>&1 << 'SCRIPT' || status=$?
set -eu
export DEBIAN_FRONTEND=noninteractive
if [ ! -e /usr/sbin/policy-rc.d ]; then
  trap 'rm -f /usr/sbin/policy-rc.d' EXIT
  printf '#!/bin/sh\nexit 101\n' > /usr/sbin/policy-rc.d
  chmod +x /usr/sbin/policy-rc.d
fi
case " $* " in
  *" postgresql "*)
    # Debian would set up and start a cluster of the machine's own on port 5432.
    mkdir -p /etc/postgresql-common
    if ! grep -qs '^ *create_main_cluster' /etc/postgresql-common/createcluster.conf; then
      echo 'create_main_cluster = false' >> /etc/postgresql-common/createcluster.conf
    fi ;;
esac
case " $* " in
  *" postfix "*) echo 'postfix postfix/main_mailer_type select No configuration' | debconf-set-selections ;;
esac
apt-get update -qq || true
apt-get install -y -qq --no-install-recommends -o Dpkg::Options::=--force-confold -o DPkg::Lock::Timeout=120 "$@"
# Nor after the next boot.
if command -v systemctl > /dev/null; then
  for service in postgresql postfix dovecot; do
    case " $* " in *" $service"*) systemctl disable --quiet "$service" 2> /dev/null || true ;; esac
  done
fi
SCRIPT
  [[ $status == 0 ]] || tail -n 20 "$log" >&2
  rm -f "$log"
  return "$status"
}

# Where the last ops/build put the worker; empty where there was none.
built_worker() { sed -n 2p "$repo/src/TrackWatch.Worker/obj/ops-build" 2> /dev/null || true; }
