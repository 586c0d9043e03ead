"""Greedy decoding with transformers on the checkpoint that Loam wrote: a plain loop over the model with its key-value
cache, and `generate`; the faster counts."""

import statistics
import time

import torch
from transformers import AutoModelForCausalLM

from parameters import peak_memory_bytes, read_parameters, report_result

parameters = read_parameters()
torch.set_num_threads(parameters["threads"])
model = AutoModelForCausalLM.from_pretrained(parameters["folder"], dtype=torch.float32).eval()
prompt = torch.tensor([parameters["promptIds"]])
new_tokens = parameters["newTokens"]


def prefill():
    return model(prompt, use_cache=True, logits_to_keep=1)


def loop():
    output = prefill()
    written = [output.logits[0, -1].argmax().item()]
    begin = time.perf_counter()
    while len(written) < new_tokens:
        output = model(torch.tensor([[written[-1]]]), past_key_values=output.past_key_values, use_cache=True)
        written.append(output.logits[0, -1].argmax().item())
    return (new_tokens - 1) / (time.perf_counter() - begin), written


def generate(tokens):
    begin = time.perf_counter()
    output = model.generate(
        prompt,
        attention_mask=torch.ones_like(prompt),
        do_sample=False,
        max_new_tokens=tokens,
        eos_token_id=None,
        pad_token_id=0,
    )
    return time.perf_counter() - begin, output[0, prompt.shape[1] :].tolist()


prefills, loops, generates = [], [], []
with torch.inference_mode():
    for round in range(parameters["rounds"] + 1):
        begin = time.perf_counter()
        prefill().logits[0, -1].argmax().item()
        prefill_seconds = time.perf_counter() - begin
        loop_speed, ids = loop()
        one, _ = generate(1)
        all, _ = generate(new_tokens)
        if round > 0:  # the first one warms up
            prefills.append(1000 * prefill_seconds)
            loops.append(loop_speed)
            generates.append((new_tokens - 1) / (all - one))
report_result(
    {
        "tokensPerSecond": max(statistics.median(loops), statistics.median(generates)),
        "loopTokensPerSecond": statistics.median(loops),
        "generateTokensPerSecond": statistics.median(generates),
        "prefillMilliseconds": statistics.median(prefills),
        "ids": ids,
        "peakBytes": peak_memory_bytes(),
    }
)
