"""Records by the vote that they are linked to, and how many ran in the months before it: counted once, at the end."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import polars as pl

from adaudit.law import Calendar, Election
from adaudit.model.vocabulary import LINKS, WITHIN
from adaudit.rules.rule import IN_LAST_MONTH, IN_THREE_MONTHS, VOTE, VOTE_LINK


@dataclass(frozen=True)
class LinkedVote:
    """Records linked to one vote in one way; `vote` is None where none, or more than one, is possible."""

    vote: Election | None
    link: str
    records: int
    last_month: dict[str, int]
    """In the last month before a vote in the Member State: records by the words of `WITHIN`."""
    three_months: dict[str, int]
    """In the three months before this vote (before any vote in the Member State, where it is None)."""
    to_check: int
    """Records that ran on nothing but boundary days of one or the other."""

    def as_written(self) -> dict[str, object]:
        """The row of `votes` in `summary.json`."""
        vote = self.vote
        return {
            "election": vote.id if vote else None,
            "name": vote.name if vote else None,
            "day": vote.day.isoformat() if vote else None,
            "called_on": vote.called_on.isoformat() if vote and vote.called_on else None,
            "calendar": vote.origin if vote else None,
            "calendar_status": vote.status if vote else None,
            "calendar_source": vote.source if vote else None,
            "link": self.link,
            "records": self.records,
            "last_month": self.last_month,
            "three_months": self.three_months,
            "to_check": self.to_check,
        }


def linked_votes(verdicts: Path, calendar: Calendar) -> list[LinkedVote]:
    """By the number of the vote and the kind of link; what is linked to none last."""
    columns = (VOTE, VOTE_LINK, IN_LAST_MONTH, IN_THREE_MONTHS)
    frame = pl.scan_parquet(verdicts).select(columns).group_by(columns).len().collect(engine="streaming")
    votes = list(calendar.votes.values())
    rows: dict[tuple[int, int], list[tuple[int, int, int]]] = {}
    for vote, link, month, three, records in frame.sort(columns).iter_rows():
        rows.setdefault((vote, link), []).append((month, three, records))
    ordered = sorted(rows, key=lambda key: (key[0] == 0, key))
    return [_row(votes[number - 1] if number else None, link, rows[number, link]) for number, link in ordered]


def _row(vote: Election | None, link: int, cells: Sequence[tuple[int, int, int]]) -> LinkedVote:
    last_month, three_months = (dict.fromkeys(WITHIN, 0) for _ in range(2))
    for *codes, records in cells:
        for counted, code in zip((last_month, three_months), codes, strict=True):
            counted[WITHIN[code]] += records
    check = WITHIN.index("check")
    to_check = sum(records for *codes, records in cells if check in codes)
    return LinkedVote(vote, LINKS[link], sum(records for *_, records in cells), last_month, three_months, to_check)
