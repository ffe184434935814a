"""Numpy layers say what torch's say."""

import numpy as np
import pytest
import torch

from models.zoo import layers

RNG = np.random.default_rng(0)


def normal(*shape: int) -> np.ndarray:
    return RNG.standard_normal(shape).astype(np.float32)


def close(ours: np.ndarray, theirs: torch.Tensor) -> bool:
    return ours.shape == tuple(theirs.shape) and np.allclose(
        ours, theirs.detach().numpy(), rtol=1e-5, atol=1e-5
    )


def arrays(module: torch.nn.Module) -> list[np.ndarray]:
    return [parameter.detach().numpy() for parameter in module.parameters()]


def test_dense_is_torchs() -> None:
    x, module = normal(3, 7, 5), torch.nn.Linear(5, 4)
    assert close(layers.dense(x, *arrays(module)), module(torch.from_numpy(x)))


@pytest.mark.parametrize(("stride", "padding"), [(1, 0), (2, 1), (3, 2)])
def test_conv1d_is_torchs(stride: int, padding: int) -> None:
    x = normal(3, 4, 31)
    module = torch.nn.Conv1d(4, 6, 5, stride=stride, padding=padding)
    ours = layers.conv1d(x, *arrays(module), stride=stride, padding=padding)
    assert close(ours, module(torch.from_numpy(x)))


@pytest.mark.parametrize(
    ("stride", "padding"), [((1, 1), (0, 0)), ((1, 1), (1, 2)), ((2, 3), (1, 0))]
)
def test_conv2d_is_torchs(stride: tuple[int, int], padding: tuple[int, int]) -> None:
    x = normal(2, 3, 17, 23)
    module = torch.nn.Conv2d(3, 5, (3, 5), stride=stride, padding=padding)
    ours = layers.conv2d(x, *arrays(module), stride=stride, padding=padding)
    assert close(ours, module(torch.from_numpy(x)))


def test_max_pooling_is_torchs_and_leaves_rests_out() -> None:
    x = normal(2, 3, 17, 23)
    there = torch.from_numpy(x)
    assert close(layers.max_pool2d(x, (4, 3)), torch.nn.functional.max_pool2d(there, (4, 3)))
    assert close(layers.max_pool1d(x[0], 5), torch.nn.functional.max_pool1d(there[0], 5))


def test_a_folded_batch_norm_is_torchs_convolution_and_norm() -> None:
    x = normal(4, 3, 9, 9)
    conv, norm = torch.nn.Conv2d(3, 6, 3), torch.nn.BatchNorm2d(6)
    with torch.no_grad():
        norm.weight.uniform_(0.5, 2.0)
        norm.bias.normal_()
        norm.running_mean.normal_()  # type: ignore[union-attr]
        norm.running_var.uniform_(0.2, 3.0)  # type: ignore[union-attr]
    norm.eval()
    statistics = [norm.running_mean.numpy(), norm.running_var.numpy()]  # type: ignore[union-attr]
    w, b = layers.fold_batch_norm(*arrays(conv), *arrays(norm), *statistics)
    assert close(layers.conv2d(x, w, b), norm(conv(torch.from_numpy(x))))


@pytest.mark.parametrize(("ours", "module"), [(layers.lstm, "LSTM"), (layers.gru, "GRU")])
def test_recurrent_layers_are_torchs(ours: object, module: str) -> None:
    x = normal(3, 20, 6)
    network = getattr(torch.nn, module)(6, 8, batch_first=True)
    assert callable(ours)
    assert close(ours(x, *arrays(network)), network(torch.from_numpy(x))[0])


def test_softmax_and_sigmoid_are_torchs_even_far_out() -> None:
    x = normal(4, 6) * 100
    assert close(layers.softmax(x), torch.softmax(torch.from_numpy(x), -1))
    assert close(layers.sigmoid(x), torch.sigmoid(torch.from_numpy(x)))


def test_attention_is_the_softmax_weighted_mean_of_states() -> None:
    h, w, b, v = normal(3, 11, 8), normal(5, 8), normal(5), normal(5)
    context, weights = layers.additive_attention(h, w, b, v)
    there = torch.tanh(torch.nn.functional.linear(*map(torch.from_numpy, (h, w, b))))
    expected = torch.softmax(there @ torch.from_numpy(v), -1)
    assert close(weights, expected)
    assert close(context, torch.einsum("nt,ntd->nd", expected, torch.from_numpy(h)))
    assert np.allclose(weights.sum(axis=1), 1.0)


def test_layers_stay_in_single_precision() -> None:
    x = normal(2, 9, 4)
    network = torch.nn.GRU(4, 3)
    assert layers.gru(x, *arrays(network)).dtype == np.float32
    assert layers.sigmoid(layers.relu(layers.softmax(x))).dtype == np.float32
    assert layers.conv1d(x, normal(2, 9, 3), normal(2)).dtype == np.float32
