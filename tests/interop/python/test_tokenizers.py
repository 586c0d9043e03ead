"""Tokenizers written by Loam, read by `tokenizers` and `transformers`.

LOAM_INTEROP_DIR names the folder that tests/interop/write-tokenizers.ts wrote into.
"""

import json
import os
import shutil
from pathlib import Path

import pytest
from tokenizers import Regex, Tokenizer, decoders, models, pre_tokenizers, trainers
from transformers import AutoTokenizer

FOLDER = Path(os.environ["LOAM_INTEROP_DIR"]) / "tokenizers"
NAMES = ["gpt4", "qwen", "gpt2", "exhausted", "characters", "from-two-files"]
TRAINED = ["gpt4", "qwen", "gpt2", "exhausted"]
END = "<|endoftext|>"


def read(path):
    return json.loads(path.read_text(encoding="utf-8"))


def cases(name):
    """Texts without special tokens: Loam encodes those as plain text, and `tokenizers` as the token."""
    return [case for case in read(FOLDER / name / "cases.json") if END not in case["text"]]


@pytest.mark.parametrize("name", NAMES)
def test_tokenizers_gives_the_same_ids_and_texts(name):
    tokenizer = Tokenizer.from_file(str(FOLDER / name / "tokenizer.json"))
    assert len(cases(name)) > 20
    for case in cases(name):
        assert tokenizer.encode(case["text"], add_special_tokens=False).ids == case["ids"], case["text"][:200]
        assert tokenizer.decode(case["ids"]) == case["decoded"], case["text"][:200]


@pytest.mark.parametrize("architecture", [None, "gpt2", "llama", "qwen3"])
@pytest.mark.parametrize("name", NAMES)
def test_transformers_gives_the_same_ids_and_texts(name, architecture, tmp_path):
    for file in ["tokenizer.json", "tokenizer_config.json"]:
        shutil.copy(FOLDER / name / file, tmp_path)
    if architecture is not None:
        (tmp_path / "config.json").write_text(json.dumps({"model_type": architecture}))
    tokenizer = AutoTokenizer.from_pretrained(tmp_path)
    assert tokenizer.eos_token == END
    assert tokenizer.eos_token_id == Tokenizer.from_file(str(tmp_path / "tokenizer.json")).token_to_id(END)
    for case in cases(name):
        assert tokenizer.encode(case["text"]) == case["ids"], case["text"][:200]
        assert tokenizer.decode(case["ids"], skip_special_tokens=True) == case["decoded"], case["text"][:200]


@pytest.mark.parametrize("name", TRAINED)
def test_tokenizers_trains_the_same_file(name):
    options = read(FOLDER / name / "training.json")
    written = (FOLDER / name / "tokenizer.json").read_text(encoding="utf-8")
    tokenizer = Tokenizer(models.BPE())
    tokenizer.decoder = decoders.ByteLevel()
    if name == "gpt2":
        tokenizer.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False)
    else:
        pattern = json.loads(written)["pre_tokenizer"]["pretokenizers"][0]["pattern"]["Regex"]
        tokenizer.pre_tokenizer = pre_tokenizers.Sequence(
            [
                pre_tokenizers.Split(Regex(pattern), "isolated"),
                pre_tokenizers.ByteLevel(add_prefix_space=False, use_regex=False),
            ]
        )
    trainer = trainers.BpeTrainer(
        vocab_size=options["vocabularySize"],
        min_frequency=options["minimumFrequency"],
        special_tokens=[END],
        initial_alphabet=pre_tokenizers.ByteLevel.alphabet(),
        show_progress=False,
    )
    tokenizer.train_from_iterator(read(FOLDER / "documents.json"), trainer)
    assert tokenizer.to_str(pretty=True) == written
