"""The transparency notice as a document: every element of Annex II.3 of Implementing Regulation (EU) 2025/1410.

There is no official machine-readable form yet (Annex III.2 asks for one "such as JSON or XML"), so this
one is adaudit's own: neutral keys, each bound to the number of its item in the annex, so that it can be
turned into the official form without loss. `schema.json` beside this module is its JSON Schema.
"""

import json
from datetime import date, datetime
from importlib import resources
from typing import Annotated, Any, Final, Literal, TypeVar

from pydantic import BaseModel, ConfigDict, Field, StringConstraints, ValidationError

from adaudit.errors import UnreadableInput

SCHEMA_ID: Final = "urn:adaudit:schema:transparency-notice:1"
FORMAT: Final = "adaudit transparency notice 1"

WRITABLE: Final = r"^[^\x00-\x08\x0b-\x1f\x7f-\x9f\ufffe\uffff]*$"
"""Characters that JSON and XML both hold unchanged."""

Text = Annotated[str, StringConstraints(min_length=1, strip_whitespace=True, pattern=WRITABLE)]
Link = Annotated[str, StringConstraints(pattern=r"^https?://\S+$")]
Email = Annotated[str, StringConstraints(pattern=r"^[^@\s,;]+@[^@\s,;]+\.[^@\s,;]{2,}$")]
Amount = Annotated[str, StringConstraints(pattern=r"^\d{1,30}(\.\d{1,4})?$")]
"""An exact decimal as text, with a decimal point: a number of JSON would be rounded by its readers."""
Currency = Annotated[str, StringConstraints(pattern=r"^[A-Z]{3}$")]
Country = Annotated[str, StringConstraints(pattern=r"^[A-Z]{2}$")]
Count = Annotated[int, Field(ge=0)]
One = TypeVar("One")
Some = Annotated[list[One], Field(min_length=1)]
"""A list that is left out where it would be empty."""


def item(number: str, words: str) -> Any:  # noqa: ANN401 - pydantic's own type of a field
    """An optional element with its number in Annex II.3."""
    return Field(default=None, description=words, json_schema_extra={"annexItem": number})


class Element(BaseModel):
    """A part of the notice; keys that the template does not know are refused."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class Address(Element):
    """Annex II.3 n.1: the street, the number, the city, the postal code, and the country."""

    street: Text | None = Field(default=None, description="Street and number.")
    postal_code: Text | None = None
    city: Text | None = None
    country: Country | None = Field(default=None, description="ISO 3166-1 alpha-2 code.")


class Party(Element):
    """A sponsor, controlling entity, payer or controller of personal data, as item 1 asks."""

    name: Text = Field(description="Business name; of a natural person, name and surname.")
    legal_name: Text | None = Field(default=None, description="Where different from the business name.")
    kind: Literal["legal", "natural"] | None = Field(default=None, description="Legal entity or natural person.")
    email: Email | None = None
    postal_address: Address | None = None
    establishment: Address | None = Field(default=None, description="Where different from the postal address.")
    registration: Text | None = Field(
        default=None, description="Number assigned to the sponsor in an electoral or decision-making context (n.1)."
    )
    company_number: Text | None = Field(default=None, description="Number in a company register, VAT number or LEI.")


class Period(Element):
    """Calendar days, both included (n.4)."""

    start: date
    end: date | None = None


class Money(Element):
    """A total figure and its currency (items 5 and 6)."""

    value: Amount
    currency: Currency = Field(description="ISO 4217 code.")


class Origin(Element):
    """Item 7: public and/or private, and EU and/or non-EU."""

    public: bool | None = None
    private: bool | None = None
    inside_union: bool | None = None
    outside_union: bool | None = None


class Methodology(Element):
    """Item 8: how the amounts were identified and aggregated."""

    description: Text
    basis: Some[Literal["invoiced", "budgeted", "charged"]] | None = Field(default=None, description="n.8")
    vat_included: bool | None = Field(default=None, description="n.8")
    benefits_in_kind: Text | None = Field(default=None, description="How other benefits were valued (n.8).")


class Process(Element):
    """Item 9: the election, referendum, or legislative or regulatory process."""

    title: Text
    level: Literal["eu", "national", "regional", "local"] | None = Field(default=None, description="n.9")
    territories: Some[Text] | None = Field(default=None, description="Member State(s) or territories (n.9).")
    voting_day: date | None = Field(default=None, description="The last day on which people vote.")


class Parameter(Element):
    """One parameter by which recipients were chosen."""

    dimension: Text = Field(description="Such as age, gender, location, interest.")
    value: Text | None = None
    excluded: bool = Field(default=False, description="Whether these recipients were left out.")


class Engagements(Element):
    """Item 15(h): engagements in terms of clicks, likes and comments."""

    total: Count | None = None
    clicks: Count | None = None
    likes: Count | None = None
    comments: Count | None = None


class Targeting(Element):
    """Items 14 and 15: targeting and ad-delivery techniques based on the use of personal data."""

    personal_data: bool | None = item("14", "Whether techniques based on the use of personal data were used.")
    statement: Text | None = item("14", "The statement that the advertisement was subject to such techniques.")
    analytical_techniques: Text | None = item("15(a)", "Analytical techniques used.")
    parameters: Some[Parameter] | None = item("15(b)", "The groups of recipients targeted, and the parameters.")
    data_categories: Some[Text] | None = item("15(c)", "The categories of personal data used.")
    goals: Text | None = item("15(d)", "Goals, mechanisms and logic, inclusions and exclusions, and the reasons.")
    ai_use: Text | None = item("15(e)", "Information on the use of artificial intelligence systems.")
    period: Period | None = item("15(f)", "Period of dissemination.")
    views: Count | None = item("15(g)", "Number of views.")
    engagements: Engagements | None = item("15(h)", "Number of engagements.")
    individuals_reached: Count | None = Field(
        default=None, description="Number of individuals reached: Art 19(1)(c)(v); the template has no item for it."
    )
    policy: Link | None = item("15(i)", "Internal policy on targeting and ad-delivery techniques.")
    other: Text | None = item("15(j)", "Other relevant information.")


class DataProtection(Element):
    """Item 16: the controllers of personal data, and the rights of people."""

    controllers: Some[Party] | None = item("16(a)", "Identity and contact details of the controllers.")
    withdraw_consent: Link | None = item("16(b)", "Interface to withdraw consent for political advertising.")
    data_rights: Link | None = item("16(c)", "Interface to exercise rights under Regulation (EU) 2016/679.")
    information: Link | None = item("16(d)", "Information provided pursuant to Regulation (EU) 2016/679.")


class Advertisement(Element):
    """The advertisement that the notice speaks of; no item of the annex, but what a reader looks for."""

    id: Text | None = None
    url: Link | None = None
    title: Text | None = None
    text: Text | None = None
    media: Some[Text] | None = None
    languages: Some[Text] | None = Field(default=None, description="Languages of the advertisement (Art 12(3)).")


class Notice(Element):
    """A transparency notice under Art 12 of Regulation (EU) 2024/900."""

    format: Literal["adaudit transparency notice 1"]
    id: Text = Field(description="The publisher's own identifier of the notice.")
    version: Annotated[int, Field(ge=1)] | None = Field(default=None, description="1 for the first publication.")
    published_at: datetime | None = Field(default=None, description="When this notice was first published, with zone.")
    updated_at: datetime | None = Field(default=None, description="When this version was published, with zone.")
    url: Link | None = Field(default=None, description="Where the notice can be read.")
    publisher: Text | None = Field(default=None, description="The publisher of the advertisement.")
    languages: Some[Text] | None = Field(default=None, description="Languages of the notice (Art 12(3)).")
    countries: Some[Country] | None = Field(default=None, description="Where the advertisement is shown.")
    advertisement: Advertisement | None = None
    sponsor: Party | None = item("1", "The sponsor.")
    controlling_entity: Party | None = item("2", "The entity ultimately controlling the sponsor.")
    payer: Party | None = item("3", "The entity paying for the political advertisement.")
    period: Period | None = item("4", "The period of intended publication, delivery or dissemination.")
    amount_ad: Money | None = item("5", "Aggregated amounts and value of other benefits for the advertisement.")
    campaign: Text | None = Field(default=None, description="Name or identifier of the campaign (Art 3(7)).")
    amount_campaign: Money | None = item("6", "The same for the political advertising campaign.")
    funds_origin: Origin | None = item("7", "Origin of the amounts and other benefits.")
    methodology: Methodology | None = item("8", "The methodology used for the calculation.")
    linked_to: Some[Process] | None = item("9", "Elections, referendums, legislative or regulatory processes.")
    official_information: Some[Link] | None = item("10", "Official information on how to participate in the vote.")
    european_repository: Some[Link] | None = item("11", "Links to the European repository.")
    report_mechanism: Text | None = item("12", "How to notify possibly non-compliant political advertisements.")
    prior_suspension: bool | None = item("13", "Whether an earlier publication was suspended for an infringement.")
    targeting: Targeting | None = item("14 and 15", "Targeting and ad-delivery techniques.")
    data_protection: DataProtection | None = item("16", "Controllers of personal data, and rights.")


def schema() -> dict[str, Any]:
    """The JSON Schema (draft 2020-12) of a notice, made from the template."""
    made = Notice.model_json_schema()
    return {"$schema": "https://json-schema.org/draft/2020-12/schema", "$id": SCHEMA_ID, **made}


def published_schema() -> str:
    """The JSON Schema as it lies in the package, as text."""
    return resources.files("adaudit.connectors.notice").joinpath("schema.json").read_text("utf-8")


def as_json(*given: Notice) -> str:
    """The notice as JSON, or several as an array; elements that a notice does not have are left out."""
    values = [one.model_dump(mode="json", exclude_none=True) for one in given]
    return json.dumps(values[0] if len(values) == 1 else values, ensure_ascii=False, indent=2) + "\n"


def example() -> Notice:
    """A fictional notice that has most of the elements."""
    text = resources.files("adaudit.connectors.notice").joinpath("example.json").read_text("utf-8")
    return Notice.model_validate_json(text)


def checked(values: object, number: int) -> Notice:
    """The notice that the values are, the `number`-th of its document. Raises UnreadableInput with every misfit."""
    try:
        return Notice.model_validate(values)
    except ValidationError as error:
        misfits = "; ".join(f"{'/'.join(map(str, one['loc']))}: {one['msg']}" for one in error.errors())
        raise UnreadableInput(
            "a notice in the form of `adaudit schema notice`",
            misfits,
            place=f"notice {number}",
            advice="`adaudit audit` judges it as it stands.",
        ) from error
