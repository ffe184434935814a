"""The recurrent networks of our music model in the words of other libraries, with our weights.

Conventions
-----------
One step: a row (453 values) and the hidden values of ten networks in, their votes and the next
hidden values out (the equations stand in `models.votes`), and the readings of ten readers of a
summary (`models.readers`). float32, one thread.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from models.weights import read_weights

if TYPE_CHECKING:
    from pathlib import Path

STEP = """
<ir_version: 9, opset_import: ["" : 18]>
step (float[R] row, float[U] summary, float[N,H,1] hidden)
  => (float[N,2,1] votes, float[N,2,1] readings, float[N,H,1] next)
{
  centred = Sub(row, mean)
  scaled = Mul(centred, scale)
  clipped = Clip(scaled, least, most)
  x = Unsqueeze(clipped, last)
  squeezed = MatMul(w, x)
  shifted = Add(squeezed, b)
  z = Tanh(shifted)
  of_input = MatMul(w_z, z)
  gates_z = Add(of_input, b_z)
  of_state = MatMul(w_h, hidden)
  gates_h = Add(of_state, b_h)
  reset_z, update_z, new_z = Split <axis = 1, num_outputs = 3> (gates_z)
  reset_h, update_h, new_h = Split <axis = 1, num_outputs = 3> (gates_h)
  reset_sum = Add(reset_z, reset_h)
  reset = Sigmoid(reset_sum)
  update_sum = Add(update_z, update_h)
  update = Sigmoid(update_sum)
  kept = Mul(reset, new_h)
  new_sum = Add(new_z, kept)
  candidate = Tanh(new_sum)
  difference = Sub(hidden, candidate)
  step = Mul(update, difference)
  next = Add(candidate, step)
  both = Concat <axis = 1> (z, next)
  said = MatMul(v, both)
  votes = Add(said, c)
  summary_centred = Sub(summary, reader_mean)
  summary_scaled = Mul(summary_centred, reader_scale)
  summary_clipped = Clip(summary_scaled, least, most)
  seen = Unsqueeze(summary_clipped, last)
  read = MatMul(reader_w, seen)
  read_shifted = Add(read, reader_b)
  active = Relu(read_shifted)
  judged = MatMul(reader_v, active)
  readings = Add(judged, reader_c)
}
"""
COLUMNS = ("b", "b_z", "b_h", "c", "reader_b", "reader_c")
TABLES = ("mean", "scale", "w", "w_z", "w_h", "v", "reader_mean", "reader_scale", "reader_w")


def tables() -> dict[str, np.ndarray]:
    """Arrays of the shipped weights, vectors as columns, float32."""
    arrays = read_weights("music").arrays
    found = {name: arrays[name].astype(np.float32) for name in (*TABLES, "reader_v")}
    return found | {name: arrays[name].astype(np.float32)[..., None] for name in COLUMNS}


def write_onnx(path: Path) -> None:
    """Write one step as an ONNX file."""
    import onnx

    model = onnx.parser.parse_model(STEP)
    constants = {
        **tables(),
        "least": np.float32(-4.0),
        "most": np.float32(4.0),
        "last": np.asarray([2], dtype=np.int64),
    }
    model.graph.initializer.extend(
        onnx.numpy_helper.from_array(np.asarray(value), name) for name, value in constants.items()
    )
    onnx.checker.check_model(model)
    onnx.save(model, path)


class OnnxNetworks:
    """One step with onnxruntime; buffers are bound once."""

    def __init__(self, path: Path) -> None:
        import onnxruntime

        write_onnx(path)
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = options.inter_op_num_threads = 1
        self._session = onnxruntime.InferenceSession(
            str(path), options, providers=["CPUExecutionProvider"]
        )
        shape = tables()["w_h"].shape
        self._hidden = np.zeros((shape[0], shape[2], 1), dtype=np.float32)

    def push(self, row: np.ndarray, summary: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """Take a row and a summary; return votes and readings, shape=(n, 2) each."""
        votes, readings, self._hidden = self._session.run(
            None, {"row": row, "summary": summary, "hidden": self._hidden}
        )
        return votes[:, :, 0], readings[:, :, 0]


class NumpyNetworks:
    """One step with numpy."""

    def __init__(self) -> None:
        self._t = tables()
        shape = self._t["w_h"].shape
        self._hidden = np.zeros((shape[0], shape[2], 1), dtype=np.float32)

    def push(self, row: np.ndarray, summary: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """Take a row and a summary; return votes and readings, shape=(n, 2) each."""
        t, hidden = self._t, self._hidden
        x = np.clip((row - t["mean"]) * t["scale"], -4.0, 4.0)[..., None]
        z = np.tanh(t["w"] @ x + t["b"])
        reset_z, update_z, new_z = np.split(t["w_z"] @ z + t["b_z"], 3, axis=1)
        reset_h, update_h, new_h = np.split(t["w_h"] @ hidden + t["b_h"], 3, axis=1)
        reset = 1.0 / (1.0 + np.exp(-(reset_z + reset_h)))
        update = 1.0 / (1.0 + np.exp(-(update_z + update_h)))
        candidate = np.tanh(new_z + reset * new_h)
        self._hidden = candidate + update * (hidden - candidate)
        votes = t["v"] @ np.concatenate([z, self._hidden], axis=1) + t["c"]
        seen = np.clip((summary - t["reader_mean"]) * t["reader_scale"], -4.0, 4.0)[..., None]
        active = np.maximum(t["reader_w"] @ seen + t["reader_b"], 0.0)
        return votes[:, :, 0], (t["reader_v"] @ active + t["reader_c"])[:, :, 0]


class TorchNetworks:
    """One step with torch, eagerly or traced.

    Vectors stand as rows in front of the matrices: ten times as fast here as columns behind them.
    """

    def __init__(self, *, traced: bool) -> None:
        import torch

        self._torch = torch
        self._t = {name: torch.from_numpy(value) for name, value in tables().items()}
        for name in COLUMNS:
            self._t[name] = self._t[name].transpose(1, 2)
        shape = self._t["w_h"].shape
        self._hidden = torch.zeros((shape[0], 1, shape[2]))
        self._step = self._advance
        if traced:
            widths = (self._t["mean"].shape[1], self._t["reader_mean"].shape[1])
            example = (*(torch.zeros(width) for width in widths), self._hidden)
            self._step = torch.jit.trace(self._advance, example)

    def _layer(self, b: str, w: str, x: Any) -> Any:
        """``x w + b`` of all networks at once."""
        return self._torch.baddbmm(self._t[b], x, self._t[w].transpose(1, 2))

    def _advance(self, row: Any, summary: Any, hidden: Any) -> tuple[Any, Any, Any]:
        t, torch = self._t, self._torch
        x = ((row - t["mean"]) * t["scale"]).clip(-4.0, 4.0).unsqueeze(1)
        z = torch.tanh(self._layer("b", "w", x))
        reset_z, update_z, new_z = self._layer("b_z", "w_z", z).chunk(3, 2)
        reset_h, update_h, new_h = self._layer("b_h", "w_h", hidden).chunk(3, 2)
        reset = torch.sigmoid(reset_z + reset_h)
        update = torch.sigmoid(update_z + update_h)
        candidate = torch.tanh(new_z + reset * new_h)
        after = torch.lerp(candidate, hidden, update)
        votes = self._layer("c", "v", torch.cat([z, after], 2))
        seen = ((summary - t["reader_mean"]) * t["reader_scale"]).clip(-4.0, 4.0).unsqueeze(1)
        active = torch.relu(self._layer("reader_b", "reader_w", seen))
        return votes, self._layer("reader_c", "reader_v", active), after

    def push(self, row: np.ndarray, summary: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """Take a row and a summary; return votes and readings, shape=(n, 2) each."""
        torch = self._torch
        with torch.inference_mode():
            votes, readings, self._hidden = self._step(
                torch.from_numpy(row), torch.from_numpy(summary), self._hidden
            )
        return votes.numpy()[:, 0], readings.numpy()[:, 0]
