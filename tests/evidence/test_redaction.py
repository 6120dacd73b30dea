"""Access tokens leave the bytes before anything reads them; all other bytes stay as they are."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from adaudit.evidence import redact

SECRET = b"EAABfictional0123456789abcdefghijklmnopqrstuvw"
SHORT = b"clt.2.fictional-secret_1"


@pytest.mark.parametrize(
    "written",
    [
        b"https://graph.example/v18.0/ads_archive?access_token=%s&limit=5",
        b'"next": "https://graph.example/ads?limit=5&access_token=%s"',
        b"https:\\/\\/graph.example\\/?access_token=%s\\u0026limit=5",
        b"https://graph.example/?access_token\\u003d%s\\u0026limit=5",
        b"redirect=https%%3A%%2F%%2Fgraph.example%%3Faccess_token%%3D%s",
        b"redirect=https%%253A%%252F%%252Fgraph.example%%253Faccess_token%%253D%s",
        b'{"access_token":"%s","expires_in":7200}',
        b'{"access_token" : "%s"}',
        b'1,"{""access_token"": ""%s""}",2',
        b'{\\"access_token\\": \\"%s\\"}',
        b"{'refresh_token': '%s'}",
        b"client_secret=%s\n",
        b"appsecret_proof=%s;",
        b"Authorization: Bearer %s\r\n",
    ],
)
@pytest.mark.parametrize("secret", [SECRET, SHORT])
def test_token_is_taken_out_and_the_rest_stays(written: bytes, secret: bytes) -> None:
    clean, removed = redact(written % secret)
    assert removed == 1
    assert clean == written % b"REDACTED"


@pytest.mark.parametrize("before", [b"", b"id=1&token=", b'"', b"token%3D", b" "])
def test_bare_token_of_meta_is_known_by_its_form(before: bytes) -> None:
    assert redact(before + SECRET + b'"') == (before + b'REDACTED"', 1)


def test_every_token_is_counted() -> None:
    clean, removed = redact(b"a?access_token=%s b?access_token=%s Bearer %s" % (SECRET, SHORT, SHORT))
    assert removed == 3
    assert SHORT not in clean
    assert SECRET not in clean


@pytest.mark.parametrize(
    "data",
    [
        b'{"id": "1", "text": "our access_token policy, EAA and Bearer bonds"}',
        b"access_token=REDACTED&limit=5",
        b'"access_token":"REDACTED"',
        b"access_token=",
        b'"access_token":"","x":1',
        b'"access_token": null',
        b"\xff\xfe\x00binary\r\n",
        b"",
    ],
)
def test_bytes_without_a_token_stay_as_they_are(data: bytes) -> None:
    assert redact(data) == (data, 0)


PIECES = st.sampled_from(
    [
        b"access_token",
        b"=",
        b"%3D",
        b'"',
        b":",
        b" ",
        b"REDACTED",
        b"EAA",
        b"x" * 31,
        b"Bearer ",
        b"&",
        b"\\",
        b"'",
        b"a1",
    ]
)


@given(st.lists(PIECES, max_size=14).map(b"".join))
def test_taking_out_twice_changes_nothing_more(data: bytes) -> None:
    clean, _ = redact(data)
    assert redact(clean) == (clean, 0)


@given(st.binary(max_size=300))
def test_arbitrary_bytes_without_the_words_stay_as_they_are(data: bytes) -> None:
    if not any(word in data for word in (b"_token", b"secret", b"Bearer", b"EAA")):
        assert redact(data) == (data, 0)
