"""The language of what a person reads: `--lang`, on every command that prints for a person."""

from collections.abc import Callable
from typing import Any, Final

import click

from adaudit.language import DEFAULT, LANGUAGES, texts_of

SAY: Final = texts_of("adaudit.cli")
WORDS: Final = texts_of("adaudit.model")
"""Verdicts, bindings, kinds, severities and levels in words."""

lang_option: Callable[[Callable[..., Any]], Callable[..., Any]] = click.option(
    "--lang",
    type=click.Choice(LANGUAGES),
    default=DEFAULT,
    envvar="ADAUDIT_LANG",
    show_default=True,
    show_envvar=True,
    help="Language of what is printed: English or Dutch.",
)
"""`--lang en|nl`, or ADAUDIT_LANG. Files hold both languages, or the program's own ids."""
