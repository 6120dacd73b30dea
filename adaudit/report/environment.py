"""What every page of this package is drawn with: one template environment a language, its texts and its own style."""

import base64
import hashlib
from importlib import resources
from typing import Final

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from adaudit.language import Language, number, percent, share
from adaudit.report.wording import form_title, say, tongue, visible, worded

LAWS: Final = {
    "Regulation (EU) 2024/900": "http://data.europa.eu/eli/reg/2024/900/oj",
    "Regulation (EU) 2022/2065": "http://data.europa.eu/eli/reg/2022/2065/oj",
    "Implementing Regulation (EU) 2025/1410": "http://data.europa.eu/eli/reg_impl/2025/1410/oj",
    "Implementing Regulation (EU) 2026/818": "http://data.europa.eu/eli/reg_impl/2026/818/oj",
    "Regulation (EU) 2024/1689": "http://data.europa.eu/eli/reg/2024/1689/oj",
}
"""The European Legislation Identifier of each instrument in the law data."""


def asset(name: str) -> str:
    """A text file of this package, its line ends as written."""
    return resources.files("adaudit.report").joinpath(name).read_text("utf-8")


def digest(text: str) -> str:
    """The hash by which the page's own policy allows this style or script and no other."""
    return "sha256-" + base64.b64encode(hashlib.sha256(text.encode("utf-8")).digest()).decode("ascii")


def policy(style: str, script: str | None = None) -> str:
    """What a page may do: its own style, its own script where it has one, pictures inside it, and nothing else."""
    allowed = f" script-src '{digest(script)}';" if script is not None else ""
    return (
        f"default-src 'none'; img-src data:; style-src '{digest(style)}';{allowed} base-uri 'none'; form-action 'none'"
    )


def environment(language: Language) -> Environment:
    """Templates that escape whatever they are given, with the texts, numbers and style of the pages."""
    made = Environment(
        loader=PackageLoader("adaudit.report"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        finalize=lambda value: visible(value) if isinstance(value, str) and not isinstance(value, Markup) else value,
    )
    made.globals |= {
        "lang": language,
        "t": lambda key, **values: say(key, language, **values),
        "n": lambda value: number(int(value), language),
        "share": lambda part, whole: share(part, whole, language),
        "percent": lambda part, whole: percent(part, whole, language),
        "w": lambda entry: worded(entry, language),
        "tongue": lambda entry: tongue(entry, language),
        "form_title": lambda source, form: form_title(source, form, language),
        "style": Markup(asset("report.css")),  # noqa: S704 - our own file
    }
    return made
