"""The examples that the package ships: those of the tests, judged by the engine, of every verdict, in words."""

from datetime import UTC, date, datetime
from pathlib import Path

import polars as pl
import pytest

from adaudit.language import LANGUAGES, texts_of
from adaudit.model.record import SCHEMA
from adaudit.model.vocabulary import outcomes
from adaudit.rules import RULES
from adaudit.rules.examples import GROUPS, UNREADABLE, Example, _record, _typed, baseline, examples
from adaudit.rules.shown import common, facts, in_words, limits
from tests.audit.fictional import baseline as of_tests

from .__main__ import main
from .case import Case, Cases, judged
from .cases import CASES, NEVER_FAIL, NEVER_UNKNOWN
from .shipped import COMMAND, FORMS, PATH, shipped

NAMES = sorted(RULES)
STALE = (
    f"adaudit/rules/examples.json is not what the cases of the tests make of it. After adding a rule or changing a "
    f"case, run `{COMMAND}` in the folder of the project and commit the file."
)


def test_the_examples_are_the_cases_of_the_tests() -> None:
    assert PATH.read_text("utf-8") == shipped(), STALE
    assert set(examples()) == set(RULES), STALE
    assert {name: len(those) for name, those in examples().items()} == {n: len(c.all()) for n, c in CASES.items()}


def test_what_goes_without_saying_is_what_the_tests_judge_by() -> None:
    assert baseline() == {kind: of_tests(kind) for kind in FORMS}


def test_the_engine_says_of_every_shipped_example_what_it_claims(tmp_path: Path) -> None:
    cases = {
        rule: [
            Case({**baseline()[one.kind], **one.given}, (one.verdict, one.reason), FORMS[one.kind], one.in_export)
            for one in those
        ]
        for rule, those in examples().items()
    }
    said = {(rule, i): case.verdict for rule, those in cases.items() for i, case in enumerate(those)}
    assert judged(tmp_path, cases) == said


@pytest.mark.parametrize("name", NAMES)
def test_every_rule_has_an_example_of_each_verdict_that_it_can_give(name: str) -> None:
    told = {one.group for one in examples()[name]}
    never = {"failing"} if name in NEVER_FAIL else {"unknown"} if name in NEVER_UNKNOWN else set()
    assert told == set(GROUPS) - never
    assert sum(one.best for one in examples()[name]) == 1
    assert examples()[name][0].best


def test_every_column_of_an_example_has_its_words_and_no_words_are_of_no_column() -> None:
    words = texts_of("adaudit.model", "columns.toml").entries
    named = {
        common(column)
        for those in examples().values()
        for one in those
        for name, value in one.given.items()
        for column in (value if name == UNREADABLE else [name])  # type: ignore[attr-defined]
    }
    assert sorted(named - set(words)) == [], "give them their words in adaudit/model/columns.toml"
    assert set(words) <= {common(column) for column in SCHEMA}
    for key, wordings in words.items():
        assert set(wordings) == set(LANGUAGES), key
        assert all(text.strip() == text != "" for text in wordings.values()), key
    for key, wordings in texts_of("adaudit.rules", "words.toml").entries.items():
        assert set(wordings) == set(LANGUAGES), key


@pytest.mark.parametrize("name", NAMES)
def test_every_example_reads_as_a_line_that_names_what_it_gives(name: str) -> None:
    for one in examples()[name]:
        assert one.reason in outcomes()
        assert outcomes()[one.reason].verdict == one.verdict
        for language in LANGUAGES:
            line = in_words(one, language)
            assert line.strip() == line != ""
            assert "{" not in line
            assert "None" not in line
        for what, value in facts(one):
            assert f"{what}: {value}" in in_words(one, "en")
            assert f"{what.nl}: {value.nl}" in in_words(one, "nl")
        assert (limits(one) is None) == one.in_export


def test_values_are_told_as_each_language_writes_them() -> None:
    given = {
        "views_low": 1000,
        "views_high": 1999,
        "amount_ad_low": -5,
        "people_reached_high": 20,
        "audience_size_low": 7,
        "audience_size_high": 7,
        "published_at": datetime(2025, 10, 16, 9, tzinfo=UTC),
        "intended_from": date(2025, 10, 1),
        "countries": ["NL", "XX"],
        "shares_sum": 1.04,
        "removed": True,
        "political_basis": None,
        "sponsor_kind": "legal",
        "sponsor_name": None,
        "targeting_parameters": [
            {"dimension": "interest", "value": "tuinieren", "excluded": False},
            {"dimension": "place", "value": "Delft", "excluded": True},
        ],
        UNREADABLE: {"engagements": "viral"},
    }
    one = Example("ad", given, "ok", "disclosed")
    assert in_words(one, "en") == (
        "views: 1\u202f000 to 1\u202f999; amount for the ad: −5 or more; people reached: 20 or less; "
        "size of the audience: 7; published: 16 October 2025, 09:00 UTC; first day intended: 1 October 2025; "
        "countries: Netherlands; XX; sum of the shares: 1.04; removed by the platform: yes; "
        "political: nothing shows it; what the sponsor is: a legal person; sponsor: not stated; "
        "targeting options: interest: “tuinieren”; place: “Delft” (excluded); "
        "engagements: “viral”, which cannot be read"
    )
    dutch = in_words(one, "nl")
    for part in ("vertoningen: 1.000 tot 1.999", "1,04", "16 oktober 2025, 09:00 UTC", "Nederland", "(uitgesloten)"):
        assert part in dutch


def test_nothing_given_is_said_to_be_nothing() -> None:
    assert in_words(Example("ad", {}, "missing", "empty"), "en") == "nothing of what the rule reads"
    told = in_words(Example("ad", {}, "unknown", "not_in_export", in_export=False), "nl")
    assert told == "niets van wat de regel leest; het bestand heeft geen veld voor wat de regel vraagt"


def test_days_and_instants_are_read_as_such_wherever_they_stand() -> None:
    read = _record({"delivery": [{"country": "NL", "from": "2025-10-01"}], "published_at": "2025-10-16T09:00:00Z"})
    assert read["delivery"] == [{"country": "NL", "from": date(2025, 10, 1)}]
    assert read["published_at"] == datetime(2025, 10, 16, 9, tzinfo=UTC)
    assert _typed("2025-10-01", pl.String()) == "2025-10-01"
    with pytest.raises(KeyError, match="no_such_column"):
        _record({"no_such_column": 1})


def test_nothing_is_written_where_the_engine_says_otherwise(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("tests.rules.__main__.PATH", tmp_path / "examples.json")
    assert main() == 0
    assert (tmp_path / "examples.json").read_bytes() == PATH.read_bytes()
    (tmp_path / "examples.json").unlink()
    wrong = {**CASES, "notice_payer": Cases(Case({}, ("ok", "disclosed")), (), ())}
    monkeypatch.setattr("tests.rules.__main__.CASES", wrong)
    assert main() == 1
    assert not (tmp_path / "examples.json").exists()
    assert "notice_payer, case 0: expected ('ok', 'disclosed'), the engine says ('unknown'" in capsys.readouterr().err
