"""Answers read again with the parsers of today, and compared with what the store made of them."""

import random
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Final

import polars as pl

from adaudit.collection.kept import Kept
from adaudit.collection.observe import read
from adaudit.collection.resting import Resting, Sound, resting
from adaudit.collection.room import room
from adaudit.store import Pull, Store
from adaudit.store.observations import VERSION

PLACE: Final = (*VERSION, "input_sha256", "evidence_sha256", "locator")
"""A version and the place in the bytes that it came from."""


@dataclass(frozen=True)
class Chosen:
    """Answers of one pull that are read again; `whole` where they are all that it has."""

    pull: Pull
    answers: Sequence[Kept]
    whole: bool


@dataclass
class Differing:
    """How many versions were compared, and what is not the same, by the key of its wording."""

    compared: int = 0
    faults: dict[str, Resting] = field(default_factory=dict)


def choose(answers: Sequence[Kept], most: int | None, seed: int) -> dict[str, list[Kept]]:
    """So many of the answers, drawn by the seed, or all of them; by pull, in their order."""
    drawn = range(len(answers))
    picked = drawn if most is None or most >= len(answers) else sorted(random.Random(seed).sample(drawn, most))
    found: dict[str, list[Kept]] = {}
    for number in picked:
        found.setdefault(answers[number].entry.pull, []).append(answers[number])
    return found


def differing(store: Store, chosen: Chosen) -> Differing:
    """Read the answers again: every version that came from them must stand in the same place and say the same."""
    names = {one.entry.sha256 for one in chosen.answers}
    stored = pl.scan_parquet(store.observations.folder / chosen.pull.id / "records.parquet")
    mine = stored.filter(pl.col("input_sha256").is_in(names)).select(PLACE).collect()
    listed = store.observations.listing(chosen.pull.id).select(VERSION)
    with room() as folder:
        intake, _ = read(chosen.answers, chosen.pull.source, folder)
        again = intake.scan().select(PLACE).collect().lazy()
    found = Differing(mine.height)
    pairs = {
        "bytes_say_otherwise": (mine.lazy(), again, PLACE),
        "bytes_hold_more": (again, listed, VERSION),
        **({"bytes_hold_less": (listed, again, VERSION)} if chosen.whole else {}),
    }
    for key, (left, right, on) in pairs.items():
        ids = left.join(right, on=list(on), how="anti").select(on).unique().collect()["record_id"]
        if len(ids):
            found.faults[key] = resting(ids, len(ids))
    return found


def dangling(sound: Sound, pulls: Sequence[str]) -> dict[str, Resting]:
    """By pull, versions that its listing names and no file of records holds."""
    records = [one.select(VERSION) for one in sound.records()]
    if not records or not pulls:
        return {}
    known = pl.concat(records)
    listings = [
        frame.select(*VERSION, pl.lit(pull).alias("pull"))
        for pull in pulls
        if (frame := sound.frame(pull, "listing.parquet")) is not None
    ]
    lost = pl.concat(listings).join(known, on=list(VERSION), how="anti").unique()
    rows = lost.collect(engine="streaming")
    return {str(pull): resting(part["record_id"], part.height) for (pull,), part in rows.group_by("pull")}
