"""What a checked sample says of all verdicts: the share confirmed, with its confidence interval.

Strata are drawn with different chances, so each answer counts for the verdicts that it stands for:
weight = verdicts in the stratum / answers in it. The interval is Wilson's at 95 %, on the effective
number of answers (Kish: square of the sum of weights over the sum of their squares), which is the
plain number where all weights are equal. Verdicts in strata without an answer are not spoken of,
and their number is said. Answers `unclear` stand apart.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from math import ceil, floor, sqrt
from typing import Final, Literal

from adaudit.audit.sampling import Stratum

Answer = Literal["yes", "no", "unclear"]
Z: Final = 1.959963984540054
"""The standard normal quantile of 97.5 %."""


@dataclass(frozen=True)
class Checked:
    """One verdict that a person checked."""

    stratum: Stratum
    answer: Answer


@dataclass(frozen=True)
class Confirmed:
    """How many of the checked verdicts of a scope were confirmed, and what that says of all of them."""

    scope: str
    confirmed: int
    answers: int
    """Answers yes or no: the denominator of what was seen."""
    unclear: int
    verdicts: int
    """Verdicts in the scope."""
    covered: int
    """Of these, those in strata with an answer: what share and interval speak of."""
    effective: float | None
    share: float | None
    low: float | None
    high: float | None

    def as_written(self) -> dict[str, object]:
        """The entry of the JSON that `adaudit sample` prints; shares to four places, the interval outwards."""
        ends = {
            "effective": None if self.effective is None else round(self.effective, 1),
            "share": None if self.share is None else round(self.share, 4),
            "low": None if self.low is None else floor(self.low * 10_000) / 10_000,
            "high": None if self.high is None else ceil(self.high * 10_000) / 10_000,
        }
        return {**vars(self), **ends}


def wilson(share: float, answers: float) -> tuple[float, float]:
    """Wilson's interval at 95 % for a share seen in that many answers. Raises ZeroDivisionError for none."""
    spread = Z * Z / answers
    middle = (share + spread / 2) / (1 + spread)
    half = Z * sqrt(share * (1 - share) / answers + spread / (4 * answers)) / (1 + spread)
    return max(0.0, middle - half), min(1.0, middle + half)


def confirmed(scope: str, checked: Sequence[Checked], sizes: dict[Stratum, int]) -> Confirmed:
    """The share confirmed of the verdicts in `sizes`; the answers are those on these strata."""
    answers: dict[Stratum, list[bool]] = {}
    unclear = 0
    for one in checked:
        if one.stratum not in sizes:
            continue
        if one.answer == "unclear":
            unclear += 1
        else:
            answers.setdefault(one.stratum, []).append(one.answer == "yes")
    number = sum(map(len, answers.values()))
    yes = sum(map(sum, answers.values()))
    total, covered = sum(sizes.values()), sum(sizes[stratum] for stratum in answers)
    if not number:
        return Confirmed(scope, 0, 0, unclear, total, 0, None, None, None, None)
    weights = {stratum: sizes[stratum] / len(given) for stratum, given in answers.items()}
    share = sum(weights[stratum] * sum(given) for stratum, given in answers.items()) / covered
    squares = sum(weights[stratum] ** 2 * len(given) for stratum, given in answers.items())
    effective = min(float(number), covered**2 / squares)
    low, high = wilson(min(1.0, share), effective)
    return Confirmed(scope, yes, number, unclear, total, covered, effective, share, low, high)


def by_scope(checked: Sequence[Checked], sizes: dict[Stratum, int]) -> dict[str, list[Confirmed]]:
    """The shares over all verdicts, by verdict, and by rule; a scope without any answer is left out, but not `all`."""
    found = {"all": [confirmed("all", checked, sizes)], "verdict": [], "rule": []}
    for by in ("verdict", "rule"):
        for value in sorted({getattr(one.stratum, by) for one in checked}):
            mine = {stratum: size for stratum, size in sizes.items() if getattr(stratum, by) == value}
            found[by].append(confirmed(value, checked, mine))
    return found
