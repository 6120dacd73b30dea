"""What X's ads repository hands out: an export with a header and no rows, and the state of one ordered by API."""

from collections.abc import Iterator

from adaudit.sample.draw import draw_for
from adaudit.sample.writing import compact_bytes, lines

FILE = "x/ads_repository_export.csv"
STATUS_FILE = "x/export_status.json"

_HEADER = (
    "Advertiser Name,Funding Entity,Creative,Start date,End Date,Targeted Segments,"
    "Excluded Targeting Segments,Impressions,Reach,Facts And Circumstances Of Removal,"
    "Enforcement Action,Statement Of Reason"
)


def files(seed: int, _scale: float) -> Iterator[tuple[str, bytes]]:
    """The export, which holds no rows at any scale, and the state of another."""
    yield FILE, lines(_HEADER, ())
    export = draw_for(seed, STATUS_FILE).uuid()
    status = {
        "export_id": export,
        "export_status": "Finished",
        "export_download_url": f"https://ton.x.example/exports/{export}.csv",
    }
    yield STATUS_FILE, compact_bytes({"data": {"digital_services_act_export_status": status}})
