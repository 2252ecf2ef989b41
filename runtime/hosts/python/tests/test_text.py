"""Numbers keep their digits."""

from __future__ import annotations

from decimal import Decimal

import pytest

from agentc import text


def test_numbers_are_read_and_written_as_they_are() -> None:
    source = '{"a":[1,-2.50,12345678901234567890.0001,1E+400],"b":{"ü":"\\u0001\\"","n":null,"t":true}}'
    assert text.write(text.read(source.encode())) == source


def test_what_is_not_json_is_an_error() -> None:
    for endless in (float("nan"), Decimal("Infinity")):
        with pytest.raises(ValueError):
            text.write(endless)
    for thing in (object(), {1: 2}, {"a": {2}}):
        with pytest.raises(TypeError):
            text.write(thing)
