"""The notice as XML: the keys of the template as elements, in its order; a list repeats its element.

Hostile XML is refused before it is read: a document type can name files and unfold into gigabytes.
"""

import json
from types import UnionType
from typing import Annotated, Any, Final, Union, get_args, get_origin
from xml.etree.ElementTree import Element as Node
from xml.etree.ElementTree import ParseError, SubElement, indent, tostring

from defusedxml import DefusedXmlException
from defusedxml.ElementTree import fromstring
from pydantic import BaseModel

from adaudit.connectors.notice.template import Notice, checked
from adaudit.errors import UnreadableInput

NAMESPACE: Final = "urn:adaudit:transparency-notice:1"
ONE: Final = "transparency_notice"
SEVERAL: Final = "transparency_notices"


def as_xml(*given: Notice) -> str:
    """The notice as XML, or several in one document; elements that a notice does not have are left out."""
    if len(given) == 1:
        root = Node(ONE, xmlns=NAMESPACE)
        _render(root, given[0].model_dump(mode="json", exclude_none=True))
    else:
        root = Node(SEVERAL, xmlns=NAMESPACE)
        _render(root, {ONE: [one.model_dump(mode="json", exclude_none=True) for one in given]})
    indent(root)
    return '<?xml version="1.0" encoding="UTF-8"?>\n' + tostring(root, encoding="unicode") + "\n"


def _render(parent: Node, values: dict[str, Any]) -> None:
    for key, value in values.items():
        for one in value if isinstance(value, list) else [value]:
            child = SubElement(parent, key)
            if isinstance(one, dict):
                _render(child, one)
            else:
                child.text = str(one).lower() if isinstance(one, bool) else str(one)


def read_xml(data: bytes) -> list[dict[str, Any]]:
    """The notices of an XML document as the template's keys, every value as text.

    Elements that the template does not know are kept under their own names. Raises UnreadableInput for
    XML that is broken, declares a document type, or has another root.
    """
    try:
        root = fromstring(data, forbid_dtd=True)
    except ParseError as error:
        line, column = error.position
        raise UnreadableInput(
            "one complete XML document",
            f"XML broken by {str(error).split(':')[0]}",
            place=f"line {line}, column {column}",
        ) from error
    except (DefusedXmlException, ValueError, LookupError) as error:
        raise UnreadableInput(
            "XML without a document type, in the encoding it names", str(error), advice="Nothing of it was read."
        ) from error
    found = [root] if _name(root) == ONE else list(root) if _name(root) == SEVERAL else []
    if not found or any(_name(one) != ONE for one in found):
        raise UnreadableInput(
            f"the element {ONE}, or {SEVERAL} with such elements",
            f"the element {_name(root)}",
            advice="`adaudit schema notice --example xml` shows the form.",
        )
    return [_read(one, Notice) for one in found]


def notices(data: bytes) -> list[Notice]:
    """The notices of a document, JSON or XML, held against the template. Raises UnreadableInput."""
    if data.lstrip()[:1] == b"<":
        found: Any = read_xml(data)
    else:
        try:
            found = json.loads(data)
        except ValueError as error:
            raise UnreadableInput("one complete JSON or XML document", f"JSON broken: {error}") from error
    return [checked(one, number) for number, one in enumerate(found if isinstance(found, list) else [found], start=1)]


def as_array(data: bytes) -> bytes:
    """The notices of an XML document as a JSON array."""
    return json.dumps(read_xml(data), ensure_ascii=False).encode()


def _name(node: Node) -> str:
    return node.tag.rpartition("}")[2]


def _read(node: Node, model: type[BaseModel] | None) -> dict[str, Any]:
    values: dict[str, Any] = {}
    for child in node:
        name = _name(child)
        inner, several = _shape(model, name)
        value: Any = _read(child, inner) if len(child) or inner else (child.text or "").strip()
        if several or name in values:
            values.setdefault(name, [])
            earlier = values[name] if isinstance(values[name], list) else [values[name]]
            values[name] = [*earlier, value]
        else:
            values[name] = value
    return values


def _shape(model: type[BaseModel] | None, name: str) -> tuple[type[BaseModel] | None, bool]:
    """The template of the element's own children, None where it holds text; and whether it repeats."""
    if model is None or name not in model.model_fields:
        return None, False
    return _unfold(model.model_fields[name].annotation)


def _unfold(annotation: Any) -> tuple[type[BaseModel] | None, bool]:  # noqa: ANN401 - any annotation
    origin = get_origin(annotation)
    if origin is Annotated:
        return _unfold(get_args(annotation)[0])
    if origin in (Union, UnionType):
        return _unfold(next(one for one in get_args(annotation) if one is not type(None)))
    if origin is list:
        return _unfold(get_args(annotation)[0])[0], True
    return (annotation, False) if isinstance(annotation, type) and issubclass(annotation, BaseModel) else (None, False)
