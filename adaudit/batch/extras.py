"""The extras of adaudit that a configuration needs."""

from collections.abc import Callable
from typing import Final

from adaudit.batch.configuration import Configuration
from adaudit.batch.messengers import check_messengers
from adaudit.errors import UsageError
from adaudit.evidence.timestamps import check_installed

EXTRAS: Final[dict[str, tuple[Callable[[Configuration], bool], Callable[[], None]]]] = {
    "notify": (lambda one: any(to.kind == "apprise" for to in one.notify), check_messengers),
    "timestamp": (lambda one: one.stamp is not None, check_installed),
}
"""Each extra, with whether a configuration needs it and what raises UsageError where it is not installed."""


def extras_of(configuration: Configuration) -> list[str]:
    """The names of the extras that the configuration needs."""
    return [name for name, (needed, _) in EXTRAS.items() if needed(configuration)]


def check_extras(configuration: Configuration) -> None:
    """Raises UsageError naming every extra that the configuration needs and that is not installed."""
    lacking = []
    for name in extras_of(configuration):
        try:
            EXTRAS[name][1]()
        except UsageError as error:
            lacking.append(str(error))
    if lacking:
        raise UsageError("\n".join(lacking))
