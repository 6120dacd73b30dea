"""The charts of an audit inside the page: each a picture that needs no network, with its words beside it."""

import base64
import html
import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from adaudit.errors import UsageError

PNG: Final = b"\x89PNG\r\n\x1a\n"
TYPES: Final = {".svg": "image/svg+xml", ".png": "image/png"}


@dataclass(frozen=True)
class Leaf:
    """One page of a chart."""

    address: str
    """The picture as a data address."""
    width: int
    height: int
    """Its proportions, so that the page keeps room for it before it is drawn."""


@dataclass(frozen=True)
class Picture:
    """One chart: its pages, or why it was not drawn."""

    name: str
    title: str
    alt: str
    pages: tuple[Leaf, ...]
    data: str | None
    """The file with its numbers, in the folder of the charts."""
    skipped: str | None


def pictures(folder: Path) -> list[Picture]:
    """The charts in the folder, in the order of its `index.json`, or by name where there is none."""
    index = folder / "index.json"
    if index.is_file():
        try:
            return [_listed(folder, entry) for entry in json.loads(index.read_text("utf-8"))]
        except (ValueError, KeyError, TypeError, AttributeError) as error:
            raise UsageError(f"{index} is not as an audit writes it: {error!r}. Draw the charts again.") from error
    return list(_unlisted(folder))


def _listed(folder: Path, entry: dict[str, Any]) -> Picture:
    names = [Path(str(name)).name for name in entry["files"]]
    stems = dict.fromkeys(Path(name).stem for name in names)
    pages = [_page([folder / name for name in names if Path(name).stem == stem]) for stem in stems]
    data = Path(str(entry["data"])).name if entry.get("data") else None
    return Picture(
        str(entry["name"]),
        str(entry["title"]),
        str(entry.get("alt") or entry["title"]),
        tuple(page for page in pages if page is not None),
        data,
        str(entry["skipped"]) if entry.get("skipped") else None,
    )


def _unlisted(folder: Path) -> Iterator[Picture]:
    for path in sorted(folder.glob("*.svg")):
        text = path.read_text("utf-8")
        title, alt = (_metadata(text, name) for name in ("title", "description"))
        pages = tuple(page for page in (_page([path, path.with_suffix(".png")]),) if page is not None)
        data = path.with_suffix(".csv").name if path.with_suffix(".csv").is_file() else None
        said = ". ".join(part for part in (title or path.stem, alt) if part)
        yield Picture(path.stem, title or path.stem, said, pages, data, None)


def _metadata(svg: str, name: str) -> str:
    found = re.search(rf"<dc:{name}>(.*?)</dc:{name}>", svg, re.DOTALL)
    return html.unescape(found[1]).strip() if found else ""


def _page(files: list[Path]) -> Leaf | None:
    """The smaller of a chart's files: both are sharp at twice their size. None where there is none."""
    there = [path for path in files if path.suffix in TYPES and path.is_file()]
    if not there:
        return None
    path = min(there, key=lambda one: (one.stat().st_size, one.suffix))
    data = path.read_bytes()
    width, height = _proportions(data)
    return Leaf(f"data:{TYPES[path.suffix]};base64,{base64.b64encode(data).decode('ascii')}", width, height)


def _proportions(data: bytes) -> tuple[int, int]:
    """Width and height: of a PNG in its first chunk, of an SVG in its view box. Raises UsageError for neither."""
    if data.startswith(PNG):
        return int.from_bytes(data[16:20], "big"), int.from_bytes(data[20:24], "big")
    box = re.search(rb'viewBox="0 0 ([0-9.]+) ([0-9.]+)"', data[:4096])
    if not box:
        raise UsageError("a chart is neither a PNG nor an SVG with a view box: draw the charts again.")
    return round(float(box[1])), round(float(box[2]))
