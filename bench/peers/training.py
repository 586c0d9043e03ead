"""A plain nanoGPT-style training loop, timed: forward, backward, gradient clipping, fused AdamW."""

import contextlib
import statistics
import time

import torch

from gpt import GPT, adamw, draw_batch
from parameters import peak_memory_bytes, read_parameters, report_result

parameters = read_parameters()
torch.set_num_threads(parameters["threads"])
torch.manual_seed(1337)
shape, batch_size = parameters["shape"], parameters["batchSize"]
micro_batch_size = parameters.get("microBatchSize") or batch_size
accumulation = batch_size // micro_batch_size
model = GPT(shape)
optimizer = adamw(model, 1e-4, (0.9, 0.95), 0.1)
forward = torch.compile(model) if parameters["compile"] else model
precision = torch.autocast("cpu", dtype=torch.bfloat16) if parameters["bf16"] else contextlib.nullcontext()
tokens = torch.randint(shape["vocabularySize"], (200_000,))


def training_step():
    optimizer.zero_grad(set_to_none=True)
    total = 0.0
    for _ in range(accumulation):
        ids, targets = draw_batch(tokens, micro_batch_size, shape["contextLength"])
        with precision:
            loss = forward(ids, targets) / accumulation
        loss.backward()
        total += loss.item()
    torch.nn.utils.clip_grad_norm_(model.parameters(), 1.0)
    optimizer.step()
    return total


compiled = time.perf_counter()
for _ in range(parameters["warmupSteps"]):
    training_step()
first_timed = time.perf_counter()
steps = []
while len(steps) < parameters["minimumSteps"] or time.perf_counter() - first_timed < parameters["seconds"]:
    start = time.perf_counter()
    training_step()
    steps.append(1000 * (time.perf_counter() - start))
report_result(
    {
        "milliseconds": statistics.median(steps),
        "shortestMilliseconds": min(steps),
        "steps": len(steps),
        "peakBytes": peak_memory_bytes(),
        "warmupSeconds": first_timed - compiled,
    }
)
