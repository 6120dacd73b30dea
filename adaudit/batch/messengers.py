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
    try:
        known, sent = _sent(address, title, text)
    except Exception as error:  # the plugins of apprise raise whatever they like, with the address in its words
        raise SourceUnavailable(f"apprise could not send it ({type(error).__name__}).") from error
    if not known:
        raise UsageError("expected an address in the form of apprise, such as mailtos://... or slack://....")
    if not sent:
        raise SourceUnavailable("apprise could not send it; the place was not reached, or refused.")


def _sent(address: str, title: str, text: str) -> tuple[bool, bool]:
    """Whether apprise knows the address, and whether the text was sent."""
    import apprise

    sender = apprise.Apprise()
    known = bool(sender.add(address))
    return known, known and bool(sender.notify(body=text, title=title, body_format=apprise.NotifyFormat.TEXT))
