"""How fast each source's sample is read, recognised and parsed; and bytes to Parquet beside the quickest readers."""

import io
import json
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import polars as pl

from adaudit.audit.intake import take_in, write_part
from adaudit.audit.options import Options
from adaudit.connectors import Recognised, parse_alike, parse_page, recognise, sources
from adaudit.connectors.table import read_table
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


def _to_parquet(documents: Sequence[bytes], path: Path) -> None:
    """As intake has it: pages that carry the same fields are parsed together, and written into one part."""
    found = [one for one in map(recognise, documents) if isinstance(one, Recognised)]
    assert len(found) == len(documents)
    pages = zip(documents, found, parse_alike(found), strict=True)
    read = [parsed or parse_page(document, one, path.name) for document, one, parsed in pages]
    write_part(pl.concat([parsed.frame for parsed in read]), path)


def _repeated(table: bytes, size: int) -> bytes:
    header, _, rows = table.partition(b"\n")
    return header + b"\n" + rows * max(1, size // len(rows))


def ratios(rounds: int, scale: float = 20.0, megabytes: int = 40) -> dict[str, Times]:
    """Pages of `ads_archive` decoded by orjson and brought to typed Parquet; a table of Snapchat likewise.

    `pages` are as the sample has them, `page` is all of their ads in one.
    """
    import orjson

    with tempfile.TemporaryDirectory() as name:
        work = Path(name)
        write_sample(work / "sample", scale=scale)
        pages = [path.read_bytes() for path in sorted((work / "sample" / "meta" / "ads_archive_pages").glob("*.json"))]
        ads = [ad for page in pages for ad in json.loads(page)["data"]]
        page = json.dumps({"data": ads}, ensure_ascii=False).encode()
        snapchat = sorted((work / "sample" / "snapchat").rglob("*.csv"))[0].read_bytes()
        table = _repeated(snapchat, megabytes * 2**20)
        out = work / "out.parquet"
        return interleaved(
            {
                "pages, orjson": lambda: [orjson.loads(one) for one in pages],
                "pages, adaudit": partial(_to_parquet, pages, out),
                "page, orjson": lambda: orjson.loads(page),
                "page, adaudit": partial(_to_parquet, [page], out),
                "table, polars typed": lambda: pl.read_csv(io.BytesIO(table)).write_parquet(out),
                "table, adaudit text": lambda: read_table(table).frame.write_parquet(out),
                "table, adaudit records": partial(_to_parquet, [table], out),
            },
            rounds,
        )
