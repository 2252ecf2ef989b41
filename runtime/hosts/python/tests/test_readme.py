"""The examples of the README print what it says, tried in a folder that holds nothing but the module."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

README = Path(__file__).resolve().parents[1] / "README.md"


def test_the_examples_print_what_the_readme_says(tmp_path: Path) -> None:
    refunds = os.environ.get("AGENTC_REFUNDS_WASM")
    if not refunds:
        pytest.fail("AGENTC_REFUNDS_WASM names no module; run `runtime/hosts/python/test.sh`")
    (tmp_path / "refunds.wasm").write_bytes(Path(refunds).read_bytes())
    text = README.read_text(encoding="utf-8")
    code = re.findall(r"```python\n(.*?)```", text, re.DOTALL)
    printed = re.findall(r"```text\n(.*?)```", text, re.DOTALL)
    assert len(code) == len(printed) == 2
    ran = subprocess.run([sys.executable, "-c", "\n".join(code)], cwd=tmp_path, capture_output=True, text=True, check=False)
    assert ran.stderr == ""
    assert ran.stdout == "".join(printed)
