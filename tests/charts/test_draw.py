"""The pictures: they are drawn, repeat byte for byte, stay within the page, and survive any name."""

from __future__ import annotations

import subprocess
import sys
from dataclasses import replace
from decimal import Decimal
from importlib import import_module
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import numpy as np
import pytest

import adaudit
from adaudit.charts import CHARTS, Drawn, Material, SponsorSpend, draw
from adaudit.charts.style import Empty, Page, settings
from adaudit.charts.wording import DUTCH, ENGLISH, Words
from adaudit.language import LANGUAGES, Language

from .fictional import both_say, material, summary
from .looking import shown

HOSTILE = (
    r"$\frac{1}{0}$ $x^2$",
    "Line\none\ttwo\r\nthree",
    "\u202eevil\u202c \u200f\u200eRTL",
    "<script>alert('x')</script> --> <!-- ]]>",
    "A" * 300,
    "שלום עולם הפוליטי",
    "حزب الشعب الديمقراطي",
    "中文名字政党",
    "👩‍👩‍👧‍👦 family 🎉",
    "z\u0301\u0302\u0303\u0304\u0305\u0306algo" * 9,
    "",
    "\x00\x1b[31mred\x07",
    "\ud800 lone",
    r"%s {0} {name} a\b_c^d~e#f&g",
)


def hostile() -> Material:
    """Names, forms, kinds, titles and versions that mean harm."""
    told: dict[str, Any] = summary()
    for turn, name in enumerate(HOSTILE):
        told["verdicts"] += [
            {**row, "source": name or "empty", "form": name, "kind": name}
            for row in told["verdicts"]
            if row["source"] == "snapchat"
        ][: 20 + turn]
    told["adaudit"] = told["law_version"] = HOSTILE[3]
    spend = [
        SponsorSpend(
            name,
            name,
            "ad",
            "ad",
            HOSTILE[turn % 2],
            sponsor,
            Decimal(10) ** place,
            Decimal(10) ** place + 1,
            1,
        )
        for turn, name in enumerate(HOSTILE[:4])
        for place, sponsor in enumerate(HOSTILE)
    ]
    titles = {rule: both_say(words) for rule, words in zip(material().titles, HOSTILE, strict=False)}
    sources = {"snapchat": both_say(HOSTILE[4]), "meta": both_say(HOSTILE[0])}
    dimensions = {name: 9 - turn % 9 for turn, name in enumerate(HOSTILE)}
    shown_ = [replace(one, used=dimensions, excluded=dimensions) for one in material().targeting]
    return replace(material(), summary=told, sponsors=spend, titles=titles, sources=sources, targeting=shown_)


def pages(given: Material, words: Words = ENGLISH) -> list[Page]:
    """Every page of every chart."""
    drawn: list[Page] = []
    for name in CHARTS:
        made = import_module(f"adaudit.charts.{name}").draw(given, words)
        assert not isinstance(made, Empty)
        drawn.extend(made)
    return drawn


def test_the_charts_stand_in_their_order() -> None:
    assert CHARTS == (
        "requirements_by_source",
        "attribution",
        "findings_by_article",
        "spend_by_sponsor",
        "over_time",
        "targeting",
        "sponsor_concentration",
    )


def test_importing_the_charts_does_not_import_matplotlib() -> None:
    code = "import sys, adaudit.charts; sys.exit('matplotlib' in sys.modules or 'polars' in sys.modules)"
    root = str(Path(adaudit.__path__[0]).parent)
    subprocess.run([sys.executable, "-c", code], check=True, cwd=root)


def test_every_chart_is_written_as_png_and_svg(tmp_path: Path) -> None:
    drawn = draw(material(), tmp_path / "new" / "charts")
    assert [one.name for one in drawn] == list(CHARTS)
    for one in drawn:
        assert one.skipped is None
        assert len(one.alt) > 100
        assert one.rows
        assert [path.name for path in one.paths[:2]] == [f"{one.name}.png", f"{one.name}.svg"]
        for png, svg in batched([path.read_bytes() for path in one.paths]):
            assert png.startswith(b"\x89PNG")
            assert b"<svg" in svg
            assert b"<text" not in svg
            assert b"<dc:date>" not in svg


def batched(files: list[bytes]) -> list[tuple[bytes, bytes]]:
    """PNG and SVG of each page."""
    return list(zip(files[::2], files[1::2], strict=True))


@pytest.mark.parametrize("language", LANGUAGES)
def test_each_picture_tells_readers_of_the_screen_what_it_shows(tmp_path: Path, language: Language) -> None:
    for one in draw(hostile(), tmp_path, ["attribution", "targeting", "spend_by_sponsor"], language):
        for path in one.paths[1::2]:
            root = ElementTree.fromstring(path.read_text("utf-8"))  # noqa: S314
            title, described = (root.find(f"{{http://www.w3.org/2000/svg}}{tag}") for tag in ("title", "desc"))
            assert title is not None
            assert described is not None
            assert described.text == one.alt
            assert one.alt.startswith(str(title.text).rstrip("."))


def test_the_languages_differ_in_words_and_not_in_numbers(tmp_path: Path) -> None:
    some = ("attribution", "over_time", "targeting", "sponsor_concentration")
    english, dutch = (draw(material(), tmp_path / one, some, one) for one in LANGUAGES)
    for one, other in zip(english, dutch, strict=True):
        assert one.rows == other.rows
        assert one.title != other.title
        assert one.alt != other.alt


def test_the_same_material_gives_the_same_bytes(tmp_path: Path) -> None:
    some = ("attribution", "over_time", "targeting", "findings_by_article", "sponsor_concentration")
    first, second = (draw(material(), tmp_path / name, some) for name in ("first", "second"))
    for one, other in zip(first, second, strict=True):
        assert [path.read_bytes() for path in one.paths] == [path.read_bytes() for path in other.paths]


def test_the_users_own_matplotlib_settings_change_nothing(tmp_path: Path) -> None:
    import matplotlib as mpl

    (plain,) = draw(material(), tmp_path / "plain", ["attribution"])
    with mpl.rc_context({"font.size": 30, "text.color": "red", "hatch.linewidth": 9, "savefig.transparent": True}):
        (other,) = draw(material(), tmp_path / "other", ["attribution"])
        assert mpl.rcParams["font.size"] == 30
    assert [path.read_bytes() for path in plain.paths] == [path.read_bytes() for path in other.paths]


def test_only_the_named_charts_are_drawn(tmp_path: Path) -> None:
    assert [one.name for one in draw(material(), tmp_path, ["attribution"])] == ["attribution"]
    assert len(list(tmp_path.iterdir())) == 2
    assert draw(material(), tmp_path, []) == []
    with pytest.raises(ValueError, match=r"no such chart: pie; there are: requirements_by_source"):
        draw(material(), tmp_path, ["pie"])


def test_with_nothing_to_draw_there_are_reasons_and_no_files(tmp_path: Path) -> None:
    drawn = draw(Material({}, (), {}, {}), tmp_path)
    assert all(isinstance(one, Drawn) and one.skipped and one.paths == () for one in drawn)
    assert len({one.skipped for one in drawn}) == len(CHARTS)
    assert list(tmp_path.iterdir()) == []


def test_hostile_names_are_drawn_without_warnings(tmp_path: Path) -> None:
    for one in draw(hostile(), tmp_path):
        assert one.skipped is None
        for path in one.paths:
            held = path.read_bytes()
            assert b"<script" not in held
            assert not any(char in held.decode("utf-8", "ignore") for char in "\u202e\u200f") or path.suffix == ".png"


def extents(page: Page) -> tuple[list[str], Any]:
    """Every text of the page with its box in pixels, as it is drawn."""
    from matplotlib.backends.backend_agg import FigureCanvasAgg

    FigureCanvasAgg(page.figure)
    page.figure.canvas.draw()
    boxes = np.array([text.get_window_extent().extents for text in page.figure.axes[0].texts])
    return shown(page), boxes


@pytest.mark.parametrize(
    ("given", "words"),
    [(material, ENGLISH), (material, DUTCH), (hostile, ENGLISH)],
    ids=["material-en", "material-nl", "hostile-en"],
)
def test_no_text_is_cut_off_and_none_overlaps_another(given: Any, words: Words) -> None:
    with settings():
        for page in pages(given(), words):
            texts, boxes = extents(page)
            wide, high = page.figure.canvas.get_width_height()
            assert boxes.min() >= 0.0
            assert boxes[:, 2].max() <= wide
            assert boxes[:, 3].max() <= high
            left, low, right, top = boxes.T
            meets = (
                (left[:, None] < right - 1.0)
                & (right[:, None] - 1.0 > left)
                & (low[:, None] < top - 2.5)
                & (top[:, None] - 2.5 > low)
            )
            pairs = [(texts[one], texts[other]) for one, other in np.argwhere(np.triu(meets, 1))]
            assert pairs == []


@pytest.mark.parametrize("words", [ENGLISH, DUTCH], ids=["en", "nl"])
def test_a_usual_audit_prints_on_a4_at_full_size(words: Words) -> None:
    with settings():
        assert all(page.height <= 785.0 for page in pages(material(), words))


def test_every_text_is_free_of_mathematics() -> None:
    with settings():
        for page in pages(replace(material(), titles={"notice_payer": both_say("$x$")})):
            assert not any(text.get_parse_math() for text in page.figure.axes[0].texts)
