"""What a configuration asks for that takes an extra of adaudit."""

from collections.abc import Callable, Iterator

from adaudit.batch.configuration import Configuration
from adaudit.batch.messengers import check_messengers
from adaudit.errors import UsageError
from adaudit.evidence.timestamps import check_installed


def check_extras(configuration: Configuration) -> None:
    """Raises UsageError naming every extra that the configuration asks for and that is not installed."""
    lacking = []
    for check in _needed(configuration):
        try:
            check()
        except UsageError as error:
            lacking.append(str(error))
    if lacking:
        raise UsageError("\n".join(lacking))


def _needed(configuration: Configuration) -> Iterator[Callable[[], None]]:
    if any(one.kind == "apprise" for one in configuration.notify):
        yield check_messengers
    if configuration.stamp is not None:
        yield check_installed
