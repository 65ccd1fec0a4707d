"""Messages: what is taken, what is refused, and that a refusal names its field."""

from __future__ import annotations

import json

import pytest
from hypothesis import given, strategies as st

from sheetengine.web.pace import Bucket
from sheetengine.web.protocol import DRAW, MOST_CHARACTERS, VIEW, Digit, Enter, Jump, Paint, Received, TooLarge, Undo, read_message
from sheetengine.web.schema import BadMessage


def test_messages_become_what_they_say() -> None:
    assert read_message('{"type":"paint","id":3,"pixels":[[0,27,0.5],[3,4,1]]}', DRAW) == Received(3, Paint(((0, 27, 0.5), (3, 4, 1.0))))
    assert read_message('{"type":"digit","id":0,"number":999}', DRAW).message == Digit(999)
    assert read_message('{"type":"undo","id":1}', VIEW).message == Undo()
    entered = read_message('{"type":"enter","id":1,"sheet":2,"row":0,"column":1,"rows":[["=A1","x"]]}', VIEW).message
    assert entered == Enter(2, 0, 1, (("=A1", "x"),))
    assert read_message('{"type":"jump","id":1,"sheet":2,"row":0,"column":1,"way":"up"}', VIEW).message == Jump(2, 0, 1, "up")


@pytest.mark.parametrize(
    ("data", "says"),
    [
        ("", "not JSON"),
        ("[1,2]", "an object"),
        ("{", "not JSON"),
        ("[" * 100_000, "not JSON"),
        ('{"type":"draw","id":1}', "type is one of"),
        ('{"type":7,"id":1}', "type is one of"),
        ('{"type":"paint","pixels":[[0,0,1]]}', "has an id"),
        ('{"type":"paint","id":true,"pixels":[[0,0,1]]}', "id is a whole number"),
        ('{"type":"paint","id":-1,"pixels":[[0,0,1]]}', "id is a whole number"),
        ('{"type":"paint","id":1}', "a field 'pixels'"),
        ('{"type":"paint","id":1,"pixels":[[0,0,1]],"also":1}', "no field 'also'"),
        ('{"type":"paint","id":1,"pixels":[]}', "1 to 4,096 elements"),
        ('{"type":"paint","id":1,"pixels":[[0,0]]}', "a list of 3 elements"),
        ('{"type":"paint","id":1,"pixels":[[0,0,1.01]]}', "from 0 to 1"),
        ('{"type":"paint","id":1,"pixels":[[0,0,NaN]]}', "from 0 to 1"),
        ('{"type":"paint","id":1,"pixels":[[0,0,"1"]]}', "from 0 to 1"),
        ('{"type":"paint","id":1,"pixels":[[0,0,true]]}', "from 0 to 1"),
        ('{"type":"paint","id":1,"pixels":[[0.5,0,1]]}', "whole number from 0 to 255"),
        ('{"type":"paint","id":1,"pixels":[[0,-1,1]]}', "whole number from 0 to 255"),
        ('{"type":"paint","id":1,"pixels":{"0":1}}', "a list"),
        ('{"type":"digit","id":1,"number":1000}', "digit.number is a whole number from 0 to 999"),
    ],
)
def test_what_makes_no_sense_is_refused_by_name(data: str, says: str) -> None:
    with pytest.raises(BadMessage) as caught:
        read_message(data, DRAW)
    assert says in str(caught.value)


@pytest.mark.parametrize(
    ("data", "says"),
    [
        ('{"type":"jump","id":1,"sheet":1,"row":0,"column":0,"way":"north"}', "jump.way is one of"),
        ('{"type":"show","id":1,"sheet":1,"parts":[[0,0,1048576,0]]}', "1048575"),
        ('{"type":"find","id":1,"sheet":1,"text":"' + "x" * 301 + '"}', "at most 300"),
        ('{"type":"recalculate","id":1,"full":1}', "true or false"),
        ('{"type":"paint","id":1,"pixels":[[0,0,1]]}', "type is one of"),
    ],
)
def test_view_refuses_too(data: str, says: str) -> None:
    with pytest.raises(BadMessage) as caught:
        read_message(data, VIEW)
    assert says in str(caught.value)


def test_a_huge_message_is_not_read() -> None:
    with pytest.raises(TooLarge):
        read_message("[" + "0," * MOST_CHARACTERS + "0]", DRAW)


_JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8),
    lambda inner: (
        st.lists(inner, max_size=4) | st.dictionaries(st.sampled_from(["id", "type", "pixels", "sheet", "row"]), inner, max_size=4)
    ),
    max_leaves=12,
)


@given(st.one_of(st.text(max_size=60), _JSON.map(json.dumps)), st.sampled_from([DRAW, VIEW]))
def test_any_text_is_a_message_or_refused(data: str, schemas: dict[str, object]) -> None:
    try:
        received = read_message(data, schemas)  # type: ignore[arg-type]
    except BadMessage:
        return
    assert isinstance(received, Received)


def test_the_bucket_fills_at_its_rate_and_no_higher() -> None:
    now = [0.0]
    bucket = Bucket(rate=100, burst=5, clock=lambda: now[0])
    assert [bucket.wait() for _ in range(5)] == [0.0] * 5
    assert bucket.wait() == pytest.approx(0.01)
    now[0] = 100.0
    assert [bucket.wait() for _ in range(5)] == [0.0] * 5
    assert bucket.wait() > 0
