"""The user's own Google account, for BigQuery: the only module that imports google-auth.

Credentials are taken where Google's own programs keep them, from a file of type `service_account` (a key) or
`authorized_user` (`gcloud auth application-default login`): nothing is asked of a metadata server, no program is run.
The access token is got over our own session, lives in memory and is renewed when it ends.
https://docs.cloud.google.com/docs/authentication/application-default-credentials
"""

import json
import os
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from importlib.util import find_spec
from pathlib import Path
from typing import Any, Final
from urllib.parse import parse_qsl

from adaudit.errors import SourceRefused, UsageError
from adaudit.http import BUSY, Answer, Request, Session, usual

SCOPE: Final = "https://www.googleapis.com/auth/bigquery"
"""The narrowest scope with which a query may be run (`jobs.insert`)."""
KEY: Final = "service_account"
USER: Final = "authorized_user"
HOW: Final = "run gcloud auth application-default login, or set ADAUDIT_GOOGLE_KEY_FILE to the key of a service account"


def place(settings: Mapping[str, str]) -> str:
    """The file in which the credentials lie. Raises UsageError where there is none, or the extra is not installed."""
    if find_spec("google") is None or find_spec("google.auth") is None:
        raise UsageError("BigQuery needs the extra bigquery: pip install 'adaudit[bigquery]'.")
    named = settings.get("key_file") or os.environ.get("GOOGLE_APPLICATION_CREDENTIALS")
    path = Path(named).expanduser() if named else _of_gcloud()
    if not path.is_file():
        looked = f"{path} is not there" if named else f"GOOGLE_APPLICATION_CREDENTIALS is not set, {path} is not there"
        raise UsageError(f"no Google account for BigQuery ({looked}): {HOW}.")
    return str(path)


def _of_gcloud() -> Path:
    """Where `gcloud auth application-default login` writes."""
    folder = os.environ.get("CLOUDSDK_CONFIG")
    if folder:
        return Path(folder) / "application_default_credentials.json"
    home = Path(os.environ.get("APPDATA", "~")) if os.name == "nt" else Path("~/.config")
    return home.expanduser() / "gcloud" / "application_default_credentials.json"


@dataclass(frozen=True)
class Account:
    """One account, whose tokens are got over a session."""

    session: Session
    settings: Mapping[str, str]

    @cached_property
    def _told(self) -> dict[str, Any]:
        """What the file says. Raises UsageError where it is no such file."""
        path = place(self.settings)
        try:
            told = json.loads(Path(path).read_text("utf-8"))
            kind = told.get("type") if isinstance(told, dict) else None
        except (OSError, ValueError) as error:
            raise UsageError(f"{path}: expected credentials as JSON; found {error}.") from error
        if kind not in {KEY, USER}:
            raise UsageError(f"{path}: expected credentials of type {KEY} or {USER}; found {kind!r}: {HOW}.")
        return dict(told)

    @property
    def project(self) -> str:
        """The project that runs and pays for queries. Raises UsageError where nothing names one."""
        found = (
            self.settings.get("project")
            or os.environ.get("GOOGLE_CLOUD_PROJECT")
            or self._told.get("project_id")
            or self._told.get("quota_project_id")
        )
        if not found:
            raise UsageError("which of your Google projects runs the query? Set ADAUDIT_GOOGLE_PROJECT to its id.")
        return str(found)

    @cached_property
    def _credentials(self) -> Any:  # noqa: ANN401 - google-auth is not there for everybody
        from google.oauth2.credentials import Credentials as OfUser
        from google.oauth2.service_account import Credentials as OfKey

        try:
            if self._told["type"] == USER:
                return OfUser.from_authorized_user_info(self._told)
            return OfKey.from_service_account_info(self._told, scopes=[SCOPE])
        except ValueError as error:
            # the words of the error may hold a piece of the key
            raise UsageError(
                f"{place(self.settings)}: expected a whole {self._told['type']} file; it lacks something, or its key "
                f"is damaged ({type(error).__name__}): {HOW}."
            ) from None

    def headers(self, *, renewed: bool = False) -> dict[str, str]:
        """The headers of a request, with a token that is valid, or `renewed`.

        Raises UsageError where there are no credentials, SourceRefused where Google gives no token for them, and
        as Session.ask does.
        """
        from google.auth.exceptions import GoogleAuthError

        credentials = self._credentials
        if renewed or not credentials.valid:
            try:
                credentials.refresh(self._ask)
            except GoogleAuthError as error:
                raise SourceRefused(f"Google gave no access token ({_reason(error)}); {HOW}.") from None
        found: dict[str, str] = {}
        credentials.apply(found)
        return found

    def _ask(
        self,
        url: str,
        method: str = "GET",
        body: bytes | str | None = None,
        headers: Mapping[str, str] | None = None,
        timeout: float | None = None,  # noqa: ARG002 - the session has its own
        **_: object,
    ) -> "_Got":
        """One request of google-auth, over the session: its form of a transport."""
        text = body.decode() if isinstance(body, bytes) else body or ""
        others = {name: one for name, one in (headers or {}).items() if name.lower() != "content-type"}
        answer = self.session.ask(Request(url, method, form=dict(parse_qsl(text)), headers=others), _let_pass)
        return _Got(answer.status, answer.headers, answer.data)


@dataclass(frozen=True)
class _Got:
    """An answer as google-auth takes it."""

    status: int
    headers: Mapping[str, str]
    data: bytes


def _let_pass(answer: Answer) -> None:
    """Faults that may pass are asked again; what a refusal means is for google-auth to tell."""
    if answer.status in BUSY:
        usual(answer)


def _reason(error: Exception) -> str:
    """The error's code and description (RFC 6749, 5.2), and nothing of what else came with it."""
    told = next((one for one in error.args if isinstance(one, dict)), {})
    said = [str(told[name]) for name in ("error", "error_description") if isinstance(told.get(name), str)]
    return ": ".join(said) or type(error).__name__
