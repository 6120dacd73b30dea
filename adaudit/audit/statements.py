"""What the figures say, in words that a person can quote: each with its denominator and its limit."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from math import log10
from typing import Final

from adaudit.audit.counts import Count
from adaudit.audit.intake import InputReport
from adaudit.audit.spend import UnnamedInReport
from adaudit.audit.undeclared import Unsold
from adaudit.connectors import exposure_of, sources
from adaudit.language import Value, Wording, interval, share_of, texts_of
from adaudit.law import APPLIES, DSA, TTPA
from adaudit.law.citation import cited
from adaudit.model.vocabulary import outcomes
from adaudit.rules import RULES, texts

SAY: Final = texts_of("adaudit.audit")


@dataclass(frozen=True)
class Statement:
    """One sentence in both languages; `weight` orders the statements, the most important first."""

    weight: float
    subject: str
    words: Wording

    @property
    def en(self) -> str:
        """The sentence in English."""
        return str(self.words)

    @property
    def nl(self) -> str:
        """The sentence in Dutch."""
        return self.words.nl

    def as_written(self) -> dict[str, object]:
        """The entry of `statements` in `summary.json`."""
        return {"subject": self.subject, **self.words.written()}


def form_title(source: str, form: str) -> Wording:
    """The name of a form for a reader: source and form."""
    found = sources()[source]
    return SAY.both("form", source=found.title, form=found.form[form].title)


def short_title(source: str, form: str) -> Wording:
    """The short name of a form, for the head of a column."""
    return Wording.read(sources()[source].form[form].short or form_title(source, form))


def share_in_words(part: int, whole: int, noun: str, *, judged: bool = False) -> Value:
    """A count over its denominator with its noun (`ad`, `record`, ...), as each language writes it."""
    things = SAY.of(noun, whole)
    counted = SAY.both("judged", things=things) if judged else things
    return lambda language: share_of(part, whole, counted, language)


def _ran(binding: str) -> Wording:
    return SAY.both(f"ran_{binding}")


def _subject(one: Count) -> str:
    return f"{one.source}/{one.form}"


def _title(one: Count) -> Wording:
    return form_title(one.source, one.form)


def state(
    counts: Sequence[Count],
    reports: Sequence[InputReport],
    unnamed: Sequence[UnnamedInReport],
    as_of: date | None = None,
    undeclared: Sequence[Unsold] = (),
) -> list[Statement]:
    """All statements, the most important first. `unnamed`: what names no sponsor, by report.

    `as_of` is the day as of which the law was taken, where that is not all that is shipped. `undeclared`: what ran
    on platforms that sell no political advertising; of these sources there is one statement each, of others one a
    form.
    """
    told = {one.source for one in undeclared}
    found = [
        *_unsold(undeclared),
        *_undeclared([one for one in counts if one.source not in told]),
        *_omissions(counts),
        *_aggregates(unnamed),
        *_suspects(counts),
        *_gaps(counts),
        *_removed(counts),
        *_before(counts, as_of),
        *_outside(counts),
        *_empty(reports),
    ]
    return sorted(found, key=lambda one: (-one.weight, one.subject, one.en))


def _undeclared(counts: Sequence[Count]) -> Iterator[Statement]:
    """Ads that the user asserts to be political and the library does not label: one statement a source."""
    by_form: dict[tuple[str, str], list[Count]] = {}
    for one in counts:
        if one.rule == "notice_sponsor_name":
            by_form.setdefault((one.source, one.form), []).append(one)
    for (source, form), rows in by_form.items():
        asserted, records = sum(one.reasons.get("undeclared", 0) for one in rows), sum(one.records for one in rows)
        now = sum(one.reasons.get("undeclared", 0) for one in rows if one.binding == "yes")
        if asserted:
            share = share_in_words(asserted, records, rows[0].kind)
            words = SAY.of("undeclared", asserted, form=form_title(source, form), share=share, now=now)
            yield Statement(90 + asserted / records, f"{source}/{form}", words)


def _unsold(undeclared: Sequence[Unsold]) -> Iterator[Statement]:
    """Platforms that sell no political advertising: one statement a source, with the day since when."""
    for one in undeclared:
        policy = sources()[one.source].no_political_ads
        if policy is None:
            continue
        said: dict[str, Value] = {
            "source": Wording.read(sources()[one.source].title),
            "says": Wording.read(policy.says),
            "basis": Wording.read(policy.basis),
            "labelled": _of_any("unsold_labelled", one.declared),
        }
        if not one.asserted:
            if one.silent:
                yield Statement(42, one.source, SAY.of("unsold_none_asserted", one.silent, **said))
            elif one.declared:
                yield Statement(42, one.source, SAY.both("unsold_by_label", **said))
            continue
        key = "unsold" if one.last_day else "unsold_no_day"
        said |= {
            "share": share_in_words(one.after, one.asserted, "ad"),
            "after": one.after,
            "things": SAY.of("ad", one.after),
            "unnamed": share_in_words(one.unnamed, one.after, "ad") if one.after else "0",
            "now": one.unnamed_bound,
            "named": _of_any("unsold_named", one.named),
            "unseen": _of_any("unsold_unseen", one.unseen),
            "earlier": _of_any("unsold_earlier", one.earlier_unnamed),
            "undated": _of_any("unsold_undated", one.undated) if one.last_day else "",
        }
        weight = 90 + one.unnamed / one.after if one.unnamed else 44
        yield Statement(weight, one.source, SAY.both(key, **said) if one.after else SAY.both("unsold_nothing", **said))


def _of_any(key: str, count: int) -> Wording:
    """The text of so many; nothing of none."""
    return SAY.of(key, count) if count else Wording("")


def _omissions(counts: Sequence[Count]) -> Iterator[Statement]:
    for one in counts:
        rule = RULES[one.rule]
        undeclared = one.reasons.get("undeclared", 0)
        missing = one.verdicts["missing"] - undeclared
        decided = sum(one.verdicts[v] for v in ("ok", "partial", "invalid", "missing")) - undeclared
        if rule.family != "disclosure" or missing <= 0 or one.binding == "before" or one.kind == "advertiser":
            continue
        said: dict[str, Value] = {
            "form": _title(one),
            "title": Wording.read(texts()[one.rule]["title"]),
            "share": share_in_words(missing, decided, one.kind, judged=True),
            "when": _ran(one.binding),
            "article": article(one),
        }
        words = SAY.both("omission", **said)
        if one.records > decided:
            words = SAY.both("omission_in_all", **said, all=one.records, why=_undecided(one))
        weight = 45 + 15 * missing / decided + 5 * log10(missing) + (5 if rule.severity == "mandatory" else 0)
        yield Statement(weight if one.binding == "yes" else weight - 25, _subject(one), words)


def _undecided(one: Count) -> Wording:
    """Why the other records could not be judged, the most frequent reason first; those that the user asserts last."""
    left = {
        reason: count
        for reason, count in one.reasons.items()
        if outcomes()[reason].verdict in ("not_exposed", "not_applicable", "unknown") or reason == "undeclared"
    }
    ordered = sorted(left, key=lambda reason: (reason == "undeclared", -left[reason], reason))
    parts = [SAY.both("why", count=left[reason], reason=outcomes()[reason].words) for reason in ordered]
    return Wording("; ".join(str(part) for part in parts), "; ".join(part.nl for part in parts))


def article(one: Count) -> Wording:
    """The article on which the count rests, with the law where that is not Regulation (EU) 2024/900."""
    rule = RULES[one.rule]
    pinpoint = rule.pinpoint(one.kind) + (" DSA" if rule.instrument == DSA else "")
    return Wording(pinpoint, cited(pinpoint, "nl"))


def _aggregates(unnamed: Sequence[UnnamedInReport]) -> Iterator[Statement]:
    """One report of an aggregate: the share of ads leads, the shares of rows and of money stand beside it."""
    for one in unnamed:
        if one.rows_unnamed:
            words = SAY.of(
                "unnamed",
                one.ads_unnamed,
                form=form_title(one.source, one.form),
                where=_where(one),
                share=share_in_words(one.ads_unnamed, one.ads, "ad"),
                when=_ran(one.binding),
                rows=share_in_words(one.rows_unnamed, one.rows, "row"),
                money=_money(one),
            )
            weight = (25 if one.binding == "before" else 55) + 20 * one.ads_unnamed / max(one.ads, 1)
            yield Statement(weight, f"{one.source}/{one.form}", words)


def _where(one: UnnamedInReport) -> Wording:
    where = Wording(one.countries) if one.countries else SAY.both("no_country")
    if one.period_from and one.period_from == one.period_until:
        return SAY.both("one_day", where=where, day=one.period_from)
    if one.period_from and one.period_until:
        return SAY.both("days", where=where, first=one.period_from, last=one.period_until)
    return where


def _money(one: UnnamedInReport) -> Wording:
    if not one.currency:
        return Wording("")
    return SAY.both(
        "money",
        part=lambda language: interval(one.low_unnamed, one.high_unnamed, language),
        whole=lambda language: interval(one.low, one.high, language),
        currency=one.currency,
    )


def _suspects(counts: Sequence[Count]) -> Iterator[Statement]:
    for one in counts:
        for reason, records in one.reasons.items():
            if outcomes()[reason].verdict != "suspect":
                continue
            seen = one.verdicts["ok"] + one.verdicts["suspect"]
            words = SAY.of(
                "suspect",
                records,
                form=_title(one),
                share=share_in_words(records, seen, one.kind, judged=True),
                when=_ran(one.binding),
                reason=outcomes()[reason].words,
                article=article(one),
            )
            weight = (60 if one.binding == "yes" else 35) + 5 * log10(records) + records / seen
            yield Statement(weight, _subject(one), words)


def _gaps(counts: Sequence[Count]) -> Iterator[Statement]:
    """What the form never shows, by its description: a gap of the source, not only where its records reach gate 5."""
    asked: dict[tuple[str, str], set[str]] = {}
    for one in counts:
        if not sources()[one.source].form[one.form].duties:
            continue
        due = "repository_not_established" not in one.reasons
        if RULES[one.rule].family == "disclosure" and due and one.verdicts["not_applicable"] < one.records:
            asked.setdefault((one.source, one.form), set()).add(one.rule)
    never = {key: {rule for rule in rules if exposure_of(*key, rule).level == "never"} for key, rules in asked.items()}
    for (source, form), rules in sorted(never.items()):
        if not rules:
            continue
        share = share_in_words(len(rules), len(asked[source, form]), "disclosure")
        gap = SAY.both("gap", form=form_title(source, form), share=share)
        words = SAY.both("gap_with_amount", gap=gap) if "notice_amount_ad" in rules else gap
        yield Statement(50 + len(rules) / 10, f"{source}/{form}", words)


def _removed(counts: Sequence[Count]) -> Iterator[Statement]:
    """Removed ads of political advertising: what may not be shown of them, and what must stay available."""
    removed: dict[tuple[str, str], int] = {}
    for one in counts:
        if one.rule == "notice_sponsor_name" and one.kind == "ad":
            key = (one.source, one.form)
            removed[key] = removed.get(key, 0) + one.reasons.get("removed_39_3", 0)
    for (source, form), ads in sorted(removed.items()):
        if ads:
            words = SAY.of("removed", ads, form=form_title(source, form))
            yield Statement(40, f"{source}/{form}", words)


def _before(counts: Sequence[Count], as_of: date | None) -> Iterator[Statement]:
    not_yet = as_of if as_of is not None and as_of < APPLIES[TTPA] else None
    for one in counts:
        judged = one.records - one.verdicts["not_applicable"]
        if one.rule == "notice_sponsor_name" and one.binding == "before" and judged:
            said: dict[str, Value] = {"form": _title(one), "things": SAY.of(one.kind, judged)}
            words = SAY.of("before_as_of", judged, day=not_yet, **said) if not_yet else SAY.of("before", judged, **said)
            yield Statement(20, _subject(one), words)


def _outside(counts: Sequence[Count]) -> Iterator[Statement]:
    """A form of which no record was shown in the Union: a statement on what the file holds."""
    by_form: dict[tuple[str, str], list[Count]] = {}
    for one in counts:
        if one.rule == "notice_sponsor_name":
            by_form.setdefault((one.source, one.form), []).append(one)
    for (source, form), rows in by_form.items():
        records = sum(one.records for one in rows)
        if sum(one.reasons.get("outside_union", 0) for one in rows) == records:
            yield Statement(
                40,
                f"{source}/{form}",
                SAY.both(
                    "outside",
                    form=form_title(source, form),
                    count=records,
                    things=SAY.of(rows[0].kind, records),
                ),
            )


def _empty(reports: Sequence[InputReport]) -> Iterator[Statement]:
    for report in reports:
        if report.outcome == "no rows" and report.source and report.form:
            title = form_title(report.source, report.form)
            words = SAY.both("empty", form=title, path=report.path)
            yield Statement(30, f"{report.source}/{report.form}", words)
