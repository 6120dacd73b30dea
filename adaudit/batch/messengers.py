"""E-mail, Teams, Slack, Matrix and whatever else apprise speaks to: the only module that imports it."""

from importlib.util import find_spec

from adaudit.errors import SourceUnavailable, UsageError


def check_messengers() -> None:
    """Raises UsageError where the extra is not installed."""
    if find_spec("apprise") is None:
        raise UsageError("messages through apprise need an extra: pip install 'adaudit[notify]'.")


def send_everywhere(address: str, title: str, text: str) -> None:
    """Send a text to an address in apprise's form, such as `mailtos://...`, `slack://...`, `matrixs://...`.

    Raises UsageError for an address that apprise does not know and SourceUnavailable where it could not be sent.
    """
    check_messengers()
    import apprise

    sender = apprise.Apprise()
    if not sender.add(address):
        raise UsageError(
            "expected an address in the form of apprise, such as mailtos://... or slack://...; see its list."
        )
    if not sender.notify(body=text, title=title, body_format=apprise.NotifyFormat.TEXT):
        raise SourceUnavailable("apprise could not send it; the place was not reached, or refused.")
