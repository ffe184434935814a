"""TOML into typed values, with errors that help: which file, which key, what is allowed.

Conventions
-----------
A type is a msgspec struct (or a dataclass); its limits stand in its annotations. Whatever a person
may have written wrong ends as one `ReadingError` of one line::

    live.toml: send.rate_hz = 90 is not allowed: a number from 1 to 60
    live.toml: send: no key 'rate'. Did you mean 'rate_hz'? There are: dead_band, rate_hz, refresh_s
"""

from __future__ import annotations

import difflib
import re
from typing import TYPE_CHECKING, Any, TypeVar

import msgspec
from msgspec import inspect

if TYPE_CHECKING:
    from pathlib import Path

T = TypeVar("T")

_STEP = re.compile(r"\.([^.\[\]]+)|\[(\d+|\.\.\.)\]")
_ANY_KEY = "..."
"""Stands for a key in the paths of msgspec."""


class ReadingError(ValueError):
    """A file that cannot be used; one line for people."""


def read_toml(path: Path) -> dict[str, Any]:
    """Decode a TOML file. Raises `ReadingError` where it cannot be read or is no TOML."""
    try:
        return msgspec.toml.decode(path.read_bytes())
    except OSError as error:
        raise ReadingError(f"{path}: {error.strerror or error}") from None
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        raise ReadingError(f"{path} is no valid TOML: {error}") from None


def convert(data: object, kind: type[T], where: str, at: str = "") -> T:
    """Check plain ``data`` against ``kind``.

    Parameters
    ----------
    data : object
        What `read_toml` gave, or a part of it.
    kind : type
        A struct or dataclass.
    where : str
        The file, for the message.
    at : str
        Key path of ``data`` in the file.

    Raises
    ------
    ReadingError
        At the first unknown key or value that is not allowed.
    """
    shape = inspect.type_info(kind)
    _check_keys(data, shape, where, at)
    try:
        return msgspec.convert(data, kind, strict=True)
    except msgspec.ValidationError as error:
        raise ReadingError(f"{where}: {_explain(error, data, shape, at)}") from None


def unknown_key(key: str, known: list[str], at: str = "") -> str:
    """Sentence about a key that does not exist: what was meant, perhaps, and what there is."""
    close = difflib.get_close_matches(key, known, n=1)
    hint = f" Did you mean {close[0]!r}?" if close else ""
    place = f"{at}: " if at else ""
    return f"{place}no key {key!r}.{hint} There are: {', '.join(sorted(known))}"


def describe(shape: inspect.Type) -> str:
    """What a type allows, in words."""
    note = _note(shape)
    shape = _plain(shape)
    if isinstance(shape, inspect.LiteralType):
        return "one of " + ", ".join(repr(value) for value in shape.values)
    if isinstance(shape, inspect.BoolType):
        return "true or false"
    if isinstance(shape, (inspect.IntType, inspect.FloatType)):
        what = "a whole number" if isinstance(shape, inspect.IntType) else "a number"
        return what + _bounds(shape)
    if isinstance(shape, inspect.StrType):
        return _text(shape) + (f": {note}" if note and shape.pattern else "")
    if isinstance(shape, inspect.VarTupleType | inspect.ListType):
        return f"a list, each item {describe(shape.item_type)}"
    if isinstance(shape, inspect.TupleType):
        return f"a list of {len(shape.item_types)}: " + ", ".join(map(describe, shape.item_types))
    if isinstance(shape, inspect.UnionType):
        return " or ".join(
            describe(one) for one in shape.types if not isinstance(one, inspect.NoneType)
        )
    return "a table"


def _plain(shape: inspect.Type) -> inspect.Type:
    while isinstance(shape, inspect.Metadata):
        shape = shape.type
    return shape


def _note(shape: inspect.Type) -> str:
    schema = shape.extra_json_schema if isinstance(shape, inspect.Metadata) else None
    return (schema or {}).get("description", "")


def _bounds(shape: inspect.IntType | inspect.FloatType) -> str:
    low = shape.ge if shape.ge is not None else shape.gt
    high = shape.le if shape.le is not None else shape.lt
    above = "above" if shape.ge is None else "from"
    if low is None:
        return f" up to {high:g}" if high is not None else ""
    if high is None:
        return f" {above} {low:g}" + ("" if above == "above" else " up")
    return f" {above} {low:g} to {high:g}" if above == "from" else f" above {low:g}, up to {high:g}"


def _text(shape: inspect.StrType) -> str:
    parts = ["text"]
    if shape.min_length and shape.max_length:
        parts.append(f"of {shape.min_length} to {shape.max_length} characters")
    elif shape.min_length:
        parts.append("that is not empty")
    return " ".join(parts)


def _fields(shape: inspect.Type) -> dict[str, inspect.Type] | None:
    shape = _plain(shape)
    if isinstance(shape, inspect.UnionType):
        found = [fields for one in shape.types if (fields := _fields(one)) is not None]
        return found[0] if found else None
    if isinstance(shape, inspect.StructType | inspect.DataclassType):
        return {field.encode_name: field.type for field in shape.fields}
    return None


def _item(shape: inspect.Type, index: int) -> inspect.Type | None:
    shape = _plain(shape)
    if isinstance(shape, inspect.UnionType):
        return next(filter(None, (_item(one, index) for one in shape.types)), None)
    if isinstance(shape, inspect.VarTupleType | inspect.ListType):
        return shape.item_type
    if isinstance(shape, inspect.TupleType) and index < len(shape.item_types):
        return shape.item_types[index]
    return None


def _check_keys(data: object, shape: inspect.Type, where: str, at: str) -> None:
    fields = _fields(shape)
    if fields is not None and isinstance(data, dict):
        for key, value in data.items():
            if key not in fields:
                raise ReadingError(f"{where}: {unknown_key(str(key), list(fields), at)}")
            _check_keys(value, fields[key], where, f"{at}.{key}" if at else str(key))
    elif isinstance(data, dict):
        tables = [one for one in _kinds(shape) if isinstance(one, inspect.DictType)]
        for key, value in data.items() if tables else ():
            _check_keys(value, tables[0].value_type, where, f"{at}.{key}" if at else str(key))
    elif isinstance(data, list | tuple):
        for index, value in enumerate(data):
            item = _item(shape, index)
            if item is not None:
                _check_keys(value, item, where, f"{at}[{index}]")


def _explain(error: msgspec.ValidationError, data: object, shape: inspect.Type, at: str) -> str:
    """Error text ``... - at `$.path` `` as a sentence that shows the value and what is allowed."""
    text, _, place = str(error).rpartition(" - at `$")
    if not text:
        text, place = str(error), ""
    value: Any = data
    here: inspect.Type | None = shape
    for key, index in _STEP.findall(place.rstrip("`")):
        if index == _ANY_KEY:
            wrong, here = _wrong_entry(value, here)
            value = value[wrong]
            place = place.replace(f"[{_ANY_KEY}]", f".{wrong}", 1)
        elif key:
            value = value.get(key) if isinstance(value, dict) else None
            here = (_fields(here) or {}).get(key) if here is not None else None
        else:
            value = value[int(index)]
            here = _item(here, int(index)) if here is not None else None
    path = (at + place.rstrip("`")).removeprefix(".")
    prefix = f"{path}: " if path else ""
    missing = re.match(r"Object missing required field `(.+)`", text)
    if missing:
        return f"{prefix}the key {missing[1]!r} is missing"
    if isinstance(error.__cause__, ValueError):  # a rule of the struct itself, already a sentence
        return f"{prefix}{text}"
    if here is None:
        return f"{prefix}{text}"
    return f"{path or 'the file'} = {_shown(value)} is not allowed: {describe(here)}"


def _wrong_entry(table: dict[str, Any], shape: inspect.Type | None) -> tuple[str, Any]:
    """Key of the first entry of a table that is of no allowed kind, and what is allowed."""
    allowed = next(
        (one.value_type for one in _kinds(shape) if isinstance(one, inspect.DictType)), None
    )
    kinds = tuple(kind for one in _kinds(allowed) if (kind := _PYTHON.get(type(one))))
    wrong = (key for key, value in table.items() if not isinstance(value, kinds))
    return next(wrong, next(iter(table))), allowed


def _kinds(shape: inspect.Type | None) -> tuple[inspect.Type, ...]:
    if shape is None:
        return ()
    shape = _plain(shape)
    return shape.types if isinstance(shape, inspect.UnionType) else (shape,)


_PYTHON: dict[type, type | tuple[type, ...]] = {
    inspect.IntType: int,
    inspect.FloatType: (int, float),
    inspect.StrType: str,
    inspect.BoolType: bool,
    inspect.DictType: dict,
    inspect.StructType: dict,
    inspect.VarTupleType: list,
    inspect.TupleType: list,
}


def _shown(value: object) -> str:
    text = str(value).lower() if isinstance(value, bool) else repr(value)
    return text if len(text) <= 60 else text[:57] + "..."
