"""Names from outside, made fit to be shown: files and members are called what their maker liked."""

import unicodedata
from typing import Final

UNPRINTABLE: Final = frozenset({"Cc", "Cf", "Cs", "Zl", "Zp"})
"""Control and direction characters, bytes that are no text, line separators."""
IN_PLACE: Final = "\ufffd"


def plain(name: str) -> str:
    """The name with every character that cannot be printed replaced by `\ufffd`."""
    if name.isascii() and name.isprintable():
        return name
    return "".join(IN_PLACE if unicodedata.category(c) in UNPRINTABLE else c for c in name)


def inside(name: str) -> str:
    """The plain name of an archive's member, without a way up or to a root: `../../a.csv` is `a.csv`."""
    parts = plain(name).replace("\\", "/").split("/")
    kept = [part for part in parts if part not in {"", ".", ".."} and not part.endswith(":")]
    return "/".join(kept) or IN_PLACE
