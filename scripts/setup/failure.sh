# What to show of a stage that failed; sourced by install.sh.

last_error() { # the last real error among what a stage printed (standard input)
  local printed errors
  printed=$(grep -v -i -E '^ *(WARNING|DEPRECATION|npm (warn|notice)|W:|\[notice\])|A complete log of this run|^npm (ERR!|error) *$' || true)
  errors=$(grep -E '^ *(ERROR|E|error|fatal|npm (ERR!|error))\b|Error\b.*:|: (not found|No such file)|No space left|has requirement|is not installed|cannot|failed' <<<"$printed" || true)
  tail -n 1 <<<"${errors:-$printed}" | sed 's/^ *//'
}

advice() { # what to do about a stage's output (standard input), in one line
  local printed
  printed=$(cat)
  case $printed in
    *"No space left on device"*)
      echo "The disk is full: free some space, then run make again." ;;
    *"DO NOT MATCH THE HASHES"* | *EINTEGRITY*)
      echo "The package source delivers something else than what was locked: do not install it; ask whoever runs that source." ;;
    *"Could not connect"* | *"Connection refused"* | *"Temporary failure"* | *"Max retries"* | \
      *"NewConnectionError"* | *ENOTFOUND* | *ECONNREFUSED* | *ETIMEDOUT* | *"timed out"* | *"CERTIFICATE_VERIFY"*)
      echo "The package source cannot be reached: check network, proxy and certificates (apt sources, pip.conf, .npmrc), then run make again." ;;
    *"No matching distribution"* | *"Unable to locate package"* | *"has no installation candidate"* | *E404* | *ETARGET*)
      echo "The package source does not have this release: bring the mirror up to date, then run make again." ;;
    *"ermission denied"* | *EACCES*)
      echo "A file here cannot be written by $(id -un): run make as the owner of the checkout." ;;
    *"dpkg was interrupted"* | *"Unmet dependencies"* | *"unmet dependencies"* | *"lock-frontend"*)
      echo "The system's own package database needs attention: try 'sudo dpkg --configure -a' and 'sudo apt-get -f install', then run make again." ;;
    *)
      echo "Run make again; finished stages are not repeated. If it fails the same way, send $log with your question." ;;
  esac
}
