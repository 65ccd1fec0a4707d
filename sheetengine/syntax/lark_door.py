"""Lark's door for our tokens: lark never lexes a formula itself.

Importing this module imports lark; only `parser` does, with the first shape that must be parsed.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from lark import Token
from lark.lexer import Lexer

from sheetengine.syntax.tokens import ShapeToken


class TokenLexer(Lexer):
    """Hands the tokens of a shape over one by one."""

    def __init__(self, lexer_conf: object) -> None:
        pass

    def lex(self, tokens: Any) -> Iterator[Token]:  # type: ignore[override]  # lark types its own lexers' input
        """The tokens as lark has them; an operand's text is its number."""
        token: ShapeToken
        for token in tokens:
            value = token.text if token.operand < 0 else str(token.operand)
            yield Token(token.kind, value, start_pos=token.offset)
