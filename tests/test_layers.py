"""The layers of the program: imports go downwards only, and no module or function grows without end."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

import adaudit

ROOT = Path(adaudit.__file__).parent
MODULES = sorted(ROOT.rglob("*.py"))
LEVEL = {
    "language": -1,
    "model": 0,
    "errors": 0,
    "law": 1,
    "evidence": 1,
    "http": 1,
    "credentials": 2,
    "spreadsheet": 1,
    "connectors": 2,
    "rules": 2,
    "store": 2,
    "audit": 3,
    "changes": 4,
    "collection": 4,
    "charts": 4,
    "report": 4,
    "export": 4,
    "batch": 5,
    "cli": 6,
    "__main__": 7,
}
"""A package may import what stands on a lower level, and itself."""
APART = {"sample": {"sample"}, "charts": {"charts", "language"}}
"""Packages that import of adaudit no more than these (and the version)."""
NETWORK = {"httpx", "urllib3", "requests", "aiohttp", "socket", "http"}
VAGUE = {"utils", "util", "manager", "helper", "helpers", "process", "common", "misc"}
LONGEST_MODULE = 500
LONGEST_FUNCTION = 50


def package(module: Path) -> str:
    """The first name below `adaudit`, such as `rules`; empty for `adaudit` itself."""
    first = module.relative_to(ROOT).parts[0]
    return first.removesuffix(".py") if first != "__init__.py" else ""


def name_of(module: Path) -> str:
    return str(module.relative_to(ROOT.parent)).removesuffix(".py").replace("/", ".")


def imported(module: Path) -> Iterator[str]:
    """Every dotted name that the module imports, wherever the import stands."""
    for node in ast.walk(ast.parse(module.read_text("utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{module}: relative imports hide the layer"
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


def own(module: Path) -> Iterator[tuple[str, ...]]:
    """The parts below `adaudit` of what the module imports of it; the version is everybody's."""
    for name in imported(module):
        first, *rest = name.split(".")
        if first == "adaudit" and rest and rest != ["__version__"]:
            yield tuple(rest)


def functions(module: Path) -> Iterator[ast.FunctionDef | ast.AsyncFunctionDef]:
    for node in ast.walk(ast.parse(module.read_text("utf-8"))):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            yield node


def test_every_module_is_looked_at() -> None:
    assert len(MODULES) > 60
    assert {package(m) for m in MODULES} - {"", "sample"} <= set(LEVEL)


@pytest.mark.parametrize("module", MODULES, ids=name_of)
def test_imports_go_downwards_only(module: Path) -> None:
    here = package(module)
    for target, *rest in own(module):
        if here in APART:
            assert target in APART[here], f"{name_of(module)} imports adaudit.{target}"
        elif target != here and target in LEVEL:
            assert LEVEL[target] < LEVEL.get(here, 8), f"{name_of(module)} imports adaudit.{target}.{'.'.join(rest)}"
        else:
            assert here in {target, "cli"}, f"{name_of(module)} imports adaudit.{target}"


@pytest.mark.parametrize(
    "module", [m for m in MODULES if package(m) == "connectors" and len(m.relative_to(ROOT).parts) > 2], ids=name_of
)
def test_no_source_imports_another(module: Path) -> None:
    source = module.relative_to(ROOT).parts[1]
    sources = {path.parent.name for path in ROOT.glob("connectors/*/source.toml")}
    assert source in sources
    assert not {parts[1] for parts in own(module) if len(parts) > 1 and parts[0] == "connectors"} & (sources - {source})


def test_one_module_at_most_speaks_to_the_network() -> None:
    speaking = {name_of(m) for m in MODULES if {name.split(".")[0] for name in imported(m)} & NETWORK}
    assert speaking <= {"adaudit.http.session"}
    assert not [m for m in MODULES if any(name.startswith("urllib.request") for name in imported(m))]


@pytest.mark.parametrize("module", MODULES, ids=name_of)
def test_modules_are_short_and_named_after_what_they_do(module: Path) -> None:
    assert len(module.read_text("utf-8").splitlines()) < LONGEST_MODULE
    assert not set(module.relative_to(ROOT).with_suffix("").parts) & VAGUE


@pytest.mark.parametrize("module", MODULES, ids=name_of)
def test_functions_are_short(module: Path) -> None:
    lengths = {one.name: (one.end_lineno or one.lineno) - one.lineno + 1 for one in functions(module)}
    assert {name: lines for name, lines in lengths.items() if lines >= LONGEST_FUNCTION} == {}
