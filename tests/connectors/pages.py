"""Small fictional pages in the exact formats of the sources, and what a test asks of them."""

import csv
import io
import json
from collections.abc import Mapping, Sequence
from typing import Any

from adaudit.connectors import Companion, Parsed, parse_page, recognise


def cells(line: str) -> list[str]:
    """The names of a header line as the source writes it."""
    return line.split(",")


SNAPCHAT_34 = cells(
    "ADID,CreativeUrl,Currency Code,Spend,Impressions,StartDate,EndDate,OrganizationName,BillingAddress,"
    "CandidateBallotInformation,PayingAdvertiserName,Gender,AgeBracket,CountryCode,Regions (Included),"
    "Regions (Excluded),Electoral Districts (Included),Electoral Districts (Excluded),"
    "Radius Targeting (Included),Radius Targeting (Excluded),Metros (Included),Metros (Excluded),"
    "Postal Codes (Included),Postal Codes (Excluded),Location Categories (Included),"
    "Location Categories (Excluded),Interests,OsType,Segments,Language,AdvancedDemographics,"
    "Targeting Connection Type,Targeting Carrier (ISP),CreativeProperties"
)
COMMITTEE = ["CommitteeName", "CommitteeIdentificationNumber", "DisclosureNameOfCommittee", "AdvertisingJurisdiction"]
SNAPCHAT_38 = [*SNAPCHAT_34[:11], *COMMITTEE, *SNAPCHAT_34[11:]]
REPORT_2025 = ["Page ID", "Page name", "Disclaimer", "Amount spent (EUR)", "Number of ads in Library"]
REPORT_2023 = ["Page ID", "Page Name", "Disclaimer", "Amount Spent\u00a0(CHF)", "Number of Ads in Library"]
TRANSPARENCY_CENTER = cells(
    "advertiser_id,creative_id,creative_page_url,ad_format_type,advertiser_disclosed_name,advertiser_legal_name,"
    "advertiser_location,advertiser_verification_status,region_stats,audience_selection_approach_info,topic"
)
ADVERTISER_STATS = cells(
    "Advertiser_ID,Advertiser_Name,Public_IDs_List,Regions,Elections,Total_Creatives,Spend_USD,Spend_EUR,Spend_INR"
)
X_EXPORT = cells(
    "Advertiser Name,Funding Entity,Creative,Start date,End Date,Targeted Segments,Excluded Targeting Segments,"
    "Impressions,Reach,Facts And Circumstances Of Removal,Enforcement Action,Statement Of Reason"
)


def table(header: Sequence[str], *rows: Sequence[str], end: str = "\n", bom: bool = False) -> bytes:
    """A CSV file, quoted where it must be."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator=end)
    writer.writerow(header)
    writer.writerows(rows)
    return (b"\xef\xbb\xbf" if bom else b"") + text.getvalue().encode()


def row_of(header: Sequence[str], **cells: str) -> list[str]:
    """A row with these cells, named as in the header without blanks and brackets; all others empty."""
    short = {"".join(c for c in name.lower() if c.isalnum()): name for name in header}
    named = {short[key]: value for key, value in cells.items()}
    return [named.get(name, "") for name in header]


def document(value: object) -> bytes:
    """JSON as an API answers it."""
    return json.dumps(value, ensure_ascii=False).encode()


def meta_page(*ads: object, **more: object) -> bytes:
    """One answer of ads_archive."""
    return document({"data": list(ads), **more})


def meta_ad(number: object = "1000000000000001", **more: object) -> dict[str, object]:
    """One ad of ads_archive."""
    ad: dict[str, object] = {
        "id": number,
        "page_id": "777000000000001",
        "page_name": "Lijst Regenboog",
        "ad_delivery_start_time": "2025-09-01",
    }
    return ad | more


def tiktok_query(*ads: Mapping[str, object], has_more: bool = False) -> bytes:
    """One answer of ad/query."""
    ok = {"code": "ok", "message": "", "log_id": "2026", "http_status_code": 200}
    return document({"data": {"ads": list(ads), "has_more": has_more, "search_id": "1"}, "error": ok})


def tiktok_ad(number: int = 7300000000000000001, **more: object) -> dict[str, object]:
    """One ad as ad/query gives it."""
    ad = {"id": number, "first_shown_date": "20250901", "last_shown_date": "20250910", "status": "active"} | more
    return {"ad": ad, "advertiser": {"business_id": 7200000000000000003, "business_name": "Gele Ballon"}}


def statement(**more: object) -> dict[str, object]:
    """One item of the register."""
    item: dict[str, object] = {
        "id": "11111111-0000-4000-8000-000000000001",
        "name": "Meer brug, minder pont",
        "public_id": "zz11aa",
        "theme": "Tweede Kamerverkiezingen 2025",
        "date_created": "2025-10-01T08:00:00.000Z",
        "date_updated": "2025-10-02T08:00:00.000Z",
        "date_published": "2025-10-02T09:30:00",
        "versions": 1,
        "versions_count": 1,
        "opdrachtgever_naam_organisatie": "Bruggenbond",
        "campagne_periode_startdatum": "2025-10-10",
        "campagne_periode_einddatum": "2025-10-28",
        "totale_waarde_campagne_euro": "1500.50",
        "betaalde_media_waarde_euro": "900",
        "gebruikte_targeting_techniek": "geen",
    }
    return item | more


def parse(data: bytes, name: str = "page", only: str | None = None) -> Parsed:
    """The page, recognised by its content and parsed."""
    found = recognise(data, only)
    assert not isinstance(found, Companion)
    return parse_page(data, found, name)


def form_of(data: bytes, only: str | None = None) -> tuple[str, str]:
    """Source and form of the page."""
    found = recognise(data, only)
    assert not isinstance(found, Companion)
    return found.source, found.form


def records(data: bytes, name: str = "page") -> list[dict[str, Any]]:
    """The canonical records of the page; none of its rows may be rejected."""
    parsed = parse(data, name)
    assert parsed.rejected == ()
    return parsed.frame.to_dicts()


def record(data: bytes, name: str = "page") -> dict[str, Any]:
    """The only canonical record of the page."""
    (one,) = records(data, name)
    return one
