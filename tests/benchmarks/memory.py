"""One audit step in a process of its own, and its peak memory: `python -m tests.benchmarks.memory PLAN`."""

import json
import resource
import subprocess
import sys
import tempfile
from pathlib import Path

from adaudit.audit.assemble import Assembled
from adaudit.audit.findings import expand
from adaudit.audit.judge import judge
from adaudit.audit.layouts import Layout, Layouts
from tests.benchmarks.generated import Generated

MEGABYTE = 1_000_000


def written(made: Generated, path: Path) -> Path:
    """What another process needs to judge the records."""
    layouts = [
        {
            "source": one.source,
            "form": one.form,
            "carried": sorted(one.carried),
            "requested": None if one.requested is None else sorted(one.requested),
        }
        for one in made.layouts.known
    ]
    plan = {"records": str(made.assembled.records), "groups": made.assembled.groups, "layouts": layouts}
    path.write_text(json.dumps(plan), encoding="utf-8")
    return path


def read(path: Path) -> Generated:
    """The records and layouts that `written` wrote down."""
    plan = json.loads(path.read_text("utf-8"))
    layouts = Layouts()
    for one in plan["layouts"]:
        requested = None if one["requested"] is None else frozenset(one["requested"])
        layouts.number(Layout(one["source"], one["form"], frozenset(one["carried"]), requested))
    groups = tuple((source, kind, length) for source, kind, length in plan["groups"])
    total = sum(length for *_, length in groups)
    return Generated(Assembled(Path(plan["records"]), total, groups, 0, 0, {}), layouts)


def peak() -> int:
    """The most memory this process held, in bytes: its own high-water mark, not its parent's."""
    status = Path("/proc/self/status")
    if status.exists():
        line = next(line for line in status.read_text("utf-8").splitlines() if line.startswith("VmHWM"))
        return int(line.split()[1]) * 1024
    most = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return most if sys.platform == "darwin" else most * 1024


def measured(plan: Path) -> float:
    """Peak megabytes of judging, counting and writing findings in a fresh process."""
    command = [sys.executable, "-m", "tests.benchmarks.memory", str(plan)]
    answer = subprocess.run(command, check=True, capture_output=True, text=True)
    return float(answer.stdout)


def main() -> None:
    """Judge, count, expand; print the peak in megabytes."""
    made = read(Path(sys.argv[1]))
    with tempfile.TemporaryDirectory(dir=made.assembled.records.parent) as folder:
        judged = judge(made.assembled, made.layouts, Path(folder))
        expand(made.assembled.records, judged, Path(folder))
        sys.stdout.write(f"{peak() / MEGABYTE:.1f}\n")


if __name__ == "__main__":
    main()
