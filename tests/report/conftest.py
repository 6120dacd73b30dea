"""A real browser, and the reports that it opens: of the fictional sample, and of texts that attack the reader."""

import json
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Final

import pytest
from playwright.sync_api import Browser, Page, expect, sync_playwright

from adaudit.audit.options import Options
from adaudit.audit.run import audit
from adaudit.report import write_report
from adaudit.sample import write_political_actors
from tests.connectors.pages import TRANSPARENCY_CENTER, row_of, table

NAMES: Final = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
FLAGS: Final = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
HOSTILE: Final = {
    "script": "<script>window.attacked = 1</script>",
    "image": '"><img src=x onerror="window.attacked = 2">',
    "ending": "</script><script>window.attacked = 3</script><!--",
    "separators": "line\u2028and\u2029paragraph",
    "direction": "Lijst \u202egnissimelcer\u2066 Duin",
    "template": "{{ 7 * 7 }} {% raw %} ${7 * 7} {n}",
    "formula": '=HYPERLINK("https://attacker.example","x")',
    "html entities": "&lt;b&gt; &amp; ' \" `",
    "bold": "<b>bold</b>",
}
LINKS: Final = (
    "javascript:window.attacked=4",
    "JaVaScRiPt:window.attacked=5",
    "data:text/html,<script>window.attacked=6</script>",
    "http://insecure.example/ad",
    "https://user:secret@attacker.example/",
    "https://attacker.example\u202e/x",
    "https://library.example/?id=9",
)


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """Debian's Chromium, headless; tests that need it are skipped where there is none."""
    found = next((path for path in map(shutil.which, NAMES) if path), None)
    if found is None:
        pytest.skip(f"no Chromium here: none of {', '.join(NAMES)} is on the path")
    with sync_playwright() as playwright, playwright.chromium.launch(executable_path=found, args=FLAGS) as opened:
        yield opened


class Opened:
    """A report in a tab, with everything that went wrong in it."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.errors: list[str] = []
        self.requests: list[str] = []
        page.on("pageerror", lambda error: self.errors.append(str(error)))
        page.on("console", lambda told: self.errors.append(told.text) if told.type in {"error", "warning"} else None)
        page.on("request", lambda sent: self.requests.append(sent.url))

    def count(self) -> str:
        """What the page says is shown."""
        return self.page.inner_text("#count").replace("\u202f", "")

    def fill(self, selector: str, text: str) -> None:
        """Type into a filter and wait until the table follows."""
        before = self.page.inner_text("#count")
        self.page.fill(selector, text)
        expect(self.page.locator("#count")).not_to_have_text(before)

    def rows(self) -> int:
        """Rows of the table on this page."""
        return self.page.locator("#list-body tr").count()


Open = Callable[..., Opened]


@pytest.fixture
def opened(browser: Browser) -> Iterator[Open]:
    """Opens a report from the file system in a context of its own; nothing may go wrong in it."""
    tabs: list[Opened] = []

    def open_report(path: Path, fragment: str = "", **how: object) -> Opened:
        context = browser.new_context(**{"viewport": {"width": 1280, "height": 900}, **how})  # type: ignore[arg-type]
        tab = Opened(context.new_page())
        tabs.append(tab)
        tab.page.goto(path.resolve().as_uri() + fragment)
        return tab

    yield open_report
    for tab in tabs:
        assert tab.errors == []
        assert [url for url in tab.requests if not url.startswith(("file:", "data:", "blob:"))] == []
        tab.page.context.close()


@pytest.fixture(scope="session")
def audited(sample: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The output folder of an audit of the sample, without charts."""
    folder = tmp_path_factory.mktemp("audited")
    actors = write_political_actors(folder / "political-actors.csv")
    audit([sample], folder / "out", Options(political_actors=actors), lambda *_: None)
    return folder / "out"


@pytest.fixture(scope="session")
def report(audited: Path) -> Path:
    """The report of the sample, in English."""
    return write_report(audited)


@pytest.fixture(scope="session")
def dutch(audited: Path) -> Path:
    """The report of the sample, in Dutch."""
    return write_report(audited, "nl", audited.parent / "rapport.html")


@pytest.fixture(scope="session")
def hostile_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An audit of a library in which every name, text and address attacks whoever reads it."""
    folder = tmp_path_factory.mktemp("hostile")
    ads = [
        {
            "id": f"{name} {text}",
            "page_id": str(1000 + i),
            "page_name": text,
            "bylines": text,
            "ad_creative_bodies": [text],
            "ad_delivery_start_time": "2025-11-01",
            "ad_snapshot_url": LINKS[0],
        }
        for i, (name, text) in enumerate(HOSTILE.items())
    ]
    given = folder / "page & <b>'1'.json"
    given.write_text(json.dumps({"data": ads}), "utf-8")
    rows = [
        row_of(TRANSPARENCY_CENTER, advertiserid="AR1", creativeid=f"CR{i}", creativepageurl=url, topic="Political")
        for i, url in enumerate(LINKS)
    ]
    addresses = folder / "addresses.csv"
    addresses.write_bytes(table(TRANSPARENCY_CENTER, *rows))
    audit([given, addresses], folder / "out", Options(), lambda *_: None)
    return folder / "out"
