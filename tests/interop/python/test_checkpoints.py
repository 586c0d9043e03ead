"""Checkpoints written by Loam, read by transformers; and checkpoints of transformers for Loam to read.

LOAM_INTEROP_DIR names the folder that tests/interop/write-checkpoints.ts wrote into. What is written here into its
folder from-transformers, tests/interop/check-checkpoints.ts reads.
"""

import json
import os
from pathlib import Path

import pytest
import torch
from transformers import AutoModelForCausalLM, AutoTokenizer

INTEROP = Path(os.environ["LOAM_INTEROP_DIR"])
NAMES = ["gpt2", "gpt2-untied", "llama", "llama-tied", "qwen2", "qwen3"]


def expected(name):
    return json.loads((INTEROP / "checkpoints" / name / "expected.json").read_text(encoding="utf-8"))


def load(name):
    return AutoModelForCausalLM.from_pretrained(INTEROP / "checkpoints" / name, output_loading_info=True)


@pytest.mark.parametrize("name", NAMES)
def test_every_weight_finds_its_place(name):
    model, info = load(name)
    for kind in ["missing_keys", "unexpected_keys", "mismatched_keys"]:
        assert not info[kind], (kind, info[kind])
    assert not info.get("error_msgs")
    assert next(model.parameters()).dtype == torch.float32


@pytest.mark.parametrize("name", NAMES)
def test_the_logits_are_those_of_loam(name):
    model, _ = load(name)
    case = expected(name)
    with torch.no_grad():
        logits = model.eval()(torch.tensor([case["ids"]])).logits[0]
    assert len(case["ids"]) > 5
    assert logits.std() > 0.1
    difference = (logits - torch.tensor(case["logits"])).abs().max().item()
    assert difference <= 1e-4, difference


@pytest.mark.parametrize("name", NAMES)
def test_greedy_text_is_that_of_loam(name):
    model, _ = load(name)
    tokenizer = AutoTokenizer.from_pretrained(INTEROP / "checkpoints" / name)
    case = expected(name)
    prompt = tokenizer(case["prompt"], return_tensors="pt")
    assert prompt["input_ids"][0].tolist() == case["ids"]
    sequence = model.generate(**prompt, max_new_tokens=30, do_sample=False)[0, len(case["ids"]) :].tolist()
    end = model.generation_config.eos_token_id
    assert (sequence[-1] == end) == (case["greedy"]["reason"] == "endOfText")
    written = [token for token in sequence if token != end]
    assert written == case["greedy"]["ids"]
    assert len(set(written)) > 3, "a text of one token proves little"
    assert tokenizer.decode(written) == case["greedy"]["text"]


@pytest.mark.parametrize("dtype", ["float16", "bfloat16", "float32"])
@pytest.mark.parametrize("name", NAMES)
def test_transformers_writes_for_loam(name, dtype):
    """Saves in another precision and in several files, with the logits of the rounded weights in float32."""
    model, _ = load(name)
    target = INTEROP / "from-transformers" / f"{name}-{dtype}"
    model = model.to(getattr(torch, dtype))
    model.save_pretrained(target, max_shard_size="50KB" if dtype == "float16" else "1GB")
    assert (target / "model.safetensors.index.json").exists() == (dtype == "float16")
    AutoTokenizer.from_pretrained(INTEROP / "checkpoints" / name).save_pretrained(target)
    ids = expected(name)["ids"]
    # Loaded again: a model turned to another precision and back keeps rounded rotary frequencies.
    model = AutoModelForCausalLM.from_pretrained(target, dtype=torch.float32)
    with torch.no_grad():
        logits = model.eval()(torch.tensor([ids])).logits[0, -1]
    (target / "expected.json").write_text(json.dumps({"ids": ids, "logits": logits.tolist()}))
