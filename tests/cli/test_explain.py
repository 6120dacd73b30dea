"""`adaudit rules --explain ID` and `--reference DIR`: what a rule says, by example, in either language."""

import json
import re
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from adaudit.cli import cli
from adaudit.language import LANGUAGES, Language, in_language, texts_of
from adaudit.law import requirements
from adaudit.model.vocabulary import outcomes
from adaudit.rules import RULES, every, texts
from adaudit.rules.examples import examples
from adaudit.rules.explanation import explanations
from adaudit.rules.shown import in_words

ENGLISH = re.compile(r"\b(the|which|that|since|rules|notices|missing|shown|fields?|when|binds|applies|judged)\b")


def run(*arguments: object) -> Result:
    return CliRunner().invoke(cli, [str(one) for one in arguments])


def flat(text: str) -> str:
    return " ".join(text.split())


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("name", sorted({*RULES, *requirements()}))
def test_a_rule_is_explained_with_all_of_its_examples(name: str, language: Language) -> None:
    found = run("rules", "--explain", name, "--lang", language)
    assert found.exit_code == 0, found.output
    text = flat(found.stdout)
    one = explanations()[name]
    if one.requirement:
        assert flat(one.requirement.quote) in text
    if not one.rule:
        assert found.stdout == run("rules", name, "--lang", language).stdout
        return
    assert texts()[name]["sentence"][language] in text
    quotes = [one.requirement.quote] if one.requirement else []
    for example in examples()[name]:
        line = flat(in_words(example, language))
        assert line in text
        assert f"{in_language(outcomes()[example.reason].words, language)} ({example.reason})" in text
        quotes += [line]
    for version, words in one.changes.items():
        assert f"{version}: {in_language(words, language)}" in text
    if language == "nl":
        for quote in sorted((flat(quote) for quote in quotes), key=len, reverse=True):
            text = text.replace(quote, "")
        own = re.sub(r"\([\w.,\[\] ]+\)|: [\w.]+(, [\w.]+)*", "", text)
        assert not ENGLISH.search(own), own[max(0, ENGLISH.search(own).start() - 60) :][:120]  # type: ignore[union-attr]


def test_json_holds_examples_and_versions() -> None:
    one = json.loads(run("rules", "--explain", "identifier_intact", "--json").stdout)["rules"][0]
    given = [(example["verdict"], example["reason"]) for example in one["examples"]]
    assert sorted(given) == sorted((example.verdict, example.reason) for example in examples()["identifier_intact"])
    assert {example["group"] for example in one["examples"]} == {"passing", "failing", "not_applicable"}
    assert set(one["examples"][0]["record"]) == set(LANGUAGES)
    assert list(one["versions"]) == ["1", "2"]
    assert "recovered" in one["versions"]["2"]["en"]
    assert json.loads(run("rules", "identifier_intact", "--json").stdout)["rules"][0] == one, (
        "one form, asked either way"
    )


def test_guards_and_labels_are_not_said_to_fail() -> None:
    assert "calls for a person’s look" in run("rules", "--explain", "targeting_minors").stdout
    told = run("rules", "--explain", "label_notice_link").stdout
    assert "the best that can be said" in told
    assert "never: no data of a library could show that the duty was broken" in told


def test_the_reference_is_written_in_the_language_and_says_where(tmp_path: Path) -> None:
    found = run("rules", "--reference", tmp_path / "regels", "--lang", "nl")
    assert found.exit_code == 0, found.output
    count = len({*every(), *requirements()}) + 1
    assert found.stdout.strip() == f"{count} pagina’s: {tmp_path / 'regels' / 'index.html'}"
    assert 'lang="nl"' in (tmp_path / "regels" / "index.html").read_text("utf-8")
    listed = json.loads(run("rules", "--reference", tmp_path / "en", "--json").stdout)
    assert len(listed) == count
    assert all(Path(path).is_file() for path in listed)


def test_wrong_use_is_named(tmp_path: Path) -> None:
    for arguments in (
        ("--explain", "no_such_rule"),
        ("--explain", ""),
        ("notice_payer", "--explain", "notice_payer"),
        ("--explain", "notice_payer", "--reference", tmp_path / "x"),
    ):
        found = run("rules", *arguments)
        assert found.exit_code == 2, arguments
        assert "no rule or requirement" in found.stderr or "exclude one another" in found.stderr
    (tmp_path / "file").write_text("x", encoding="utf-8")
    found = run("rules", "--reference", tmp_path / "file" / "deeper")
    assert found.exit_code == 2
    assert "cannot be written to" in found.stderr
    assert not (tmp_path / "x").exists()


def test_every_family_and_group_has_its_words() -> None:
    entries = texts_of("adaudit.cli").entries
    assert {f"says_{rule.family}" for rule in RULES.values()} <= set(entries)
