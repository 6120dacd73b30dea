"""Google: the Ads Transparency Center and the political ads bundle."""

from typing import Final

from adaudit.connectors.forms import CsvForm, Parser
from adaudit.connectors.google.advertiser_stats import parse_advertisers
from adaudit.connectors.google.transparency_center import parse_creatives

FORMS: Final[dict[str, Parser]] = {
    "transparency_center": CsvForm(parse_creatives),
    "advertiser_stats": CsvForm(parse_advertisers),
}
