"""Meta: `ads_archive` answers and tables made of them, the Ad Library Report, the audience tab."""

from typing import Final

from adaudit.connectors.forms import CsvForm, JsonForm, Parser
from adaudit.connectors.meta.ad_library_report import parse_advertisers, scope_told
from adaudit.connectors.meta.ads_archive import SHAPE, parse_ads, requested_fields
from adaudit.connectors.meta.ads_archive_flat import parse_flat
from adaudit.connectors.meta.ads_archive_shares import parse_shares
from adaudit.connectors.meta.audience_tab import parse_audiences

FORMS: Final[dict[str, Parser]] = {
    "ads_archive": JsonForm(SHAPE, parse_ads, requested_fields),
    "ads_archive_flat": CsvForm(parse_flat),
    "ads_archive_shares": CsvForm(parse_shares),
    "ads_archive_shares_long": CsvForm(parse_shares),
    "ad_library_report": CsvForm(parse_advertisers, alike=scope_told),
    "ad_library_report_2019": CsvForm(parse_advertisers, alike=scope_told),
    "audience_tab": CsvForm(parse_audiences),
}
