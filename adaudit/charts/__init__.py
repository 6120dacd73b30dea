"""Pictures of an audit: one file per chart, each with its numbers apart from its drawing.

A chart is a module of this package with a `PLACE` (its turn among the charts), `rows(material)` (the
numbers that are plotted) and `draw(material)` (its pages, or `Empty` with the reason in words). Adding
a chart is adding such a file. Matplotlib is imported when something is drawn and not before.
"""

from __future__ import annotations

import pkgutil
from collections.abc import Sequence
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path
from typing import Final, Protocol, cast

from adaudit.charts.material import Material, SponsorSpend
from adaudit.charts.style import Empty, Page, settings

__all__ = ["CHARTS", "Drawn", "Material", "SponsorSpend", "draw"]


class _Chart(Protocol):
    """What a chart module offers."""

    PLACE: int

    def draw(self, material: Material) -> list[Page] | Empty:
        """The chart's pages, or why there are none."""


@dataclass(frozen=True)
class Drawn:
    """What became of one chart."""

    name: str
    paths: tuple[Path, ...]
    """PNG and SVG of each page, in this order; a second page adds a second pair."""
    skipped: str | None
    """Why nothing was drawn, in words; `None` if it was."""
    described: str = ""
    """Headline and subtitle as plain text, for readers who cannot see the picture."""


def _found() -> dict[str, _Chart]:
    """The charts of this package by name, in their order."""
    modules = {info.name: import_module(f"{__name__}.{info.name}") for info in pkgutil.iter_modules(__path__)}
    charts = {name: cast(_Chart, module) for name, module in modules.items() if hasattr(module, "PLACE")}
    return dict(sorted(charts.items(), key=lambda item: item[1].PLACE))


_BY_NAME: Final = _found()
CHARTS: Final = tuple(_BY_NAME)
"""The names of all charts, in the order in which a report shows them."""


def draw(material: Material, folder: Path, names: Sequence[str] | None = None) -> list[Drawn]:
    """Draws the named charts (all, if none is named) into the folder, in the order of `CHARTS`."""
    wanted = set(CHARTS if names is None else names)
    if unknown := sorted(wanted - set(CHARTS)):
        raise ValueError(f"no such chart: {', '.join(unknown)}; there are: {', '.join(CHARTS)}")
    folder.mkdir(parents=True, exist_ok=True)
    with settings():
        return [_drawn(name, material, folder) for name in CHARTS if name in wanted]


def _drawn(name: str, material: Material, folder: Path) -> Drawn:
    """Draws one chart and writes its pages; the first bears the chart's name, the others a number too."""
    pages = _BY_NAME[name].draw(material)
    if isinstance(pages, Empty):
        return Drawn(name, (), pages.reason)
    paths: list[Path] = []
    for turn, page in enumerate(pages, start=1):
        paths.extend(page.save(folder, name if turn == 1 else f"{name}-{turn}"))
    return Drawn(name, tuple(paths), None, f"{pages[0].headline}. {pages[0].subtitle}")
