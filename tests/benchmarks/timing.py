"""Interleaved rounds: every task once a round, so that what else the machine does falls on all alike."""

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from statistics import median

Task = Callable[[], object]


@dataclass
class Times:
    """Wall and CPU seconds of one task, one of each per round."""

    wall: list[float] = field(default_factory=list)
    cpu: list[float] = field(default_factory=list)

    @property
    def seconds(self) -> float:
        """The median of the wall seconds."""
        return median(self.wall)

    @property
    def cpu_seconds(self) -> float:
        """The median of the CPU seconds of all threads."""
        return median(self.cpu)


def interleaved(
    tasks: Mapping[str, Task], rounds: int, clock: Callable[[], float] = time.process_time
) -> dict[str, Times]:
    """Run every task in every round, each round starting with another one."""
    times = {name: Times() for name in tasks}
    names = list(tasks)
    for number in range(rounds):
        start = number % len(names)
        for name in (*names[start:], *names[:start]):
            wall, cpu = time.perf_counter(), clock()
            tasks[name]()
            times[name].wall.append(time.perf_counter() - wall)
            times[name].cpu.append(clock() - cpu)
    return times


def ratio(above: Times, below: Times) -> tuple[float, float]:
    """How many times longer, as the median over the rounds: of wall and of CPU seconds."""
    wall = median(a / b for a, b in zip(above.wall, below.wall, strict=True))
    cpu = median(a / b for a, b in zip(above.cpu, below.cpu, strict=True) if b > 0)
    return wall, cpu
