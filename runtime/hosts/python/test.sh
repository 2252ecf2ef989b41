#!/usr/bin/env bash
# Checks and tests the Python host in an environment of its own. The last line says how it went.
set -euo pipefail
cd "$(dirname "$0")/../../.."
. tests/conformance/prepare
here=runtime/hosts/python
venv=$AGENTC_TARGET/python

works() { "$1" -c 'import sys, venv, ensurepip; sys.exit(sys.version_info < (3, 11))' >/dev/null 2>&1; }
python=${PYTHON:-python3}
if ! works "$python"; then
  echo "no Python 3.11 with venv here: installing Debian's" >&2
  agentc_as_root apt-get update -qq
  agentc_as_root apt-get install -y -qq --no-install-recommends python3 python3-venv >/dev/null
  python=/usr/bin/python3
fi
if ! "$venv/bin/python" -c pass >/dev/null 2>&1; then
  rm -rf "$venv"
  "$python" -m venv "$venv"
fi
# Programs of a moved environment do not start, modules do. The package is installed as the README says; mypy and pyright see its types as a user's would.
"$venv/bin/python" -m pip install --quiet --disable-pip-version-check "./$here" "pytest>=8" "mypy>=1.11" "pyright>=1.1.380"
"$venv/bin/python" -m pip install --quiet --disable-pip-version-check --force-reinstall --no-deps "./$here"
cd "$here"
"$venv/bin/python" -m mypy --no-error-summary
PYRIGHT_PYTHON_IGNORE_WARNINGS=1 "$venv/bin/python" -m pyright --pythonpath "$venv/bin/python" >/dev/null || "$venv/bin/python" -m pyright --pythonpath "$venv/bin/python"
"$venv/bin/python" -m pytest -p no:cacheprovider "$@" | tee "$AGENTC_TARGET/python-tests.txt"
summary=$(tail -n 1 "$AGENTC_TARGET/python-tests.txt")
echo "python host: $summary; types checked by mypy and pyright"
