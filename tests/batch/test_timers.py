"""Timers wake as often as the configuration asks, say nothing secret, and are put to work without harm to others."""

import configparser
import json
import os
import shlex
import shutil
import stat
import subprocess
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from adaudit.batch.configuration import Configuration, read
from adaudit.batch.timers import KINDS, MARK, Timer, crontab, wakes
from adaudit.cli import cli
from adaudit.collection.stamping import VARIABLE

PULL = '[[pull]]\nsource = "meta"\ncountries = ["NL"]\nterms = ["a"]\n'
yaml = pytest.importorskip("yaml")


def configured(folder: Path, text: str) -> Configuration:
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "adaudit.toml").write_text(text, "utf-8")
    return read(folder / "adaudit.toml")


def timer(kind: str, folder: Path, text: str) -> Timer:
    return KINDS[kind](configured(folder, text), folder / "adaudit.toml", "/opt/python -m adaudit")


@pytest.mark.parametrize(
    ("rhythm", "cron", "systemd", "kubernetes"),
    [
        ('every = "1w"\n', "17 * * * *", "*:17", "17 4 * * *"),
        ('every = "1d"\n', "17 * * * *", "*:17", "17 4 * * *"),
        ('every = "1d"\nlast_month = "6h"\n', "17 * * * *", "*:17", "17 */6 * * *"),
        ('every = "1h"\n', "17 * * * *", "*:17", "17 * * * *"),
        ('every = "7h"\n', "17 * * * *", "*:17", "17 */6 * * *"),
        ('every = "1d"\nlast_month = "40m"\n', "*/30 * * * *", "*:0/30", "*/30 * * * *"),
        ('every = "5m"\n', "*/5 * * * *", "*:0/5", "*/5 * * * *"),
    ],
)
def test_it_wakes_no_less_often_than_the_shortest_rhythm(
    tmp_path: Path, rhythm: str, cron: str, systemd: str, kubernetes: str
) -> None:
    text = f'countries = ["NL"]\n[rhythm]\n{rhythm}\n{PULL}'
    assert timer("cron", tmp_path, text).files["crontab"].startswith(f"{cron} cd ")
    assert f"OnCalendar={systemd}\n" in timer("systemd", tmp_path, text).files["adaudit.timer"]
    job = yaml.safe_load(timer("kubernetes", tmp_path, text).files["adaudit-cronjob.yaml"])
    assert job["spec"]["schedule"] == kubernetes
    assert job["spec"]["concurrencyPolicy"] == "Forbid"
    workflow = yaml.safe_load(timer("github", tmp_path, text).files[".github/workflows/adaudit.yml"])
    assert workflow[True]["schedule"] == [{"cron": kubernetes}], "yaml reads `on` as true"
    assert wakes(configured(tmp_path, text)).days <= 1


def test_odd_names_of_folders_stay_one_word(tmp_path: Path) -> None:
    folder = tmp_path / "50% of it's $HOME"
    line = timer("cron", folder, PULL).files["crontab"]
    assert "\\%" in line and not [n for n, c in enumerate(line) if c == "%" and line[n - 1] != "\\"]
    words = shlex.split(line.replace("\\%", "%").removesuffix(MARK + "\n"))
    assert str(folder) in words and str(folder / "adaudit.toml") in words
    service = timer("systemd", folder, PULL).files["adaudit.service"]
    assert f"WorkingDirectory={str(folder).replace('%', '%%')}\n" in service
    quoted = str(folder / "adaudit.toml").replace("%", "%%").replace("$", "$$")
    assert f'ExecStart=/opt/python -m adaudit run --due --config "{quoted}"\n' in service


def test_the_workflow_names_secrets_and_holds_none(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ADAUDIT_META_TOKEN", "abcdefghijk")
    text = f'{PULL}\n[[notify]]\nkind = "webhook"\nvariable = "ADAUDIT_HOOK"\n'
    for kind in KINDS:
        assert "abcdefghijk" not in json.dumps(timer(kind, tmp_path, text).files)
    workflow = yaml.safe_load(timer("github", tmp_path, text).files[".github/workflows/adaudit.yml"])
    [env] = [step["env"] for step in workflow["jobs"]["run"]["steps"] if "env" in step]
    assert env == {name: f"${{{{ secrets.{name} }}}}" for name in ("ADAUDIT_HOOK", "ADAUDIT_META_TOKEN")}


@pytest.mark.parametrize(
    ("more", "installed", "secrets"),
    [
        ("", "adaudit==", set()),
        (
            '[stamp]\nauthority = "https://tsa.example.org/tsr"\nroots = "root.pem"\n',
            "adaudit[timestamp]==",
            {VARIABLE},
        ),
        ('[[notify]]\nkind = "apprise"\nvariable = "ADAUDIT_HOOK"\n', "adaudit[notify]==", {"ADAUDIT_HOOK"}),
    ],
)
def test_the_workflow_installs_the_extras_that_the_configuration_needs(
    tmp_path: Path, more: str, installed: str, secrets: set[str]
) -> None:
    (tmp_path / "root.pem").write_text("", "utf-8")
    workflow = yaml.safe_load(timer("github", tmp_path, f"{PULL}\n{more}").files[".github/workflows/adaudit.yml"])
    steps = workflow["jobs"]["run"]["steps"]
    [run] = [step["run"] for step in steps if step.get("run", "").startswith("pip install")]
    assert run.startswith(f'pip install "{installed}')
    assert {name for step in steps for name in step.get("env", {})} == secrets | {"ADAUDIT_META_TOKEN"}


def test_the_units_are_whole_and_systemd_where_it_is_finds_no_fault_with_them(tmp_path: Path) -> None:
    found = KINDS["systemd"](configured(tmp_path, PULL), tmp_path / "adaudit.toml", "/bin/sh -m adaudit")
    units = {name: configparser.ConfigParser(interpolation=None, strict=True) for name in found.files}
    for name, text in found.files.items():
        units[name].read_string(text)
        (tmp_path / name).write_text(text, "utf-8")
    assert units["adaudit.timer"].sections() == ["Unit", "Timer", "Install"]
    assert units["adaudit.service"]["Service"]["Type"] == "oneshot"
    if shutil.which("systemd-analyze"):
        command = ["systemd-analyze", "verify", *(str(tmp_path / name) for name in found.files)]
        done = subprocess.run(command, capture_output=True, text=True, check=False)
        assert (done.returncode, done.stderr) == (0, "")


def test_a_crontab_keeps_every_line_that_is_not_ours() -> None:
    before = f"MAILTO=x\n1 2 * * * other\n5 * * * * old {MARK}\n"
    assert crontab(before, f"17 * * * * new {MARK}\n") == f"MAILTO=x\n1 2 * * * other\n17 * * * * new {MARK}\n"
    assert crontab("", f"new {MARK}\n") == f"new {MARK}\n"


def run(*arguments: str) -> Result:
    return CliRunner().invoke(cli, ["schedule", *arguments], catch_exceptions=False)


@pytest.fixture
def stand_ins(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Programs in the place of crontab and systemctl that write down what they are told; a configuration."""
    programs = {
        "crontab": 'if [ "$1" = -l ]; then cat "$HOME/table" 2>/dev/null || { echo "no crontab for x" >&2; exit 1; }\n'
        'else cat > "$HOME/table"; fi\n',
        "systemctl": 'echo "$@" >> "$HOME/told"\n',
    }
    for name, text in programs.items():
        path = tmp_path / "bin" / name
        path.parent.mkdir(exist_ok=True)
        path.write_text(f"#!/bin/sh\n{text}", "utf-8")
        path.chmod(path.stat().st_mode | stat.S_IXUSR)
    monkeypatch.setenv("PATH", f"{tmp_path / 'bin'}{os.pathsep}{os.environ['PATH']}")
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))
    monkeypatch.chdir(tmp_path)
    configured(tmp_path, PULL)
    return tmp_path


def test_cron_is_installed_once_however_often(stand_ins: Path) -> None:
    assert run("cron", "--install").exit_code == 0
    (stand_ins / "table").write_text("1 2 * * * other\n" + (stand_ins / "table").read_text("utf-8"), "utf-8")
    assert run("cron", "--install").exit_code == 0
    lines = (stand_ins / "table").read_text("utf-8").splitlines()
    assert len(lines) == 2 and lines[0] == "1 2 * * * other" and lines[1].endswith(MARK)


def test_systemd_units_are_installed_and_enabled(stand_ins: Path) -> None:
    done = run("systemd", "--install", "--lang", "nl")
    assert done.exit_code == 0 and "Gedaan: systemctl --user enable --now adaudit.timer" in done.stdout
    units = stand_ins / "config" / "systemd" / "user"
    assert sorted(path.name for path in units.iterdir()) == ["adaudit.service", "adaudit.timer"]
    assert (stand_ins / "told").read_text("utf-8").splitlines() == [
        "--user daemon-reload",
        "--user enable --now adaudit.timer",
    ]


def test_a_crontab_that_cannot_be_read_is_not_written(stand_ins: Path) -> None:
    (stand_ins / "bin" / "crontab").write_text("#!/bin/sh\necho denied >&2\nexit 1\n", "utf-8")
    done = run("cron", "--install")
    assert done.exit_code == 2 and "denied; nothing was changed" in done.stderr


@pytest.mark.parametrize("kind", KINDS)
def test_each_is_written_and_explained(stand_ins: Path, kind: str) -> None:
    printed = run(kind)
    assert printed.exit_code == 0 and len(printed.stderr.splitlines()) == 3
    assert run(kind, "--out", "there").exit_code == 0
    for name, text in KINDS[kind](read(Path("adaudit.toml")), Path("adaudit.toml").resolve(), "x").files.items():
        assert (stand_ins / "there" / name).exists()
        assert text.splitlines()[-1] in printed.stdout or kind == "cron"


def test_what_cannot_be_installed_says_so(stand_ins: Path) -> None:
    assert stand_ins.exists()
    done = run("github", "--install")
    assert done.exit_code == 2 and "put in its place by you" in done.stderr
