"""The benchmarks: each sets up its records, runs everything interleaved and returns lines of the table."""

import gc
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import cached_property, partial
from pathlib import Path

import polars as pl

from adaudit.audit.counts import Tally
from adaudit.audit.facts import in_force
from adaudit.audit.findings import expand
from adaudit.audit.groups import groups_of
from adaudit.audit.judge import country_keys, judge, judged_and_counted
from adaudit.audit.options import Options
from adaudit.audit.spend import totals
from adaudit.audit.votes import Votes
from adaudit.model.vocabulary import FINDINGS
from adaudit.rules import RULES
from tests.benchmarks import bundle, dense, memory, parsing, processes, pulling, strict, strict_rules
from tests.benchmarks.duck import Counted, Duck, counted
from tests.benchmarks.generated import Generated, Seed, sample_like, seed
from tests.benchmarks.generated import dense as make_dense
from tests.benchmarks.outcome import Line, compared, in_cpu
from tests.benchmarks.reading import found_columns, judged_columns, ruled_columns, scan
from tests.benchmarks.timing import Times, interleaved

SAMPLED = 20_000
"""Rows that pydantic validates in a round."""
TEN_TIMES = 10
STARTS = 21
MILLION = 1_000_000


class Void(Exception):
    """The two sides do not give the same results, so that their times say nothing."""


@dataclass
class Bench:
    """Where the records lie, how many, and how often everything is run."""

    folder: Path
    size: int
    rounds: int
    big: bool

    @cached_property
    def seed(self) -> Seed:
        """The sample's records, made once."""
        return seed()

    @cached_property
    def dense(self) -> Generated:
        """The dense records of the size asked for."""
        return make_dense(self.seed, self.size, self.folder / "dense.parquet", dense.fill)


def audited(bench: Bench) -> list[Line]:
    """Verdict file, counts and findings against a raw scan: of dense records, and of the sample's."""
    lines = _audited(bench, bench.dense, "dense", asserted=True)
    like = sample_like(bench.seed, bench.size, bench.folder / "sample-like.parquet")
    return lines + _audited(bench, like, "sample-like", asserted=False)


def _audited(bench: Bench, made: Generated, name: str, *, asserted: bool) -> list[Line]:
    records, out = made.assembled.records, bench.folder
    done = judge(made.assembled, made.layouts, out)
    groups = done.groups
    given = {(one.source, one.kind, one.rule) for one in done.counts if any(one.verdicts[v] for v in FINDINGS)}
    judged, found = judged_columns(groups), found_columns(groups, given)

    def both() -> None:
        judge(made.assembled, made.layouts, out)

    def all_three() -> None:
        both()
        expand(records, done, out)

    tasks: dict[str, Callable[[], object]] = {
        "judged": partial(scan, records, judged),
        "ruled": partial(scan, records, ruled_columns(groups)),
        "found": partial(scan, records, found),
        "counts": both,
        "findings": all_three,
    }
    if not asserted:
        tasks["spend"] = partial(totals, records, country_keys(records))
    times = interleaved(tasks, bench.rounds)
    total = made.assembled.total
    each = sum(one.verdicts[v] for one in done.counts for v in FINDINGS) / total
    lines = [
        ("verdicts and counts / scan", "counts", "judged", 8.0),
        ("the same / scan of all columns that rules read", "counts", "ruled", None),
        (f"and {each:.1f} findings a record / scan", "findings", "found", 20.0),
        ("spend totals of the summary / scan", "spend", "judged", None),
    ]
    return [
        compared(f"{name}, {total:,} records: {what}", times[above], times[below], target if asserted else None)
        for what, above, below, target in lines
        if above in times
    ]


def others(bench: Bench) -> list[Line]:
    """duckdb and pydantic giving the same verdicts of the same dense records. Raises Void where they do not."""
    made, out = bench.dense, bench.folder
    records = made.assembled.records
    groups, keys = groups_of(made.assembled, made.layouts), country_keys(records)
    done = judge(made.assembled, made.layouts, out)
    duck = Duck(records, groups, keys)
    _same(counted(done.counts), duck.counts())
    duck.verdict_file(out / "duckdb.parquet")
    _same_rows(done.verdicts, out / "duckdb.parquet")
    columns = sorted({column for _, columns in ruled_columns(groups) for column in columns})
    model, rows = strict.model(columns), strict.rows(records, columns, SAMPLED, made.assembled.total)
    plan = strict_rules.plan(groups, keys)

    def pydantic() -> list[list[int]]:
        return [strict_rules.judge_row(model.model_validate(row), plan) for row in rows]

    _same_codes(done.verdicts, pydantic())

    law = in_force(Options())
    votes = Votes(law.votes)

    def counts_alone() -> None:
        tallies = [Tally(group) for group in groups]
        for _ in judged_and_counted(records, tallies, keys, law, votes):
            pass
        for tally in tallies:
            tally.counts()

    tasks: dict[str, Callable[[], object]] = {
        "file": lambda: judge(made.assembled, made.layouts, out),
        "duck file": lambda: duck.verdict_file(out / "duckdb.parquet"),
        "counts": counts_alone,
        "duck counts": duck.counts,
        "pydantic": pydantic,
        "types": lambda: strict.validate(model, rows),
    }
    return _compared(interleaved(tasks, bench.rounds), made.assembled.total, len(rows))


def _compared(times: dict[str, Times], total: int, sampled: int) -> list[Line]:
    title, per = f"{total:,} records, {len(RULES)} rules", total / sampled
    return [
        compared(f"{title}: duckdb / adaudit, verdict file", times["duck file"], times["file"], 1.8, "at least"),
        compared(f"{title}: duckdb / adaudit, counts", times["duck counts"], times["counts"], 5, "at least"),
        compared(
            "a row: pydantic with the same verdicts / adaudit",
            times["pydantic"],
            times["file"],
            30,
            "at least",
            per=per,
        ),
        compared("a row: pydantic, types alone / adaudit", times["types"], times["file"], per=per),
    ]


def _same(ours: Counted, theirs: Counted) -> None:
    differ = sorted({key[3] for key in {*ours, *theirs} if ours.get(key) != theirs.get(key)})
    if differ:
        raise Void(f"duckdb counts otherwise, the comparison is void: {', '.join(differ)}")


def _same_rows(ours: Path, theirs: Path) -> None:
    """Whether both files hold the same verdicts, in whatever order of rows.

    Ours also says to which vote a record is linked; that is left out of duckdb's, so ours does more.
    """
    columns = pl.read_parquet_schema(theirs)
    hashes = [
        pl.read_parquet(path).select(pl.struct(*columns).hash(seed=0).sort()).to_series() for path in (ours, theirs)
    ]
    if not hashes[0].equals(hashes[1]):
        raise Void("duckdb writes other verdicts, the comparison is void")


def _same_codes(verdicts: Path, codes: Sequence[Sequence[int]]) -> None:
    names = sorted(RULES)
    total = pl.scan_parquet(verdicts).select(pl.len()).collect().item()
    ours = pl.scan_parquet(verdicts).select(names).gather_every(max(1, total // SAMPLED)).collect()
    theirs = pl.DataFrame(codes, schema=dict.fromkeys(names, pl.UInt8()), orient="row")
    differ = [name for name in names if not ours[name].equals(theirs[name])]
    if differ:
        raise Void(f"pydantic's checks judge otherwise, the comparison is void: {', '.join(differ)}")


def remembered(bench: Bench) -> list[Line]:
    """Peak memory of an audit of ten times the records against that of one."""
    sizes = (bench.size, bench.size * TEN_TIMES) if bench.big else (bench.size // TEN_TIMES, bench.size)
    peaks: list[float] = []
    for size in sizes:
        path = bench.folder / f"memory-{size}.parquet"
        made = make_dense(bench.seed, size, path, dense.fill)
        plan = memory.written(made, bench.folder / f"memory-{size}.json")
        gc.collect()
        peaks.append(memory.measured(plan))
        path.unlink()
    small, large = peaks
    detail = f"{large:,.0f} MB against {small:,.0f} MB"
    title = f"peak memory of {sizes[1]:,} records"
    aimed = sizes[1] >= TEN_TIMES * MILLION
    return [
        Line(f"{title} / {sizes[0]:,}", large / small, 1.5 if aimed else None, detail=detail),
        Line(title, large, 1_000, unit="MB"),
    ]


def started(bench: Bench) -> list[Line]:
    """Whole processes that print the version and the help."""
    times = processes.startup(max(STARTS, bench.rounds), bench.folder)
    return [
        compared("adaudit --version / bare python", times["version"], times["bare"], 4),
        compared("adaudit --help / bare python", times["help"], times["bare"], 4),
    ]


def parsed(bench: Bench) -> list[Line]:
    """Parse speed of each source's sample; JSON and CSV beside the quickest readers of their kind."""
    times = parsing.ratios(bench.rounds)
    beside = [
        in_cpu("JSON pages to records, of orjson's speed", times["pages, orjson"], times["pages, adaudit"], 0.25),
        in_cpu("one JSON page to records, of orjson's speed", times["page, orjson"], times["page, adaudit"], 0.25),
        in_cpu("CSV to text, of polars typed", times["table, polars typed"], times["table, adaudit text"], 0.9),
        in_cpu("CSV to records, of polars typed", times["table, polars typed"], times["table, adaudit records"]),
    ]
    return beside + [
        Line(
            f"parse {one.form}",
            one.records / one.times.seconds,
            detail=f"{one.records:,} records, {one.megabytes:.1f} MB, "
            f"{one.records / one.times.cpu_seconds:,.0f} records a CPU second",
            unit="records/s",
        )
        for one in parsing.parsing(bench.rounds)
    ]


def pulled(bench: Bench) -> list[Line]:
    """A pull's own work beside fetching and decoding the same bytes; its memory beside that of a tenth of them.

    Own work is judged by processor time: the server works on the same machine while either client waits for it.
    """
    ads = max(bench.size // TEN_TIMES, 1_000)
    with pulling.serving(ads // TEN_TIMES) as (url, token):
        small = pulling.pull(url, token, bench.folder)
    with pulling.serving(ads) as (url, token):
        pulling.walk(url, token)
        peaks: list[float] = []
        tasks: dict[str, Callable[[], object]] = {
            "walk": partial(pulling.walk, url, token),
            "pull": lambda: peaks.append(pulling.pull(url, token, bench.folder)),
        }
        times = interleaved(tasks, bench.rounds, pulling.children)
    whole = compared(f"pull of {ads:,} ads: own work / fetching and decoding", times["pull"], times["walk"], 2)
    own = replace(whole, value=(whole.cpu or 0.0) - 1, cpu=(whole.cpu or 0.0) - 1)
    name = f"peak memory of a pull of {ads:,} ads / {ads // TEN_TIMES:,}"
    return [own, _peaks(name, max(peaks), small)]


def bundled(bench: Bench) -> list[Line]:
    """The memory of an import of Google's bundle beside that of one with a tenth of the ads."""
    found = {}
    most = max(bench.size // 2_000, 100)
    for megabytes in (most, most // TEN_TIMES):
        path = bench.folder / f"bundle-{megabytes}.zip"
        bundle.written(path, megabytes)
        found[megabytes] = bundle.imported(path)
        path.unlink()
    name = f"peak memory of an import of a table of {most:,} MB in a zip / {most // TEN_TIMES:,}"
    return [_peaks(name, found[most], found[most // TEN_TIMES])]


def _peaks(name: str, large: float, small: float) -> Line:
    return Line(name, large / small, detail=f"{large:,.0f} MB against {small:,.0f} MB")


BENCHMARKS: dict[str, Callable[[Bench], list[Line]]] = {
    "audit": audited,
    "others": others,
    "memory": remembered,
    "startup": started,
    "parse": parsed,
    "pull": pulled,
    "bundle": bundled,
}
