"""The commented configuration that `adaudit init` writes: for a country and its next vote, ready to run."""

import json
from collections.abc import Iterator
from datetime import date
from textwrap import wrap
from typing import Final

from adaudit.connectors import sources
from adaudit.connectors.fetching import fetcher
from adaudit.connectors.source import Source
from adaudit.credentials import secrets_of
from adaudit.errors import UsageError
from adaudit.language import Language, in_language, texts_of
from adaudit.law.votes import LAST_MONTH, THREE_MONTHS, Election, shipped
from adaudit.model.countries import codes

SAY: Final = texts_of("adaudit.batch")
WIDTH: Final = 110
"""Characters of a line of a comment."""
INBOX: Final = "inbox"
"""The folder that is watched."""


def next_vote(country: str, on: date, named: str | None = None) -> Election | None:
    """The next vote of a country in the calendar, or the one that is named. Raises UsageError for an unknown one."""
    votes = shipped().votes
    if named is not None:
        near = [one.id for one in votes.values() if one.country == country]
        if named not in near:
            raise UsageError(
                f"{named!r} is no vote of {country} in the calendar; there are: {', '.join(near) or 'none'}."
            )
        return votes[named]
    coming = [one for one in votes.values() if one.country == country and one.day >= on]
    return coming[0] if coming else None


def template(country: str, vote: Election | None, file: str, language: Language) -> str:
    """The text of the configuration."""
    parts = [
        _comment("init_head", language, file=file),
        _general(country, vote, language),
        _comment("init_rhythm", language) + '[rhythm]\nevery = "1d"\nthree_months = "12h"\nlast_month = "6h"\n',
        _comment("init_watch", language) + f'[[watch]]\nfolder = "{INBOX}"\n# source = "meta"\n',
        _comment("init_pull", language) + "\n".join(_pulls(country, language)),
        _comment("init_stamp", language)
        + '# [stamp]\n# authority = "https://tsa.example.org/tsr"\n# roots = "tsa-root.pem"\n',
        _comment("init_audit", language) + "[audit]\n" + f'# country = "{country}"\n# redact_persons = true\n',
        _alerts(language),
        _comment("init_notify", language)
        + '[[notify]]\nkind = "file"\npath = "alerts.jsonl"\n\n'
        + '# [[notify]]\n# kind = "webhook"\n# variable = "ADAUDIT_WEBHOOK"\n\n'
        + "# e-mail, Teams, Slack, Matrix: pip install 'adaudit[notify]'\n"
        + '# [[notify]]\n# kind = "apprise"\n# variable = "ADAUDIT_NOTIFY"\n',
    ]
    return "\n".join(parts)


def _comment(key: str, language: Language, **values: object) -> str:
    return _commented(SAY.say(key, language, **values))


def _commented(text: str) -> str:
    lines = [part for line in text.splitlines() for part in wrap(line, WIDTH, break_on_hyphens=False)]
    return "".join(f"# {line}\n" for line in lines)


def _general(country: str, vote: Election | None, language: Language) -> str:
    lines = [
        _comment("init_store", language) + 'store = "store"\n',
        _comment("init_out", language) + 'out = "outputs"\n',
        _comment("init_language", language) + f'language = "{language}"\n',
        _comment("init_countries", language) + f'countries = ["{country}"]\n' + _vote(country, vote, language),
        _comment("init_metrics", language) + '# metrics = "adaudit.prom"\n',
    ]
    return "\n".join(lines)


def _vote(country: str, vote: Election | None, language: Language) -> str:
    if vote is None:
        return _comment("init_no_vote", language, country=country)
    opens = {
        name: vote.window(months).opens for name, months in (("three_months", THREE_MONTHS), ("last_month", LAST_MONTH))
    }
    said = SAY.both("init_next", name=vote.name, day=vote.day, id=vote.id, **opens)
    return _commented(in_language(said, language))


def _pulls(country: str, language: Language) -> Iterator[str]:
    """An entry for each source that can be pulled: live where it can be asked now, else commented out with why."""
    for source in sources().values():
        try:
            fetcher(source.id)
        except UsageError:
            continue
        if _of_another_country(source.id, country):
            continue
        assert source.live is not None  # noqa: S101 - a source without has no fetcher
        asked = {"countries": [country]} if "countries" in source.live.filters else {}
        lacking = _lacking(source, asked, language)
        lines = ["[[pull]]", f"source = {json.dumps(source.id)}"]
        lines += [f"{name} = {json.dumps(value)}" for name, value in asked.items()]
        lines += [f"# {name} = ..." for name in source.live.filters if name not in asked]
        title, note = in_language(source.title, language), in_language(source.live.note, language)
        if lacking:
            lines = [f"# {line.removeprefix('# ')}" for line in lines]
            said = [SAY.say("init_not_ready", language, title=title), *(f"- {one}" for one in lacking), note]
        else:
            said = [f"{title}. {note}".rstrip(". ") + "."]
        yield "".join(_commented(one) for one in said) + "\n".join(lines) + "\n"


def _of_another_country(source: str, country: str) -> bool:
    """Whether it is a register of another country: such a source bears the country's code at the end of its id."""
    ending = source.rpartition("_")[2].upper()
    return "_" in source and ending in codes() and ending != country


def _lacking(source: Source, asked: dict[str, list[str]], language: Language) -> list[str]:
    """Why the source cannot be asked yet, in words; nothing where it can."""
    assert source.live is not None  # noqa: S101 - as above
    needs = source.live.part("").needs
    found = [
        SAY.say("init_needs", language, filters=" / ".join(group)) for group in needs if not set(asked) & set(group)
    ]
    held = secrets_of(source.id, {name: one.variable for name, one in source.live.credentials.items()})
    for name, one in source.live.credentials.items():
        if one.required and name not in held:
            words = in_language(one.words, language)
            found.append(SAY.say("init_secret", language, variable=one.variable, words=words))
    return found


def _alerts(language: Language) -> str:
    share, rise = (
        json.dumps(SAY.say(key, language), ensure_ascii=False) for key in ("init_alert_name", "init_alert_rise")
    )
    return (
        _comment("init_alert", language)
        + f'[[alert]]\nname = {share}\nrule = "notice_payer"\nverdicts = ["missing", "invalid"]\n'
        + "share = 0.1\nof_at_least = 50\n\n"
        + f'[[alert]]\nname = {rise}\nverdicts = ["suspect"]\nrise = 1\n'
    )
