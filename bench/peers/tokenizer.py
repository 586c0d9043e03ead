"""Hugging Face tokenizers on the same texts: trains byte-level BPE with the same word pattern and settings, and encodes
with the tokenizer that Loam trained."""

import hashlib
import json
import os
import time

import numpy
from tokenizers import Tokenizer, models, pre_tokenizers, trainers

from parameters import peak_memory_bytes, read_parameters, report_result

parameters = read_parameters()
with open(parameters["texts"], encoding="utf-8") as file:
    pieces = json.load(file)
file_of_loam = os.path.join(parameters["folder"], "tokenizer.json")

tokenizer = Tokenizer(models.BPE())
tokenizer.pre_tokenizer = Tokenizer.from_file(file_of_loam).pre_tokenizer
trainer = trainers.BpeTrainer(
    vocab_size=parameters["vocabularySize"],
    min_frequency=2,
    special_tokens=["<|endoftext|>"],
    initial_alphabet=pre_tokenizers.ByteLevel.alphabet(),
    show_progress=False,
)
begin = time.perf_counter()
tokenizer.train_from_iterator(pieces, trainer)
training_seconds = time.perf_counter() - begin

with open(file_of_loam, encoding="utf-8") as file:
    merges = json.load(file)["model"]["merges"]
same_merges = [tuple(m) if isinstance(m, list) else tuple(m.split(" ")) for m in merges] == [
    tuple(m) if isinstance(m, list) else tuple(m.split(" ")) for m in json.loads(tokenizer.to_str())["model"]["merges"]
]

loaded = Tokenizer.from_file(file_of_loam)
encoding_seconds = []
for _ in range(parameters["encodings"]):
    begin = time.perf_counter()
    encoded = loaded.encode_batch_fast(pieces, add_special_tokens=False)
    ids = [numpy.array(encoding.ids, dtype="<u4") for encoding in encoded]
    encoding_seconds.append(time.perf_counter() - begin)
digest = hashlib.sha256()
for piece in ids:
    digest.update(piece.tobytes())
report_result(
    {
        "trainingSeconds": training_seconds,
        "firstEncodingSeconds": encoding_seconds[0],
        "encodingSeconds": min(encoding_seconds),
        "vocabularySize": tokenizer.get_vocab_size(),
        "tokens": sum(len(piece) for piece in ids),
        "idsHash": digest.hexdigest(),
        "sameMerges": same_merges,
        "peakBytes": peak_memory_bytes(),
    }
)
