"""Graphs written by Loam, checked and computed by the reference implementation of the `onnx` package.

LOAM_INTEROP_DIR names the folder that tests/interop/write-graphs.ts wrote into.
"""

import json
import os
from pathlib import Path

import numpy as np
import onnx
import onnx.checker
import onnx.shape_inference
import pytest
from onnx.reference import ReferenceEvaluator

FOLDER = Path(os.environ["LOAM_INTEROP_DIR"]) / "graphs"
GRAPHS = json.loads((FOLDER / "graphs.json").read_text(encoding="utf-8"))
# ONNX's reference takes the logarithm of a probability, which underflows here.
TOO_LARGE = "LogSoftmax of large scores"
COMPUTED = [graph for graph in GRAPHS if "inputs" in graph and graph["name"] != TOO_LARGE]


def array(tensor):
    return np.array(tensor["data"], dtype=tensor["dtype"]).reshape(tensor["shape"])


def name_of(graph):
    return graph["name"]


def test_there_are_graphs_of_every_kind():
    names = [graph["name"] for graph in GRAPHS]
    kinds = ["training, checkpointing true", "evaluation", "inspection", "generation", "export", "export, weights apart"]
    for model_type in ["gpt2", "llama", "qwen2", "qwen3"]:
        assert [kind for kind in kinds if f"{model_type} {kind}" not in names] == []
    assert len(COMPUTED) > 200


@pytest.mark.parametrize("graph", GRAPHS, ids=name_of)
def test_the_checker_accepts_it(graph):
    onnx.checker.check_model(FOLDER / graph["file"], full_check=True)


@pytest.mark.parametrize("graph", GRAPHS, ids=name_of)
def test_onnx_infers_the_shapes_that_are_declared(graph):
    declared = onnx.load(FOLDER / graph["file"], load_external_data=False)
    undeclared = onnx.ModelProto()
    undeclared.CopyFrom(declared)
    for output in undeclared.graph.output:
        output.type.tensor_type.ClearField("shape")
    inferred = onnx.shape_inference.infer_shapes(undeclared, strict_mode=True, data_prop=True)
    for own, theirs in zip(declared.graph.output, inferred.graph.output, strict=True):
        assert own.type.tensor_type.elem_type == theirs.type.tensor_type.elem_type
        if not theirs.type.tensor_type.HasField("shape"):
            continue  # ONNX knows no rule for the operators of com.microsoft
        dimensions = list(zip(own.type.tensor_type.shape.dim, theirs.type.tensor_type.shape.dim, strict=True))
        for one, other in dimensions:
            # Where ONNX finds a number it is the one declared; names that it makes up for open dimensions are its own.
            if other.HasField("dim_value"):
                assert one.dim_value == other.dim_value, own.name


@pytest.mark.parametrize("graph", COMPUTED, ids=name_of)
def test_onnx_computes_what_loam_does(graph):
    evaluator = ReferenceEvaluator(str(FOLDER / graph["file"]))
    names = list(graph["outputs"])
    results = evaluator.run(names, {name: array(tensor) for name, tensor in graph["inputs"].items()})
    for name, result in zip(names, results, strict=True):
        expected = graph["outputs"][name]
        assert list(np.shape(result)) == expected["shape"], name
        assert str(np.asarray(result).dtype) == expected["dtype"], name
        values = np.array(expected["data"], dtype=np.float64).reshape(expected["shape"])
        # float16 has 11 significant bits, float32 24, of which a whole model loses some.
        share = 1e-3 if "float16" in graph["name"] else 1e-4 if len(names) > 4 else 2e-5
        largest = np.max(np.abs(values), initial=0)
        actual = np.asarray(result, dtype=np.float64)
        np.testing.assert_allclose(actual, values, rtol=0, atol=share * largest, err_msg=name)
