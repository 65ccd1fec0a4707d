"""Cell styles for number formats that a file does not have yet.

In: the styles part. Out: numbers of cell styles, made where they are missing, and the new part. Invariant: a new style is a copy of
the one it comes from, all but its number format; what the part held stays byte for byte.
"""

from __future__ import annotations

import re

from sheetengine.io.cell_markup import escape_attribute, escape_text
from sheetengine.io.styles import BUILT_IN

_XFS = re.compile(rb"<((?:\w+:)?)cellXfs\b[^>]*>(.*?)</(?:\w+:)?cellXfs>", re.DOTALL)
_XF = re.compile(rb"<(?:\w+:)?xf\b(?:[^>]*?/>|.*?</(?:\w+:)?xf>)", re.DOTALL)
_FORMATS = re.compile(rb"<(?:\w+:)?numFmts\b[^>]*?(?:/>|>.*?</(?:\w+:)?numFmts>)", re.DOTALL)
_ID = re.compile(rb'\snumFmtId="([0-9]+)"')
_COUNT = re.compile(rb'(\scount=)"[0-9]+"')
_APPLIED = re.compile(rb'\sapplyNumberFormat="[^"]*"')
_ROOT = re.compile(rb"<((?:\w+:)?)styleSheet\b[^>]*>")
_NUMBERS = {pattern: number for number, pattern in reversed(BUILT_IN.items())}
_FIRST_OWN = 164


class StylePatch:
    """Finds or makes cell styles.

    >>> patch = StylePatch(b'<styleSheet><cellXfs count="1"><xf numFmtId="0" fontId="2"/></cellXfs></styleSheet>', ["General"])
    >>> patch.style(0, "0.00"), patch.style(0, "0.00"), patch.style(0, "General")
    (1, 1, 0)
    >>> patch.data()
    b'<styleSheet><cellXfs count="2"><xf numFmtId="0" fontId="2"/><xf numFmtId="2" fontId="2" applyNumberFormat="1"/></cellXfs></styleSheet>'
    """

    def __init__(self, data: bytes, patterns: list[str]) -> None:
        self._data = data
        self._patterns = list(patterns)
        match = _XFS.search(data)
        self._match = match
        self._xfs = _XF.findall(match[2]) if match is not None else []
        self._formats: dict[str, int] = {}
        self._next = max([_FIRST_OWN - 1, *[int(found) for found in _ID.findall(data)]]) + 1
        self._made: dict[tuple[int, str], int] = {}
        self._new: list[bytes] = []

    @property
    def changed(self) -> bool:
        """Whether styles were made."""
        return bool(self._new)

    def style(self, base: int, pattern: str) -> int:
        """The style like `base` whose number format is `pattern`."""
        if not 0 <= base < len(self._patterns):
            base = 0
        if self._patterns[base] == pattern:
            return base
        known = self._made.get((base, pattern))
        if known is None:
            known = self._made[base, pattern] = self._make(base, pattern)
        return known

    def _make(self, base: int, pattern: str) -> int:
        if self._match is None or base >= len(self._xfs):
            raise ValueError("the styles part has no cell styles")
        number = _NUMBERS.get(pattern)
        if number is None:
            number = self._formats.get(pattern)
        if number is None:
            number = self._formats[pattern] = self._next
            self._next += 1
        xf = _APPLIED.sub(b"", self._xfs[base])
        changed = b' numFmtId="%d"' % number
        xf = _ID.sub(changed, xf, count=1) if _ID.search(xf) else re.sub(rb"(?<=xf)(?=[\s/>])", changed, xf, count=1)
        end = re.search(rb"\s*/?>", xf)
        assert end is not None
        xf = xf[: end.start()] + b' applyNumberFormat="1"' + xf[end.start() :]
        self._new.append(xf)
        return len(self._xfs) + len(self._new) - 1

    def data(self) -> bytes:
        """The part with what was made."""
        if not self._new or self._match is None:
            return self._data
        match, data = self._match, self._data
        head = data[match.start() : match.start(2)]
        count = b'%s"%d"' % (rb"\1", len(self._xfs) + len(self._new))
        data = data[: match.start()] + _COUNT.sub(count, head, count=1) + match[2] + b"".join(self._new) + data[match.end(2) :]
        return self._with_formats(data) if self._formats else data

    def _with_formats(self, data: bytes) -> bytes:
        prefix = (self._match[1] if self._match is not None else b"").decode()
        elements = "".join(
            f'<{prefix}numFmt numFmtId="{number}" formatCode="{escape_attribute(escape_text_only(pattern))}"/>'
            for pattern, number in self._formats.items()
        ).encode()
        found = _FORMATS.search(data)
        if found is None:
            root = _ROOT.search(data)
            assert root is not None
            block = b'<%snumFmts count="%d">%s</%snumFmts>' % (prefix.encode(), len(self._formats), elements, prefix.encode())
            return data[: root.end()] + block + data[root.end() :]
        block = found[0]
        total = len(re.findall(rb"<(?:\w+:)?numFmt\b", block)) + len(self._formats)
        if block.endswith(b"/>"):
            opening, inner, closing = block[:-2] + b">", b"", b"</%snumFmts>" % prefix.encode()
        else:
            begin, end = block.index(b">") + 1, block.rindex(b"</")
            opening, inner, closing = block[:begin], block[begin:end], block[end:]
        opening = _COUNT.sub(b'%s"%d"' % (rb"\1", total), opening, count=1)
        return data[: found.start()] + opening + inner + elements + closing + data[found.end() :]


def escape_text_only(text: str) -> str:
    """Excel's own escapes of control characters, without XML's."""
    return text if escape_text(text) == text else re.sub("[\x00-\x08\x0b-\x1f]", lambda match: f"_x{ord(match[0]):04X}_", text)
