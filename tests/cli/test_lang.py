"""`--lang`: what a person reads is Dutch or English, files are the same in both, and tables fit the terminal."""

import io
import json
import re
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from rich.console import Console

from adaudit.audit.options import Options
from adaudit.audit.run import Audit, audit
from adaudit.cli import cli
from adaudit.cli.console import show_audit
from adaudit.cli.grid import show_table
from adaudit.connectors import sources
from adaudit.language import LANGUAGES, Language, in_language
from adaudit.law import requirements
from adaudit.law.citation import cited
from adaudit.rules import RULES, texts

WIDTHS = (80, 100, 128, 140)
ENGLISH = re.compile(r"\b(the|which|that|since|rules|notices|missing|shown|fields?|when|binds|applies)\b")


def run(*arguments: object, **environment: str) -> Result:
    return CliRunner().invoke(cli, [str(one) for one in arguments], env=environment)


@pytest.fixture(scope="module")
def done(sample: Path, tmp_path_factory: pytest.TempPathFactory) -> tuple[Audit, list[str]]:
    steps: list[str] = []
    out = tmp_path_factory.mktemp("lang") / "out"
    found = audit((sample,), out, Options(), lambda what, _done, _total: steps.append(in_language(what, "nl")))
    return found, steps


def shown(found: Audit, dimension: str, width: int, language: Language) -> list[str]:
    stream = io.StringIO()
    show_table(found.table_by(dimension), Console(file=stream, width=width, highlight=False, emoji=False), language)
    return stream.getvalue().splitlines()


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("width", WIDTHS)
@pytest.mark.parametrize("dimension", ["source", "sponsor", "election"])
def test_the_table_fits_and_its_columns_stand_under_their_headings(
    done: tuple[Audit, list[str]], dimension: str, width: int, language: Language
) -> None:
    lines = shown(done[0], dimension, width, language)
    assert max(map(len, lines)) <= width
    heading = lines[1]
    rows = [line for line in lines[2:] if line.startswith("  ")]
    assert len(rows) >= 8
    ends = [match.end() for match in re.finditer(r"\S+", heading)][1:]
    for row in rows:
        assert len(row) == len(heading)
        assert all(row[end - 1] != " " and row[end : end + 1] in {" ", ""} for end in ends), row


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_narrow_table_explains_its_short_words(done: tuple[Audit, list[str]], language: Language) -> None:
    narrow, wide = shown(done[0], "source", 80, language), shown(done[0], "source", 100, language)
    short = {"en": "in force, before, not known:", "nl": "geldend, daarvoor, onbekend:"}[language]
    full = {"en": "before the rules applied", "nl": "voordat de regels golden"}[language]
    assert short in " ".join(narrow)
    assert full not in " ".join(narrow)
    assert short not in " ".join(wide)
    assert full in " ".join(wide)


def test_the_same_figures_stand_in_both_languages(done: tuple[Audit, list[str]]) -> None:
    def figures(language: Language) -> list[str]:
        rows = [line for line in shown(done[0], "source", 140, language)[2:] if line.startswith("  ")]
        return [
            re.sub(r"\D+", " ", line.replace("\u202f%", "%").replace("\u202f", "").replace(".", "")) for line in rows
        ]

    assert figures("en") == figures("nl")


@pytest.mark.parametrize(
    ("dimension", "ours", "dutch"),
    [
        ("sponsor", "(nobody named)", "(niemand genoemd), "),
        ("sponsor", "(removed: not shown, Art 39(3) DSA)", "(verwijderd: niet getoond, artikel 39, lid 3, van de DSA)"),
        ("country", "(not stated)", "(niet vermeld), "),
        ("election", "(no vote stated by the source)", "(geen stemming vermeld door de bron), "),
    ],
)
def test_the_program_s_own_words_in_a_table_are_in_the_language(
    done: tuple[Audit, list[str]], dimension: str, ours: str, dutch: str
) -> None:
    assert ours in done[0].table_by(dimension).frame[dimension].to_list(), "files keep one word for it"
    assert any(line.startswith(ours) for line in shown(done[0], dimension, 100, "en"))
    assert any(line.startswith(dutch) for line in shown(done[0], dimension, 100, "nl"))


def test_the_result_in_dutch_holds_no_english(done: tuple[Audit, list[str]]) -> None:
    found, steps = done
    stream = io.StringIO()
    console = Console(file=stream, width=140, highlight=False, emoji=False)
    show_audit(found, [found.table_by("source")], [], console, "nl")
    text = stream.getvalue().replace(str(found.out), "")
    assert not ENGLISH.search(text), ENGLISH.search(text)
    assert {"records ordenen", "beoordelen", "bevindingen schrijven", "klaar"} <= set(steps)


def test_files_are_the_same_bytes_whatever_the_language(sample: Path, tmp_path: Path) -> None:
    for language in LANGUAGES:
        found = run("audit", sample / "x", "--out", tmp_path / language, "--no-charts", "--lang", language)
        assert found.exit_code == 0, found.output
    reports = [(tmp_path / language / "report.html").read_bytes() for language in LANGUAGES]
    assert reports[0] != reports[1], "the report is written for its reader"
    for path in (path for path in (tmp_path / "en").rglob("*.*") if path.name != "report.html"):
        other = tmp_path / "nl" / path.relative_to(tmp_path / "en")
        assert path.read_bytes() == other.read_bytes(), path.name
    notices = json.loads((tmp_path / "nl" / "summary.json").read_text("utf-8"))["inputs"][0]["notices"]
    assert notices[0]["en"].startswith("no rows")
    assert notices[0]["nl"].startswith("geen rijen")


def test_messages_are_in_the_language_and_errors_stay_english(sample: Path, tmp_path: Path) -> None:
    other = tmp_path / "notes.txt"
    other.write_text("dear colleague", encoding="utf-8")
    arguments = ("audit", sample / "x", other, "--out", tmp_path / "out", "--no-charts")
    found = run(*arguments, ADAUDIT_LANG="nl")
    assert found.exit_code == 3
    assert "geen rijen: dat bewijst niets" in found.stderr
    assert re.search(r"fout: notes.txt: expected .*; found", found.stderr)
    assert "Opgeslagen in" in found.stdout
    assert "no rows: proves nothing" in run(*arguments, "--lang", "en", ADAUDIT_LANG="nl").stderr, "the option wins"


@pytest.mark.parametrize("name", ["audit", "demo", "rules", "sources"])
def test_every_command_takes_a_language_and_refuses_what_it_does_not_speak(name: str) -> None:
    assert "--lang" in run(name, "--help").output
    found = run(name, "--lang", "fr")
    assert found.exit_code == 2
    assert "'en', 'nl'" in found.stderr


def test_help_stays_english() -> None:
    assert run("rules", "--help", ADAUDIT_LANG="nl").output == run("rules", "--help").output


@pytest.mark.parametrize("name", sorted({*RULES, *requirements()}))
def test_each_rule_is_shown_in_dutch_with_the_english_words_of_the_law(name: str) -> None:
    found = run("rules", name, "--lang", "nl")
    assert found.exit_code == 0, found.output
    text = " ".join(found.output.split())
    requirement = requirements().get(RULES[name].requirement or "" if name in RULES else name)
    if name in RULES:
        assert texts()[name]["sentence"]["nl"] in text
        assert texts()[name]["sentence"]["en"] not in text
    if requirement:
        quote = f"(uit de Engelse tekst): “{requirement.quote}”"
        assert quote in text
        assert cited(requirement.pinpoint, "nl") in text
        text = text.replace(quote, "").replace(name, "")
    assert not ENGLISH.search(text), ENGLISH.search(text)


@pytest.mark.parametrize("name", sorted(sources()))
def test_each_source_is_shown_in_dutch(name: str) -> None:
    found = run("sources", name, "--lang", "nl")
    assert found.exit_code == 0, found.output
    text = " ".join(found.output.split())
    for form in sources()[name].form.values():
        assert in_language(form.how_to_get, "nl") in text
    assert ("gepubliceerd op grond van: " in text) == bool(sources()[name].form)
    assert "how to get it" not in text


def test_json_of_rules_and_sources_does_not_depend_on_the_language() -> None:
    for command in ("rules", "sources"):
        found = run(command, "--json", "--lang", "nl")
        assert found.stdout == run(command, "--json").stdout
        assert json.loads(found.stdout)
    assert json.loads(run("sources", "meta", "--json").stdout)["meta"]["licence"] == "the platform's terms"


def test_lists_of_rules_and_sources_are_in_the_language() -> None:
    rules, known = run("rules", "--lang", "nl").output, run("sources", "--lang", "nl").output
    assert "regels toetsen" in rules
    assert "artikel 12, lid 1, onder a)" in " ".join(rules.split())
    assert "transparantieverklaringen" in known
    assert run("sources").output != known
