"""The groups of an audit: the records of one source and kind, a run of rows in the files."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from adaudit.audit.assemble import Assembled
from adaudit.audit.batches import ROWS
from adaudit.audit.gates import speaks
from adaudit.audit.layouts import Layout, Layouts
from adaudit.rules import RULES, Rule


@dataclass(frozen=True)
class Group:
    """The records of one source and kind: a run of rows in `records.parquet`."""

    source: str
    kind: str
    offset: int
    length: int
    layouts: Sequence[tuple[int, Layout]]

    def rules(self) -> list[Rule]:
        """The rules that speak of this group, by id."""
        return [RULES[name] for name in sorted(RULES) if any(speaks(RULES[name], one) for _, one in self.layouts)]

    def parts(self) -> Iterator["Group"]:
        """The group in runs of at most `ROWS` records, in their order."""
        for start in range(0, self.length, ROWS):
            yield replace(self, offset=self.offset + start, length=min(ROWS, self.length - start))


def groups_of(assembled: Assembled, layouts: Layouts) -> list[Group]:
    """The groups in the order of the file."""
    found: list[Group] = []
    offset = 0
    for source, kind, length in assembled.groups:
        found.append(Group(source, kind, offset, length, layouts.of(source, kind)))
        offset += length
    return found
