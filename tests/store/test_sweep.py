"""What a crash left half-written is taken away when the store is next written to."""

from pathlib import Path

from adaudit.store import Store


def test_half_written_files_go_wherever_they_lie(tmp_path: Path) -> None:
    store = Store(tmp_path / "store")
    inside = store.folder / "observations" / ".a-pull.part"
    inside.mkdir(parents=True)
    (inside / ".about.part").write_text("half")
    (inside / "hashed.parquet").write_text("half")
    (store.folder / "pulls").mkdir(exist_ok=True)
    (store.folder / "pulls" / ".another.part").write_text("half")
    with store.writing():
        assert not inside.exists()
        assert list(store.folder.rglob(".*.part")) == []
