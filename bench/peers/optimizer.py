"""PyTorch's gradient clipping and fused AdamW update on the parameters of GPT-2 small."""

import statistics
import time

import torch

from gpt import GPT, adamw
from parameters import peak_memory_bytes, read_parameters, report_result

parameters = read_parameters()
torch.set_num_threads(parameters["threads"])
shape = dict(vocabularySize=50257, contextLength=1024, hiddenSize=768, intermediateSize=3072, layers=12, heads=12)
model = GPT(shape)
optimizer = adamw(model, 1e-4, (0.9, 0.95), 0.1)
for parameter in model.parameters():
    parameter.grad = torch.rand_like(parameter) * 0.02 - 0.01
norms, updates = [], []
for step in range(parameters["steps"] + 2):
    start = time.perf_counter()
    torch.nn.utils.clip_grad_norm_(model.parameters(), 1.0)
    between = time.perf_counter()
    optimizer.step()
    end = time.perf_counter()
    if step >= 2:  # the first ones warm up
        norms.append(1000 * (between - start))
        updates.append(1000 * (end - between))
report_result(
    {
        "parameters": sum(parameter.numel() for parameter in model.parameters()),
        "normMilliseconds": statistics.median(norms),
        "updateMilliseconds": statistics.median(updates),
        "peakBytes": peak_memory_bytes(),
    }
)
