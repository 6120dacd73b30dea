"""What the page holds: every finding or, above the limit, a fair part of each kind; never text that breaks out."""

import json
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from adaudit.report import embedded, read_given
from adaudit.report.embedded import STRATUM, as_script, embed, fair_cap, plain_link
from tests.report.conftest import LINKS


def decoded(data: dict[str, Any], i: int) -> dict[str, object]:
    """One finding as the page would read it."""
    found = data["finding"]
    stratum, record, observed = (found[name][i] for name in ("stratum", "record", "observed"))
    one: dict[str, object] = {name: data["strata"][name][stratum] for name in STRATUM}
    one["observed"] = None if observed < 0 else data["observed"][observed]
    for name, column in {"record_id": "id", "locator": "locator"}.items():
        one[name] = None if record < 0 else data["records"][column][record]
    for name, column in {"input_sha256": "input", "evidence_sha256": "evidence"}.items():
        one[name] = None if record < 0 else data["records"][f"{column}s"][data["records"][column][record]]
    return one


def test_the_page_holds_every_finding_as_the_file_has_it(audited: Path) -> None:
    found = embed(read_given(audited), "en")
    findings = pl.read_parquet(audited / "findings.parquet")
    assert (found.total, found.held, found.cap) == (findings.height, findings.height, None)
    names = [*STRATUM, "observed", "record_id", "locator", "input_sha256", "evidence_sha256"]
    assert [decoded(found.data, i) for i in range(findings.height)] == findings.select(names).to_dicts()


def test_sponsors_stand_with_their_records(audited: Path) -> None:
    data = embed(read_given(audited), "nl").data["records"]
    records = pl.read_parquet(audited / "records.parquet").filter(pl.col("sponsor_name").is_not_null())
    named = dict(records.select("record_id", "sponsor_name").iter_rows())
    shown = {i: data["sponsors"][at] for i, at in zip(data["id"], data["sponsor"], strict=True)}
    same = [i for i, name in named.items() if i in shown and shown[i] == name]
    assert len(same) > 500
    assert "(niemand genoemd)" in data["sponsors"]


def test_periods_and_accounts_stand_with_their_records(audited: Path) -> None:
    data = embed(read_given(audited), "en").data["records"]
    records = pl.read_parquet(audited / "records.parquet").filter(source="meta", form="ads_archive")
    start = {one["record_id"]: one["delivered_from"] for one in records.iter_rows(named=True)}
    account = {one["record_id"]: one["account_name"] for one in records.iter_rows(named=True)}
    seen = 0
    for i, first, name in zip(data["id"], data["from"], data["account"], strict=True):
        if start.get(i) is not None:
            assert date(1970, 1, 1) + timedelta(first) == start[i]
            assert (data["accounts"][name] if name >= 0 else None) == account[i]
            seen += 1
    assert seen > 500


def test_above_the_limit_every_kind_of_finding_stays_and_all_are_counted(audited: Path) -> None:
    findings = pl.read_parquet(audited / "findings.parquet")
    counts = findings.group_by(STRATUM).len()
    found = embed(read_given(audited), "en", limit=1000)
    assert found.cap is not None
    assert 1000 - counts.height < found.held <= 1000
    assert found.total == findings.height
    assert {one["held"] for one in found.strata if one["count"] <= found.cap} <= set(range(1, found.cap + 1))
    assert all(one["held"] == min(one["count"], found.cap) for one in found.strata)
    assert sum(one["count"] for one in found.strata) == findings.height
    every = findings.select(*STRATUM, "record_id").rows()
    positions = [every.index(row) for row in _rows(found.data)[:50]]
    assert positions == sorted(positions)


@pytest.mark.parametrize("limit", [10**6, 1000])
def test_findings_read_in_small_slices_are_the_same(audited: Path, monkeypatch: pytest.MonkeyPatch, limit: int) -> None:
    whole = embed(read_given(audited), "en", limit)
    monkeypatch.setattr(embedded, "SLICE", 700)
    assert embed(read_given(audited), "en", limit) == whole


def _rows(data: dict[str, Any]) -> list[tuple[object, ...]]:
    every = (decoded(data, i) for i in range(len(data["finding"]["stratum"])))
    return [tuple(one[name] for name in (*STRATUM, "record_id")) for one in every]


@given(st.lists(st.integers(1, 10**6), min_size=1, max_size=60), st.integers(0, 10**7))
def test_the_cap_is_the_largest_that_keeps_within_the_limit(counts: list[int], limit: int) -> None:
    cap = fair_cap(counts, limit)
    assert sum(min(count, cap) for count in counts) <= max(limit, 0)
    if cap < max(counts):
        assert sum(min(count, cap + 1) for count in counts) > limit


def test_decisions_of_the_audit_are_held_with_their_findings(audited: Path, tmp_path: Path) -> None:
    findings = pl.read_parquet(audited / "findings.parquet").with_row_index()
    decided = findings.with_columns(
        pl.when(pl.col("index") == 7).then(pl.lit("dismissed")).alias("decision"),
        pl.lit("R. Eviewer").alias("decided_by"),
        pl.lit("2026-01-02").str.to_date().alias("decided_on"),
        pl.lit(None, dtype=pl.String).alias("decision_note"),
    ).drop("index")
    for name in ("summary.json", "records.parquet"):
        (tmp_path / name).write_bytes((audited / name).read_bytes())
    decided.write_parquet(tmp_path / "findings.parquet")
    found = embed(read_given(tmp_path), "en")
    assert found.data["decided"] == {"7": ["dismissed", "R. Eviewer", "2026-01-02", ""]}


@given(st.text() | st.sampled_from(["</script>", "<!--", "\u2028", "\u2029", "]]>", "&amp;"]))
def test_data_in_the_page_never_end_their_element(text: str) -> None:
    written = as_script({"a": text})
    assert not set("<>&\u2028\u2029") & set(written)
    assert json.loads(written) == {"a": text}


@pytest.mark.parametrize("url", LINKS[:-1])
def test_only_a_plain_https_address_becomes_a_link(url: str) -> None:
    assert plain_link(url) is None


@pytest.mark.parametrize("url", ["https://", "https:///x", "https://a b", "https://[", "https://x:99/", None, "x", ""])
def test_what_is_no_address_becomes_no_link(url: str | None) -> None:
    assert plain_link(url) is None


def test_a_plain_address_stays_as_it_is() -> None:
    assert plain_link(LINKS[-1]) == "https://library.example/?id=9"
