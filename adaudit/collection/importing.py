"""Files saved by hand, put into the store: the same evidence, the same reading, the same outcomes as a pull."""

from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from hashlib import sha256
from pathlib import Path
from typing import Final

from adaudit import __version__
from adaudit.collection.kept import cleaned, now
from adaudit.collection.observe import observe
from adaudit.collection.pulling import heal
from adaudit.connectors import sources
from adaudit.errors import InputError, UsageError
from adaudit.evidence import expand
from adaudit.evidence.inputs import Input
from adaudit.evidence.manifest import Missing
from adaudit.evidence.vault import digest_of
from adaudit.language import Wording, joined, texts_of
from adaudit.store import Pull, Store
from adaudit.store.pulls import named

SAY: Final = texts_of("adaudit.collection")
LARGE: Final = 64 * 2**20
"""Bytes from which a file is kept piece by piece; such files are archives and tables, which hold no token."""


def import_files(
    store: Store,
    source: str | None,
    paths: Sequence[Path],
    observed_at: datetime | None,
    advance: Callable[[str, int, int], None],
    whole: str = "",
) -> Pull:
    """Keep every file that the paths name and read them, as of the source where one is named.

    `observed_at` is when the files were obtained; now where nothing is said. `whole` names what the files
    together list all of, by the word of whoever imports them. The outcome is complete where
    every file could be read, truncated where some could not, empty where they hold no records.
    Raises UsageError for a path that does not exist and StoreError where the disk is full.
    """
    if source is not None and source not in sources():
        raise UsageError(f"{source!r} is no source. Known: {', '.join(sources())}.")
    inputs, _ = expand(paths)
    if not inputs:
        raise UsageError(f"no file to import in {', '.join(map(str, paths))}.")
    heal(store)
    at = datetime.now(UTC)
    scope: dict[str, object] = {"files": [one.shown for one in inputs]} | ({"whole": whole} if whole else {})
    name = named(at, source or "files", store.pulls.last())
    fact = {"entry": "begin", "pull": name, "at": at.isoformat(), "adaudit": __version__}
    pull = Pull.begun(store.manifest.add(**fact, source=source or "", how="import", scope=scope))
    store.pulls.save(pull)
    for number, given in enumerate(inputs):
        advance(given.shown, number, len(inputs))
        _keep(store, pull, given, observed_at or at)
    intake = observe(store, pull)
    problems = [report for report in intake.reports if report.problem or report.rejected]
    outcome = "truncated" if problems or pull.missing else "complete" if pull.records else "empty"
    said = [Wording(f"{one.what}: {one.why}") for one in pull.missing]
    said += [
        Wording(f"{one.path}: {one.problem}") if one.problem else SAY.of("rejected", len(one.rejected), path=one.path)
        for one in problems
    ]
    why = joined("; ", said)
    end = store.manifest.add(entry="end", pull=pull.id, at=now(), outcome=outcome, why=why, walked=True)
    pull.follow(end)
    store.settle()
    store.pulls.save(pull)
    return pull


def digest_as_kept(given: Input) -> str:
    """The SHA-256 under which an import keeps the file. Raises InputError or OSError where it cannot be read."""
    return digest_of(given.path) if _is_large(given) else sha256(cleaned(given.read()[0], ())[0]).hexdigest()


def _is_large(given: Input) -> bool:
    return not given.problem and given.path.stat().st_size >= LARGE


def _keep(store: Store, pull: Pull, given: Input, observed_at: datetime) -> None:
    try:
        if _is_large(given):
            digest, size, removed = store.vault.keep_file(given.path), given.path.stat().st_size, 0
        else:
            data, removed = cleaned(given.read()[0], ())
            digest, size = store.vault.keep(data), len(data)
    except (InputError, OSError) as error:
        missing = Missing(what=given.shown, why=str(error))
        pull.follow(store.manifest.add(entry="missing", pull=pull.id, at=now(), missing=missing))
        return
    fact = {"page": pull.answers + 1, "sha256": digest, "size": size, "name": given.name, "taken_out": removed}
    seen = observed_at.isoformat()
    pull.follow(store.manifest.add(entry="kept", pull=pull.id, at=now(), observed_at=seen, **fact))
