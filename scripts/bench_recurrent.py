"""Measure a recurrent model with attention: s2s against Marian and PyTorch.

A GRU of the sizes that Marian's examples train (512 and 1,024 wide, 32,000 pieces), greedy and with
a beam of 4, on one core, s2s also in int8. As in ``scripts/bench_engines.py``, weights are random,
no text ever ends, and the time of the processor counts. The search of the model in PyTorch is
as plain as it can be: all beams go on to the last step::

    PYTHONPATH=. python scripts/bench_recurrent.py --input train.en --marian-python PYTHON
"""

from __future__ import annotations

import argparse
import json
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

from bench_engines import LENGTH, MARIAN, PIECES, ROUNDS, compare, ours, write_texts

EMBEDDING, STATE = 512, 1024
OPTIONS: dict[str, Any] = {
    "type": "s2s",
    "dim-emb": EMBEDDING,
    "dim-rnn": STATE,
    "dim-vocabs": [PIECES, PIECES],
    "enc-type": "bidirectional",
    "enc-cell": "gru",
    "enc-depth": 1,
    "enc-cell-depth": 1,
    "dec-cell": "gru",
    "dec-depth": 1,
    "dec-cell-base-depth": 2,
    "dec-cell-high-depth": 1,
    "layer-normalization": False,
    "skip": False,
    "tied-embeddings-all": True,
    "version": "v1.12.42",
}
CELLS = {
    "encoder_bi": EMBEDDING,
    "encoder_bi_r": EMBEDDING,
    "decoder_cell1": EMBEDDING,
    "decoder_cell2": 2 * STATE,
}
THEIRS = "import sys; from bench_recurrent import run_torch; run_torch(sys.argv[1])"


def arrays() -> dict[str, Any]:
    """The model's arrays by Marian's names, random; the end of a text never comes up."""
    import numpy as np
    import yaml

    random = np.random.default_rng(1)

    def matrix(*shape: int) -> Any:
        return random.normal(0, shape[0] ** -0.5, shape).astype(np.float32)

    found = {"Wemb": matrix(PIECES, EMBEDDING), "decoder_ff_logit_l2_b": matrix(1, PIECES)}
    found["decoder_ff_logit_l2_b"][0, 0] = -1e6
    for place, inputs in CELLS.items():
        for end, width in (("", 2 * STATE), ("x", STATE)):
            found[f"{place}_W{end}"] = matrix(inputs, width)
            found[f"{place}_U{end}"] = matrix(STATE, width)
            found[f"{place}_b{end}"] = matrix(1, width)
    context = 2 * STATE
    found["decoder_W_comb_att"], found["decoder_Wc_att"] = (
        matrix(STATE, context),
        matrix(context, context),
    )
    found["decoder_b_att"], found["decoder_U_att"] = matrix(1, context), matrix(context, 1)
    found["decoder_ff_state_W"], found["decoder_ff_state_b"] = (
        matrix(context, STATE),
        matrix(1, STATE),
    )
    for number, inputs in enumerate((EMBEDDING, STATE, context)):
        found[f"decoder_ff_logit_l1_W{number}"] = matrix(inputs, EMBEDDING)
        found[f"decoder_ff_logit_l1_b{number}"] = matrix(1, EMBEDDING)
    options = yaml.safe_dump(OPTIONS).encode() + b"\0"
    found["special:model.yml"] = np.frombuffer(options, np.int8)
    return found


class TorchModel:
    """The same model in PyTorch; matrices have one row an output, as PyTorch wants them.

    Args:
        path: the arrays.
    """

    def __init__(self, path: str) -> None:
        import numpy as np
        import torch

        self.torch, self.linear = torch, torch.nn.functional.linear
        with np.load(path) as file:
            raw = {name: torch.tensor(file[name]) for name in file if ":" not in name}
        self.weights = {
            name: (array.T.contiguous() if array.shape[0] > 1 and name != "Wemb" else array)
            for name, array in raw.items()
        }
        for place in CELLS:
            for part, dimension in (("W", 0), ("U", 0), ("b", 1)):
                names = (f"{place}_{part}", f"{place}_{part}x")
                joined = torch.cat([self.weights[name] for name in names], dimension)
                self.weights[f"{place}/{part}"] = joined

    def dense(self, name: str, numbers: Any, end: str = "") -> Any:
        """A layer with its bias."""
        weight, bias = self.weights[f"{name}_W{end}"], self.weights[f"{name}_b{end}"]
        return self.linear(numbers, weight, bias[0])

    def cell(self, place: str, projected: Any, state: Any) -> Any:
        """The next state."""
        torch, width = self.torch, state.shape[1]
        own = self.linear(state, self.weights[f"{place}/U"])
        bias = self.weights[f"{place}/b"]
        last = slice(2 * width, None)
        gates = torch.sigmoid(
            projected[:, : 2 * width] + own[:, : 2 * width] + bias[:, : 2 * width]
        )
        if place.endswith("2"):
            new = torch.tanh(projected[:, last] + (own[:, last] + bias[:, last]) * gates[:, :width])
        else:
            new = torch.tanh(projected[:, last] + own[:, last] * gates[:, :width] + bias[:, last])
        return new + gates[:, width:] * (state - new)

    def encode(self, ids: Any) -> Any:
        """What both directions give out: sources × positions × numbers."""
        torch = self.torch
        embedded = self.weights["Wemb"][ids]
        found = []
        for place, backward in (("encoder_bi", False), ("encoder_bi_r", True)):
            projected = self.linear(embedded, self.weights[f"{place}/W"])
            state, outputs = torch.zeros(len(ids), STATE), []
            for position in reversed(range(LENGTH)) if backward else range(LENGTH):
                state = self.cell(place, projected[:, position], state)
                outputs.append(state)
            found.append(torch.stack(outputs[::-1] if backward else outputs, 1))
        return torch.cat(found, -1)

    def translate(self, ids: Any, beam: int) -> Any:
        """The best target of each source, ``LENGTH`` tokens long."""
        torch, size = self.torch, len(ids)
        values = self.encode(ids)
        keys = self.linear(values, self.weights["decoder_Wc_att"], self.weights["decoder_b_att"][0])
        state = torch.tanh(self.dense("decoder_ff_state", values.mean(1)))
        state = state.repeat_interleave(beam, 0)
        embedded = torch.zeros(size * beam, EMBEDDING)
        totals = torch.full((size, beam), -1e9)
        totals[:, 0] = 0
        targets = torch.zeros(size, beam, 0, dtype=torch.long)
        for _ in range(LENGTH):
            state, scores = self.step(embedded, state, keys, values)
            sums = (scores.view(size, beam, -1) + totals[:, :, None]).view(size, -1)
            totals, index = sums.topk(beam, 1)
            origin, tokens = index // PIECES, index % PIECES
            rows = (origin + torch.arange(size)[:, None] * beam).view(-1)
            state = state[rows]
            targets = targets.gather(1, origin[:, :, None].expand(-1, -1, targets.shape[2]))
            targets = torch.cat([targets, tokens[:, :, None]], 2)
            embedded = self.weights["Wemb"][tokens.view(-1)]
        return targets[:, 0]

    def step(self, embedded: Any, state: Any, keys: Any, values: Any) -> tuple[Any, Any]:
        """The next state of each row, and the log-probabilities of its next tokens."""
        torch, size = self.torch, len(keys)
        projected = self.linear(embedded, self.weights["decoder_cell1/W"])
        state = self.cell("decoder_cell1", projected, state)
        query = self.linear(state, self.weights["decoder_W_comb_att"]).view(size, -1, 1, 2 * STATE)
        compared = torch.tanh(keys[:, None] + query) @ self.weights["decoder_U_att"][0]
        context = (torch.softmax(compared, -1) @ values).view(len(state), -1)
        projected = self.linear(context, self.weights["decoder_cell2/W"])
        state = self.cell("decoder_cell2", projected, state)
        parts = enumerate((embedded, state, context))
        hidden = sum(self.dense("decoder_ff_logit_l1", part, str(n)) for n, part in parts)
        bias = self.weights["decoder_ff_logit_l2_b"][0]
        logits = self.linear(torch.tanh(hidden), self.weights["Wemb"], bias)
        return state, torch.log_softmax(logits, -1)


def run_torch(argument: str) -> None:
    """Translate in PyTorch, and print the seconds."""
    import sentencepiece
    import torch

    ask = json.loads(argument)
    torch.set_num_threads(1)
    torch.set_grad_enabled(False)
    pieces = sentencepiece.SentencePieceProcessor(model_file=ask["vocabulary"])
    lines = Path(ask["input"]).read_text("utf-8").splitlines()
    model = TorchModel(ask["model"])

    def run(rows: list[str]) -> None:
        for start in range(0, len(rows), ask["batch"]):
            encoded = [[*pieces.encode(row), 0] for row in rows[start : start + ask["batch"]]]
            pieces.decode(model.translate(torch.tensor(encoded), ask["beam"]).tolist())

    run(lines[:1])
    begin = time.process_time()
    run(lines)
    print(json.dumps(time.process_time() - begin), file=sys.stderr)


def main() -> None:
    """Print sentences per second of all three."""
    import numpy as np

    from s2scli.models.convert.run import convert

    parser = argparse.ArgumentParser(description=str(__doc__).partition("\n")[0])
    parser.add_argument("--input", type=Path, required=True, help="text, some 100,000 lines")
    parser.add_argument("--marian-python", required=True, help="a Python that has pymarian")
    parser.add_argument("--rounds", type=int, default=ROUNDS)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as temporary:
        work = Path(temporary)
        write_texts(work, options.input)
        source = work / "source"
        source.mkdir()
        (source / "vocab.spm").write_bytes((work / "vocab.spm").read_bytes())
        np.savez(source / "model.npz", **arrays())
        convert(source, work / "ours", quantization="int8")
        theirs = {"vocabulary": str(work / "vocab.spm"), "model": str(source / "model.npz")}
        runs = {
            **ours(work / "ours"),
            "Marian float32": (options.marian_python, MARIAN, theirs),
            "PyTorch float32": (sys.executable, THEIRS, theirs),
        }
        compare(work, runs, options.rounds)


if __name__ == "__main__":
    main()
