"""What is not UTF-8 is named with its place and what it looks like; nothing is guessed and read."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from adaudit.connectors.encoding import decode_check, text_of, whole_characters
from adaudit.errors import UnreadableInput

FRENCH = "id,nom\n1,Comité d'été\n2,Fédération\n3,Où ça ?\n"
GERMAN = "id,name\n1,Bündnis für Grün\n2,Straße\n3,Öffentliche Bäder\n"


def refused(data: bytes) -> UnreadableInput:
    with pytest.raises(UnreadableInput) as caught:
        decode_check(data)
    assert caught.value.expected == "UTF-8 text"
    assert caught.value.advice
    return caught.value


@given(st.text(st.characters(codec="utf-8", exclude_characters="\x00\ufeff")), st.booleans())
def test_utf_8_is_read_with_or_without_its_mark(text: str, mark: bool) -> None:
    data = (b"\xef\xbb\xbf" if mark else b"") + text.encode()
    assert decode_check(data) == text.encode()
    assert text_of(data) == text


@pytest.mark.parametrize("text", [FRENCH, GERMAN])
@pytest.mark.parametrize(("codec", "name"), [("cp1252", "Windows-1252"), ("mac_roman", "Mac-Roman")])
def test_single_bytes_are_named_with_the_letter_that_they_stand_for(text: str, codec: str, name: str) -> None:
    found = refused(text.encode(codec))
    letter = next(c for c in text if not c.isascii())
    assert name in found.found
    assert repr(letter) in found.found
    assert found.place.startswith("line 2, byte ")
    assert "CSV UTF-8" in found.advice


@pytest.mark.parametrize(
    ("codec", "words"),
    [
        ("utf-16", "UTF-16 (byte-order mark at byte 0)"),
        ("utf-16-le", "UTF-16 (little-endian, without a byte-order mark)"),
        ("utf-16-be", "UTF-16 (big-endian, without a byte-order mark)"),
        ("utf-32", "UTF-32 (byte-order mark at byte 0)"),
    ],
)
@pytest.mark.parametrize("text", [FRENCH, '{"data": [{"id": "1"}]}'])
def test_wide_characters_are_named(text: str, codec: str, words: str) -> None:
    assert refused(text.encode(codec)).found == words


def test_text_that_ends_inside_a_character_was_cut_off() -> None:
    found = refused("id,nom\n1,Comité".encode()[:-1])
    assert "ends in the middle of a character" in found.found
    assert "cut off" in found.advice


def test_a_wrong_byte_in_good_utf_8_is_damage_and_no_encoding() -> None:
    data = (FRENCH * 3).encode()
    found = refused(data[:-9] + b"\xe9" + data[-9:])
    assert "in text that otherwise is" in found.found
    assert found.place.startswith("line ")


def test_bytes_that_look_like_nothing_are_given_no_name() -> None:
    assert refused(b"a,b\n\xb0\xb1\xb2\xb3").found == "byte 0xB0, which is not UTF-8"


@pytest.mark.parametrize(
    ("written", "whole"),
    [
        (r'"\ud83d\ude00"', r'"\ud83d\ude00"'),
        (r'"\ud83d"', r'"\ufffd"'),
        (r'"\uDE00 \uD83D\uDE00"', r'"\ufffd \uD83D\uDE00"'),
        (r'"\\ud83d"', r'"\\ud83d"'),
        (r'"\\\ud83d"', r'"\\\ufffd"'),
        (r'"\u00e9"', r'"\u00e9"'),
    ],
)
def test_half_a_character_is_no_text(written: str, whole: str) -> None:
    assert whole_characters(written) == whole
