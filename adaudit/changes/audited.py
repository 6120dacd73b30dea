"""The rule `repository_keeps` in an audit of the store: what left a source between its last two complete listings."""

from collections.abc import Mapping
from datetime import date
from pathlib import Path

from adaudit.audit.intake import Intake
from adaudit.audit.options import Options
from adaudit.audit.repository import Row, binding_on, judgement, titled, verdict_in_words, when
from adaudit.audit.run import Progress, Taking
from adaudit.changes.compare import ChainChanges, compare, form_in_words
from adaudit.changes.keeping import RULE, retained
from adaudit.changes.listings import SAY, History, Listing, histories
from adaudit.changes.steps import Step
from adaudit.language import Language, Value
from adaudit.law.citation import cited
from adaudit.rules.repository import reasons
from adaudit.store import Store


def with_keeping(take: Taking, store: Store, known_on: date | None) -> Taking:
    """The same intake, with what the rule says of each scope that was listed, as known by the end of the day.

    Counts alone: what was asked of a source may name persons, and is told by `adaudit changes`.
    """

    def taken(folder: Path, options: Options, progress: Progress) -> Intake:
        intake = take(folder, options, progress)
        known = histories(store)
        found = compare(store, known, None, known_on, lambda _name, _rows: None, gone_alone=True)
        compared = {one.history.chain.key for one in found.chains}
        rows = [row for one in found.chains for row in _of_chain(one)]
        for history in known:
            seen = [one for one in history.listings if known_on is None or one.seen.date() <= known_on]
            if seen and history.chain.key not in compared:
                rows += _of_listings(history, seen[-1:], "not_compared")
        intake.repository = [*intake.repository, *rows]
        return intake

    return taken


def _of_chain(one: ChainChanges) -> list[Row]:
    """What the rule says of the last step: by reason where records went, else that none did or nothing can be told."""
    step = one.steps[-1]
    if step.before is None:
        return _of_listings(one.history, [step.after], "not_compared")
    if not step.claimed:
        return _of_listings(one.history, [step.before, step.after], "not_compared")
    if not step.only_before:
        return _of_listings(one.history, [step.before, step.after], "all_still_listed", step)
    return [_of_gone(one, step, step.before, counted) for counted in one.keeping.as_written()]


def _of_gone(one: ChainChanges, step: Step, before: Listing, counted: Mapping[str, object]) -> Row:
    """The records that went and are judged for one reason."""
    count, requirement = int(str(counted["records"])), str(counted["requirement"])
    row = _identity(one.history) | judgement(RULE, requirement, str(counted["reason"]), str(counted["binding"]))
    row |= {"unit": "record", "count": count, "records": count, "of": step.records_before}
    row |= {"from_pull": before.pull.id, "to_pull": step.after.pull.id, "seen": _ends([before, step.after])}
    said: dict[str, Value] = {"count": count, "of": step.records_before, "when": when(str(counted["binding"]))}
    said |= {"first": before.seen.date(), "last": step.after.seen.date()}
    return row | _in_words("kept_in_audit", one.history, row, said)


def _of_listings(history: History, ends: list[Listing], reason: str, step: Step | None = None) -> list[Row]:
    """What is to be said of listings of which no record is judged, for each duty that keeps."""
    rows = []
    for kept in retained(ends[-1]):
        binding = binding_on(kept.requirement, history.chain.source, ends[-1].seen.date())
        row = _identity(history) | judgement(RULE, kept.requirement, reason, binding)
        said: dict[str, Value] = {}
        if step is not None:
            row |= {"unit": "record", "count": step.records_before, "records": step.records_before}
            row |= {"of": step.records_before, "from_pull": ends[0].pull.id, "to_pull": ends[-1].pull.id}
            said = {"of": step.records_before, "first": ends[0].seen.date(), "last": ends[-1].seen.date()}
        else:
            row |= {"unit": "pull", "count": len(ends), "of": len(ends)}
        row["seen"] = _ends(ends)
        rows.append(row | _in_words("listed_in_audit" if step else "once_in_audit", history, row, said))
    return rows


def _identity(history: History) -> Row:
    return {name: getattr(history.chain, name) for name in ("source", "form", "kind")}


def _ends(ends: list[Listing]) -> list[dict[str, object]]:
    """The listings that were compared: of which pull, when, and the file where one file is the listing."""
    return [
        {"pull": one.pull.id, "observed_at": one.seen.isoformat(), "records": one.records}
        | ({"sha256": one.input_sha256} if one.input_sha256 else {})
        for one in ends
    ]


def _in_words(key: str, history: History, row: Row, said: Mapping[str, Value]) -> Row:
    reason = reasons()[str(row["reason"])]

    def article(language: Language) -> str:
        return cited(str(row["pinpoint"]), language)

    values: dict[str, Value] = {"form": form_in_words(history.chain), "rule": titled(RULE.id), "id": RULE.id}
    values |= {"article": article, "verdict": verdict_in_words(str(row["verdict"])), "reason": reason.words}
    words = SAY.both(key, **values, **said).written()
    return {"words": words, "settle": reason.settle.written() if reason.settle else None}
