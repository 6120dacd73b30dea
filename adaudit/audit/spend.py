"""Amounts as intervals: totals by form, scope and currency, and by sponsor. Nothing is converted."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Final

import polars as pl

from adaudit.audit.assemble import period
from adaudit.audit.facts import in_union, sponsor
from adaudit.audit.groups import Group
from adaudit.model.vocabulary import BINDINGS, codes_of

RULE: Final = "notice_sponsor_name"
SCOPES: Final = ("ad", "campaign", "media", "advertiser")
GROUP: Final = ("source", "form", "kind", "amount_currency", "in_union")


@dataclass(frozen=True)
class SpendTotal:
    """The sum of one scope's amounts: the true total lies between `low` and `high`.

    `high` is None where an amount is open at its upper end. Rows are never added to one another.
    """

    source: str
    form: str
    kind: str
    scope: str
    currency: str | None
    in_union: bool | None
    period_from: date | None
    period_until: date | None
    low: Decimal
    high: Decimal | None
    records: int
    open_ended: int
    overlaps: bool = False

    def as_written(self) -> dict[str, object]:
        """The row of `spend` in `summary.json`: amounts as exact decimal text."""
        row: dict[str, object] = dict(vars(self))
        row["period_from"] = self.period_from.isoformat() if self.period_from else None
        row["period_until"] = self.period_until.isoformat() if self.period_until else None
        row["low"], row["high"] = plain(self.low), None if self.high is None else plain(self.high)
        return row


@dataclass(frozen=True)
class SponsorTotal:
    """The sum of one scope's amounts for one sponsor or advertiser, as the source names it."""

    source: str
    form: str
    kind: str
    scope: str
    currency: str
    name: str
    low: Decimal
    high: Decimal | None
    records: int


def plain(amount: Decimal) -> str:
    """The amount without trailing zeros and without exponent."""
    text = f"{amount:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def _sums(scope: str) -> list[pl.Expr]:
    low, high = pl.col(f"amount_{scope}_low"), pl.col(f"amount_{scope}_high")
    return [
        low.sum().alias("low"),
        high.sum().alias("high"),
        pl.len().alias("records"),
        high.is_null().sum().alias("open_ended"),
    ]


def _with_amounts(records: Path, scope: str, keys: list[str]) -> pl.LazyFrame:
    stated = {key: in_union(key) for key in keys}
    inside = pl.col("country_key").replace_strict(stated, default=None, return_dtype=pl.Boolean)
    start, end = period()
    return (
        pl.scan_parquet(records)
        .filter(pl.col(f"amount_{scope}_low").is_not_null())
        .with_columns(inside.alias("in_union"), start.alias("start"), end.alias("end"))
    )


def totals(records: Path, keys: list[str]) -> list[SpendTotal]:
    """Totals by source, form, scope, currency and territory; of aggregates, also by their period."""
    found: list[SpendTotal] = []
    for scope in SCOPES:
        by = [*GROUP, "start", "end"] if scope == "advertiser" else list(GROUP)
        span = [] if scope == "advertiser" else [pl.col("start").min(), pl.col("end").max()]
        frame = _with_amounts(records, scope, keys).group_by(by).agg(*_sums(scope), *span)
        for row in frame.collect(engine="streaming").sort(by, nulls_last=True).iter_rows(named=True):
            found.append(_total(scope, row))
    return sorted(_overlapping(found), key=lambda one: (one.source, one.form, one.kind))


def _total(scope: str, row: dict[str, object]) -> SpendTotal:
    return SpendTotal(
        source=str(row["source"]),
        form=str(row["form"]),
        kind=str(row["kind"]),
        scope=scope,
        currency=row["amount_currency"],  # type: ignore[arg-type]
        in_union=row["in_union"],  # type: ignore[arg-type]
        period_from=row["start"],  # type: ignore[arg-type]
        period_until=row["end"],  # type: ignore[arg-type]
        low=row["low"],  # type: ignore[arg-type]
        high=None if row["open_ended"] else row["high"],  # type: ignore[arg-type]
        records=int(row["records"]),  # type: ignore[call-overload]
        open_ended=int(row["open_ended"]),  # type: ignore[call-overload]
    )


def _overlapping(rows: list[SpendTotal]) -> Iterator[SpendTotal]:
    """Marks totals of advertisers whose periods share a day: a month holds its yesterday."""
    for one in rows:
        same = [
            other
            for other in rows
            if other is not one
            and (other.source, other.form, other.scope, other.currency)
            == (one.source, one.form, one.scope, one.currency)
        ]
        shares = one.scope == "advertiser" and any(_share_a_day(one, other) for other in same)
        yield SpendTotal(**{**vars(one), "overlaps": shares})


def _share_a_day(one: SpendTotal, other: SpendTotal) -> bool:
    """Whether both cover a day; a total without a first day (a lifelong one) covers all up to its last."""
    if not (one.period_until and other.period_until):
        return False
    starts = [period.period_from or date.min for period in (one, other)]
    return starts[0] <= other.period_until and starts[1] <= one.period_until


def by_sponsor(records: Path, keys: list[str]) -> list[SponsorTotal]:
    """Totals by sponsor; of aggregates, by the page or account that the row speaks of.

    Records outside the Union are left out; records that name nobody are summed under words that say so.
    Of aggregates whose periods share a day, the longest counts: a month holds its yesterday.
    """
    found: list[SponsorTotal] = []
    for scope in SCOPES:
        name = pl.coalesce("account_name", sponsor()) if scope == "advertiser" else sponsor()
        amounts = _with_amounts(records, scope, keys)
        frame = (
            (_longest_apart(amounts) if scope == "advertiser" else amounts)
            .filter(pl.col("in_union").fill_null(value=True) & pl.col("amount_currency").is_not_null())
            .group_by("source", "form", "kind", "amount_currency", name.alias("name"))
            .agg(*_sums(scope))
            .collect(engine="streaming")
            .sort("source", "form", "kind", "amount_currency", "name")
        )
        for row in frame.iter_rows(named=True):
            found.append(
                SponsorTotal(
                    row["source"],
                    row["form"],
                    row["kind"],
                    scope,
                    row["amount_currency"],
                    row["name"],
                    row["low"],
                    None if row["open_ended"] else row["high"],
                    row["records"],
                )
            )
    return found


def _longest_apart(amounts: pl.LazyFrame) -> pl.LazyFrame:
    """The rows of aggregates of one currency and country whose periods share no day, the longest first."""
    of = ["source", "form", "amount_currency", "country_key"]
    length = (pl.col("end") - pl.col("start")).alias("length")
    periods = amounts.select(*of, "start", "end", length).unique().collect(engine="streaming")
    kept: list[tuple[object, ...]] = []
    ordered = periods.sort("length", "start", descending=[True, False], nulls_last=True)
    for key, group in ordered.group_by(of, maintain_order=True):
        taken: list[tuple[date | None, date | None]] = []
        for start, end in group.select("start", "end").iter_rows():
            apart = start and end and all(s and e and (end < s or e < start) for s, e in taken)
            if apart or not taken:
                taken.append((start, end))
                kept.append((*key, start, end))
    columns = [*of, "start", "end"]
    chosen = pl.LazyFrame(kept, schema={name: periods.schema[name] for name in columns}, orient="row")
    return amounts.join(chosen, on=columns, how="semi", nulls_equal=True)


@dataclass(frozen=True)
class UnnamedInReport:
    """One report of an aggregate (country, period, currency): rows, ads and money, and those without sponsor."""

    source: str
    form: str
    binding: str
    countries: str | None
    period_from: date | None
    period_until: date | None
    currency: str | None
    rows: int
    rows_unnamed: int
    ads: int
    ads_unnamed: int
    low: Decimal
    high: Decimal
    low_unnamed: Decimal
    high_unnamed: Decimal


def unnamed_by_report(records: Path, verdicts: Path, groups: Sequence[Group]) -> list[UnnamedInReport]:
    """What names no sponsor in each report. Reports overlap in time: they are never added to one another."""
    found: list[UnnamedInReport] = []
    absent, decided = codes_of("missing"), [c for v in ("ok", "partial", "invalid", "missing") for c in codes_of(v)]
    start, end = period()
    low, high, ads = pl.col("amount_advertiser_low"), pl.col("amount_advertiser_high"), pl.col("ads_count")
    missing = pl.col(RULE).is_in(absent)
    by = ["form", "binding_ttpa", "country_key", "start", "end", "amount_currency"]
    for group in groups:
        if group.kind != "advertiser":
            continue
        rows = pl.scan_parquet(records).slice(group.offset, group.length).with_columns(start=start, end=end)
        rows = rows.select("form", "country_key", "start", "end", "amount_currency", low, high, ads)
        codes = pl.scan_parquet(verdicts).slice(group.offset, group.length).select(RULE, "binding_ttpa")
        frame = (
            pl.concat([rows, codes], how="horizontal")
            .filter(pl.col(RULE).is_in(decided))
            .group_by(by)
            .agg(
                pl.len().alias("rows"),
                missing.sum().alias("rows_unnamed"),
                ads.sum().alias("ads"),
                ads.filter(missing).sum().alias("ads_unnamed"),
                low.sum().alias("low"),
                high.sum().alias("high"),
                low.filter(missing).sum().alias("low_unnamed"),
                high.filter(missing).sum().alias("high_unnamed"),
            )
            .sort(by, nulls_last=True)
        )
        for form, binding, countries, first, last, currency, *sums in frame.collect(engine="streaming").iter_rows():
            found.append(
                UnnamedInReport(group.source, form, BINDINGS[binding], countries, first, last, currency, *sums)
            )
    return found
