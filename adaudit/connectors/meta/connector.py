"""Meta: `ads_archive` answers and the Ad Library Report."""

from typing import Final

from adaudit.connectors.forms import CsvForm, JsonForm, Parser
from adaudit.connectors.meta.ad_library_report import parse_advertisers
from adaudit.connectors.meta.ads_archive import SHAPE, parse_ads

FORMS: Final[dict[str, Parser]] = {
    "ads_archive": JsonForm(SHAPE, parse_ads),
    "ad_library_report": CsvForm(parse_advertisers),
}
