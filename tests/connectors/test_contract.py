"""What every source and every form keeps, whoever adds one."""

import csv
import io
import json
import re
import zipfile
from collections.abc import Iterator
from fnmatch import fnmatchcase
from hashlib import sha256
from importlib import import_module
from pathlib import Path
from typing import Any

import polars as pl
import pytest
from defusedxml import ElementTree

from adaudit.audit.intake import take_in
from adaudit.audit.options import Options
from adaudit.connectors import Companion, Parsed, Recognised, parse_page, recognise, sources
from adaudit.connectors.forms import JsonForm
from adaudit.connectors.notice.markup import NAMESPACE
from adaudit.connectors.shapes import dotted
from adaudit.connectors.source import Exposure, Form
from adaudit.evidence import pages
from adaudit.model.record import SCHEMA
from adaudit.rules import RULES
from adaudit.sample import write_sample
from tests.platforms.bigquery import answers

from .pages import X_EXPORT, table

FORMS = [(source, name) for source, one in sources().items() for name in one.form]
WITH_RECORDS = [(source, name) for source, name in FORMS if sources()[source].form[name].kind != "none"]
OF_ANOTHER_ANSWER = {"commercial_contents", "sponsored_content_preview"}
"""Fields of a form's requirement that stand in another answer of the same library."""
PART_OF_ITS_ID = {"ads_repository", "audience_tab", "ads_archive_flat"}
"""Forms whose records bear more in their id than the source's own: a period, or a place in the file."""
BUNDLE_IDS = {
    "creative_stats": "bundle|{Ad_ID}",
    "campaign_targeting": "{Campaign_ID}",
    "advertiser_weekly_spend": "{Advertiser_ID}|{Week_Start_Date}",
}
"""Ids of forms of one bundle, in which the same number stands for different things."""
X_ROW = ["Wolkenpartij", "", "https://x.example/1", "2025-01-02", "2025-01-03", "", "", "5", "3", "", "", ""]
DAMAGED_IDS = {"ads_archive_flat": 40 // 5, "flattened": 8}
"""Identifiers that nothing recovers, in forms of which the sample holds a file that a spreadsheet saved."""
LEAST = 20


@pytest.fixture(scope="module")
def sample(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("sample")
    write_sample(folder, scale=0.2)
    (folder / "x" / "with-rows.csv").write_bytes(table(X_EXPORT, X_ROW, [*X_ROW[:2], "other", *X_ROW[3:]]))
    for name, answer in answers().items():
        (folder / "google" / f"bigquery-{name}.json").write_bytes(answer)
    return folder


@pytest.fixture(scope="module")
def parsed(sample: Path) -> dict[tuple[str, str], list[Parsed]]:
    found: dict[tuple[str, str], list[Parsed]] = {}
    for path in sorted(p for p in sample.rglob("*") if p.is_file()):
        for page in pages(path.read_bytes()):
            told = recognise(page.data)
            if isinstance(told, Recognised):
                one = parse_page(page.data, told, page.member or path.name)
                found.setdefault((told.source, told.form), []).append(one)
    return found


def description(source: str, form: str) -> Form:
    return sources()[source].form[form]


def exposures() -> Iterator[tuple[str, str, str, Exposure]]:
    for source, form in FORMS:
        for rule, exposure in description(source, form).exposure.items():
            yield source, form, rule, exposure


def known_fields(source: str, form: str) -> set[str]:
    asked = description(source, form).recognise
    known = {*asked.required, *asked.any_of, *asked.known, *asked.ignored}
    like = description(source, form).exposure_like
    if like:
        known |= known_fields(source, like)
    parser = import_module(f"adaudit.connectors.{source}.connector").FORMS[form]
    if isinstance(parser, JsonForm):
        known |= {name.removeprefix("revisions.statement.") for name in dotted(parser.shape)}
    return known


def test_every_folder_of_a_source_is_listed() -> None:
    root = Path(import_module("adaudit.connectors").__path__[0])
    assert sorted(path.parent.name for path in root.glob("*/source.toml")) == sorted(sources())


@pytest.mark.parametrize("source", sorted(sources()))
def test_source_says_who_publishes_it_and_where_it_is_documented(source: str) -> None:
    one = sources()[source]
    assert one.id == source
    for text in (one.title, one.publisher, one.description, one.access, one.licence):
        assert text.strip()
    assert one.documentation
    assert all(link.startswith("https://") for link in one.documentation)
    assert one.form or (one.live is None and one.no_pull)


@pytest.mark.parametrize(("source", "form"), FORMS)
def test_form_says_how_to_get_the_file(source: str, form: str) -> None:
    one = description(source, form)
    assert one.title.strip()
    assert len(one.how_to_get) > LEAST
    assert one.recognise.required or one.recognise.any_of


@pytest.mark.parametrize(("source", "form"), WITH_RECORDS)
def test_form_with_records_has_a_parser(source: str, form: str) -> None:
    parser = import_module(f"adaudit.connectors.{source}.connector").FORMS[form]
    assert isinstance(parser, JsonForm) == (description(source, form).container == "json")


@pytest.mark.parametrize(("source", "form"), WITH_RECORDS)
def test_form_with_records_exposes_something(source: str, form: str) -> None:
    assert description(source, form).exposure


def test_every_exposure_names_a_rule_and_fields_that_the_form_knows() -> None:
    unknown = [
        (source, form, rule, field)
        for source, form, rule, exposure in exposures()
        for field in exposure.fields
        if field not in OF_ANOTHER_ANSWER
        if not any(fnmatchcase(name, field) or fnmatchcase(field, name) for name in known_fields(source, form))
    ]
    assert unknown == []
    assert [rule for *_, rule, _ in exposures() if rule not in RULES] == []


@pytest.mark.parametrize(("source", "form"), FORMS)
def test_form_is_recognised_in_the_sample(parsed: dict[tuple[str, str], list[Parsed]], source: str, form: str) -> None:
    assert (source, form) in parsed


@pytest.mark.parametrize(("source", "form"), FORMS)
def test_parse_gives_exactly_the_columns_of_the_record(
    parsed: dict[tuple[str, str], list[Parsed]], source: str, form: str
) -> None:
    for one in parsed[source, form]:
        assert dict(one.frame.schema) == SCHEMA
        assert list(one.frame.columns) == list(SCHEMA)


@pytest.mark.parametrize(("source", "form"), WITH_RECORDS)
def test_every_record_says_what_it_is_and_has_an_id(
    parsed: dict[tuple[str, str], list[Parsed]], source: str, form: str
) -> None:
    frame = pl.concat([one.frame for one in parsed[source, form]])
    kind = description(source, form).kind
    assert frame.select("source", "form", "kind").unique().rows() == [(source, form, kind)]
    assert frame["record_id"].null_count() == 0
    assert frame["locator"].null_count() == 0
    assert frame["removed"].null_count() == 0
    assert frame["identifier_damaged"].sum() == DAMAGED_IDS.get(form, 0)
    for one in parsed[source, form]:
        assert one.frame["layout"].max() in (None, *range(len(one.layouts)))


@pytest.mark.parametrize(("source", "form"), WITH_RECORDS)
def test_text_is_never_empty(parsed: dict[tuple[str, str], list[Parsed]], source: str, form: str) -> None:
    frame = pl.concat([one.frame for one in parsed[source, form]])
    texts = [name for name, dtype in SCHEMA.items() if dtype == pl.String]
    blank = frame.select((pl.col(texts).str.strip_chars() == "").sum()).row(0, named=True)
    assert {name: count for name, count in blank.items() if count} == {}


@pytest.mark.parametrize(("source", "form"), [pair for pair in FORMS if pair not in WITH_RECORDS])
def test_form_without_records_gives_none(parsed: dict[tuple[str, str], list[Parsed]], source: str, form: str) -> None:
    assert all(one.frame.height == 0 and one.rejected == () for one in parsed[source, form])


# Every record leads back to the bytes it was made of


def own_id(form: str, item: Any) -> str:
    """The record's id as it stands in the bytes."""
    if form in {"ads_archive", "ads_archive_flat"}:
        found = re.search(r"[?&]id=(\d+)", item.get("ad_snapshot_url", ""))
        own = item.get("id") or item.get("_id")
        return str(own or (found[1] if found else item["ad_id"]))
    if form in {"commercial_content", "ad_detail", "ads_gallery"}:
        return str(item["ad" if "ad" in item else "ad_preview"]["id"])
    if form == "ad_library":
        return str(item["AdId"]) if "AdId" in item else item["adUrl"].rpartition("/")[2]
    if form.startswith("removed_creatives"):
        return str(item["creative_page_url"]).rpartition("/")[2]
    if form in BUNDLE_IDS:
        return BUNDLE_IDS[form].format(**item)
    column = {
        "notice": "id",
        "statements": "public_id",
        "revisions": "public_id",
        "political_ads": "ADID",
        "flattened": "data.ad.id",
        "commercial_communications": "id",
        "transparency_center": "creative_id",
        "transparency_center_json": "creative_id",
        "advertiser_stats": "Advertiser_ID",
        "ad_library_report": "Page ID",
        "ad_library_report_2019": "Page Name",
        "audience_tab": "page_id",
        "ads_repository": "Creative",
    }[form]
    return str(item[column])


def resolve(data: bytes, locator: str) -> Any:
    """What stands at the locator in the bytes of a file."""
    member, bang, place = locator.rpartition("!")
    if bang:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            data = archive.read(member)
    text = data.decode("utf-8-sig")
    if place.startswith("record "):
        return list(csv.DictReader(io.StringIO(text, newline="")))[int(place.removeprefix("record ")) - 1]
    if place.startswith("("):
        element, number = re.fullmatch(r"\(//(\w+)\)\[(\d+)\]", place).groups()  # type: ignore[union-attr]
        found = list(ElementTree.fromstring(data).iter(f"{{{NAMESPACE}}}{element}"))[int(number) - 1]
        return {part.tag.rpartition("}")[2]: part.text for part in found}
    value = json.loads(text)
    for part in filter(None, place.split("/")):
        value = value[int(part)] if isinstance(value, list) else value[part]
    return json.loads(value) if isinstance(value, str) else value


def test_every_locator_leads_to_the_record_in_the_bytes(sample: Path, tmp_path: Path) -> None:
    files = {sha256(p.read_bytes()).hexdigest(): p for p in sample.rglob("*") if p.is_file()}
    intake = take_in([sample], tmp_path, Options(), lambda *_: None)
    seen = set()
    for frame in intake.scan().collect().partition_by("source", "form"):
        for one in frame.gather_every(max(1, frame.height // 12)).iter_rows(named=True):
            item = resolve(files[one["input_sha256"]].read_bytes(), one["locator"])
            expected = own_id(one["form"], item)
            column = {"ad_library_report": "account_id", "ad_library_report_2019": "account_name"}
            found = one[column.get(one["form"], "record_id")].split("|row ")[0]
            assert expected in found if one["form"] in PART_OF_ITS_ID else expected == found
            seen.add((one["source"], one["form"]))
    assert seen == set(WITH_RECORDS)


def test_documentation_that_comes_with_the_data_is_a_companion() -> None:
    assert recognise(b"The Meta Ad Library is a searchable database of ads.") == Companion("meta")
