"""Every form of every source is read from every container, with the same records and no work per source."""

import polars as pl
import pytest
from polars.testing import assert_frame_equal

from adaudit.connectors import Parsed, Recognised, parse_page, recognise
from adaudit.errors import UnreadableInput
from adaudit.evidence import Page, pages
from adaudit.sample import write_sample

from .containers import CONTAINERS, is_json, is_table

PLACES = ("locator", "layout")
WITHOUT_ENVELOPE = {("lines", "ad_detail")}
"""Without the envelope, TikTok's detail answer is a record of its query answer."""
SAME = {name: wrap for name, wrap in CONTAINERS.items() if name not in {"utf-16", "answers"}}


@pytest.fixture(scope="module")
def documents(tmp_path_factory: pytest.TempPathFactory) -> dict[tuple[str, str], bytes]:
    """One document of each form of the sample."""
    found: dict[tuple[str, str], bytes] = {}
    for path in sorted(write_sample(tmp_path_factory.mktemp("sample"), scale=0.02)):
        for page in pages(path.read_bytes()):
            told = recognise(page.data)
            if isinstance(told, Recognised):
                found.setdefault((told.source, told.form), page.data)
    return found


def parsed(page: Page) -> tuple[Recognised, Parsed]:
    told = recognise(page.data)
    assert isinstance(told, Recognised)
    return told, parse_page(page.data, told, "FacebookAdLibraryReport_2025-07-12_BE_last_30_days")


@pytest.mark.parametrize("container", SAME)
def test_every_form_is_the_same_in_every_container(documents: dict[tuple[str, str], bytes], container: str) -> None:
    wrapped = 0
    for form, document in documents.items():
        data = SAME[container](document)
        if data is None or (container, form[1]) in WITHOUT_ENVELOPE:
            continue
        wrapped += 1
        (plain,), (page,) = pages(document), pages(data)
        told, found = parsed(page)
        _, expected = parsed(plain)
        assert (told.source, told.form) == form
        assert found.rejected == expected.rejected == ()
        assert found.new_fields == expected.new_fields
        assert_frame_equal(found.frame.drop(PLACES), expected.frame.drop(PLACES))
    assert wrapped >= 3


def test_answers_on_lines_hold_the_records_of_each(documents: dict[tuple[str, str], bytes]) -> None:
    for document in filter(is_json, documents.values()):
        data = CONTAINERS["answers"](document)
        assert data is not None
        (plain,), (page,) = pages(document), pages(data)
        expected, found = parsed(plain)[1].frame, parsed(page)[1].frame
        assert_frame_equal(found.drop(PLACES), pl.concat([expected, expected]).drop(PLACES))
        assert found["locator"].str.starts_with("line ").all()


def test_another_separator_is_said(documents: dict[tuple[str, str], bytes]) -> None:
    for form, document in documents.items():
        data = CONTAINERS["semicolon"](document)
        if data is not None and is_table(document):
            (page,) = pages(data)
            told, found = parsed(page)
            if told.description.kind != "none":
                (said,) = (notice for notice in found.notices if "separated by semicolons" in notice)
                assert "gescheiden door puntkomma's" in said.nl, form


def test_another_encoding_is_named(documents: dict[tuple[str, str], bytes]) -> None:
    for document in documents.values():
        data = CONTAINERS["utf-16"](document)
        assert data is not None
        for wrong in (data, data[2:]):
            with pytest.raises(UnreadableInput, match="UTF-16"):
                recognise(wrong)
