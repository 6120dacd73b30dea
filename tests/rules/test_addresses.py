"""What can be an e-mail address and a web address by its form, in polars as in Python."""

import re

import polars as pl
import pytest

from adaudit.rules.notice_identity import EMAIL
from adaudit.rules.notice_links import no_link
from adaudit.rules.notice_money import SAYS_BASIS, SAYS_VAT

EMAILS = [
    "info@partij.example",
    "o'neill@liste.example",
    "a.b+c@x-y.co.example",
    "mailto:info@partij.example",
    "info@partij.example, bestuur@partij.example",
    "info@münchen.example",
    "info@xn--mnchen-3ya.example",
    "jürgen@grüne.example",
    "INFO@PARTIJ.EXAMPLE",
    "info@δοκιμή.ελ",
]
NO_EMAILS = [
    "info@partij",
    "info@.example",
    "@partij.example",
    "info",
    "info@partij..example",
    "a..b@partij.example",
    ".a@partij.example",
    "a.@partij.example",
    "info@-partij.example",
    "info@partij-.example",
    "info@partij.n",
    "info@partij.123",
    "a@b@partij.example",
    "info @partij.example",
    "www.partij.example",
    "info@partij_noord.example",
    "<info@partij.example>",
    "info[at]partij.example",
    "info@partij,example",
]
LINKS = [
    "https://partij.example",
    "http://www.partij.example/a?b=1#c",
    "www.partij.example",
    "partij.example/a",
    "zie www.partij.example.",
    "(www.partij.example)",
    "https://partij.example:8080/a",
    "HTTPS://PARTIJ.EXAMPLE",
    "https://192.0.2.1/a",
    "https://münchen.example/a",
    "https://xn--mnchen-3ya.example",
    "https://partij.example, https://lijst.example",
    "https://пример.бг",
    "\twww.partij.example \n\n",
    "https://partij.example?a=1",
]
NO_LINKS = [
    "on our website",
    "https://www",
    "https://www.partij",
    "www.partij",
    "https://",
    "https:///partij.example",
    "https//www.partij.example",
    "n.v.t.",
    "o.b.v.",
    "info@partij.example",
    "http://localhost",
    "De brief staat alleen in de krant. Er zijn geen advertenties.",
]


@pytest.mark.parametrize(("text", "is_one"), [(one, True) for one in EMAILS] + [(one, False) for one in NO_EMAILS])
def test_what_can_be_an_email_address(text: str, *, is_one: bool) -> None:
    assert pl.select(pl.lit(text).str.contains(EMAIL)).item() is is_one
    assert bool(re.search(EMAIL, text)) is is_one


@pytest.mark.parametrize(("text", "is_one"), [(one, True) for one in LINKS] + [(one, False) for one in NO_LINKS])
def test_what_can_be_a_web_address(text: str, *, is_one: bool) -> None:
    assert pl.DataFrame({"url": [text]}).select(no_link("url")).item() is not is_one


@pytest.mark.parametrize(
    ("text", "vat", "basis"),
    [
        ("Gefactureerde bedragen inclusief 21% btw.", True, True),
        ("Invoiced amounts, VAT included", True, True),
        ("Laut Rechnung (inkl. MwSt.)", True, True),
        ("Montants facturés, TVA comprise", True, True),
        ("De waardebepaling is op basis van de meest actuele campagnebegroting.", False, True),
        ("op basis van de begroting, excl.btw", True, True),
        ("everything was added up", False, False),
        ("elevators", False, False),
    ],
)
def test_words_for_vat_and_basis(text: str, *, vat: bool, basis: bool) -> None:
    found = pl.select(
        pl.lit(text).str.contains(SAYS_VAT).alias("vat"), pl.lit(text).str.contains(SAYS_BASIS).alias("b")
    )
    assert found.row(0) == (vat, basis)
