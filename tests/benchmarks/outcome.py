"""What a benchmark found, as lines of one table."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Literal

from tests.benchmarks.timing import Times, ratio

Bound = Literal["at most", "at least"]


@dataclass(frozen=True)
class Line:
    """One figure beside its target; without a target it is only shown."""

    name: str
    value: float
    target: float | None = None
    bound: Bound = "at most"
    cpu: float | None = None
    """The same ratio in CPU seconds."""
    detail: str = ""
    unit: str = "x"

    @property
    def missed(self) -> bool:
        """Whether the figure is on the wrong side of its target."""
        if self.target is None:
            return False
        return self.value > self.target if self.bound == "at most" else self.value < self.target

    def cells(self) -> tuple[str, ...]:
        """The row of the table."""
        sign = "≤" if self.bound == "at most" else "≥"
        target = "–" if self.target is None else f"{sign} {self.target:g}"
        met = "–" if self.target is None else "NO" if self.missed else "yes"
        cpu = "" if self.cpu is None else f"{self.cpu:.2f}"
        return self.name, f"{self.value:,.2f} {self.unit}", cpu, target, met, self.detail


def compared(
    name: str, above: Times, below: Times, target: float | None = None, bound: Bound = "at most", *, per: float = 1.0
) -> Line:
    """How many times longer the one took than the other, `per` correcting for different numbers of records."""
    wall, cpu = ratio(above, below)
    detail = (
        f"{above.seconds:.3g} s, CPU {above.cpu_seconds:.3g} s, against "
        f"{below.seconds:.3g} s, CPU {below.cpu_seconds:.3g} s"
    )
    return Line(name, wall * per, target, bound, cpu * per, detail)


def in_cpu(name: str, other: Times, ours: Times, target: float | None = None) -> Line:
    """Our speed as a share of the other's, in CPU seconds of all threads."""
    line = compared(name, other, ours, target, "at least")
    return replace(line, value=line.cpu or 0.0, cpu=line.cpu)


def table(lines: Sequence[Line]) -> str:
    """The lines under one another, in columns."""
    head = ("what", "ratio", "CPU ratio", "target", "met", "medians")
    rows = [head, *(line.cells() for line in lines)]
    widths = [max(len(row[i]) for row in rows) for i in range(len(head))]
    text = ["  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip() for row in rows]
    return "\n".join([text[0], "-" * len(text[0]), *text[1:]])
