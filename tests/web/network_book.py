"""The digits workbook's `Draw` sheet in memory: the shipped parameters, the article's names and formulas, built by assignments."""

from __future__ import annotations

import numpy as np

import sheetengine
from sheetengine import digits_data


def network_book() -> sheetengine.Workbook:
    (hidden, hidden_bias), (output, output_bias) = digits_data.parameters()
    book = sheetengine.Workbook(sheet="Parameters")
    parameters = book["Parameters"]
    for neuron, weights in enumerate(hidden):
        top = 2 + 29 * neuron
        parameters[f"A{top}:AB{top + 27}"] = weights.reshape(28, 28)
        book.names[f"weight_1_{neuron + 1}"] = f"=Parameters!$A${top}:$AB${top + 27}"
    for neuron, weights in enumerate(output):
        top = 872 + 31 * neuron
        parameters[f"A{top}:A{top + 29}"] = weights.reshape(-1, 1)
        book.names[f"weight_2_{neuron + 1}"] = f"=Parameters!$A${top}:$A${top + 29}"
    parameters["A1182:A1211"] = hidden_bias.reshape(-1, 1)
    parameters["A1213:A1222"] = output_bias.reshape(-1, 1)
    book.names["bias_1"] = "=Parameters!$A$1182:$A$1211"
    book.names["bias_2"] = "=Parameters!$A$1213:$A$1222"
    draw = book.add_sheet("Draw")
    book.names["drawing"] = "=Draw!$A$1:$AB$28"
    book.names["hidden_draw"] = "=Draw!$AD$2:$AD$31"
    draw["A1:AB28"] = np.zeros((28, 28))
    draw["AD1"], draw["AE1"], draw["AE12"] = "Hidden layer", "Output layer", "Predicted digit"
    for neuron in range(1, 31):
        draw[f"AD{neuron + 1}"] = f"=1/(1+EXP(-(SUMPRODUCT(drawing,weight_1_{neuron})+INDEX(bias_1,{neuron}))))"
    for digit in range(1, 11):
        draw[f"AE{digit + 1}"] = f"=1/(1+EXP(-(SUMPRODUCT(hidden_draw,weight_2_{digit})+INDEX(bias_2,{digit}))))"
    draw["AE13"] = "=MATCH(MAX(AE2:AE11),AE2:AE11,0)-1"
    return book
