"""The README is true: its commands exist, its block is what the demo prints, its files are there."""

import re
from pathlib import Path

import pytest
from click.testing import CliRunner

from adaudit.cli import COMMANDS, cli
from adaudit.sample import write_political_actors, write_sample

from .test_api import EXAMPLE

ROOT = Path(__file__).resolve().parent.parent
README = (ROOT / "README.md").read_text("utf-8")


def blocks() -> list[str]:
    return re.findall(r"```\n(.*?)```", README, flags=re.DOTALL)


def test_the_python_examples_run_and_are_those_that_the_tests_know(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    examples = re.findall(r"```python\n(.*?)```", README, flags=re.DOTALL)
    assert EXAMPLE.strip() in [example.strip() for example in examples], "the example of tests/test_api.py"
    write_sample(tmp_path / "sample", scale=0.1)
    write_political_actors(tmp_path / "political-actors.csv")
    monkeypatch.chdir(tmp_path)
    for example in examples:
        exec(example, {})  # noqa: S102 - the text of the README


def test_the_block_in_the_readme_is_what_the_demo_prints(tmp_path: Path) -> None:
    printed = CliRunner().invoke(cli, ["demo", "--out", str(tmp_path / "demo"), "--no-charts"]).stdout
    shown = next(block for block in blocks() if "Most important" in block)
    until = printed.index("Written to")
    assert [line.rstrip() for line in shown.strip().splitlines()] == [
        line.rstrip() for line in printed[:until].strip().splitlines()
    ]


def test_every_command_stands_in_the_readme_and_every_command_there_exists() -> None:
    named = set(re.findall(r"adaudit (audit|demo|sources|rules|[a-z]+)\b(?= |`|\n)", README))
    assert set(COMMANDS) <= named
    options = set(re.findall(r"`(--[a-z-]+)", README))
    help_texts = "".join(CliRunner().invoke(cli, [name, "--help"]).output for name in COMMANDS)
    assert options
    assert all(option in help_texts for option in options), options


def test_every_picture_and_file_that_the_readme_names_is_there() -> None:
    pictures = re.findall(r"!\[[^\]]+\]\(([^)]+)\)", README)
    assert len(pictures) == 2
    assert all((ROOT / picture).stat().st_size > 10_000 for picture in pictures)
    assert (ROOT / ".ci" / "run").exists()
    assert (ROOT / "constraints.txt").exists()


def test_constraints_name_versions_and_no_addresses() -> None:
    lines = [line for line in (ROOT / "constraints.txt").read_text("utf-8").splitlines() if not line.startswith("#")]
    assert lines
    assert all(re.fullmatch(r"[A-Za-z0-9_.\-]+==[A-Za-z0-9_.+!]+", line) for line in lines)
