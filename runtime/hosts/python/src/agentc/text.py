"""JSON as the evaluator reads and writes it: numbers keep the digits that were decided, so none of them is ever a float."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any, cast


def read(data: bytes) -> Any:
    """Reads JSON; numbers with a fraction or an exponent become :class:`~decimal.Decimal`."""
    return json.loads(data, parse_float=Decimal)


def write(value: object) -> str:
    """Writes JSON on one line.

    Takes what :func:`json.dumps` takes, and ``Decimal``. A float is written as the shortest text that means it.

    Raises:
        TypeError: the value is not JSON.
        ValueError: a number is not finite.
    """
    return "".join(_parts(value))


def _parts(value: object) -> list[str]:
    if isinstance(value, Mapping):
        parts: list[str] = []
        for name, member in cast("Mapping[object, object]", value).items():
            if not isinstance(name, str):
                raise TypeError(f"the name of a member is text, not {type(name).__name__}")
            parts += [",", _text(name), ":", *_parts(member)]
        return ["{", *parts[1:], "}"]
    if isinstance(value, (list, tuple)):
        parts = []
        for member in cast("Sequence[object]", value):
            parts += [",", *_parts(member)]
        return ["[", *parts[1:], "]"]
    if isinstance(value, Decimal):
        if not value.is_finite():
            raise ValueError(f"{value} is not JSON")
        return [str(value)]
    if isinstance(value, str):
        return [_text(value)]
    return [json.dumps(value, allow_nan=False)]


def _text(text: str) -> str:
    return json.dumps(text, ensure_ascii=False)
