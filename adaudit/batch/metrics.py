"""The figures of the last run as a text file for Prometheus, in its text exposition format, written whole."""

from collections.abc import Iterator, Mapping
from datetime import UTC, datetime, time
from pathlib import Path

from adaudit.batch.outbox import Outbox
from adaudit.batch.record import Run
from adaudit.evidence.vault import write_text
from adaudit.store import Store

Sample = tuple[Mapping[str, str], float]


def write_metrics(path: Path, run: Run, store: Store, outbox: Outbox) -> None:
    """Write the file. Raises StoreError."""
    path.parent.mkdir(parents=True, exist_ok=True)
    lines: list[str] = []
    for name, words, samples in _metrics(run, store, outbox):
        lines += [f"# HELP adaudit_{name} {words}", f"# TYPE adaudit_{name} gauge"]
        lines += [f"adaudit_{name}{_labels(labels)} {value:.15g}" for labels, value in samples]
    write_text(path, "\n".join(lines) + "\n")


def _metrics(run: Run, store: Store, outbox: Outbox) -> Iterator[tuple[str, str, list[Sample]]]:
    ended = run.ended or run.began
    yield "run_timestamp_seconds", "When the last run ended.", [({}, ended.timestamp())]
    yield "run_duration_seconds", "How long the last run took.", [({}, run.seconds or 0.0)]
    yield "run_failed", "Whether something failed in the last run.", [({}, float(bool(run.failed)))]
    steps: list[Sample] = [
        ({"step": one.what, "name": one.name}, float(one.standing == "failed"))
        for one in run.steps
        if one.standing in {"done", "failed"}
    ]
    yield "step_failed", "Whether a step of the last run failed.", steps
    stamped: list[Sample] = [({}, one.stamped.timestamp()) for one in run.steps if one.stamped]
    yield "stamp_timestamp_seconds", "The time of the stamp that the last run got of an authority.", stamped
    expires: list[Sample] = [
        ({"source": source}, datetime.combine(at, time(), UTC).timestamp())
        for source, at in sorted({one.source: one.expires for one in run.steps if one.what == "pull"}.items())
        if at
    ]
    yield "credentials_expire_timestamp_seconds", "The day that is noted on which credentials expire.", expires
    last: dict[str, float] = {}
    for pull in store.pulls.all():
        if pull.outcome == "complete" and pull.ended is not None:
            last[pull.source] = max(last.get(pull.source, 0.0), pull.ended.timestamp())
    pulled: list[Sample] = [({"source": source}, at) for source, at in sorted(last.items())]
    yield "complete_pull_timestamp_seconds", "When a pull or import of the source was last complete.", pulled
    verdicts: list[Sample] = [
        ({"source": one.source, "form": one.form, "kind": one.kind, "rule": one.rule, "verdict": verdict}, number)
        for one in run.counts
        for verdict, number in one.verdicts.items()
        if number
    ]
    yield "verdicts", "Checks by verdict, without what was before the rules applied.", verdicts
    counted: list[Sample] = [({"alert": name}, one.count) for name, one in run.figures.items()]
    yield "alert_count", "What an alert counts.", counted
    of: list[Sample] = [({"alert": name}, one.of) for name, one in run.figures.items()]
    yield "alert_of", "The checks that could be decided, of which an alert counts some.", of
    yield "alert_standing", "Alerts that stand.", [({"alert": key}, 1.0) for key in sorted(outbox.standing)]
    yield "messages_undelivered", "Messages that are still to be sent.", [({}, float(len(outbox.messages)))]


def _labels(labels: Mapping[str, str]) -> str:
    if not labels:
        return ""
    return "{" + ",".join(f'{name}="{_escaped(value)}"' for name, value in labels.items()) + "}"


def _escaped(text: str) -> str:
    return text.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n")
