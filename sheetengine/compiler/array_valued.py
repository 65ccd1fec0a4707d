"""Whether a bound formula may answer more than one value, so that it may spill, or in a legacy formula is cut to one.

In: a bound tree. Out: a truth value, told from the tree alone; what a name or a function that is a value answers may be anything.
"""

from __future__ import annotations

from sheetengine.compiler.argument_classes import VALUES
from sheetengine.compiler.bound import (
    Application,
    AreaRead,
    ArrayConstant,
    Bound,
    CellRead,
    FunctionCall,
    FunctionValue,
    Implicit,
    LambdaExpression,
    Local,
    NamedLambda,
    ReferenceOperation,
    SpillReference,
)
from sheetengine.compiler.walk import children


def may_be_array(bound: Bound) -> bool:
    """Whether a bound node may give an array, or a range of several cells."""
    match bound:
        case AreaRead() | ArrayConstant() | ReferenceOperation() | SpillReference():
            return True
        case Local() | Application() | LambdaExpression() | NamedLambda() | FunctionValue():
            return True
        case Implicit():
            return False
        case FunctionCall(function, arguments):
            if function.name in VALUES:
                return not all(isinstance(argument, CellRead) for argument in arguments)
            if function.references or function.answers_array:
                return True
            parameters = function.signature.assigned(len(arguments))
            return any(p.kind.is_scalar and may_be_array(a) for p, a in zip(parameters, arguments, strict=True))
    return any(map(may_be_array, children(bound)))
