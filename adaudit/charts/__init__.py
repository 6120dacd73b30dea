"""Pictures of an audit: one file per chart, each with its numbers apart from its drawing.

A chart is a module of this package with a `PLACE` (its turn among the charts), `table(material)` (the
numbers that are plotted, one row each) and `draw(material, words)` (its pages, or `Empty` with the reason
in words). Adding a chart is adding such a file, and its words in both languages to `texts.toml`.
Matplotlib is imported when something is drawn and not before.
"""

from __future__ import annotations

import pkgutil
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path
from typing import Final, Protocol, cast

from adaudit.charts.material import Material, SponsorSpend
from adaudit.charts.style import Empty, Page, settings
from adaudit.charts.wording import Words
from adaudit.language import DEFAULT, Language

__all__ = ["CHARTS", "Drawn", "Material", "SponsorSpend", "draw"]


class _Chart(Protocol):
    """What a chart module offers."""

    PLACE: int

    def table(self, material: Material) -> list[dict[str, object]]:
        """The numbers that are plotted, with their denominators."""

    def draw(self, material: Material, words: Words) -> list[Page] | Empty:
        """The chart's pages, or why there are none."""


@dataclass(frozen=True)
class Drawn:
    """What became of one chart."""

    name: str
    title: str
    """What the chart is about, in a few words."""
    paths: tuple[Path, ...]
    """PNG and SVG of each page, in this order; a second page adds a second pair."""
    skipped: str | None
    """Why nothing was drawn, in words; `None` if it was."""
    alt: str = ""
    """What the chart shows, with its main figures, for readers who cannot see the picture."""
    rows: Sequence[Mapping[str, object]] = ()
    """The numbers that were plotted, with their denominators."""


def _found() -> dict[str, _Chart]:
    """The charts of this package by name, in their order."""
    modules = {info.name: import_module(f"{__name__}.{info.name}") for info in pkgutil.iter_modules(__path__)}
    charts = {name: cast(_Chart, module) for name, module in modules.items() if hasattr(module, "PLACE")}
    return dict(sorted(charts.items(), key=lambda item: item[1].PLACE))


_BY_NAME: Final = _found()
CHARTS: Final = tuple(_BY_NAME)
"""The names of all charts, in the order in which a report shows them."""


def check(names: Sequence[str]) -> None:
    """Raises ValueError where a name is no chart's; the message says which there are."""
    if unknown := sorted(set(names) - set(CHARTS)):
        raise ValueError(f"no such chart: {', '.join(unknown)}; there are: {', '.join(CHARTS)}")


def draw(
    material: Material, folder: Path, names: Sequence[str] | None = None, language: Language = DEFAULT
) -> list[Drawn]:
    """Draws the named charts (all, if none is named) into the folder, in the order of `CHARTS`."""
    wanted = CHARTS if names is None else names
    check(wanted)
    folder.mkdir(parents=True, exist_ok=True)
    with settings():
        return [_drawn(name, material, folder, Words(language)) for name in CHARTS if name in wanted]


def _drawn(name: str, material: Material, folder: Path, words: Words) -> Drawn:
    """Draws one chart and writes its pages; the first bears the chart's name, the others a number too."""
    chart, title = _BY_NAME[name], words.say(f"title_{name}")
    pages = chart.draw(material, words)
    if isinstance(pages, Empty):
        return Drawn(name, title, (), pages.reason)
    paths: list[Path] = []
    for turn, page in enumerate(pages, start=1):
        paths.extend(page.save(folder, name if turn == 1 else f"{name}-{turn}"))
    return Drawn(name, title, tuple(paths), None, pages[0].alt, chart.table(material))
