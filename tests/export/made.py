"""An audit's folder with every dtype of a record and hostile text, made by hand."""

import json
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Final

import polars as pl

from adaudit.audit.findings import FINDING
from adaudit.model.record import conform

LONG_ID: Final = "170585012345678901"
FORMULA: Final = '=HYPERLINK("http://bad.example","click")'
OF_META: Final = {"source": "meta", "form": "ads_archive", "kind": "ad"}
ROWS: Final[list[dict[str, object]]] = [
    {
        **OF_META,
        "record_id": LONG_ID,
        "locator": "/data/0",
        "sponsor_name": FORMULA,
        "account_name": "Líjst Duín\u0007\nregel twee",
        "delivered_from": date(2025, 10, 12),
        "delivered_until": date(1899, 1, 1),
        "published_at": datetime(2025, 10, 12, 8, 30, tzinfo=UTC),
        "amount_ad_low": Decimal("100.5000"),
        "amount_ad_high": Decimal("12345678901234567890.1234"),
        "views_low": 2**53 + 1,
        "removed": False,
        "texts": ["-1+1", "tweede"],
        "targeting_parameters": [
            {"dimension": "age", "value": "=18", "excluded": False},
            {"dimension": "place", "value": None, "excluded": True},
        ],
        "shares_sum": 0.5,
        "unparsed_mask": 3,
    },
    {
        "source": "meta",
        "form": "ads_archive",
        "kind": "ad",
        "record_id": "@2",
        "locator": "/data/1",
        "titles": ["x" * 40_000],
    },
    {"source": "meta", "form": "ads_archive", "kind": "ad", "record_id": "3", "locator": "/data/2"},
]


def folder(path: Path) -> Path:
    """The folder, written."""
    path.mkdir(parents=True, exist_ok=True)
    columns = {name for row in ROWS for name in row}
    frame = pl.DataFrame([{name: row.get(name) for name in columns} for row in ROWS], infer_schema_length=None)
    conform(frame).write_parquet(path / "records.parquet")
    finding = {
        **OF_META,
        "record_id": LONG_ID,
        "rule": "notice_sponsor_name",
        "rule_version": 1,
        "pinpoint": "Art 12(1)(a)",
        "verdict": "invalid",
        "binding": "yes",
        "observed": f"sponsor_name={FORMULA}",
        "reason": "placeholder",
        "locator": "/data/0",
    }
    rows = [finding, finding | {"record_id": "@2", "observed": "+1"}, finding | {"record_id": "3", "observed": None}]
    full = [{name: row.get(name) for name in FINDING} for row in rows]
    pl.DataFrame(full, schema=FINDING).write_parquet(path / "findings.parquet")
    summary = {
        "adaudit": "0.1.0",
        "law_version": "2026-11-24",
        "rules_version": "1.1",
        "options": {"country": "NL", "since": None},
        "inputs": [{"path": "=cmd.json", "sha256": "ab" * 32}],
        "statements": [{"subject": "meta/ads_archive", "en": "=1+1 is no sum.", "nl": "=1+1 is geen som."}],
    }
    (path / "summary.json").write_text(json.dumps(summary), encoding="utf-8")
    return path
