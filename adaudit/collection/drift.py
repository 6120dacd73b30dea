"""What the answers of a pull hold that they did not before, or hold no longer: a source changes without a word."""

from collections.abc import Iterator, Sequence
from typing import Final

import polars as pl

from adaudit.audit.intake import Intake
from adaudit.collection.kept import Kept
from adaudit.connectors import sources
from adaudit.errors import UnreadableInput
from adaudit.language import Wording, texts_of
from adaudit.store import Observations, Pull, Store

SAY: Final = texts_of("adaudit.collection")
LONGEST: Final = 120
"""Characters of an example."""


def drift(store: Store, pull: Pull, intake: Intake, answers: Sequence[Kept], known: Observations) -> list[Wording]:
    """Each field that appeared, disappeared or does not parse, with its first example or where it was seen last.

    `known` holds the observations of earlier pulls.
    """
    issues = [*_appeared(intake, answers), *_disappeared(store, pull, intake, known)]
    issues += [*_unparsed(intake), *_set_aside(intake)]
    live = sources()[pull.source].live if pull.source in sources() else None
    if live is not None and live.ceiling is not None and (pull.records or 0) > live.ceiling:
        issues.append(SAY.both("above_ceiling", count=pull.records or 0, ceiling=live.ceiling, source=pull.source))
    if pull.told is not None and pull.told != pull.rows:
        issues.append(SAY.both("told_and_came", told=pull.told, came=pull.rows))
    return issues


def _appeared(intake: Intake, answers: Sequence[Kept]) -> Iterator[Wording]:
    by_name = {one.shown: one for one in answers}
    seen: set[tuple[str | None, str]] = set()
    for report in intake.reports:
        for name in report.new_fields:
            if (report.form, name) not in seen:
                seen.add((report.form, name))
                example = _example(by_name[report.path], name) if report.path in by_name else ""
                where = f"{report.path}{example}"
                yield SAY.both("new_field", form=f"{report.source} {report.form}", field=name, where=where)


def _example(answer: Kept, name: str) -> str:
    try:
        data, _ = answer.read()
    except UnreadableInput:
        return ""
    at = data.find(f'"{name.rpartition(".")[2]}"'.encode())
    return f": {data[at : at + LONGEST].decode('utf-8', 'replace')}" if at >= 0 else ""


def _disappeared(store: Store, pull: Pull, intake: Intake, known: Observations) -> Iterator[Wording]:
    """Fields that the last pull of the scope carried and no answer of this one does."""
    earlier = next((one.id for one in store.pulls.before(pull) if known.has(one.id)), "")
    if not earlier or not intake.records:
        return
    before = _carried(known.about(earlier)["layouts"])
    now: dict[str, set[str]] = {}
    for layout in intake.layouts.known:
        now.setdefault(layout.form, set()).update(layout.carried)
    for form, fields in before.items():
        for name in sorted(fields - now[form] if form in now else ()):
            yield SAY.both("field_gone", form=f"{pull.source} {form}", field=name, earlier=earlier)


def _carried(layouts: list[dict[str, object]]) -> dict[str, set[str]]:
    found: dict[str, set[str]] = {}
    for one in layouts:
        carried = one["carried"]
        assert isinstance(carried, list)  # noqa: S101 - as `observe` writes it
        found.setdefault(str(one["form"]), set()).update(map(str, carried))
    return found


def _set_aside(intake: Intake) -> Iterator[Wording]:
    for report in intake.reports:
        if report.rejected:
            first, form = report.rejected[0], f"{report.source} {report.form}"
            said = {"form": form, "path": report.path, "place": first.place, "reason": first.reason}
            yield SAY.of("rows_set_aside", len(report.rejected), **said)


def _unparsed(intake: Intake) -> Iterator[Wording]:
    cells = intake.scan().select("source", "form", "locator", "unparsed").explode("unparsed").drop_nulls("unparsed")
    rows = (
        cells.with_columns(pl.col("unparsed").struct.field("column"), pl.col("unparsed").struct.field("text"))
        .group_by("source", "form", "column", maintain_order=True)
        .agg(pl.len(), pl.first("text"), pl.first("locator"))
        .collect()
    )
    for source, form, column, count, text, place in rows.iter_rows():
        said = {"form": f"{source} {form}", "column": column, "text": repr(text[:LONGEST]), "place": place}
        yield SAY.of("unparsed_column", count, **said)
