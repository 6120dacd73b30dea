"""Files to download: Google's bundle and Snap's yearly zips, in ranges, changed, and with faults in their rows."""

import http.client
import io
import zipfile
from pathlib import Path

import pytest
from click.testing import CliRunner

from adaudit.cli import cli

from . import Fault, Platforms
from .asking import ask
from .tables import column

BUNDLE = "/political-csv/google-political-ads-transparency-bundle.zip"
ADS = "google-political-ads-creative-stats.csv"


def zip_of_year(server: Platforms, year: int) -> str:
    return f"{server.url('snapchat')}/ad-manager-political-ads-dump/political/{year}/PoliticalAds.zip"


def member(content: bytes, name: str) -> bytes:
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        return archive.read(name)


def test_a_download_goes_on_where_it_broke_off() -> None:
    with Platforms(faults=[Fault("truncated", number=5000)]) as server:
        url = server.url("google") + BUNDLE
        with pytest.raises(http.client.IncompleteRead) as cut:
            ask(url)
        had = cut.value.partial
        whole = ask(url)
        rest = ask(url, headers={"range": f"bytes={len(had)}-", "if-range": whole.headers["etag"]})
        assert (rest.status, rest.headers["content-range"]) == (
            206,
            f"bytes 5000-{len(whole.body) - 1}/{len(whole.body)}",
        )
        assert had + rest.body == whole.body
        assert ask(url, headers={"range": "bytes=-10"}).body == whole.body[-10:]
        assert ask(url, headers={"range": "bytes=10-19"}).body == whole.body[10:20]
        assert ask(url, headers={"range": f"bytes={len(whole.body)}-"}).status == 416
        assert ask(url, headers={"if-none-match": whole.headers["etag"]}).status == 304
        assert sorted(set(column(member(whole.body, ADS), "Ad_ID"))) == list(server.archive("google"))


def test_a_file_that_changed_meanwhile_is_sent_whole() -> None:
    with Platforms(faults=[Fault("regenerated", at=2)]) as server:
        url = server.url("google") + BUNDLE
        first = ask(url)
        again = ask(url, headers={"range": "bytes=100-", "if-range": first.headers["etag"]})
        assert again.status == 200
        assert again.headers["etag"] != first.headers["etag"]
        assert len(column(member(again.body, ADS), "Ad_ID")) == len(column(member(first.body, ADS), "Ad_ID"))


def test_every_year_of_snap_has_its_own_ads_and_columns() -> None:
    with Platforms(ads=90) as server:
        tables = {year: member(ask(zip_of_year(server, year)).body, "PoliticalAds.csv") for year in range(2018, 2027)}
        widths = {year: len(table.splitlines()[0].split(b",")) for year, table in tables.items()}
        assert widths == {year: 34 if year <= 2020 else 38 for year in widths}
        ids = [one for table in tables.values() for one in column(table, "ADID")]
        assert sorted(ids) == list(server.archive("snapchat"))
        assert len(set(ids)) == 90
        assert b"2018/" in tables[2018]
        assert b"2019/" not in tables[2018]
        assert ask(zip_of_year(server, 2017)).status == 404


def test_a_later_snapshot_of_the_year_has_more_and_loses_nothing() -> None:
    with Platforms(ads=180, faults=[Fault("regenerated", at=2)]) as server:
        first, later = (member(ask(zip_of_year(server, 2026)).body, "PoliticalAds.csv") for _ in range(2))
        before = dict(zip(column(first, "ADID"), map(int, column(first, "Spend")), strict=True))
        after = dict(zip(column(later, "ADID"), map(int, column(later, "Spend")), strict=True))
        assert set(before) < set(after)
        assert all(after[one] >= spend for one, spend in before.items())
        assert sum(after[one] > spend for one, spend in before.items()) == -(-len(before) // 3)


def test_faults_in_rows() -> None:
    def rows(fault: Fault) -> tuple[bytes, list[str]]:
        with Platforms(ads=180, faults=[fault]) as server:
            table = member(ask(zip_of_year(server, 2026)).body, "PoliticalAds.csv")
            return table.splitlines()[0], column(table, "ADID")

    header, ids = rows(Fault("status", at=2))
    assert len(rows(Fault("vanished", number=3))[1]) == len(ids) - 3
    assert rows(Fault("overlap", number=2))[1] == ids + ids[-2:]
    assert rows(Fault("empty")) == (header, [])
    assert b"Spend_renamed," in rows(Fault("renamed", field="Spend"))[0]
    assert rows(Fault("added"))[0] == header + b",added_field"
    with Platforms(ads=180, faults=[Fault("canary")]) as server:
        came = column(member(ask(zip_of_year(server, 2026)).body, "PoliticalAds.csv"), "ADID")
        assert set(ids) - set(came) == {server.canary("snapchat")}


def test_what_is_downloaded_is_what_adaudit_reads(tmp_path: Path) -> None:
    with Platforms(ads=90) as server:
        for year in (2019, 2024, 2026):
            (tmp_path / f"PoliticalAds{year}.zip").write_bytes(ask(zip_of_year(server, year)).body)
        (tmp_path / "bundle.zip").write_bytes(ask(server.url("google") + BUNDLE).body)
    done = CliRunner().invoke(cli, ["audit", str(tmp_path), "--out", str(tmp_path / "out"), "--no-charts"])
    assert done.exit_code == 0, done.output
