"""A run that is killed at random instants and followed by others leaves what one whole run does (more: `kills.py`)."""

import random
from pathlib import Path

from tests.batch.kills import Folder, killed
from tests.collection.authority import Authority, Certificates
from tests.platforms.server import Platforms


def test_kills_lose_nothing_and_double_nothing(tmp_path: Path) -> None:
    with Platforms(ads=230) as server, Authority(Certificates(tmp_path / "authority")) as authority:
        whole = Folder(tmp_path / "whole", server, authority)
        seconds = whole.whole()
        expected = whole.left()
        assert expected["half_written"] == [] and expected["audited"] == 236
        assert expected["told"] == [("alert/any", True)]
        assert (expected["intact"], expected["stamped"], expected["unstamped"]) == (True, {True}, 0)
        done = killed(Folder(tmp_path / "killed", server, authority), seconds, random.Random(3), expected)
        assert done.different == []
        assert done.kills
