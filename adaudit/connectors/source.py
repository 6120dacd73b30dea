"""What is known of a source, as data: `source.toml` beside each connector's code.

A source has forms (kinds of file it hands out). For each form, `exposure` tells which requirement
each field evidences and how exactly: the engine reads structural gaps from it, never from code.
What a person reads is a text, or a table of its wordings: `{ en = "...", nl = "..." }`.
"""

import tomllib
from datetime import date
from functools import cache
from importlib import resources
from typing import Annotated, Any, Final, Literal, Self

from pydantic import BaseModel, ConfigDict, Field, PlainSerializer, PlainValidator, model_validator

from adaudit.language import Wording
from adaudit.model.vocabulary import outcomes

Words = Annotated[str, PlainValidator(Wording.read), PlainSerializer(str.__str__)]
"""What a person reads: `adaudit.language.in_language` gives it in Dutch, as a string it is English."""

Level = Literal["exact", "partial", "range", "bucket", "never", "unverified"]

DEFAULT_REASON: Final[dict[str, str]] = {
    "partial": "less_than_required",
    "range": "range_not_total",
    "bucket": "bucket_not_number",
    "unverified": "format_not_documented",
}


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Exposure(_Strict):
    """How far one requirement is evidenced by the form, and by which of its fields."""

    level: Level
    fields: tuple[str, ...] = ()
    because: str | None = None
    """Outcome that caps the verdict where the level is less than exact."""
    blank: Literal["missing", "unknown"] = "missing"
    """What an empty or filler cell means: `unknown` where the field asks for something narrower or wider."""

    @model_validator(mode="after")
    def _reason_exists(self) -> Self:
        if self.because is not None and outcomes()[self.because].verdict != "partial":
            raise ValueError(f"{self.because} is not an outcome of verdict partial")
        if self.level != "never" and not self.fields:
            raise ValueError("an exposed requirement names the fields that carry it")
        return self

    @property
    def cap(self) -> str | None:
        """The outcome that an otherwise good value gets; None where the value is exact."""
        return None if self.level in {"exact", "never"} else self.because or DEFAULT_REASON[self.level]


class Recognise(_Strict):
    """How the form is told by its content.

    For CSV `required` are column names in lower case, `*` standing for any text; for JSON they
    are keys of a record found at `path`. Of `any_of` at least one must occur. `closed` means that no
    other column or key may occur. `envelope` are the keys that may stand beside those of the path:
    they tell an answer without records.
    """

    path: tuple[str, ...] = ()
    envelope: tuple[str, ...] = ()
    required: tuple[str, ...]
    any_of: tuple[str, ...] = ()
    known: tuple[str, ...] = ()
    ignored: tuple[str, ...] = ()
    closed: bool = False
    answer: tuple[str, ...] = ()
    """Keys of the answer that tell the form even where nothing in the list at `path` is a record."""


class Listing(_Strict):
    """One file of the form, as published, lists all that the source has of a scope: two of them can be compared."""

    by: Literal["year", "id"]
    """What tells the scope: the year of the latest start, or what the records' ids begin with."""
    scope: str = ""
    """By id: the pattern whose group is the scope; an id that it does not match tells none."""
    moving: tuple[str, str] | None = None
    """What in an id changes from one listing to the next, as a pattern and what stands for it."""
    apart: str = ""
    """Ids with this pattern are of one file alone and found again in no other."""
    passing: tuple[str, ...] = ()
    """Columns that differ from one listing to the next by their nature."""


class Form(_Strict):
    """One kind of file that the source hands out."""

    title: Words
    short: Words = ""
    """Source and form in at most 28 characters, for the head of a column."""
    kind: Literal["ad", "notice", "advertiser", "none"]
    container: Literal["csv", "json"]
    how_to_get: Words
    duties: tuple[str, ...] = ()
    note: Words = ""
    checklist: bool = False
    """Whether whoever writes the notice holds such a file: of each record a checklist is made."""
    beside: tuple[str, ...] = ()
    """Forms of the same folder of the same archive that tell what this form leaves out; read before it, by name."""
    recognise: Recognise
    listing: Listing | None = None
    exposure: dict[str, Exposure] = Field(default_factory=dict)
    exposure_like: str | None = None
    """Another form of the source that shows the same."""


class Credential(_Strict):
    """Something secret that the source asks for: where it comes from and how to get it."""

    variable: str
    """The environment variable that holds it."""
    words: Words
    required: bool = True


class Rate(_Strict):
    """At most so many calls in so many seconds, kept between runs; `source` says where that is known from."""

    calls: int
    seconds: int
    source: Words


class Part(_Strict):
    """How one thing of the source is asked for, where that is not as the rest of it."""

    base: str = ""
    """Where it stands, if not where the rest does; its host is then the only one that is spoken to."""
    hosts: tuple[str, ...] = ()
    """Further hosts that are spoken to, such as one that gives tokens."""
    filters: tuple[str, ...]
    needs: tuple[tuple[str, ...], ...] = ()
    duties: tuple[str, ...] = ()
    """The duties under which it is published; where none is named, those of all forms of the source."""
    account: str = ""
    """The account that is needed for it, one of the source's accounts."""


class Account(_Strict):
    """What a person holds with another service and its own programs log in to: adaudit keeps nothing of it.

    The source's `account.place` says where its credentials lie.
    """

    module: str
    """The module that must be installed, and the extra of adaudit that brings it."""
    extra: str
    words: Words


class Live(_Strict):
    """How the source is asked over the network."""

    base: str
    hosts: tuple[str, ...]
    """The only hosts that are ever spoken to; `*.example.org` stands for every host below example.org."""
    filters: tuple[str, ...] = ()
    """What of `adaudit.connectors.fetching.FILTERS` it can be asked by."""
    what: tuple[str, ...] = ()
    """What there is to ask for, the first being what is asked for where nothing is said."""
    needs: tuple[tuple[str, ...], ...] = ()
    """Of each group of filters one must be given."""
    parts: dict[str, Part] = Field(default_factory=dict)
    """What of `what` is asked for in another way than the rest."""
    settings: dict[str, str] = Field(default_factory=dict)
    """What may change without a new version of adaudit, such as that of an API; `ADAUDIT_<SOURCE>_<NAME>` sets it."""
    credentials: dict[str, Credential] = Field(default_factory=dict)
    expiry: Words = ""
    """What is known of when they expire; nothing where the documents of the source tell nothing."""
    accounts: dict[str, Account] = Field(default_factory=dict)
    rates: tuple[Rate, ...] = ()
    limits: dict[str, Rate] = Field(default_factory=dict)
    """Limits of single calls by name, such as a daily quota."""
    duties: tuple[str, ...] = ()
    """The duties under which what is asked for is published; where none is named, those of all forms of the source."""
    floor: int = 0
    """Fewer records than this, where no filter is set, and the pull has failed."""
    ceiling: int | None = None
    """More records than this are told as odd."""
    note: Words = ""
    """What a person who pulls must know: how the source is asked, and what cannot be asked."""

    def part(self, what: str) -> Part:
        """How that is asked for; of an empty text, what is asked for where nothing is said."""
        usual = Part(base=self.base, filters=self.filters, needs=self.needs, duties=self.duties)
        return self.parts.get(what or next(iter(self.what), ""), usual)

    def parts_of(self, account: str) -> tuple[str, ...]:
        """What of `what` needs an account."""
        return tuple(what for what in self.what if self.part(what).account == account)


class NoPoliticalAds(_Strict):
    """That the platform sells no political advertising in the Union, since when, and by what that is known."""

    says: Words
    """The sentence, without a full stop."""
    basis: Words
    """By what that is known, and how well."""
    seen_in: str
    """Where it is told: an address, or the name of a publication."""
    last_day: date | None = None
    """The last day on which political ads may still have been sold, where a source tells of one."""


class Source(_Strict):
    """A platform's library or a publisher's register."""

    id: str
    title: Words
    publisher: Words
    description: Words
    access: Words
    licence: Words
    documentation: tuple[str, ...]
    no_political_ads: NoPoliticalAds | None = None
    companions: tuple[str, ...] = ()
    """Openings of the documentation files that come with the data: recognised, hold no records."""
    markup: tuple[str, ...] = ()
    """Root elements of an XML form of the same records; the connector's `from_xml` turns it into JSON."""
    cells: tuple[str, ...] = ()
    """Keys of an answer whose rows hold records as JSON texts; the connector's `from_cells` takes them out."""
    stamps: tuple[str, ...] = ()
    """Openings of files that say no more than when the data were made."""
    live: Live | None = None
    no_pull: Words = ""
    """Why it cannot be pulled, and what to do instead."""
    lookups: dict[str, dict[str, str]] = Field(default_factory=dict)
    form: dict[str, Form]

    def duties_of(self, what: str) -> tuple[str, ...]:
        """The duties under which what a pull asks for is published."""
        named = self.live.part(what).duties if self.live else ()
        return named or tuple(duty for form in self.form.values() for duty in form.duties)

    @model_validator(mode="before")
    @classmethod
    def _same_exposure(cls, data: dict[str, Any]) -> dict[str, Any]:
        forms = data["form"]
        for form in forms.values():
            if "exposure_like" in form:
                form["exposure"] = forms[form["exposure_like"]]["exposure"]
        return data


@cache
def sources() -> dict[str, Source]:
    """Every source by id, from the `source.toml` in its folder."""
    folders = sorted(resources.files("adaudit.connectors").iterdir(), key=lambda folder: folder.name)
    files = {folder.name: folder.joinpath("source.toml") for folder in folders}
    found = {}
    for name, file in files.items():
        if file.is_file():
            found[name] = Source.model_validate(tomllib.loads(file.read_text("utf-8")))
    return found


NEVER: Final = Exposure(level="never")


def exposure_of(source: str, form: str, rule: str) -> Exposure:
    """The exposure of one rule's requirement; `never` where `source.toml` does not name it."""
    return sources()[source].form[form].exposure.get(rule, NEVER)
