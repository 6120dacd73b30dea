"""The export of X's ads repository: a header and no rows, as those who ask for it receive it."""

from collections.abc import Iterator

from adaudit.sample.writing import lines

FILE = "x/ads_repository_export.csv"

_HEADER = (
    "Advertiser Name,Funding Entity,Creative,Start date,End Date,Targeted Segments,"
    "Excluded Targeting Segments,Impressions,Reach,Facts And Circumstances Of Removal,"
    "Enforcement Action,Statement Of Reason"
)


def files(_seed: int, _scale: float) -> Iterator[tuple[str, bytes]]:
    """The export; it holds no rows at any scale."""
    yield FILE, lines(_HEADER, ())
