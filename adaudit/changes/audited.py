"""The rule `repository_keeps` in an audit of the store: what left a source between its last two complete listings."""

from datetime import date
from pathlib import Path

from adaudit.audit.intake import Intake
from adaudit.audit.options import Options
from adaudit.audit.run import Progress, Taking
from adaudit.changes.compare import ChainChanges, compare, form_in_words
from adaudit.changes.listings import SAY, histories
from adaudit.language import Value
from adaudit.store import Store


def with_keeping(take: Taking, store: Store, known_on: date | None) -> Taking:
    """The same intake, with how what left each source was judged, as known by the end of the day.

    Counts alone: what was asked of a source may name persons, and is told by `adaudit changes`.
    """

    def taken(folder: Path, options: Options, progress: Progress) -> Intake:
        intake = take(folder, options, progress)
        found = compare(store, histories(store), None, known_on, lambda _name, _rows: None, gone_alone=True)
        intake.repository = [row for one in found.chains for row in _rows(one)]
        return intake

    return taken


def _rows(one: ChainChanges) -> list[dict[str, object]]:
    step, chain = one.steps[-1], one.history.chain
    if step.before is None or not step.claimed:
        return []
    made = []
    for row in one.keeping.as_written():
        values: dict[str, Value] = {"requirement": str(row["requirement"]), "count": int(str(row["records"]))}
        values |= {"form": form_in_words(chain), "first": step.before.seen.date(), "last": step.after.seen.date()}
        values |= {"of": step.records_before, "reason": SAY.both(f"reason_{row['reason']}")}
        values["when"] = (
            "" if row["binding"] == "yes" else SAY.both("in_brackets", text=SAY.both(f"binding_{row['binding']}"))
        )
        ends = {"from_pull": step.before.pull.id, "to_pull": step.after.pull.id, "of": step.records_before}
        form = {"source": chain.source, "form": chain.form, "kind": chain.kind}
        made.append({**form, **row, **ends, "words": SAY.both("kept_in_audit", **values).written()})
    return made
