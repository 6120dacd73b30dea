"""report.html comes with an audit, unless it is told not to; one of before never outlives a new audit."""

from pathlib import Path

from tests.cli.test_commands import report, run


def test_an_audit_writes_its_report_and_names_it(tmp_path: Path) -> None:
    given = report(tmp_path, "1,Lijst Duin,Lijst Duin,120,3")
    out = tmp_path / "out"
    done = run("audit", given, "--out", out, "--no-charts")
    assert done.exit_code == 0
    assert "report.html" in done.output
    page = (out / "report.html").read_text("utf-8")
    assert "No charts were drawn in this audit" in page
    assert "\n" in page
    assert run("report", out).exit_code == 0
    assert (out / "report.html").read_text("utf-8") == page


def test_the_report_of_another_audit_goes(tmp_path: Path) -> None:
    given = report(tmp_path, "1,Lijst Duin,Lijst Duin,120,3")
    out = tmp_path / "out"
    run("audit", given, "--out", out, "--no-charts")
    done = run("audit", given, "--out", out, "--no-charts", "--no-report")
    assert done.exit_code == 0
    assert not (out / "report.html").exists()
    assert "report.html" not in done.output
