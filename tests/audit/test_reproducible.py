"""One call over the whole sample: the same bytes each time, and figures that agree with one another."""

import json
import re
from collections import Counter
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path
from shutil import copytree
from typing import Any

import polars as pl
import pytest

from adaudit.audit.options import Options
from adaudit.audit.run import WRITTEN, Audit, audit
from adaudit.audit.statements import form_title
from adaudit.connectors import exposure_of, sources
from adaudit.language import LANGUAGES, Language
from adaudit.law import DSA
from adaudit.model.vocabulary import VERDICTS
from adaudit.rules import RULES
from adaudit.sample import write_sample
from tests.rules.cases import CASES

from .fictional import Batch, audited


def _run(inputs: Path, out: Path, options: Options | None = None) -> Audit:
    return audit([inputs], out, options or Options(), lambda *_: None)


@pytest.fixture(scope="module")
def sample(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("first") / "sample"
    write_sample(folder, scale=0.3)
    return folder


@pytest.fixture(scope="module")
def done(sample: Path, tmp_path_factory: pytest.TempPathFactory) -> Audit:
    return _run(sample, tmp_path_factory.mktemp("out") / "one")


@pytest.fixture(scope="module")
def summary(done: Audit) -> dict[str, Any]:
    found: dict[str, Any] = json.loads((done.out / "summary.json").read_text("utf-8"))
    return found


def test_the_same_inputs_give_the_same_bytes_wherever_they_lie(sample: Path, done: Audit, tmp_path: Path) -> None:
    moved = tmp_path / "another place with spaces" / "sample"
    copytree(sample, moved)
    again = _run(moved, tmp_path / "two")
    for name in WRITTEN:
        assert (done.out / name).read_bytes() == (again.out / name).read_bytes(), name


def test_a_second_audit_into_the_same_folder_leaves_nothing_of_the_first(
    sample: Path, done: Audit, tmp_path: Path
) -> None:
    out = tmp_path / "out"
    _run(sample / "nothing here", out) if (sample / "nothing here").exists() else _run(
        sample, out, Options(country="DE")
    )
    _run(sample, out)
    for name in WRITTEN:
        assert (done.out / name).read_bytes() == (out / name).read_bytes(), name
    assert {p.name for p in out.iterdir()} == {p.name for p in done.out.iterdir()}


def test_other_options_give_other_bytes(sample: Path, done: Audit, tmp_path: Path) -> None:
    other = _run(sample, tmp_path / "political", Options(political=True))
    assert (done.out / "verdicts.parquet").read_bytes() != (other.out / "verdicts.parquet").read_bytes()
    assert other.summary["options"] != done.summary["options"]


def _texts(value: object) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for one in value.values():
            yield from _texts(one)
    elif isinstance(value, list):
        for one in value:
            yield from _texts(one)


def test_no_path_of_the_machine_and_no_clock_stand_in_the_summary(sample: Path, summary: dict[str, Any]) -> None:
    assert not [text for text in _texts(summary) if str(sample.parent) in text or text.startswith("/")]
    assert list(summary)[:2] == ["adaudit", "law_version"]


def test_every_row_in_is_accounted_for(summary: dict[str, Any], done: Audit) -> None:
    records = summary["records"]
    taken = sum(one["records"] for one in summary["inputs"] if one["outcome"] != "recognised, not counted")
    assert records["total"] + records["superseded"] + records["repeated"] == taken
    assert records["total"] == sum(records["by_source"].values()) == sum(records["by_kind"].values())
    assert records["total"] == pl.read_parquet(done.out / "records.parquet").height
    assert records["superseded"] > 0, "the sample holds versions"


def test_the_sample_reaches_every_source_and_every_verdict(summary: dict[str, Any]) -> None:
    assert {one["source"] for one in summary["inputs"] if one["source"]} == {
        name for name, one in sources().items() if one.form
    }
    assert {v for row in summary["verdicts"] for v in VERDICTS if row[v]} == set(VERDICTS)


NOT_ASKED = {("audience_tab", "notice_sponsor_name")}
"""Disclosures that a table of aggregates is not made to hold."""


def test_every_record_has_one_verdict_of_every_rule_that_speaks_of_its_form(done: Audit) -> None:
    frame = pl.read_parquet(done.verdicts)
    for form, rows in frame.group_by("source", "form", "kind"):
        source, name, kind = (str(part) for part in form)
        duties = sources()[source].form[name].duties
        for rule in RULES.values():
            dsa = rule.instrument == DSA and rule.family != "consistency"
            point = f"DSA {rule.pinpoint(kind).removeprefix('Art ')}"
            speaks = kind in rule.kinds and (not dsa or "DSA 39" in duties or point in duties)
            speaks = speaks and (name, rule.id) not in NOT_ASKED
            assert (rows[rule.id] > 0).all() if speaks else (rows[rule.id] == 0).all(), (form, rule.id)


def test_the_verdicts_of_the_summary_add_up_to_its_records(summary: dict[str, Any]) -> None:
    forms = Counter[tuple[str, str]]()
    for row in summary["verdicts"]:
        assert sum(row[v] for v in VERDICTS) == row["records"] == sum(row["reasons"].values())
        if row["rule"] == "identifier_intact":
            forms[row["source"], row["form"]] += row["records"]
    assert sum(forms.values()) == summary["records"]["total"]


def test_amounts_are_exact_decimals_as_text(summary: dict[str, Any]) -> None:
    assert summary["spend"]
    for row in summary["spend"]:
        assert re.fullmatch(r"-?\d+(\.\d*[1-9])?", row["low"])
        assert (row["high"] is None) == (row["open_ended"] > 0)
        assert row["high"] is None or Decimal(row["high"]) >= Decimal(row["low"])


def test_every_finding_leads_to_its_record_and_its_bytes(done: Audit) -> None:
    findings = pl.read_parquet(done.out / "findings.parquet").filter(pl.col("verdict") != "not_exposed")
    records = pl.read_parquet(done.out / "records.parquet")
    key = ["source", "form", "kind", "record_id", "input_sha256", "evidence_sha256", "locator"]
    assert findings.height > 1000
    assert findings.join(records.select(key), on=key, how="anti").height == 0
    assert {one["sha256"] for one in done.summary["inputs"]} >= set(findings["input_sha256"])  # type: ignore[attr-defined]


SHARES = {
    "en": re.compile(r"[\d\u202f]+ of [\d\u202f]+ \((?:under |over )?\d+ %\)"),
    "nl": re.compile(r"[\d.]+ van de [\d.]+ [a-z ]+ \((?:minder dan |meer dan )?\d+%\)"),
}
CONVICTS = {
    "en": re.compile(r"\b(illegal|unlawful|guilty|violat|breach(es|ed)|fraud|offen[cs]e)", re.IGNORECASE),
    "nl": re.compile(r"\b(illega|onrechtmatig|onwettig|schuldig|strafba|fraud|misdrijf|inbreuk|schend)", re.IGNORECASE),
}


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_percentage_stands_without_its_denominator(summary: dict[str, Any], language: Language) -> None:
    said = [one[language] for one in summary["statements"] + summary["highlights"]]
    assert sum("%" in text for text in said) > 10
    for text in said:
        assert text.count("%") == len(SHARES[language].findall(text)), text


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_statement_convicts(summary: dict[str, Any], language: Language) -> None:
    said = [one[language] for one in summary["statements"] + summary["highlights"]]
    assert [text for text in said if CONVICTS[language].search(text)] == []


ENGLISH = re.compile(r"\b(the|which|that|since|rules|notices|missing|shown|Art|with|Annex)\b")


def test_what_is_said_in_dutch_holds_no_english(summary: dict[str, Any]) -> None:
    titles = [form_title(source.id, name).nl for source in sources().values() for name in source.form]
    notices = [notice for given in summary["inputs"] for notice in given["notices"] if notice["nl"] != notice["en"]]
    assert notices
    for one in summary["statements"] + summary["highlights"] + notices:
        dutch = re.sub("|".join(map(re.escape, titles)), "", one["nl"])
        assert not ENGLISH.search(dutch), dutch
        assert one["nl"] != one["en"]


def test_no_exposure_that_is_not_exact_ever_gives_ok(tmp_path: Path) -> None:
    batches = []
    for source, found in sources().items():
        for form, one in found.form.items():
            names = [
                name
                for name, rule in RULES.items()
                if one.kind in rule.kinds and rule.family == "disclosure" and CASES[name].best
            ]
            rows = []
            for name in names:
                best = CASES[name].best
                assert best
                rows.append({**best.row, "record_id": name})
            if rows:
                batches.append(Batch(form, rows, source=source))
    verdicts = Counter[tuple[str, str]]()
    ids = {(batch.form, str(row["record_id"])): batch.source for batch in batches for row in batch.rows}
    for (form, rule), told in audited(tmp_path, *batches).by_record().items():
        if rule not in told:
            continue
        level = exposure_of(ids[form, rule], form, rule).level
        verdicts[level, told[rule][0]] += 1
    assert set(verdicts) <= {
        ("exact", "ok"),
        ("never", "not_exposed"),
        *((level, "partial") for level in ("partial", "range", "bucket", "unverified")),
    }
    assert all(verdicts[key] for key in [("exact", "ok"), ("never", "not_exposed"), ("unverified", "partial")])
