"""No access token that stands in an input appears in any byte of any output."""

import io
import json
import zipfile
from pathlib import Path

import polars as pl
import pytest
from click.testing import CliRunner

from adaudit.cli import cli

from ..connectors.pages import SNAPCHAT_38, document, meta_ad, meta_page, row_of, table

FIRST = "EAABfictional0123456789abcdefghijklmnopqrstuvw"
OTHER = "clt.fictional-secret-of-another-kind"
LINK = "https://graph.example/ads?access_token={}&fields=id,ad_snapshot_url&after=x"


def snapshot(number: str, token: str = FIRST) -> str:
    return f"https://www.facebook.example/render_ad/?id={number}&access_token={token}"


def inputs() -> dict[str, bytes]:
    """Files with a token in every place where one has been seen, and in some where none should be."""
    page = meta_page(
        meta_ad("1", ad_snapshot_url=snapshot("1")),
        {"ad_snapshot_url": snapshot("2", OTHER), "page_id": "5", "page_name": f"access_token={OTHER}"},
        meta_ad("3", spend=f"access_token={FIRST}"),
        paging={"next": LINK.format(FIRST)},
    )
    row = row_of(
        SNAPCHAT_38,
        adid="a1",
        creativeurl=snapshot("9"),
        startdate=f"soon {FIRST}",
        candidateballotinformation=json.dumps({"access_token": OTHER}),
        payingadvertisername="Brug",
    )
    archive = io.BytesIO()
    with zipfile.ZipFile(archive, "w", zipfile.ZIP_DEFLATED) as out:
        out.writestr("page.json", document([meta_ad("7", ad_snapshot_url=snapshot("7")), snapshot("8")]))
    return {
        "page.json": page,
        "ads.csv": table(SNAPCHAT_38, row, ["a2", f"access_token={FIRST}"]),
        "archive.zip": archive.getvalue(),
        "refusal.json": document({"error": {"message": f"Malformed token {FIRST}", "code": 190}}),
        "answer.json": document({"access_token": OTHER, "token_type": "Bearer", "mood": 5}),
        "header.csv": f"url access_token={OTHER},{FIRST}\n".encode(),
        "cut.json": page[:-40],
    }


def readable(path: Path) -> str:
    """The bytes of a file as text, and of a Parquet file also its values and metadata."""
    text = path.read_bytes().decode("utf-8", "replace")
    if path.suffix == ".parquet":
        frame = pl.read_parquet(path)
        text += json.dumps(frame.to_dicts(), default=str) + str(pl.read_parquet_metadata(path))
    return text


@pytest.fixture(scope="module")
def audited(tmp_path_factory: pytest.TempPathFactory) -> tuple[str, dict[str, str]]:
    """What the command printed, and every file that it wrote as text."""
    folder = tmp_path_factory.mktemp("secrets")
    (folder / "in").mkdir()
    for name, data in inputs().items():
        (folder / "in" / name).write_bytes(data)
    arguments = ["audit", str(folder / "in"), "--out", str(folder / "out"), "--by", "sponsor", "--by", "source"]
    result = CliRunner().invoke(cli, arguments)
    assert result.exit_code == 3
    files = {str(p.relative_to(folder / "out")): readable(p) for p in (folder / "out").rglob("*") if p.is_file()}
    return result.stdout + result.stderr, files


def test_the_inputs_hold_the_tokens() -> None:
    assert any(FIRST.encode() in data for data in inputs().values())
    assert any(OTHER.encode() in data for data in inputs().values())


@pytest.mark.parametrize("secret", [FIRST, OTHER, "fictional0123456789", "fictional-secret"])
def test_no_file_holds_a_token(audited: tuple[str, dict[str, str]], secret: str) -> None:
    _, files = audited
    assert {"records.parquet", "findings.parquet", "verdicts.parquet", "summary.json", "rejected.ndjson"} <= set(files)
    assert [name for name, text in files.items() if secret in text] == []


@pytest.mark.parametrize("secret", ["fictional0123456789", "fictional-secret"])
def test_nothing_printed_holds_a_token(audited: tuple[str, dict[str, str]], secret: str) -> None:
    printed, _ = audited
    assert secret not in "".join(printed.split())
    assert secret not in printed


def test_what_stood_around_the_tokens_is_still_there(audited: tuple[str, dict[str, str]]) -> None:
    printed, files = audited
    assert "access_token=REDACTED" in files["rejected.ndjson"]
    assert "soon REDACTED" in files["records.parquet"]
    assert "Malformed token REDACTED" in files["summary.json"]
    assert "access tokens were taken out before reading" in " ".join(printed.split())
