"""Bad input: each file is named with place, expected and found; everything else is still audited."""

import gzip
from collections.abc import Callable
from pathlib import Path

import polars as pl
import pytest
from click.testing import CliRunner

from adaudit.audit.intake import InputReport, Intake, take_in
from adaudit.audit.options import Options
from adaudit.cli import cli

from ..connectors.pages import (
    REPORT_2025,
    TRANSPARENCY_CENTER,
    X_EXPORT,
    document,
    meta_ad,
    meta_page,
    row_of,
    statement,
    table,
    tiktok_ad,
    tiktok_query,
)
from .invoked import GOOD, GOOD_NAME, LINE, SNAPCHAT, Run, zipped

META_REFUSAL = (
    b'{"error":{"message":"Error validating access token: Session has expired on Monday.","type":"OAuthException",'
    b'"code":190,"error_subcode":463,"fbtrace_id":"A1"}}'
)
TIKTOK_REFUSAL = (
    b'{"data":{},"error":{"code":"access_token_invalid","message":"The access token is invalid","log_id":"1",'
    b'"http_status_code":401}}'
)
LINKEDIN_REFUSAL = (
    b'{"status":401,"serviceErrorCode":65602,"code":"EXPIRED_ACCESS_TOKEN","message":"The token has expired"}'
)
MICROSOFT_REFUSAL = b'{"error":{"code":"","message":"The limit of \'24\' for Top query has been exceeded."}}'


DAMAGED_MEMBER = zipped(a=GOOD, b=SNAPCHAT).replace(b"Stichting Brug", b"Stichting Krug")
HALF_A_ZIP = zipped(a=GOOD, b=SNAPCHAT)[:-60]
HTML = b"\n<!DOCTYPE html><html><body>Log in</body></html>"


@pytest.fixture
def taken(tmp_path: Path) -> Callable[..., tuple[Intake, InputReport]]:
    """Take one file in; the intake and the report of the file."""

    def take(data: bytes, *, source: str | None = None) -> tuple[Intake, InputReport]:
        path = tmp_path / "given"
        path.write_bytes(data)
        intake = take_in([path], tmp_path, Options(source=source), lambda *_: None)
        (report,) = intake.reports
        return intake, report

    return take


def on_one_line(text: str) -> str:
    return " ".join(text.split())


UNREAD: dict[str, tuple[bytes, str, tuple[str, ...]]] = {
    # data, outcome, words of the message: expected, found, place
    "unknown_table": (b"name,colour\nbrug,geel\n", "UnrecognisedInput", ("a known source", "'name', 'colour'")),
    "unknown_json": (b'[{"mood":"sunny"}]', "UnrecognisedInput", ("a known source", "'mood'")),
    "unknown_text": (b"Dear reader\n", "UnrecognisedInput", ("header line", "'Dear reader'")),
    "binary": (bytes(range(1, 256)), "UnrecognisedInput", ("header line", "text that starts with")),
    "html": (HTML, "UnrecognisedInput", ("known source", "HTML", "Save the data itself")),
    "empty": (b"", "unreadable", ("a file with content", "0 bytes")),
    "white": (b" \n\t\r\n", "UnreadableInput", ("a file with content", "white space only")),
    "half_a_zip": (HALF_A_ZIP, "unreadable", ("a complete zip archive", "cut off")),
    "latin_1": (
        table(REPORT_2025, ["1", "Comité", "B", "5", "1"]).decode().encode("latin-1"),
        "UnreadableInput",
        ("UTF-8", "0xE9", "line 2"),
    ),
    "latin_1_header": (
        table(["Page ID", "Montant dépensé"]).decode().encode("latin-1"),
        "UnreadableInput",
        ("UTF-8", "0xE9", "line 1"),
    ),
    "latin_1_json": (
        meta_page(meta_ad(page_name="é")).decode().encode("latin-1"),
        "UnreadableInput",
        ("UTF-8", "0xE9"),
    ),
    "utf_16": (GOOD.decode().encode("utf-16"), "UnreadableInput", ("UTF-8", "UTF-16", "byte 0")),
    "utf_16_unmarked": (GOOD.decode().encode("utf-16-le"), "UnreadableInput", ("UTF-16", "little-endian", "CSV UTF-8")),
    "mac_roman": (
        table(REPORT_2025, ["1", "Comité été", "B", "5", "1"]).decode().encode("mac_roman"),
        "UnreadableInput",
        ("UTF-8", "Mac-Roman", "line 2", "'é'"),
    ),
    "localised_header": (
        table(["Pagina-ID", "Paginanaam", "Disclaimer", "Besteed bedrag (EUR)", "Aantal advertenties"]),
        "UnrecognisedInput",
        ("a known source", "'Besteed bedrag (EUR)'", "another language", "English"),
    ),
    "old_excel": (bytes.fromhex("d0cf11e0a1b11ae1") + bytes(504), "unreadable", (".xls", "CSV UTF-8")),
    "tar": (bytes(257) + b"ustar" + bytes(250), "unreadable", ("a tar archive", "Unpack it")),
    "cut_gzip": (gzip.compress(GOOD)[:-9], "unreadable", ("a complete gzip file",)),
    "utf_16_json": (meta_page(meta_ad()).decode().encode("utf-16"), "UnreadableInput", ("UTF-8", "UTF-16")),
    "open_header": (b'Page ID,"Page name,Disclaimer\n1,2,3\n', "UnreadableInput", ("quotes closed", "line 1")),
    "renamed_column": (
        SNAPCHAT.replace(b"AgeBracket", b"Age Group"),
        "ColumnsMissing",
        ("'agebracket'", "Snapchat", "'Age Group'", "line 1"),
    ),
    "missing_column": (
        table([*X_EXPORT[:8], *X_EXPORT[9:]]),
        "ColumnsMissing",
        ("'reach'", "X Ads Repository", "without it", "line 1"),
    ),
    "cut_json": (
        meta_page(meta_ad("1"), meta_ad("2"))[:-30],
        "UnreadableInput",
        ("one complete JSON document", "ends in the middle", "line 1, column"),
    ),
    "two_documents": (
        document(meta_ad("1")).replace(b", ", b",\n") + b"\n" + document(meta_ad("2")).replace(b", ", b",\n"),
        "UnreadableInput",
        ("one complete JSON document", "extra data", "line 5, column 1"),
    ),
    "endless": (b"[" * 50_000, "UnreadableInput", ("levels", "nested deeper")),
    "meta_refusal": (META_REFUSAL, "RefusalInput", ("records", "code 190", "Session has expired", "valid token")),
    "tiktok_refusal": (TIKTOK_REFUSAL, "RefusalInput", ("records", "access_token_invalid", "ask again")),
    "linkedin_refusal": (LINKEDIN_REFUSAL, "RefusalInput", ("records", "EXPIRED_ACCESS_TOKEN", "ask again")),
    "microsoft_refusal": (MICROSOFT_REFUSAL, "RefusalInput", ("records", "The limit of '24'", "ask again")),
    "envelope_of_nobody": (
        b'{"value":[],"nextPage":1}',
        "UnrecognisedInput",
        ("known source", "does not tell its source"),
    ),
    "list_among_others": (b'{"data":{"ads":[],"likes":3}}', "UnrecognisedInput", ("known source",)),
    "no_source_told": (b"[]", "UnrecognisedInput", ("known source", "does not tell its source", "--source")),
}


@pytest.mark.parametrize("case", UNREAD)
def test_file_that_cannot_be_read_says_what_was_expected_and_found(
    taken: Callable[..., tuple[Intake, InputReport]], case: str
) -> None:
    data, outcome, words = UNREAD[case]
    intake, report = taken(data)
    assert intake.failed
    assert intake.records == 0
    assert report.outcome == outcome
    assert report.problem is not None
    assert report.problem.startswith("expected ")
    assert "; found " in report.problem
    for word in words:
        assert word in report.problem


def test_every_bad_file_is_named_and_everything_else_is_audited(run: Run) -> None:
    found = run(**{name: data for name, (data, *_) in UNREAD.items()})
    assert found.result.exit_code == 3
    assert [one.rpartition("|")[2] for one in found.ids] == ["Stichting Brug"]
    said = on_one_line(found.result.stderr)
    for name, (_, outcome, _) in UNREAD.items():
        assert found.input(name)["outcome"] == outcome
        assert f"error: in/{name}: expected" in said
    assert found.input(GOOD_NAME)["records"] == 1
    assert "error: in/FacebookAdLibraryReport" not in said


def test_exit_code_is_nought_without_bad_input(run: Run) -> None:
    found = run()
    assert found.result.exit_code == 0
    assert "error:" not in found.result.stderr


# Rows that become no record


REJECTED: dict[str, tuple[bytes, str, str, str, list[str]]] = {
    # data, place, reason, text of the row, ids kept
    "too_few": (
        SNAPCHAT + b"a3,short\n",
        "record 3 (line 4)",
        "2 cells where the header has 38",
        "a3,short",
        ["a1", "a2"],
    ),
    "too_many": (
        SNAPCHAT + f"a3{LINE[2:]},more\n".encode(),
        "record 3 (line 4)",
        "39 cells where the header has 38",
        f"a3{LINE[2:]},more",
        ["a1", "a2"],
    ),
    "open_quote": (
        SNAPCHAT + f'a3,"{LINE[3:]}'.encode(),
        "record 3 (line 4)",
        "a quote that is never closed: the file may have been cut off here",
        f'a3,"{LINE[3:]}',
        ["a1", "a2"],
    ),
    "stray_quote": (
        SNAPCHAT + f'a3,"u"v{LINE[3:]}\n'.encode() + f"a4{LINE[2:]}\n".encode(),
        "record 3 (line 4)",
        "a quote inside an unquoted cell",
        f'a3,"u"v{LINE[3:]}',
        ["a1", "a2", "a4"],
    ),
    "no_id": (
        SNAPCHAT + f"{LINE[2:]}\n".encode(),
        "record 3",
        "no identifier",
        "Brug",
        ["a1", "a2"],
    ),
    "odd_record": (
        meta_page(meta_ad("1"), ["odd"], meta_ad("2")),
        "/data/1",
        "a JSON list where an object belongs",
        '["odd"]',
        ["1", "2"],
    ),
    "odd_field": (
        meta_page(meta_ad("1"), meta_ad("3", spend="a lot"), meta_ad("2")),
        "/data/1",
        "spend: str of another shape than documented",
        '"a lot"',
        ["1", "2"],
    ),
    "odd_in_archive": (
        zipped(pages=meta_page(meta_ad("1"), "odd")),
        "pages!/data/1",
        "a JSON str where an object belongs",
        '"odd"',
        ["1"],
    ),
    "broken_cell": (
        table(
            TRANSPARENCY_CENTER,
            row_of(TRANSPARENCY_CENTER, creativeid="CR1", regionstats='{"region_stats": [{"reg'),
            row_of(TRANSPARENCY_CENTER, creativeid="CR2", regionstats='{"region_stats": []}'),
        ),
        "record 1",
        "JSON inside a cell is broken",
        "CR1",
        ["CR2"],
    ),
}


@pytest.mark.parametrize("case", REJECTED)
def test_rejected_row_is_counted_and_kept_and_the_others_are_audited(run: Run, case: str) -> None:
    data, place, reason, text, kept = REJECTED[case]
    found = run(good=False, given=data)
    assert found.result.exit_code == 3
    assert found.ids == kept
    (row,) = found.rejected
    assert (row["path"], row["place"], row["reason"]) == ("in/given", place, reason)
    assert text in row["raw"]
    one = found.input("given")
    assert one["records"] == len(kept)
    ((counted),) = one["rejected"]
    assert (counted["reason"], counted["count"]) == (reason, 1)
    assert counted["example"].startswith(f"{place}: ")
    said = on_one_line(found.result.stderr)
    assert f"1 row rejected, kept in rejected.ndjson; first: {place}: {reason}" in said


def test_page_on_which_no_record_fits_is_rejected_whole(run: Run) -> None:
    found = run(given=meta_page(meta_ad(spend="a lot"), meta_ad(impressions=[])))
    assert found.result.exit_code == 3
    assert [row["place"] for row in found.rejected] == ["/data/0", "/data/1"]
    assert found.input("given")["records"] == 0


# Not errors, but said


SAID: dict[str, tuple[bytes, str, int]] = {
    # data, words of the notice, records
    "extra_column": (table([*REPORT_2025, "Mood"], ["1", "A", "B", "5", "1", "sunny"]), "new fields", 1),
    "extra_key": (document([statement(mood="sunny")]), "mood", 1),
    "long_ids": (tiktok_query(tiktok_ad(9007199254740993), tiktok_ad(1)), "1 id beyond 2^53, kept digit for digit", 2),
    "header_only": (table(X_EXPORT), "no rows: proves nothing", 0),
    "empty_page": (b'{"data":[]}', "no rows: proves nothing", 0),
    "empty_last_page": (b'{"data":[],"paging":{"cursors":{}}}', "no rows: proves nothing", 0),
    "empty_search": (
        b'{"elements":[],"paging":{"start":0,"count":25,"total":0,"links":[]}}',
        "no rows: proves nothing",
        0,
    ),
    "empty_list": (b'{"@odata.context":"c","@odata.count":0,"value":[]}', "no rows: proves nothing", 0),
    "no_advertisers": (
        b'{"data":{"advertisers":[]},"error":{"code":"ok","message":""}}',
        "it discloses no ad, so nothing in it is counted",
        0,
    ),
    "empty_query": (tiktok_query(), "no rows: proves nothing", 0),
}


@pytest.mark.parametrize("case", SAID)
def test_what_is_worth_knowing_is_said_and_is_no_error(run: Run, case: str) -> None:
    data, words, count = SAID[case]
    found = run(good=False, given=data)
    assert found.result.exit_code == 0
    assert words in on_one_line(found.result.stderr)
    one = found.input("given")
    assert one["problem"] is None
    assert one["rejected"] == []
    assert one["records"] == count == len(found.ids)


def test_extra_column_is_named_in_the_summary(run: Run) -> None:
    assert run(given=SAID["extra_column"][0]).input("given")["new_fields"] == ["mood"]


def test_long_id_is_kept_digit_for_digit(run: Run) -> None:
    assert "9007199254740993" in run(given=SAID["long_ids"][0]).ids


def test_byte_order_mark_changes_nothing(taken: Callable[..., tuple[Intake, InputReport]]) -> None:
    for data in (GOOD, meta_page(meta_ad())):
        intake, report = taken(b"\xef\xbb\xbf" + data)
        assert (report.problem, report.records, report.rejected) == (None, 1, [])
        assert not intake.failed


@pytest.mark.parametrize(("source", "form"), [("meta", "ads_archive"), ("tiktok", "commercial_content")])
def test_empty_list_is_read_where_the_source_is_named(
    taken: Callable[..., tuple[Intake, InputReport]], source: str, form: str
) -> None:
    intake, report = taken(b"[]", source=source)
    assert not intake.failed
    assert (report.source, report.form, report.outcome) == (source, form, "no rows")


def test_file_of_another_source_than_named_is_not_read(taken: Callable[..., tuple[Intake, InputReport]]) -> None:
    intake, report = taken(GOOD, source="snapchat")
    assert intake.failed
    assert report.outcome == "UnrecognisedInput"


def test_the_same_file_twice_is_counted_once(run: Run) -> None:
    found = run(good=False, first=SNAPCHAT, second=SNAPCHAT)
    assert found.result.exit_code == 0
    assert found.ids == ["a1", "a2"]
    assert found.input("second")["outcome"] == "repeated"
    assert "the same bytes as in/first: counted once" in on_one_line(found.result.stderr)


def test_overlapping_pages_count_each_ad_once(run: Run) -> None:
    first = meta_page(meta_ad("1"), meta_ad("2"))
    found = run(good=False, first=first, second=meta_page(meta_ad("2"), meta_ad("3")))
    assert found.result.exit_code == 0
    assert found.ids == ["1", "2", "3"]
    assert found.summary["records"]["repeated"] == 1
    assert found.summary["records"]["superseded"] == 0


def test_a_changed_repeat_supersedes_the_older_one(run: Run) -> None:
    found = run(good=False, first=meta_page(meta_ad("1", bylines="Old")), second=meta_page(meta_ad("1", bylines="New")))
    assert found.ids == ["1"]
    assert found.summary["records"]["superseded"] == 1
    assert pl.read_parquet(found.out / "records.parquet")["sponsor_name"].to_list() == ["New"]
    assert pl.read_parquet(found.out / "superseded.parquet")["sponsor_name"].to_list() == ["Old"]


def test_a_path_that_does_not_exist_is_wrong_use(tmp_path: Path) -> None:
    result = CliRunner().invoke(cli, ["audit", str(tmp_path / "absent"), "--out", str(tmp_path / "out")])
    assert result.exit_code == 2
    assert "no such file or folder" in result.stderr


def test_rejected_rows_count_before_fail_on(run: Run) -> None:
    assert run("--fail-on", "missing", "--fail-on", "partial", given=REJECTED["too_few"][0]).result.exit_code == 3
