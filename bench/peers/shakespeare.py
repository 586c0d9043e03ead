"""The character-level benchmark in PyTorch: the same model, batches, schedule, evaluations and checkpoints as Loam's
preset shakespeare-char, in the manner of nanoGPT's train.py."""

import math
import tempfile
import time

import torch

from gpt import GPT, adamw, draw_batch
from parameters import peak_memory_bytes, read_parameters, report_result

parameters = read_parameters()
begin = time.perf_counter()
torch.set_num_threads(parameters["threads"])
torch.manual_seed(1337)

with open(parameters["text"], encoding="utf-8") as file:
    text = file.read()
characters = sorted(set(text))
number_of = {character: index for index, character in enumerate(characters)}
tokens = torch.tensor([number_of[character] for character in text], dtype=torch.long)
boundary = int(0.9 * len(tokens))
training_tokens, validation_tokens = tokens[:boundary], tokens[boundary:]

context, batch_size, steps, warmup = 64, 12, parameters["steps"], 100
evaluation_interval, evaluation_tokens, evaluation_batch = 250, 100_000, 16
learning_rate, minimum_learning_rate = 1e-3, 1e-4
shape = dict(vocabularySize=len(characters), contextLength=context, hiddenSize=128, intermediateSize=512, layers=4, heads=4)
model = GPT(shape)
optimizer = adamw(model, learning_rate, (0.9, 0.99), 0.1)
forward = torch.compile(model) if parameters["compile"] else model


def learning_rate_at(step):
    """Linear warm-up, then half a cosine down to the minimum; steps count from 1."""
    if step <= warmup:
        return learning_rate * step / warmup
    progress = (step - warmup) / (steps - warmup)
    return minimum_learning_rate + 0.5 * (1 + math.cos(math.pi * progress)) * (learning_rate - minimum_learning_rate)


@torch.no_grad()
def validation_loss(most_tokens):
    """Mean loss over windows side by side: all tokens but the first are predicted once."""
    predictions = len(validation_tokens) - 1
    windows = math.ceil(predictions / context)
    taken = windows if most_tokens >= predictions else most_tokens // context
    starts = [(index * (predictions // context if taken < windows else windows) // taken) * context for index in range(taken)]
    whole = [start for start in starts if start + context < len(validation_tokens)]
    total, count = 0.0, 0
    for first in range(0, len(whole), evaluation_batch):
        batch = whole[first : first + evaluation_batch]
        ids = torch.stack([validation_tokens[start : start + context] for start in batch])
        targets = torch.stack([validation_tokens[start + 1 : start + 1 + context] for start in batch])
        total += model(ids, targets).item() * ids.numel()
        count += ids.numel()
    for start in starts[len(whole) :]:  # the shorter one at the end
        ids, targets = validation_tokens[start:-1][None], validation_tokens[start + 1 :][None]
        total += model(ids, targets).item() * ids.numel()
        count += ids.numel()
    return total / count, count


def save():
    with tempfile.TemporaryFile() as file:
        torch.save({"model": model.state_dict(), "optimizer": optimizer.state_dict()}, file)


training_begins = time.perf_counter()
for step in range(1, steps + 1):
    for group in optimizer.param_groups:
        group["lr"] = learning_rate_at(step)
    ids, targets = draw_batch(training_tokens, batch_size, context)
    optimizer.zero_grad(set_to_none=True)
    loss = forward(ids, targets)
    loss.backward()
    torch.nn.utils.clip_grad_norm_(model.parameters(), 1.0)
    optimizer.step()
    loss.item()
    if step % evaluation_interval == 0:
        validation_loss(evaluation_tokens)
        save()
final_loss, predicted = validation_loss(len(validation_tokens))
end = time.perf_counter()
report_result(
    {
        "validationLoss": final_loss,
        "validationTokens": predicted,
        "seconds": end - begin,
        "trainingSeconds": end - training_begins,
        "parameters": sum(parameter.numel() for parameter in model.parameters()),
        "peakBytes": peak_memory_bytes(),
    }
)
