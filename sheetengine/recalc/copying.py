"""An engine once more: as a twin in this process, or as plain state for another.

In: an engine with nothing running. Out: `twin`, an engine of the same cells, formulas, names and settings, values shared until one of
the two writes; `state_of` and `fill_engine`, the same through plain data that pickles. Invariant: twin and original answer alike, and no
edit of one is felt by the other.
"""

from __future__ import annotations

from copy import copy
from dataclasses import dataclass, fields
from typing import TYPE_CHECKING, Any

import numpy as np

from sheetengine.graph.patterns import Rect
from sheetengine.grid import ERROR
from sheetengine.recalc.blocks import AnyBlock, Block
from sheetengine.recalc.book import Book, SheetRecord
from sheetengine.recalc.family import Family
from sheetengine.store import SheetStore, TextPool
from sheetengine.store.chunk import Box
from sheetengine.values import CellError, error_from_id, error_id

if TYPE_CHECKING:
    from sheetengine.recalc.engine import Engine

_BOOK = (
    "sheets",
    "order",
    "names",
    "tables",
    "functions",
    "external",
    "formats",
    "_format_ids",
    "date1904",
    "file_name",
    "_by_name",
    "_next",
)


# -- twins -------------------------------------------------------------------------------------------------------------


def twin(engine: Engine) -> Engine:
    """An engine of its own with the same contents; planes of values are shared until written."""
    made = type(engine)()
    pool = engine.book.pool.copy()
    _copy_book(engine.book, made.book, pool, lambda store: store.copy(pool))
    made.field.programs.take_over(engine.field.programs)
    for block in engine.field:
        made.field.enter(_copy_block(block))
    _copy_rest(engine, made)
    return made


def _copy_book(source: Book, target: Book, pool: TextPool, store_of: Any) -> None:
    for name in _BOOK:
        setattr(target, name, copy(getattr(source, name)))
    target.pool = pool
    target.sheets = {number: _copy_record(record, store_of) for number, record in source.sheets.items()}


def _copy_record(record: SheetRecord, store_of: Any) -> SheetRecord:
    made = copy(record)
    for part in fields(record):
        value = getattr(record, part.name)
        setattr(made, part.name, store_of(value) if isinstance(value, SheetStore) else copy(value))
    return made


def _copy_block(block: AnyBlock) -> AnyBlock:
    made = copy(block)
    if isinstance(made, Family):
        made.gone = made.gone.copy()
        made.operands = list(made.operands)
        made._order = None
        made.corners = {index: corners.copy() for index, corners in made.corners.items()}
        made.rows, made.columns = made.rows.copy(), made.columns.copy()
    return made


def _copy_rest(source: Engine, target: Engine) -> None:
    """What waits, what spilled, settings, clock and chance."""
    field = target.field
    field.seeds = dict(source.field.seeds)
    field.spills.restore(source.field.spills.state())
    field.changed_places = list(source.field.changed_places)
    field._next = source.field._next
    target._cells, target._places = source._cells[:], list(source._places)
    target.automatic = source.automatic
    target.evaluator.forms.largest = source.evaluator.forms.largest
    target.evaluator.displayed.on = source.evaluator.displayed.on
    target.evaluator.early_cutoff = source.evaluator.early_cutoff
    target.evaluator.iteration = copy(source.evaluator.iteration)
    target.evaluator.circles.known = dict(source.evaluator.circles.known)
    target.evaluator.circles.iterated = dict(source.evaluator.circles.iterated)
    for name in ("seed", "clock", "round", "_entropy"):
        setattr(target.reader, name, getattr(source.reader, name))


# -- plain state -------------------------------------------------------------------------------------------------------


@dataclass(slots=True)
class EngineState:
    """Everything an engine holds, as data: no program, no graph, which are made anew."""

    book: dict[str, Any]
    records: list[dict[str, Any]]
    texts: list[str]
    blocks: list[dict[str, Any]]
    rest: dict[str, Any]


def state_of(engine: Engine) -> EngineState:
    """The plain state of an engine."""
    book = engine.book
    records = []
    for record in book.sheets.values():
        own = {part.name: getattr(record, part.name) for part in fields(record)}
        own = {name: _planes(value) if isinstance(value, SheetStore) else value for name, value in own.items()}
        records.append(own)
    field, reader, evaluator = engine.field, engine.reader, engine.evaluator
    return EngineState(
        {name: getattr(book, name) for name in _BOOK if name not in ("sheets", "_by_name")},
        records,
        [book.pool.text(number) for number in range(len(book.pool))],
        [_block_state(block) for block in field],
        {
            "seeds": field.seeds,
            "spills": field.spills.state(),
            "changed": field.changed_places,
            "next": field._next,
            "cells": engine._cells,
            "places": engine._places,
            "automatic": engine.automatic,
            "iteration": evaluator.iteration,
            "largest": evaluator.forms.largest,
            "displayed": evaluator.displayed.on,
            "early_cutoff": evaluator.early_cutoff,
            "circular": evaluator.circles.known,
            "iterated": evaluator.circles.iterated,
            "reader": {name: getattr(reader, name) for name in ("seed", "clock", "round", "_entropy")},
        },
    )


@dataclass(slots=True)
class _Planes:
    """A rectangle of a store; `errors` are the cell errors in row-major order, whose numbers are good in one process only."""

    box: Box
    kinds: Any
    payload: Any
    texts: bool
    owners: Any
    errors: list[CellError]


def _planes(store: SheetStore) -> list[_Planes]:
    found = []
    for box in store.used_boxes():
        kinds, payload, texts = store.read_planes(box)
        errors = [error_from_id(int(number)) for number in payload[kinds == ERROR].tolist()]
        found.append(_Planes(Box(*box), np.array(kinds), np.array(payload), texts, np.array(store.owners(box)), errors))
    return found


def _block_state(block: AnyBlock) -> dict[str, Any]:
    own = {"id": block.id, "sheet": block.sheet, "shape": block.program.shape, "mode": block.program.mode, "operands": block.operands}
    own |= {"holes": block.holes, "array": block.array, "frozen": block.frozen}
    if isinstance(block, Block):
        return own | {"rect": block.rect}
    operands = [tuple(block.syntax_operands(member)) for member in range(len(block.rows))]
    return own | {"rows": block.rows, "columns": block.columns, "gone": block.gone, "operands": operands}


def fill_engine(engine: Engine, state: EngineState) -> None:
    """Fill a new engine from plain state."""
    book, field = engine.book, engine.field
    for name, value in state.book.items():
        setattr(book, name, value)
    book.pool = TextPool()
    book.pool.intern_all(state.texts)
    book.sheets = {}
    for own in state.records:
        parts: dict[str, Any] = {name: _store_of(own[name], book.pool) for name in ("store", "formats")}
        record = SheetRecord(**(own | parts))
        book.sheets[record.id] = record
        book._by_name[record.name.lower()] = record.id
    for block in state.blocks:
        field.enter(_block_from(engine, block))
    rest = state.rest
    field.seeds, field.changed_places, field._next = rest["seeds"], rest["changed"], rest["next"]
    field.spills.restore(rest["spills"])
    engine._cells, engine._places, engine.automatic = rest["cells"], rest["places"], rest["automatic"]
    engine.evaluator.forms.largest, engine.evaluator.displayed.on = rest["largest"], rest["displayed"]
    engine.evaluator.early_cutoff = rest["early_cutoff"]
    engine.evaluator.iteration = rest["iteration"]
    engine.evaluator.circles.known, engine.evaluator.circles.iterated = rest["circular"], rest["iterated"]
    for name, value in rest["reader"].items():
        setattr(engine.reader, name, value)


def _store_of(planes: list[_Planes], pool: TextPool) -> SheetStore:
    store = SheetStore(pool)
    for one in planes:
        if one.errors:
            one.payload[one.kinds == ERROR] = [float(error_id(error)) for error in one.errors]
        store.write_planes(one.box, one.kinds, one.payload, one.texts)
        if one.owners.any():
            store.set_owners(one.box, one.owners)
    return store


def _block_from(engine: Engine, own: dict[str, Any]) -> AnyBlock:
    programs = engine.field.programs
    sheet, shape, mode = own["sheet"], own["shape"], own["mode"]
    made: AnyBlock
    if "rect" in own:
        rect = Rect(*own["rect"])
        program, slots = programs.program(shape, own["operands"], sheet, rect.top, rect.left, mode)
        made = Block(own["id"], sheet, rect, program, slots, own["operands"])
    else:
        cells = list(zip(own["rows"].tolist(), own["columns"].tolist(), strict=True))
        bound = [programs.program(shape, one, sheet, *cell, mode) for one, cell in zip(own["operands"], cells, strict=True)]
        made = Family(own["id"], sheet, bound[0][0], own["rows"], own["columns"], [slots for _, slots in bound], own["operands"])
        made.gone = own["gone"]
    made.holes, made.array, made.frozen = own["holes"], own["array"], own["frozen"]
    return made
