"""How fast each source's sample is read, recognised and parsed: records a second."""

import tempfile
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from adaudit.audit.intake import take_in
from adaudit.audit.options import Options
from adaudit.connectors import sources
from adaudit.sample import write_sample
from tests.benchmarks.timing import Times, interleaved


@dataclass(frozen=True)
class Parsing:
    """One form's files, how many records they held, and how long they took."""

    form: str
    records: int
    megabytes: float
    times: Times


def _forms(folder: Path) -> dict[str, list[Path]]:
    """The sample's files by source and form, as intake recognises them."""
    found: dict[str, list[Path]] = {}
    with tempfile.TemporaryDirectory() as parts:
        for path in sorted(path for path in folder.rglob("*") if path.is_file()):
            reports = take_in([path], Path(parts), Options(), lambda *_: None).reports
            held = {(one.source, one.form) for one in reports if one.records}
            for source, form in sorted((s, f) for s, f in held if s in sources() and f is not None):
                found.setdefault(f"{source} {form}", []).append(path)
    return found


def parsing(rounds: int, scale: float = 20.0) -> list[Parsing]:
    """Every source and form of the sample at `scale`, interleaved."""
    with tempfile.TemporaryDirectory() as name:
        work = Path(name)
        write_sample(work / "sample", scale=scale)
        forms = _forms(work / "sample")
        records: dict[str, int] = {}

        def run(form: str) -> None:
            with tempfile.TemporaryDirectory(dir=work) as parts:
                records[form] = take_in(forms[form], Path(parts), Options(), lambda *_: None).records

        times = interleaved({form: partial(run, form) for form in forms}, rounds)
        sizes = {form: sum(path.stat().st_size for path in paths) / 1e6 for form, paths in forms.items()}
        return [Parsing(form, records[form], sizes[form], times[form]) for form in forms]
