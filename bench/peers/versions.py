"""The versions of what Loam is compared with."""

import platform

import numpy
import tokenizers
import torch
import transformers

from parameters import report_result

report_result(
    {
        "python": platform.python_version(),
        "torch": torch.__version__,
        "transformers": transformers.__version__,
        "tokenizers": tokenizers.__version__,
        "numpy": numpy.__version__,
    }
)
