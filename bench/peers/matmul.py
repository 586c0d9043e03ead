"""PyTorch's float32 matrix product on square matrices: the fastest run of each size in GFLOP/s."""

import time

import torch

from parameters import read_parameters, report_result

parameters = read_parameters()
torch.set_num_threads(parameters["threads"])
rates = {}
with torch.inference_mode():
    for size in parameters["sizes"]:
        a, b, product = torch.rand(size, size) - 0.5, torch.rand(size, size) - 0.5, torch.empty(size, size)
        shortest = float("inf")
        end = time.perf_counter() + parameters["seconds"]
        while True:
            start = time.perf_counter()
            torch.mm(a, b, out=product)
            shortest = min(shortest, time.perf_counter() - start)
            if time.perf_counter() > end:
                break
        rates[size] = 2 * size**3 / shortest / 1e9
report_result({"rates": rates, "versions": {"torch": torch.__version__}})
