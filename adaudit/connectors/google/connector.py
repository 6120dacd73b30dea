"""Google: the Ads Transparency Center and the political ads bundle."""

from typing import Final

from adaudit.connectors.forms import CsvForm, JsonForm, Parser
from adaudit.connectors.google.advertisers import parse_campaigns, parse_totals, parse_weeks
from adaudit.connectors.google.answers import from_cells
from adaudit.connectors.google.creative_stats import across, parse_ads
from adaudit.connectors.google.transparency_center import (
    CREATIVE_SHAPE,
    REMOVED_SHAPE,
    parse_creative_records,
    parse_creatives,
    parse_removed,
    parse_removed_records,
)

FORMS: Final[dict[str, Parser]] = {
    "transparency_center": CsvForm(parse_creatives),
    "transparency_center_json": JsonForm(CREATIVE_SHAPE, parse_creative_records),
    "removed_creatives": CsvForm(parse_removed),
    "removed_creatives_json": JsonForm(REMOVED_SHAPE, parse_removed_records),
    "creative_stats": CsvForm(parse_ads, across),
    "advertiser_stats": CsvForm(parse_totals),
    "advertiser_weekly_spend": CsvForm(parse_weeks),
    "campaign_targeting": CsvForm(parse_campaigns),
}

__all__ = ["FORMS", "from_cells"]
