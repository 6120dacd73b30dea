"""`adaudit sources` and the refusals of `adaudit pull`: whether and how each source is pulled, in both languages."""

import json

import pytest
from click.testing import CliRunner

from adaudit.cli import cli
from adaudit.connectors import sources
from adaudit.connectors.fetching import FILTERS
from adaudit.language import in_language

LIVE = [name for name, one in sources().items() if one.live is not None]


def said(*arguments: str) -> str:
    done = CliRunner().invoke(cli, arguments)
    assert done.exit_code == 0, done.output
    return " ".join(done.output.split())


@pytest.mark.parametrize("language", ["en", "nl"])
@pytest.mark.parametrize("name", LIVE)
def test_source_that_is_pulled_says_how(name: str, language: str) -> None:
    live = sources()[name].live
    assert live is not None
    shown = said("sources", name, "--lang", language)
    assert f"adaudit pull {name}" in shown
    for one in live.filters:
        assert FILTERS[one] in shown
    for credential in live.credentials.values():
        assert credential.variable in shown
        assert " ".join(str(in_language(credential.words, "nl" if language == "nl" else "en")).split()) in shown
    for account in live.accounts.values():
        assert f"adaudit[{account.extra}]" in shown
        assert " ".join(str(in_language(account.words, "nl" if language == "nl" else "en")).split()) in shown
    for setting in live.settings:
        assert f"ADAUDIT_{name}_{setting}".upper() in shown
    assert live.base.startswith("https://")


def test_list_of_sources_names_those_that_are_pulled() -> None:
    assert ", ".join(LIVE) in said("sources")


def test_json_of_a_source_says_how_it_is_pulled() -> None:
    found = json.loads(CliRunner().invoke(cli, ["sources", "linkedin", "--json"]).output)
    live = found["linkedin"]["live"]
    assert live["credentials"]["token"]["variable"] == "ADAUDIT_LINKEDIN_TOKEN"
    assert {(one["calls"], one["seconds"]) for one in live["rates"]} == {(10, 30), (1000, 86400)}


@pytest.mark.parametrize(("language", "word"), [("en", "cannot be pulled"), ("nl", "kan niet worden opgehaald")])
def test_european_repository_says_that_nothing_is_there_to_ask(language: str, word: str) -> None:
    assert word in said("sources", "european_repository", "--lang", language)
    refused = CliRunner().invoke(cli, ["pull", "european_repository"])
    assert refused.exit_code == 2
    assert "No public endpoint of the repository exists yet" in refused.output


def test_filter_that_a_source_does_not_take_is_refused_with_those_that_it_does() -> None:
    refused = CliRunner().invoke(cli, ["pull", "politiekereclame_nl", "--country", "NL"])
    assert refused.exit_code == 2
    assert "it can by --term" in refused.output


def test_missing_credential_is_named_with_how_to_get_it(tmp_path: object, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(str(tmp_path))
    monkeypatch.delenv("ADAUDIT_LINKEDIN_TOKEN", raising=False)
    monkeypatch.setenv("ADAUDIT_CREDENTIALS", f"{tmp_path}/none.toml")
    refused = CliRunner().invoke(cli, ["pull", "linkedin", "--term", "brug", "--store", f"{tmp_path}/store"])
    assert refused.exit_code == 2
    assert "ADAUDIT_LINKEDIN_TOKEN" in refused.output
