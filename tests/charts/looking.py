"""Looking at pages that were drawn."""

from __future__ import annotations

from adaudit.charts.style import Empty, Page


def sole(pages: list[Page] | Empty) -> Page:
    """The only page there is."""
    assert not isinstance(pages, Empty)
    (page,) = pages
    return page


def shown(page: Page) -> list[str]:
    """All text on the page, in the order in which it was drawn."""
    return [text.get_text() for text in page.figure.axes[0].texts]
